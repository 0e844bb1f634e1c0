/**
 * The lifecycle of a request, as one table. Nothing else decides what may be done: `decide` walks these rows, tests walk
 * them exhaustively, and docs/request-lifecycle.md is printed from them.
 */
import type { Act, RequestDuty, State } from './requests.api.ts'

/**
 * Who may. `lead` and `assistant` hold the part (a post with request.handle in its body); `reporter` is signed in as
 * the one who told; `link` holds the secret link; `judge` holds the single-use token; `system` is a timer. A duty counts where
 * it covers the place of the body that handles; with ` above` only from a level above whoever is responsible.
 */
export const whoKinds = ['anyone', 'reporter', 'link', 'judge', 'lead', 'assistant', 'system'] as const
export type Who = (typeof whoKinds)[number] | RequestDuty | `${RequestDuty} above`

/** What must hold besides. Each name is a function in requests.rules.guards.ts and a refusal of the same name. */
export const guardNames = [
  'receiver-free',
  'receiver-not-excluded',
  'fewer-than-two-returns',
  'two-returns',
  'not-decided',
  'lead-asked',
  'lead-sent',
  'part-asked',
  'part-sent',
  'part-acknowledged',
  'not-own-unit',
  'not-handled',
  'not-extended',
  'not-explaining',
  'explaining',
  'another-person',
  'repeat-named',
  'target-open',
  'no-circle',
  'same-sight',
  'enough-texts',
  'another-place',
  'few-transfers',
  'not-judged',
  'judgeable-late',
  'not-drawn',
  'drawn',
  'unanswered-long-enough',
  'call-back-over',
  'within-thirty-days',
  'few-reopenings',
  'publication-permitted',
  'publication-not-permitted',
  'published',
  'no-visit',
  'visit',
  'due-soon',
  'step-overdue',
  'overdue',
  'far-overdue',
] as const
export type GuardName = (typeof guardNames)[number]

/**
 * What happens to the two deadlines, the step's and the promised answer's. `start`: both are set, the step being acceptance.
 * `accept`, `dispatch`, `acknowledge`: that step is due next, the promise runs on. `work`: no step, the promise runs on.
 * `anew`: a new promise, dispatch being next. `promise`: the promise is computed anew, never later once dispatched.
 * `longer`: the promise is extended. `stop`: nothing runs. `keep`: as it was.
 */
export const clockEffects = [
  'start',
  'accept',
  'dispatch',
  'acknowledge',
  'work',
  'anew',
  'promise',
  'longer',
  'stop',
  'keep',
] as const
export type ClockEffect = (typeof clockEffects)[number]

export interface Row {
  readonly act: Act
  /** `none` only for filing: there is no request yet. */
  readonly from: readonly State[] | 'none'
  readonly who: readonly Who[]
  readonly guards: readonly GuardName[]
  readonly next: State | 'same'
  readonly clock: ClockEffect
}

const all: readonly State[] = ['received', 'accepted', 'dispatched', 'acknowledged', 'answered', 'closed']
const open: readonly State[] = ['received', 'accepted', 'dispatched', 'acknowledged', 'answered']
const atWork: readonly State[] = ['received', 'accepted', 'dispatched', 'acknowledged']
const withUnit: readonly State[] = ['dispatched', 'acknowledged']
const teller: readonly Who[] = ['reporter', 'link']

const row = (
  act: Act,
  from: Row['from'],
  who: readonly Who[],
  guards: readonly GuardName[],
  next: Row['next'],
  clock: ClockEffect,
): Row => ({ act, from, who, guards, next, clock })

