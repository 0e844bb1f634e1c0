/**
 * The rules of a request: what an act does, or why it is refused. Pure: no database and no clock of its own; the table in
 * rules/table.ts says what is allowed.
 */
import type { Act, State } from './requests.api.ts'
import { startClock, turnClock } from './rules/deadlines.ts'
import { effectOf } from './rules/effects.ts'
import type {
  ActorFacts,
  Command,
  Decision,
  Filing,
  LedgerAct,
  Part,
  Refused,
  RequestFacts,
  RequestSettings,
  WorkingCalendar,
} from './rules/facts.ts'
import { guards, type Situation } from './rules/guards.ts'
import { isHeld } from './rules/levels.ts'
import { type GuardName, lifecycle, type Row, rowsFor, type Who } from './rules/table.ts'
import { told } from './rules/told.ts'

export * from './rules/deadlines.ts'
export * from './rules/facts.ts'
export * from './rules/levels.ts'
export { lifecycle } from './rules/table.ts'

const refuse = (status: Refused['status'], name: string): Refused => ({
  refused: true,
  status,
  type: `request-${name}`,
  key: `requests.refusal.${name}`,
})

/** Guards about what was sent rather than about how the request stands: the sender can mend it. */
const mendable: ReadonlySet<GuardName> = new Set<GuardName>([
  'repeat-named',
  'enough-texts',
  'own-words',
  'extension-within',
  'another-place',
  'covers-both',
  'receiver-free',
  'receiver-not-excluded',
  'not-beneath',
  'says-something',
  'no-circle',
  'delay-reasoned',
  'another-request',
  'not-linked',
  'linked',
  'same-community',
  'filed-before',
  'level-kept',
  'answer-sent',
  'words-kept',
  'numbers-removed',
])

/** Guards about who the actor is: another could do it. */
const personal: ReadonlySet<GuardName> = new Set<GuardName>([
  'not-own-unit',
  'not-handled',
  'not-enterer',
  'not-holding',
  'another-person',
  'another-body',
  'permitted-themselves',
])

const statusOf = (guard: GuardName): Refused['status'] => (mendable.has(guard) ? 422 : personal.has(guard) ? 403 : 409)

/** The part with which an actor acts: the one named, else the one they hold in this role. */
function partFor(who: Who, request: RequestFacts, actor: ActorFacts, named: string | undefined, act: Act): Part | null {
  const role = who === 'lead' ? 'lead' : 'assisting'
  // A note may still be written by the unit that answered.
  const counts = (part: Part) => isHeld(part) || (act === 'note' && part.state === 'answered')
  const mine = request.parts.filter((part) => part.role === role && counts(part) && actor.handling.includes(part.body))
  return mine.find((part) => named === undefined || part.id === named) ?? null
}

/** Whether the actor is who the table asks for. */
export function isWho(who: Who, actor: ActorFacts, part: Part | null): boolean {
  switch (who) {
    case 'anyone':
      return !actor.system
    case 'reporter':
      return actor.reporter
    case 'link':
      return actor.link
    case 'judge':
      return actor.judge
    case 'lead':
    case 'assistant':
      return part !== null
    case 'system':
      return actor.system
    default:
      return who.endsWith(' above')
        ? (actor.dutiesAbove as readonly string[]).includes(who.slice(0, -' above'.length))
        : (actor.duties as readonly string[]).includes(who)
  }
}

interface Surroundings {
  readonly now: Date
  readonly settings: RequestSettings
  readonly calendar: WorkingCalendar
}

/**
 * What an act does to a request, or why it is refused. Whoever stands on its excluded list learns not even that it exists.
 * The store writes `next`, the entries and the ledger acts in one transaction.
 */
export function decide(
  request: RequestFacts,
  command: Command,
  actor: ActorFacts,
  surroundings: Surroundings,
): Decision | Refused {
  if (actor.excluded) return refuse(404, 'not-found')
  const rows = rowsFor(command.act, request.state)
  if (rows.length === 0) return refuse(409, 'state')
  const named = 'part' in command ? command.part : undefined
  let refusal: Refused = refuse(403, 'forbidden')
  let recognised = false
  for (const row of rows) {
    for (const who of row.who) {
      const part = who === 'lead' || who === 'assistant' ? partFor(who, request, actor, named, command.act) : null
      if (!isWho(who, actor, part)) continue
      const situation: Situation = { request, command, actor, who, part, ...surroundings }
      const broken = row.guards.find((guard) => !guards[guard](situation))
      if (!broken) return carryOut(row, situation)
      if (!recognised) refusal = refuse(statusOf(broken), broken)
      recognised = true
    }
  }
  return refusal
}

