// Answers, drafts, parts of answers and explanations: who wrote what under which post stands in each row.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { holesOf } from '#organise/settings/templates.api.ts'
import type { ActBody } from '../requests.acts.api.ts'
import { isHeld, type RequestFacts } from '../requests.rules.ts'
import { loadRequest } from '../requests.store.ts'
import { saysSomething } from '../rules/saying.ts'
import { type Beside, type Performance, perform } from './perform.ts'

const tenureNeeded = () => new Refusal(403, 'request-forbidden', 'requests.refusal.forbidden')

/** The part under which an answer is written: the unit's own that it holds. */
function ownPart(
  request: RequestFacts,
  role: 'lead' | 'assisting',
  body: string | undefined,
  named?: string,
): string | null {
  return (
    request.parts.find(
      (part) => part.role === role && isHeld(part) && part.body === body && (!named || part.id === named),
    )?.id ?? null
  )
}

interface Written {
  readonly part: string | null
  readonly kind: 'answer' | 'part'
  readonly state: 'sent' | 'draft'
  readonly text: string
}

/** What goes out has no hole of a template left in it. @throws Refusal 422 */
function checkFilled(text: string): void {
  const holes = holesOf(text)
  if (holes.length > 0)
    throw new Refusal(422, 'answer-holes', 'requests.refusal.holes', {
      field: 'text',
      values: { holes: holes.join('、') },
    })
}

/** Writes down what a unit says, under the post of whoever says it. */
async function insertAnswer(act: Act, request: string, author: string, written: Written): Promise<void> {
  const now = act.now.toISOString()
  await act.sql
    .insertInto('request_answer')
    .values({
      id: newId(),
      request,
      ...written,
      author,
      created_at: now,
      ...(written.state === 'sent' ? { sent_at: now } : {}),
    })
    .execute()
}

/** What the lead unit says, in place of its draft. */
const leadSays =
  (act: Act, id: string, text: string, state: Written['state']): Beside =>
  async ({ loaded, tenure }) => {
    if (!tenure) throw tenureNeeded()
    await dropDrafts(act, id)
    await insertAnswer(act, id, tenure.tenure, {
      part: ownPart(loaded.facts, 'lead', tenure.body),
      kind: 'answer',
      state,
      text,
    })
  }

/** Sends the answer to the resident; drafts of this round are used up. */
export async function answer(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'answer'>,
  version: number | null,
): Promise<Performance> {
  checkFilled(body.text)
  const beside = leadSays(act, id, body.text, 'sent')
  return perform(act, kernel, id, { act: 'answer' }, { text: body.text }, { version, beside })
}

/** Keeps a draft that colleagues can read; the resident sees nothing of it. One draft at a time, the newest text counts. */
export async function draft(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'draft'>,
  version: number | null,
): Promise<Performance> {
  const beside = leadSays(act, id, body.text, 'draft')
  return perform(act, kernel, id, { act: 'draft' }, {}, { version, beside })
}

async function dropDrafts(act: Act, id: string): Promise<void> {
  await act.sql
    .updateTable('request_answer')
    .set({ state: 'refused' })
    .where('request', '=', id)
    .where('kind', '=', 'answer')
    .where('state', '=', 'draft')
    .execute()
}

/** An assisting unit's part, for the lead to put together. */
export async function answerPart(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'answer-part'>,
  version: number | null,
): Promise<Performance> {
  checkFilled(body.text)
  const beside: Beside = async ({ loaded, tenure }) => {
    if (!tenure) throw tenureNeeded()
    await insertAnswer(act, id, tenure.tenure, {
      part: ownPart(loaded.facts, 'assisting', tenure.body, body.part),
      kind: 'part',
      state: 'sent',
      text: body.text,
    })
  }
  return perform(
    act,
    kernel,
    id,
    { act: 'answer-part', part: body.part, reasoned: saysSomething(body.text) },
    {},
    { version, beside },
  )
}

/** Proposes to explain instead of doing: needs an item of the library, plain words, the next remedy, and a second person. */
export async function explain(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'explain'>,
  version: number | null,
): Promise<Performance> {
  checkFilled(body.text)
  const { rows } = await sql<{ id: string }>`
    select l.id from law l join request r on r.id = ${id} where l.id = ${body.basis} and l.retired_at is null and starts_with(r.path, l.path)`.execute(
    act.sql,
  )
  if (!rows[0]) {
    // Whoever may not see the request learns that first.
    await loadRequest(act, id)
    throw new Refusal(422, 'no-such-basis', 'requests.no-such-basis', { field: 'basis' })
  }
  // The earlier one is there, and whoever says so has seen it.
  if (body.repeats) {
    await loadRequest(act, id)
    const { rows: earlier } = await sql`select from request where id = ${body.repeats}`.execute(act.sql)
    if (!earlier[0])
      throw new Refusal(422, 'request-repeat-named', 'requests.refusal.repeat-named', { field: 'repeats' })
  }
  const beside: Beside = async ({ tenure }) => {
    if (!tenure) throw tenureNeeded()
    await act.sql
      .insertInto('request_answer')
      .values({
        id: newId(),
        request: id,
        kind: 'explanation',
        state: 'proposed',
        text: body.text,
        ground: body.kind,
        law: body.basis,
        next_remedy: body.remedy,
        author: tenure.tenure,
        created_at: act.now.toISOString(),
      })
      .execute()
  }
  return perform(
    act,
    kernel,
    id,
    {
      act: 'explain',
      kind: body.kind,
      repeats: body.repeats ?? null,
      reasoned: saysSomething(body.text) && saysSomething(body.remedy),
    },
    {},
    { version, beside },
  )
}

/** A second person agrees: only now does the resident read the explanation. */
export async function agreeExplanation(
  act: Act,
  kernel: Kernel,
  id: string,
  version: number | null,
): Promise<Performance> {
  let text = ''
  const beside: Beside = async ({ tenure }) => {
    if (!tenure) throw tenureNeeded()
    const sent = await act.sql
      .updateTable('request_answer')
      .set((eb) => ({
        state: 'sent',
        agreed_by: tenure.tenure,
        agreed_at: act.now.toISOString(),
        sent_at: act.now.toISOString(),
        version: eb('version', '+', 1),
      }))
      .where('request', '=', id)
      .where('kind', '=', 'explanation')
      .where('state', '=', 'proposed')
      .returning('text')
      .executeTakeFirst()
    text = sent?.text ?? ''
  }
  return perform(act, kernel, id, { act: 'agree-explanation' }, { text }, { version, beside })
}

/** The second person does not agree, and says why; the request goes on. */
export async function disagreeExplanation(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'disagree-explanation'>,
  version: number | null,
): Promise<Performance> {
  const beside: Beside = async ({ tenure }) => {
    if (!tenure) throw tenureNeeded()
    await act.sql
      .updateTable('request_answer')
      .set({ state: 'refused', reader: tenure.tenure, reader_note: body.reason })
      .where('request', '=', id)
      .where('kind', '=', 'explanation')
      .where('state', '=', 'proposed')
      .execute()
  }
  return perform(act, kernel, id, { act: 'disagree-explanation' }, { text: body.reason }, { version, beside })
}
