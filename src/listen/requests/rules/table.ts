/**
 * The lifecycle of a request, as one table. Nothing else decides what may be done: `decide` walks these rows, tests walk
 * them exhaustively, and docs/request-lifecycle.md is printed from them.
 */
import { type Act, openStates, type RequestDuty, type State, states } from '../requests.api.ts'

/**
 * Who may. `lead` and `assistant` hold the part (a post with request.handle in its body); `reporter` is signed in as
 * the one who told; `link` holds the secret link; `judge` holds the single-use token; `system` is a timer. A duty counts where
 * it covers the place of the body that handles; with ` above` only from a level above whoever is responsible.
 */
export const whoKinds = ['anyone', 'reporter', 'link', 'judge', 'lead', 'assistant', 'system'] as const
export type Who = (typeof whoKinds)[number] | RequestDuty | `${RequestDuty} above`

/** What must hold besides. Each name is a function in guards.ts and a refusal of the same name. */
export const guardNames = [
  'receiver-free',
  'receiver-not-excluded',
  'fewer-than-two-returns',
  'two-returns',
  'not-decided',
  'lead-offered',
  'lead-dispatched',
  'part-offered',
  'part-dispatched',
  'part-acknowledged',
  'not-own-unit',
  'not-handled',
  'not-enterer',
  'not-holding',
  'says-something',
  'reporter-reachable',
  'not-late',
  'promise-runs',
  'not-beneath',
  'not-extended',
  'extension-within',
  'not-explaining',
  'explaining',
  'another-person',
  'another-body',
  'repeat-named',
  'target-open',
  'no-circle',
  'same-sight',
  'another-request',
  'not-linked',
  'linked',
  'same-community',
  'filed-before',
  'level-kept',
  'merged-unanswered',
  'enough-texts',
  'own-words',
  'not-a-part',
  'not-supervised',
  'another-place',
  'covers-both',
  'delay-reasoned',
  'few-transfers',
  'not-judged',
  'judgeable-late',
  'not-drawn',
  'drawn',
  'unanswered-long-enough',
  'call-back-over',
  'tries-left',
  'an-hour-since',
  'within-thirty-days',
  'few-reopenings',
  'level-above',
  'publication-permitted',
  'publication-not-permitted',
  'permitted-themselves',
  'published',
  'answer-sent',
  'words-kept',
  'numbers-removed',
  'no-visit',
  'visit',
  'visit-of-the-other',
  'due-soon',
  'overdue',
  'far-overdue',
] as const
export type GuardName = (typeof guardNames)[number]

/**
 * What happens to the deadline. One deadline runs at a time: that of the step or the promised answer, whichever is earlier.
 * `start`: the answer is promised, acceptance is due. `accept`, `dispatch`, `acknowledge`: that step is due, the promise stands.
 * `answer`: nothing but the promised answer is due. `anew`: a new promise, dispatch is due. `promise`: the promise is computed
 * anew, never later once dispatched in this round. `longer`: the promise is extended. `judge`: the resident has a week to say. `stop`:
 * nothing runs. `keep`: as it was.
 */