function carryOut(row: Row, situation: Situation): Decision {
  const { request, command, now, settings, calendar } = situation
  const effect = effectOf(situation)
  const changed: RequestFacts = { ...request, ...effect.changes }
  const extension = command.act === 'extend' ? command.amount : null
  // An extension is judged by the promise it prolongs, so the clock sees the request before it was marked as extended.
  const clock = turnClock(row.clock, { ...changed, extendedAt: request.extendedAt }, now, settings, calendar, extension)
  const next: RequestFacts = {
    ...changed,
    ...clock,
    overdueStage: row.clock === 'keep' ? changed.overdueStage : clock.overdueStage,
    state: row.next === 'same' ? request.state : row.next,
    result: effect.result ?? changed.result,
  }
  return {
    refused: false,
    as: situation.who,
    next,
    entries: effect.entries,
    acts: [ledgerAct(command.act, request, next)],
    tell: worthTelling(command.act, request, next) ? (told[command.act] ?? []) : [],
    children: effect.children ?? [],
    complaint: effect.complaint ?? null,
  }
}

/** Another category or urgency is news to the resident where their date moves back or urgent became ordinary. */
function worthTelling(act: Act, before: RequestFacts, after: RequestFacts): boolean {
  if (act !== 'categorise' && act !== 'set-urgency') return true
  return (
    Date.parse(after.promisedAt) > Date.parse(before.promisedAt) ||
    (before.urgency === 'urgent' && after.urgency === 'ordinary')
  )
}

function ledgerAct(act: Act, before: RequestFacts, after: RequestFacts): LedgerAct {
  const said = act === 'judge' || act === 'call-back'
  const times: Record<string, string> = {}
  if (after.due && after.due.at !== before.due?.at) times[after.due.kind] = after.due.at
  if (after.promisedAt !== before.promisedAt) times.promised = after.promisedAt
  return {
    kind: `request.${act}`,
    result: said || after.result === before.result ? null : after.result,
    times,
    facts: before.state === after.state ? { state: after.state } : { from: before.state, state: after.state },
  }
}

/** A new request. The body that receives it is responsible from the first moment; nothing is too small to be one. */
export function fileRequest(filing: Filing, surroundings: Surroundings): Decision {
  const { now, settings, calendar } = surroundings
  const clock = startClock(filing.urgency, filing.promisedDays, now, settings, calendar)
  const at = now.toISOString()
  const holder = { body: filing.holder.body, path: filing.holder.path }
  const next: RequestFacts = {
    ...clock,
    id: filing.id,
    state: 'received',
    result: null,
    urgency: filing.urgency,
    promisedDays: filing.promisedDays,
    path: filing.path,
    ceiling: filing.ceiling,
    holder,
    firstReceiver: holder,
    parts: [],
    returns: 0,
    transfers: 0,
    reopenings: 0,
    filedAt: at,
    roundAt: at,
    dispatchedAt: null,
    answeredAt: null,
    closedAt: null,
    extendedAt: null,
    explanation: null,
    answerKind: null,
    judged: false,
    callBack: null,
    supervised: null,
    publicationPermitted: filing.publicationPermitted,
    published: false,
    visit: null,
    mergedInto: null,
    heardAt: null,
    reopenUntil: null,
    senders: [],
    excludedPeople: filing.excludedPeople,
    excludedBodies: filing.excludedBodies,
    barredPlaces: [],
  }
  const times: Record<string, string> = { promised: next.promisedAt }
  if (next.due) times[next.due.kind] = next.due.at
  return {
    refused: false,
    as: 'anyone',
    next,
    entries: [{ kind: 'filed', audience: 'reporter', part: null, facts: {} }],
    acts: [{ kind: 'request.file', result: null, times, facts: { state: 'received' } }],
    tell: told.file ?? [],
    children: [],
    complaint: null,
  }
}

/** The acts that the table offers an actor now, for the buttons of a page. Guards about what will be sent are left out. */
export function offered(request: RequestFacts, actor: ActorFacts, surroundings: Surroundings): Act[] {
  if (actor.excluded) return []
  const found = new Set<Act>()
  for (const row of lifecycle) {
    if (row.from === 'none' || !row.from.includes(request.state)) continue
    const command = { act: row.act } as Command
    for (const who of row.who) {
      const part = who === 'lead' || who === 'assistant' ? partFor(who, request, actor, undefined, row.act) : null
      if (!isWho(who, actor, part)) continue
      const situation: Situation = { request, command, actor, who, part, ...surroundings }
      const standing = row.guards.filter((guard) => !aboutCommand.has(guard))
      if (standing.every((guard) => guards[guard](situation))) found.add(row.act)
    }
  }
  return [...found]
}

const aboutCommand: ReadonlySet<GuardName> = new Set<GuardName>([
  ...mendable,
  'not-a-part',
  'reporter-reachable',
  'permitted-themselves',
  'target-open',
  'same-sight',
  'level-above',
])

/** Whether an act of the register that bears no post is one of a timer or a command, by its kind: no resident can do it. */
export const isBySystem = (kind: string): boolean =>
  lifecycle.filter(({ act }) => kind === `request.${act}`).every(({ who }) => who.every((each) => each === 'system'))

/** Whether an act leads anywhere from a state; for tests and the printed table. */
export const hasRow = (act: Act, state: State): boolean => rowsFor(act, state).length > 0
