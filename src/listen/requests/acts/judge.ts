// The judgement: by the resident with the single-use token, or given by telephone to someone who did not handle it.
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { ActBody } from '../requests.acts.api.ts'
import { type Beside, type Performance, perform } from './perform.ts'
import { slipStands } from './slip.ts'

/**
 * The judge token of an answer: 128 bits that nobody can guess, computed from the installation's secret, so that the message to
 * the reporter and their own page show the same one and it is stored nowhere in clear.
 * @param round how often the reporter's number was put right: the token that went to a wrong one is another
 */
export function judgeToken(kernel: Pick<Kernel, 'encryption'>, answer: string, round: number): string {
  const about = round === 0 ? answer : `${answer} ${round}`
  return createHmac('sha256', kernel.encryption.key('judge')).update(about).digest('base64url').slice(0, 22)
}

interface Answered {
  id: string
  round: number
  handlers: string[]
  bodies: string[]
}

/** The answer that is judged, and who had a hand in it. For the role that serves requests the database fills the latter in itself. */
async function answered(act: Pick<Act, 'sql'>, request: string): Promise<Answered> {
  const { rows } = await sql<Answered>`
    select a.id, request_phone_round(a.request) as round, array(select request_handlers(${request})) as handlers,
      array(select distinct p.body from request_part p where p.request = ${request} and p.state in ('answered', 'ended')) as bodies
    from request_answer a where a.request = ${request} and a.state = 'sent' and a.kind in ('answer', 'explanation')
    order by a.sent_at desc limit 1`.execute(act.sql)
  const found = rows[0]
  if (!found) throw new Refusal(409, 'request-state', 'requests.refusal.state')
  return found
}

/** Writes the judgement down: by the token that is shown, else by the call of whoever acts. */
function write(act: Act, kernel: Kernel, request: string, body: ActBody<'judge'>, token: string | null): Beside {
  return async ({ loaded, tenure }) => {
    const { id, round, handlers, bodies } = await answered(act, request)
    if (token) await spend(act, token, judgeToken(kernel, id, round))
    // Whether it came by a slip of paper is said by the database, from the token that was used up.
    await sql`
      insert into judgement (request, answer, path, handlers, handler_bodies, solved, satisfaction, words, given_by, tenure, month)
      values (${request}, ${id}, ${loaded.facts.path}, ${handlers}, ${bodies}, ${body.verdict}, ${body.satisfaction ?? null}, ${body.words ?? null},
        ${token ? 'link' : 'call_back'}, ${token ? null : (tenure?.tenure ?? null)}, date_trunc('month', ${act.now}::timestamptz at time zone 'Asia/Shanghai')::date)`.execute(
      act.sql,
    )
  }
}

/**
 * Uses a token up: it judges once.
 * @param present that of the answer which stands
 * @throws Refusal 409 for a token of an earlier round, and for one that was used up
 */
async function spend(act: Act, token: string, present: string): Promise<void> {
  // A slip of paper ends with its answer. Any other token judges its own: one left over from an earlier round says nothing of this one.
  if (token !== present && !(await slipStands(act, token)))
    throw new Refusal(409, 'request-not-judged', 'requests.judge.earlier')
  const { rows } = await sql<{ used: boolean }>`select access.use_token(${hashToken(token)}) as used`.execute(act.sql)
  if (!rows[0]?.used) throw new Refusal(409, 'request-not-judged', 'requests.refusal.not-judged')
}

/** By the resident. The token is used up; words and satisfaction go to the judgement alone, never to the timeline. */
export function judge(
  act: Act,
  kernel: Kernel,
  request: string,
  body: ActBody<'judge'>,
  token: string,
): Promise<Performance> {
  const beside = write(act, kernel, request, body, token)
  return perform(act, kernel, request, { act: 'judge', verdict: body.verdict }, {}, { beside })
}

/** By telephone, written down by whoever called. */
export function callBack(
  act: Act,
  kernel: Kernel,
  request: string,
  body: ActBody<'call-back'>,
  version: number | null,
): Promise<Performance> {
  const writeJudgement = write(act, kernel, request, body, null)
  const beside: Beside = async (context) => {
    await writeJudgement(context)
    await setCallBack(act, request, 'reached', context.tenure?.tenure ?? null)
  }
  return perform(act, kernel, request, { act: 'call-back', verdict: body.verdict }, {}, { version, beside })
}

/** Called, and nobody answered. */
export function missCallBack(
  act: Act,
  kernel: Kernel,
  request: string,
  body: ActBody<'miss-call-back'>,
  version: number | null,
): Promise<Performance> {
  const beside: Beside = ({ tenure }) => setCallBack(act, request, 'not_reached', tenure?.tenure ?? null)
  return perform(act, kernel, request, { act: 'miss-call-back' }, { text: body.note ?? null }, { version, beside })
}

async function setCallBack(
  act: Act,
  request: string,
  state: 'reached' | 'not_reached',
  tenure: string | null,
): Promise<void> {
  await act.sql
    .updateTable('call_back')
    .set((eb) => ({
      state,
      tenure,
      tried_at: act.now.toISOString(),
      tries: eb('tries', '+', 1),
      version: eb('version', '+', 1),
    }))
    .where('request', '=', request)
    .where('state', 'in', ['waiting', 'not_reached'])
    .execute()
}
