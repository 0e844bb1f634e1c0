// The acts that are asked for over HTTP, each by its name: what the desk's endpoints and the pages' forms call.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { ActBody, AskedAct } from '../requests.acts.api.ts'
import { loadRequest } from '../requests.store.ts'
import { agreeExplanation, answer, answerPart, disagreeExplanation, draft, explain } from './answer.ts'
import { link, unlink } from './beside.ts'
import { refuseHanded } from './enterer.ts'
import { callBack, missCallBack } from './judge.ts'
import { type Performance, perform } from './perform.ts'
import { forbidPublication, publish, unpublish } from './publish.ts'
import { add, correct, withdraw } from './resident.ts'
import { assist, dispatch, merge, redispatch, reopen, returnPart, split, transfer } from './route.ts'
import { agreeVisit, arrangeVisit, cancelVisit, moveVisit } from './visit.ts'

type Doing<A extends AskedAct> = (
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<A>,
  version: number | null,
) => Promise<Performance>

/** Acts with an answer of their own (a token, a new request, a count) have routes of their own. */
type Apart = 'judge' | 'complain' | 'me-too'

export const doing: { readonly [A in Exclude<AskedAct, Apart>]: Doing<A> } = {
  accept: (act, kernel, id, _body, version) => perform(act, kernel, id, { act: 'accept' }, {}, { version }),
  dispatch,
  redispatch,
  consent: (act, kernel, id, body, version) =>
    perform(act, kernel, id, { act: 'consent', part: body.part }, {}, { version }),
  decline: (act, kernel, id, body, version) =>
    perform(act, kernel, id, { act: 'decline', part: body.part }, {}, { version }),
  acknowledge: (act, kernel, id, body, version) =>
    perform(act, kernel, id, { act: 'acknowledge', part: body.part }, {}, { version }),
  return: returnPart,
  assist,
  'answer-part': answerPart,
  draft,
  answer,
  explain,
  'agree-explanation': (act, kernel, id, _body, version) => agreeExplanation(act, kernel, id, version),
  'disagree-explanation': disagreeExplanation,
  extend: (act, kernel, id, body, version) =>
    perform(
      act,
      kernel,
      id,
      { act: 'extend', amount: { workingDays: body.workingDays } },
      { text: body.reason },
      { version },
    ),
  merge,
  link,
  unlink,
  split,
  transfer,
  categorise: async (act, kernel, id, body, version) => {
    const { rows } = await sql<{ days: number }>`
      select c.promised_days as days from category c join request r on r.id = ${id}
      where c.id = ${body.category} and c.retired_at is null and starts_with(r.path, c.path)`.execute(act.sql)
    if (!rows[0]) {
      // Whoever may not see the request learns that first, and nothing of categories.
      await loadRequest(act, id)
      throw new Refusal(422, 'no-such-category', 'requests.no-such-category', { field: 'category' })
    }
    return perform(
      act,
      kernel,
      id,
      { act: 'categorise', promisedDays: rows[0].days },
      { text: body.reason ?? null, columns: { category: body.category } },
      { version },
    )
  },
  'set-urgency': (act, kernel, id, body, version) =>
    perform(act, kernel, id, { act: 'set-urgency', urgency: body.urgency }, { text: body.reason ?? null }, { version }),
  supervise: (act, kernel, id, body, version) =>
    perform(act, kernel, id, { act: 'supervise' }, { text: body.reason }, { version }),
  note: (act, kernel, id, body, version) => perform(act, kernel, id, { act: 'note' }, { text: body.text }, { version }),
  add,
  correct,
  withdraw,
  'call-back': callBack,
  'miss-call-back': missCallBack,
  reopen,
  'permit-publication': (act, kernel, id, _body, version) =>
    perform(
      act,
      kernel,
      id,
      ({ row }) => {
        refuseHanded(act, row.reporter)
        return { act: 'permit-publication' }
      },
      {},
      { version },
    ),
  'forbid-publication': (act, kernel, id, _body, version) => forbidPublication(act, kernel, id, version),
  publish,
  unpublish: (act, kernel, id, body, version) => unpublish(act, kernel, id, body.reason ?? null, version),
  'arrange-visit': arrangeVisit,
  'agree-visit': (act, kernel, id, _body, version) => agreeVisit(act, kernel, id, version),
  'move-visit': moveVisit,
  'cancel-visit': (act, kernel, id, body, version) => cancelVisit(act, kernel, id, body.reason, version),
}
