/**
 * Literals of a request (诉求), each declared here once. SQL checks carry the same names and a test holds the two
 * together; words for readers stand in requests.words.ts under `requests.<list>.<literal>`.
 */

/** Where a request stands: 已登记 已受理 已派单 已签收 已答复 已办结. */
export const states = ['received', 'accepted', 'dispatched', 'acknowledged', 'answered', 'closed'] as const
export type State = (typeof states)[number]

/** States in which somebody still owes the resident something. */
export const openStates = states.filter((state) => state !== 'closed')

/** How it came in. `card` is the contact-card QR, `mail` e-mail, `chat` a group chat by its author's own act, `window` a counter. */
export const channels = [
  'web',
  'phone',
  'card',
  'visit',
  'paper',
  'letter',
  'mail',
  'chat',
  'window',
  'system',
] as const
export type Channel = (typeof channels)[number]

export const urgencies = ['urgent', 'ordinary'] as const
export type Urgency = (typeof urgencies)[number]

/**
 * How a request was closed. Closed is not solved: `solved`, `partly` and `unsolved` are the resident's own words or those
 * given to a caller who did not handle it; `unconfirmed` and `explained` mean that nobody said anything within the time;
 * `answered_elsewhere` is a request brought in from another hotline with its answer: nothing is known of what became of it.
 */
export const closings = [
  'solved',
  'partly',
  'unsolved',
  'unconfirmed',
  'explained',
  'withdrawn',
  'merged',
  'answered_elsewhere',
] as const
export type Closing = (typeof closings)[number]

/** Endings that are a resident's own words of the answer, which not everybody reads. */
export const verdictClosings: readonly Closing[] = ['solved', 'partly', 'unsolved']

/** What a resident can say of an answer: solved, partly, not. */
export const verdicts = ['solved', 'partly', 'not'] as const
export type Verdict = (typeof verdicts)[number]

/** The six separately handled kinds of the hotline regulation, and what is reasonable but cannot be done now. */
export const explanationKinds = [
  'emergency',
  'statutory_channel',
  'repeat',
  'secret_or_private',
  'outside_remit',
  'unlawful',
  'not_possible_now',
] as const
export type ExplanationKind = (typeof explanationKinds)[number]

/** Six faults of service: 门难进 脸难看 话难听 事难办 推诿 消极. */
export const serviceFaults = [
  'hard_to_enter',
  'ugly_face',
  'ugly_words',
  'hard_to_settle',
  'passing_on',
  'passive',
] as const
export type ServiceFault = (typeof serviceFaults)[number]

/** What kind of body receives a part. The last two are no authority: whoever dispatched stays responsible. */
export const receiverKinds = ['department', 'unit', 'social_organisation', 'residents_group'] as const
export type ReceiverKind = (typeof receiverKinds)[number]

/** 主办 and 协办. */
export const partRoles = ['lead', 'assisting'] as const
export type PartRole = (typeof partRoles)[number]

/** `offered`: a residents' group has not consented yet. `ended`: declined, or overtaken by another answer or closing. */
export const partStates = ['offered', 'dispatched', 'acknowledged', 'returned', 'answered', 'ended'] as const
export type PartState = (typeof partStates)[number]

/** States of a part in which its body still has it. */
export const heldPartStates = ['offered', 'dispatched', 'acknowledged'] as const

export const answerKinds = ['answer', 'explanation'] as const
export type AnswerKind = (typeof answerKinds)[number]

/** Who put a request under supervision (督办): a level above, or the far overdue deadline itself. */
export const supervisions = ['above', 'itself'] as const
export type Supervision = (typeof supervisions)[number]

/** How two requests belong together without being one: the same thing in another place, or one thing that brought forth both. */
export const linkKinds = ['same_kind', 'same_cause'] as const
export type LinkKind = (typeof linkKinds)[number]

/** Everything that can be done to a request. Also the last segment of its address, and `request.<act>` in the ledger. */
export const acts = [
  'file',
  'accept',
  'dispatch',
  'redispatch',
  'consent',
  'decline',
  'acknowledge',
  'return',
  'assist',
  'answer-part',
  'draft',
  'answer',
  'explain',
  'agree-explanation',
  'disagree-explanation',
  'extend',
  'merge',
  'link',
  'unlink',
  'split',
  'transfer',
  'categorise',
  'set-urgency',
  'supervise',
  'note',
  'add',
  'correct-phone',
  'correct',
  'withdraw',
  'judge',
  'call-back',
  'miss-call-back',
  'hand-slip',
  'reopen',
  'complain',
  'permit-publication',
  'forbid-publication',
  'publish',
  'unpublish',
  'me-too',
  'arrange-visit',
  'agree-visit',
  'move-visit',
  'cancel-visit',
  'warn-due-soon',
  'mark-overdue',
  'supervise-by-itself',
  'draw-call-back',
  'close-unconfirmed',
  'unmerge',
  'forward',
  'hear',
] as const
export type Act = (typeof acts)[number]

/** Lines of the timeline. */
export const entryKinds = [
  'filed',
  'accepted',
  'dispatched',
  'redispatched',
  'consented',
  'declined',
  'acknowledged',
  'returned',
  'assistance_asked',
  'part_acknowledged',
  'part_returned',
  'part_answered',
  'drafted',
  'answered',
  'explanation_proposed',
  'explanation_refused',
  'explained',
  'extended',
  'merged',
  'linked',
  'unlinked',
  'split',
  'transferred',
  'categorised',
  'urgency_set',
  'supervised',
  'noted',
  'added',
  'phone_corrected',
  'corrected',
  'withdrawn',
  'closed',
  'call_back_missed',
  'slip_handed',
  'reopened',
  'publication_permitted',
  'publication_forbidden',
  'published',
  'unpublished',
  'visit_arranged',
  'visit_agreed',
  'visit_moved',
  'visit_cancelled',
  'due_soon',
  'overdue',
  'far_overdue',
  'call_back_drawn',
  'unmerged',
  'forwarded',
  'heard',
] as const
export type EntryKind = (typeof entryKinds)[number]

/** Who reads a line: the reporter and all who may read the request, or those who work on it alone. */
export const audiences = ['reporter', 'staff'] as const
export type Audience = (typeof audiences)[number]

/** What is due next. `answer` is the date promised to the resident, `judge` the week in which the resident is asked. */
export const dueKinds = ['accept', 'dispatch', 'acknowledge', 'answer', 'judge'] as const
export type DueKind = (typeof dueKinds)[number]

/** How far the deadline that runs has been passed, as already told to those concerned. */
export const overdueStages = ['due_soon', 'overdue', 'far_overdue'] as const
export type OverdueStage = (typeof overdueStages)[number]

/** Timers of a request, kept in the job queue. */
export const timerKinds = ['due_soon', 'overdue', 'far_overdue', 'no_judgement', 'call_back_lapsed'] as const
export type TimerKind = (typeof timerKinds)[number]

/** Duties that this room asks for; a part of the closed list of duties of posts. */
export const requestDuties = [
  'request.enter',
  'request.read',
  'request.contact',
  'request.accept',
  'request.dispatch',
  'request.handle',
  'request.agree',
  'request.extend',
  'request.supervise',
  'request.publish',
  'request.callback',
] as const
export type RequestDuty = (typeof requestDuties)[number]
