// The version that everybody may read: only with the reporter's consent, only as a member of staff released it.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { toVectorText } from '#kernel/search/index.ts'
import { visibleResult } from '#listen/judgements/index.ts'
import { isRedactionOf, type RedactionKind, suggestRedactions } from '../redaction.ts'
import type { ActBody } from '../requests.acts.api.ts'
import { type Performance, perform } from './perform.ts'

/** Numbers by which somebody is known; names and addresses are for whoever releases to decide. */
const numbers: readonly RedactionKind[] = ['phone', 'identity', 'bank', 'plate', 'wechat', 'qq', 'mail']
/** In an answer an office may give its own telephone and mail. */
const ownNumbers: readonly RedactionKind[] = ['identity', 'bank', 'plate', 'wechat', 'qq']

const holds = (text: string, kinds: readonly RedactionKind[]): boolean =>
  suggestRedactions(text).some((found) => kinds.includes(found.kind))

/** Whether somebody else than whoever releases says that it may be shown: the reporter by their own hand, or whoever wrote it down. */
export async function isPermittedByAnother(on: Sql, id: string): Promise<boolean> {
  const { rows } = await sql<{ permitted: boolean }>`select not permits_to_oneself(${id}) as permitted`.execute(on)
  return rows[0]?.permitted ?? false
}

/** What was sent to the reporter, in any round. */
async function readSent(on: Sql, id: string): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select text from request_answer where request = ${id} and state = 'sent' and kind in ('answer', 'explanation')`.execute(
    on,
  )
  return rows.map(({ text }) => text)
}

export function publish(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'publish'>,
  version: number | null,
): Promise<Performance> {
  return perform(
    act,
    kernel,
    id,
    async ({ row }) => {
      // A title may also be taken out of the text, and both out of nothing else.
      const wordsKept =
        isRedactionOf(row.body, body.text) &&
        (isRedactionOf(row.title, body.title) || isRedactionOf(row.body, body.title))
      const numbersRemoved = !holds(`${body.title}\n${body.text}`, numbers) && !holds(body.answer ?? '', ownNumbers)
      const { answer } = body
      return {
        act: 'publish',
        permittedThemselves: await isPermittedByAnother(act.sql, id),
        wordsKept,
        numbersRemoved,
        answerSent: answer === undefined || (await readSent(act.sql, id)).some((text) => isRedactionOf(text, answer)),
      }
    },
    {},
    {
      version,
      beside: async ({ loaded, tenure }) => {
        if (!tenure) throw new Refusal(403, 'request-forbidden', 'requests.refusal.forbidden')
        const { row, facts } = loaded
        const shown = {
          title: body.title,
          body: body.text,
          answer: body.answer ?? null,
          words: toVectorText(`${body.title} ${body.text}`),
          released_by: tenure.tenure,
          released_at: act.now.toISOString(),
          withdrawn_at: null,
        }
        await act.sql
          .insertInto('publication')
          .values({
            request: id,
            number: row.number,
            path: facts.path,
            category: row.category,
            state: facts.state,
            // What the resident said of the answer is not for everyone.
            result: visibleResult(facts.result, true),
            filed_at: facts.filedAt,
            answered_at: facts.answeredAt,
            closed_at: facts.closedAt,
            promised_at: facts.promisedAt,
            ...shown,
          })
          .onConflict((conflict) =>
            conflict.column('request').doUpdateSet((eb) => ({ ...shown, version: eb('publication.version', '+', 1) })),
          )
          .execute()
      },
    },
  )
}

/** Taken back, by staff or by the reporter; what was released stays in the record for those who had it in hand. */
export function unpublish(
  act: Act,
  kernel: Kernel,
  id: string,
  reason: string | null,
  version: number | null,
): Promise<Performance> {
  return perform(
    act,
    kernel,
    id,
    { act: 'unpublish' },
    { text: reason },
    { version, beside: () => withdrawPublication(act, id) },
  )
}

/** The reporter no longer wishes it to be seen: the released version goes at once. */
export function forbidPublication(act: Act, kernel: Kernel, id: string, version: number | null): Promise<Performance> {
  return perform(
    act,
    kernel,
    id,
    { act: 'forbid-publication' },
    {},
    { version, beside: () => withdrawPublication(act, id) },
  )
}

async function withdrawPublication(act: Act, id: string): Promise<void> {
  await act.sql
    .updateTable('publication')
    .set({ withdrawn_at: act.now.toISOString() })
    .where('request', '=', id)
    .execute()
}