export const lifecycle: readonly Row[] = [
  // In and onwards
  row('file', 'none', ['anyone', 'request.enter', 'system'], [], 'received', 'start'),
  row('accept', ['received'], ['request.accept'], [], 'accepted', 'dispatch'),
  row(
    'dispatch',
    ['accepted'],
    ['request.dispatch'],
    ['fewer-than-two-returns', 'receiver-not-excluded'],
    'dispatched',
    'acknowledge',
  ),
  row(
    'redispatch',
    ['accepted'],
    ['request.dispatch'],
    ['two-returns', 'receiver-not-excluded'],
    'dispatched',
    'acknowledge',
  ),
  row(
    'transfer',
    ['received', 'accepted'],
    ['request.dispatch'],
    ['another-place', 'few-transfers'],
    'received',
    'accept',
  ),
  row('transfer', ['received', 'accepted'], ['request.dispatch above'], ['another-place'], 'received', 'accept'),

  // The units
  row('consent', ['dispatched'], ['lead'], ['lead-asked'], 'acknowledged', 'work'),
  row('consent', withUnit, ['assistant'], ['part-asked'], 'same', 'keep'),
  row('decline', ['dispatched'], ['lead'], ['lead-asked'], 'accepted', 'dispatch'),
  row('decline', withUnit, ['assistant'], ['part-asked'], 'same', 'keep'),
  row('acknowledge', ['dispatched'], ['lead'], ['lead-sent'], 'acknowledged', 'work'),
  row('acknowledge', withUnit, ['assistant'], ['part-sent'], 'same', 'keep'),
  row('return', withUnit, ['lead'], ['not-decided'], 'accepted', 'dispatch'),
  row('return', withUnit, ['assistant'], [], 'same', 'keep'),
  row('assist', withUnit, ['lead', 'request.dispatch'], ['receiver-free', 'receiver-not-excluded'], 'same', 'keep'),
  row('answer-part', withUnit, ['assistant'], ['part-acknowledged'], 'same', 'keep'),
  row('draft', ['acknowledged'], ['lead'], [], 'same', 'keep'),
  row('answer', ['acknowledged'], ['lead'], [], 'answered', 'stop'),
  row('explain', ['received'], ['request.accept'], ['not-explaining', 'repeat-named'], 'same', 'keep'),
  row('explain', ['accepted'], ['request.dispatch'], ['not-explaining', 'repeat-named'], 'same', 'keep'),
  row('explain', ['acknowledged'], ['lead'], ['not-explaining', 'repeat-named'], 'same', 'keep'),
  row(
    'agree-explanation',
    ['received', 'accepted', 'acknowledged'],
    ['request.agree'],
    ['explaining', 'another-person'],
    'answered',
    'stop',
  ),
  row(
    'disagree-explanation',
    ['received', 'accepted', 'acknowledged'],
    ['request.agree'],
    ['explaining', 'another-person'],
    'same',
    'keep',
  ),

  // Those above and beside
  row('extend', withUnit, ['request.extend'], ['not-own-unit', 'not-extended'], 'same', 'longer'),
  row('merge', atWork, ['request.dispatch'], ['target-open', 'no-circle', 'same-sight'], 'closed', 'stop'),
  row('split', ['accepted', 'acknowledged'], ['request.dispatch'], ['enough-texts'], 'same', 'keep'),
  row('categorise', atWork, ['request.accept', 'request.dispatch'], [], 'same', 'promise'),
  row('set-urgency', atWork, ['request.accept', 'request.dispatch'], [], 'same', 'promise'),
  row('supervise', open, ['request.supervise above'], [], 'same', 'keep'),
  row(
    'note',
    all,
    ['lead', 'assistant', 'request.accept', 'request.dispatch', 'request.supervise', 'request.call-back'],
    [],
    'same',
    'keep',
  ),

  // The resident, or staff writing down what the resident says
  row('add', open, teller, [], 'same', 'keep'),
  row('add', open, ['request.enter'], [], 'same', 'keep'),
  row('correct', atWork, teller, [], 'same', 'keep'),
  row('correct', atWork, ['request.enter'], ['not-handled'], 'same', 'keep'),
  row('withdraw', open, teller, [], 'closed', 'stop'),
  row('withdraw', open, ['request.enter'], ['not-handled'], 'closed', 'stop'),
  row('judge', ['answered'], ['judge', 'reporter'], ['not-handled', 'not-judged'], 'closed', 'stop'),
  row('judge', ['closed'], ['judge', 'reporter'], ['not-handled', 'not-judged', 'judgeable-late'], 'closed', 'stop'),
  row('call-back', ['answered'], ['request.call-back'], ['drawn', 'not-handled', 'not-judged'], 'closed', 'stop'),
  row('miss-call-back', ['answered'], ['request.call-back'], ['drawn', 'not-handled', 'not-judged'], 'same', 'keep'),
  row(
    'reopen',
    ['closed'],
    ['reporter', 'link', 'judge', 'request.enter', 'request.call-back'],
    ['within-thirty-days', 'few-reopenings'],
    'accepted',
    'anew',
  ),
  row('complain', all, teller, [], 'same', 'keep'),
  row('complain', all, ['request.enter'], ['not-handled'], 'same', 'keep'),
  row('arrange-visit', withUnit, ['lead', 'assistant', 'reporter', 'link'], ['no-visit'], 'same', 'keep'),
  row('move-visit', withUnit, ['lead', 'assistant', 'reporter', 'link'], ['visit'], 'same', 'keep'),
  row('cancel-visit', withUnit, ['lead', 'assistant', 'reporter', 'link'], ['visit'], 'same', 'keep'),

  // Seen by all
  row('permit-publication', all, teller, ['publication-not-permitted'], 'same', 'keep'),
  row('forbid-publication', all, teller, ['publication-permitted'], 'same', 'keep'),
  row('publish', all, ['request.publish'], ['publication-permitted'], 'same', 'keep'),
  row('unpublish', all, ['request.publish', 'reporter', 'link'], ['published'], 'same', 'keep'),
  row('me-too', open, ['anyone'], ['published'], 'same', 'keep'),

  // Timers
  row('warn-due-soon', atWork, ['system'], ['due-soon'], 'same', 'keep'),
  row('mark-step-overdue', atWork, ['system'], ['step-overdue'], 'same', 'keep'),
  row('mark-overdue', atWork, ['system'], ['overdue'], 'same', 'keep'),
  row('supervise-by-itself', atWork, ['system'], ['far-overdue'], 'same', 'keep'),
  row('draw-call-back', ['answered'], ['system'], ['unanswered-long-enough', 'not-drawn'], 'same', 'keep'),
  row('close-unconfirmed', ['answered'], ['system'], ['unanswered-long-enough', 'not-drawn'], 'closed', 'stop'),
  row('close-unconfirmed', ['answered'], ['system'], ['drawn', 'call-back-over'], 'closed', 'stop'),
]

/** The rows for an act in a state; several when different people may do it under different conditions. */
export const rowsFor = (act: Act, state: State | 'none'): readonly Row[] =>
  lifecycle.filter(
    (each) =>
      each.act === act && (each.from === 'none' ? state === 'none' : state !== 'none' && each.from.includes(state)),
  )