export const clockEffects = [
  'start',
  'accept',
  'dispatch',
  'acknowledge',
  'answer',
  'anew',
  'promise',
  'longer',
  'judge',
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

const all: readonly State[] = states
const open: readonly State[] = openStates
const atWork: readonly State[] = openStates.filter((state) => state !== 'answered')
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
    ['fewer-than-two-returns', 'receiver-not-excluded', 'not-beneath'],
    'dispatched',
    'acknowledge',
  ),
  row(
    'redispatch',
    ['accepted'],
    ['request.dispatch'],
    ['two-returns', 'receiver-not-excluded', 'not-beneath', 'says-something'],
    'dispatched',
    'acknowledge',
  ),
  row(
    'transfer',
    ['received', 'accepted'],
    ['request.dispatch'],
    ['another-place', 'not-beneath', 'covers-both', 'level-kept', 'few-transfers', 'says-something'],
    'received',
    'accept',
  ),
  row(
    'transfer',
    ['received', 'accepted'],
    ['request.dispatch above'],
    ['another-place', 'not-beneath', 'covers-both', 'level-kept', 'says-something'],
    'received',
    'accept',
  ),

  // The units
  row('consent', ['dispatched'], ['lead'], ['lead-offered'], 'acknowledged', 'answer'),
  row('consent', withUnit, ['assistant'], ['part-offered'], 'same', 'keep'),
  row('decline', ['dispatched'], ['lead'], ['lead-offered'], 'accepted', 'dispatch'),
  row('decline', withUnit, ['assistant'], ['part-offered'], 'same', 'keep'),
  row('acknowledge', ['dispatched'], ['lead'], ['lead-dispatched'], 'acknowledged', 'answer'),
  row('acknowledge', withUnit, ['assistant'], ['part-dispatched'], 'same', 'keep'),
  row('return', withUnit, ['lead'], ['not-decided', 'says-something'], 'accepted', 'dispatch'),
  row('return', withUnit, ['assistant'], ['says-something'], 'same', 'keep'),
  row(
    'assist',
    withUnit,
    ['lead', 'request.dispatch'],
    ['receiver-free', 'receiver-not-excluded', 'not-beneath', 'says-something'],
    'same',
    'keep',
  ),
  row('answer-part', withUnit, ['assistant'], ['part-acknowledged', 'says-something'], 'same', 'keep'),
  row('draft', ['acknowledged'], ['lead'], [], 'same', 'keep'),
  row('answer', ['acknowledged'], ['lead'], ['says-something'], 'answered', 'judge'),
  row(
    'explain',
    ['received'],
    ['request.accept'],
    ['not-explaining', 'repeat-named', 'says-something'],
    'same',
    'keep',
  ),
  row(
    'explain',
    ['accepted'],
    ['request.dispatch'],
    ['not-explaining', 'repeat-named', 'says-something'],
    'same',
    'keep',
  ),
  row('explain', ['acknowledged'], ['lead'], ['not-explaining', 'repeat-named', 'says-something'], 'same', 'keep'),
  row(
    'agree-explanation',
    ['received', 'accepted', 'acknowledged'],
    ['request.agree'],
    ['explaining', 'another-person', 'another-body'],
    'answered',
    'judge',
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
  row(
    'extend',
    withUnit,
    ['request.extend'],
    ['not-own-unit', 'not-extended', 'extension-within', 'says-something'],
    'same',
    'longer',
  ),
  row(
    'merge',
    atWork,
    ['request.dispatch'],
    [
      'target-open',
      'no-circle',
      'same-sight',
      'same-community',
      'filed-before',
      'level-kept',
      'not-beneath',
      'promise-runs',
      'says-something',
    ],
    'closed',
    'stop',
  ),
  // What is past its promise does not end by the hand of whoever let it pass.
  row(
    'merge',
    atWork,
    ['request.dispatch above'],
    [
      'target-open',
      'no-circle',
      'same-sight',
      'same-community',
      'filed-before',
      'level-kept',
      'not-beneath',
      'says-something',
    ],
    'closed',
    'stop',
  ),
  // Beside each other, each going its own way: for those who work on them, and undone as easily.
  row(
    'link',
    all,
    ['request.accept', 'request.dispatch'],
    ['another-request', 'not-linked', 'same-sight'],
    'same',
    'keep',
  ),
  row('unlink', all, ['request.accept', 'request.dispatch'], ['linked'], 'same', 'keep'),
  row(
    'split',
    ['accepted', 'acknowledged'],
    ['request.dispatch'],
    ['enough-texts', 'own-words', 'not-a-part', 'says-something'],
    'same',
    'keep',
  ),
  row('categorise', atWork, ['request.accept', 'request.dispatch'], ['delay-reasoned'], 'same', 'promise'),
  row('set-urgency', atWork, ['request.accept', 'request.dispatch'], ['delay-reasoned'], 'same', 'promise'),
  row('supervise', open, ['request.supervise above'], ['not-supervised', 'says-something'], 'same', 'keep'),
  row(
    'note',
    all,
    ['lead', 'assistant', 'request.accept', 'request.dispatch', 'request.supervise', 'request.callback'],
    [],
    'same',
    'keep',
  ),

  // The resident, or staff writing down what the resident says
  row('add', open, teller, [], 'same', 'keep'),
  row('add', open, ['request.enter'], [], 'same', 'keep'),
  // In every state: after the closing too something may be sent to it.
  row('correct-phone', all, teller, [], 'same', 'keep'),
  row('correct', atWork, teller, [], 'same', 'keep'),
  // What somebody told is not put right over their head: with a reason, and the reporter hears of it.
  row('correct', atWork, ['request.enter'], ['not-handled', 'says-something'], 'same', 'keep'),
  row('withdraw', open, teller, ['not-enterer'], 'closed', 'stop'),
  // Never what was late or answered, nor by whoever would be rid of it, nor where nobody could object.
  row(
    'withdraw',
    atWork,
    ['request.enter'],
    ['not-handled', 'not-enterer', 'not-holding', 'not-late', 'reporter-reachable', 'says-something'],
    'closed',
    'stop',
  ),
  row('judge', ['answered'], ['judge', 'reporter'], ['not-handled', 'not-enterer', 'not-judged'], 'closed', 'stop'),
  row(
    'judge',
    ['closed'],
    ['judge', 'reporter'],
    ['not-handled', 'not-enterer', 'not-judged', 'judgeable-late'],
    'closed',
    'stop',
  ),
  row('call-back', ['answered'], ['request.callback'], ['drawn', 'not-handled', 'not-judged'], 'closed', 'stop'),
  row(
    'miss-call-back',
    ['answered'],
    ['request.callback'],
    ['drawn', 'not-handled', 'not-judged', 'tries-left', 'an-hour-since'],
    'same',
    'keep',
  ),
  // A code on paper, for whoever gets no message: never from those whose work it judges, nor from whoever wrote it down.
  row('hand-slip', ['answered'], ['request.callback'], ['not-handled', 'not-enterer', 'not-judged'], 'same', 'keep'),
  row(
    'reopen',
    ['closed'],
    ['reporter', 'link', 'judge', 'request.enter', 'request.callback'],
    ['not-enterer', 'within-thirty-days', 'few-reopenings', 'level-above'],
    'accepted',
    'anew',
  ),
  row('complain', all, teller, [], 'same', 'keep'),
  row('complain', all, ['request.enter'], ['not-handled'], 'same', 'keep'),
  row('arrange-visit', withUnit, ['lead', 'assistant', 'reporter', 'link'], ['no-visit'], 'same', 'keep'),
  row('agree-visit', withUnit, ['lead', 'assistant', 'reporter', 'link'], ['visit-of-the-other'], 'same', 'keep'),
  row('move-visit', withUnit, ['lead', 'assistant', 'reporter', 'link'], ['visit'], 'same', 'keep'),
  row('cancel-visit', withUnit, ['lead', 'assistant', 'reporter', 'link'], ['visit'], 'same', 'keep'),

  // Seen by all
  row('permit-publication', all, teller, ['not-enterer', 'publication-not-permitted'], 'same', 'keep'),
  row('forbid-publication', all, teller, ['publication-permitted'], 'same', 'keep'),
  // No one person says that the resident wishes it and shows it too: whoever wrote it down releases only what the resident permitted
  // since, by their own hand. Where one clerk does all, that is how it is released; else any colleague does, or the level above.
  row(
    'publish',
    all,
    ['request.publish'],
    ['publication-permitted', 'permitted-themselves', 'words-kept', 'numbers-removed', 'answer-sent'],
    'same',
    'keep',
  ),
  row('unpublish', all, teller, ['published'], 'same', 'keep'),
  row('unpublish', all, ['request.publish'], ['published', 'says-something'], 'same', 'keep'),
  row('me-too', open, ['anyone'], ['published'], 'same', 'keep'),

  // Timers
  row('warn-due-soon', atWork, ['system'], ['due-soon'], 'same', 'keep'),
  row('mark-overdue', atWork, ['system'], ['overdue'], 'same', 'keep'),
  row('supervise-by-itself', atWork, ['system'], ['far-overdue'], 'same', 'keep'),
  row('draw-call-back', ['answered'], ['system'], ['unanswered-long-enough', 'not-drawn'], 'same', 'keep'),
  row('close-unconfirmed', ['answered'], ['system'], ['unanswered-long-enough', 'not-drawn'], 'closed', 'stop'),
  row('close-unconfirmed', ['answered'], ['system'], ['drawn', 'call-back-over'], 'closed', 'stop'),
  row('unmerge', ['closed'], ['system'], ['merged-unanswered'], 'accepted', 'dispatch'),

  // Another city's service to which it was sent on: what is heard from there is told, and changes nothing here.
  row('forward', all, ['system'], [], 'same', 'keep'),
  row('hear', all, ['system'], [], 'same', 'keep'),
]

/** The rows for an act in a state; several when different people may do it under different conditions. */
export const rowsFor = (act: Act, state: State | 'none'): readonly Row[] =>
  lifecycle.filter(
    (each) =>
      each.act === act && (each.from === 'none' ? state === 'none' : state !== 'none' && each.from.includes(state)),
  )
