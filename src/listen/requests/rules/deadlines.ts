/** Deadlines and timers of a request. Working time comes from the calendar handed in; spans of days for residents are calendar days. */
import { builtInDeadlines } from '#organise/settings/settings.api.ts'
import type { Act, DueKind, State, TimerKind, Urgency } from '../requests.api.ts'
import type { Amount, Due, RequestFacts, RequestSettings, WorkingCalendar } from './facts.ts'
import type { ClockEffect } from './table.ts'

/** What holds where a place sets nothing else. */
export const defaultRequestSettings: RequestSettings = builtInDeadlines

const dayMilliseconds = 86_400_000

export const addDays = (from: string | Date, days: number): Date =>
  new Date(new Date(from).getTime() + days * dayMilliseconds)

/**
 * Until when a closed request may be taken up again. It was written down when it closed; of what was brought in closed, the days
 * that hold now count from its closing, or from when the answer was heard.
 */
export const reopenableUntil = (
  request: Pick<RequestFacts, 'reopenUntil' | 'closedAt' | 'heardAt'>,
  settings: Pick<RequestSettings, 'reopenDays'>,
): Date | null =>
  request.reopenUntil !== null
    ? new Date(request.reopenUntil)
    : request.closedAt === null
      ? null
      : addDays(request.heardAt ?? request.closedAt, settings.reopenDays)

/** Merged, and the one that stays not answered yet: whoever told it may say that it is another matter, however long that takes. */
export const awaitsMerged = (request: Pick<RequestFacts, 'result' | 'heardAt'>): boolean =>
  request.result === 'merged' && request.heardAt === null

/** The time promised for an answer. */
export const promiseOf = (urgency: Urgency, promisedDays: number, settings: RequestSettings): Amount =>
  urgency === 'urgent' ? settings.urgent : { workingDays: promisedDays }

/** Rough length of an amount in working hours, to compare two: a working day counts eight. */
export const roughHours = (amount: Amount): number => ('workingDays' in amount ? amount.workingDays * 8 : amount.hours)

type Step = Extract<DueKind, 'accept' | 'dispatch' | 'acknowledge' | 'answer'>

/** The step that runs in a state, whatever its deadline says. */
const stepOf: Readonly<Record<State, Step>> = {
  received: 'accept',
  accepted: 'dispatch',
  dispatched: 'acknowledge',
  acknowledged: 'answer',
  answered: 'answer',
  closed: 'answer',
}

/** Whether the promised answer is overdue. */
const isMissed = (clock: Pick<RequestFacts, 'due'>, now: Date): boolean =>
  clock.due?.kind === 'answer' && Date.parse(clock.due.at) <= now.getTime()

type Clock = Pick<RequestFacts, 'due' | 'promisedAt' | 'promisedProvisional' | 'overdueStage' | 'stepAt'>

const later = (a: string, b: string): boolean => Date.parse(a) > Date.parse(b)

/** The deadline of a step, or the promise where that is earlier. */
function stepDue(
  kind: Step,
  promise: Pick<Clock, 'promisedAt' | 'promisedProvisional'>,
  now: Date,
  settings: RequestSettings,
  calendar: WorkingCalendar,
): Due {
  const promised: Due = { kind: 'answer', at: promise.promisedAt, provisional: promise.promisedProvisional }
  if (kind === 'answer') return promised
  const step = calendar.addWorkingTime(now, settings[kind])
  const at = step.at.toISOString()
  // Also a promise that has passed already: whoever gives it to another or back does not make it punctual again.
  return later(at, promised.at) ? promised : { kind, at, provisional: step.provisional }
}

/** The first clock of a request: the answer promised, acceptance due. */
export function startClock(
  urgency: Urgency,
  promisedDays: number,
  now: Date,
  settings: RequestSettings,
  calendar: WorkingCalendar,
  first: 'accept' | 'dispatch' = 'accept',
): Clock {
  const promised = calendar.addWorkingTime(now, promiseOf(urgency, promisedDays, settings))
  const promise = { promisedAt: promised.at.toISOString(), promisedProvisional: promised.provisional }
  return {
    ...promise,
    due: stepDue(first, promise, now, settings, calendar),
    overdueStage: null,
    stepAt: now.toISOString(),
  }
}

/**
 * The clock after an act. `request` is as it was, except for urgency and promised days, which are as they will be.
 * `extension` is read only by the effect `longer`.
 */
export function turnClock(
  effect: ClockEffect,
  request: RequestFacts,
  now: Date,
  settings: RequestSettings,
  calendar: WorkingCalendar,
  extension: Amount | null = null,
): Clock {
  const kept: Clock = {
    due: request.due,
    promisedAt: request.promisedAt,
    promisedProvisional: request.promisedProvisional,
    overdueStage: request.overdueStage,
    stepAt: request.stepAt,
  }
  const missed = isMissed(kept, now)
  const step = (kind: Step): Clock => ({
    ...kept,
    // Late is late until it is answered, also where the promise has been prolonged since.
    due: missed ? kept.due : stepDue(kind, kept, now, settings, calendar),
    overdueStage: missed || !later(kept.promisedAt, now.toISOString()) ? kept.overdueStage : null,
    stepAt: now.toISOString(),
  })
  switch (effect) {
    case 'keep':
      return kept
    case 'stop':
      return { ...kept, due: null, overdueStage: null }
    case 'judge':
      return {
        ...kept,
        due: { kind: 'judge', at: addDays(now, settings.judgeDays).toISOString(), provisional: false },
        overdueStage: null,
        stepAt: now.toISOString(),
      }
    case 'start':
      return startClock(request.urgency, request.promisedDays, now, settings, calendar)
    case 'anew':
      return startClock(request.urgency, request.promisedDays, now, settings, calendar, 'dispatch')
    case 'promise':
      return newPromise(request, kept, now, settings, calendar)
    case 'longer':
      return longerPromise(request, kept, now, calendar, extension)
    default:
      return step(effect)
  }
}

/** A promise replaced: the deadline that runs follows it where it is that of the answer, or where the promise is now earlier. */
function replace(kept: Clock, promise: Pick<Clock, 'promisedAt' | 'promisedProvisional'>): Clock {
  const due: Due = { kind: 'answer', at: promise.promisedAt, provisional: promise.promisedProvisional }
  const follows = kept.due !== null && (kept.due.kind === 'answer' || later(kept.due.at, promise.promisedAt))
  const moved = follows && kept.due !== null && later(due.at, kept.due.at)
  return { ...kept, ...promise, due: follows ? due : kept.due, overdueStage: moved ? null : kept.overdueStage }
}

/** The clock of a request into which one with an earlier promise was merged; null where its own is earlier or nothing runs. */
export function sharedClock(
  request: RequestFacts,
  merged: Pick<RequestFacts, 'promisedAt' | 'promisedProvisional'>,
): Clock | null {
  if (!request.due || request.due.kind === 'judge' || !later(request.promisedAt, merged.promisedAt)) return null
  const { due, overdueStage, stepAt, promisedAt, promisedProvisional } = request
  return replace(
    { due, overdueStage, stepAt, promisedAt, promisedProvisional },
    { promisedAt: merged.promisedAt, promisedProvisional: merged.promisedProvisional },
  )
}

/**
 * Whether a unit has had it in this round; what came back from one still counts. The first round of what was brought in begins at its
 * turn, before which it may have been given to one.
 */
export const wasDispatched = (request: Pick<RequestFacts, 'dispatchedAt' | 'roundAt' | 'reopenings'>): boolean =>
  request.dispatchedAt !== null && (request.reopenings === 0 || !later(request.roundAt, request.dispatchedAt))

/** What the promise of this round would be by urgency and category, as they stand in `request`. */
function promiseAnew(
  request: RequestFacts,
  settings: RequestSettings,
  calendar: WorkingCalendar,
): Pick<Clock, 'promisedAt' | 'promisedProvisional'> {
  const amount = promiseOf(request.urgency, request.promisedDays, settings)
  const promised = calendar.addWorkingTime(new Date(request.roundAt), amount)
  return { promisedAt: promised.at.toISOString(), promisedProvisional: promised.provisional }
}

function newPromise(
  request: RequestFacts,
  kept: Clock,
  now: Date,
  settings: RequestSettings,
  calendar: WorkingCalendar,
): Clock {
  const promise = promiseAnew(request, settings, calendar)
  // Naming another category must not buy time once a unit has had it, nor undo an extension the resident was told of.
  if ((wasDispatched(request) || request.extendedAt) && later(promise.promisedAt, kept.promisedAt)) return kept
  if (isMissed(kept, now)) return { ...kept, ...promise }
  const due = kept.due && runningDue(kept.due, request, promise, settings, calendar)
  const moved = due !== null && kept.due !== null && later(due.at, kept.due.at)
  return { ...kept, ...promise, due, overdueStage: moved ? null : kept.overdueStage }
}

/** Whether another urgency or category would move the promise to the resident to a later moment. */
export function delays(
  request: RequestFacts,
  changes: Partial<Pick<RequestFacts, 'urgency' | 'promisedDays'>>,
  now: Date,
  settings: RequestSettings,
  calendar: WorkingCalendar,
): boolean {
  return later(turnClock('promise', { ...request, ...changes }, now, settings, calendar).promisedAt, request.promisedAt)
}

/** A step that runs keeps its time, unless the promise is now earlier. Where the promise was due in its stead, it may be due itself. */
function runningDue(
  due: Due,
  request: RequestFacts,
  promise: Pick<Clock, 'promisedAt' | 'promisedProvisional'>,
  settings: RequestSettings,
  calendar: WorkingCalendar,
): Due {
  if (due.kind === 'answer' || later(due.at, promise.promisedAt))
    return stepDue(stepOf[request.state], promise, new Date(request.stepAt), settings, calendar)
  return due
}

function longerPromise(
  request: RequestFacts,
  kept: Clock,
  now: Date,
  calendar: WorkingCalendar,
  extension: Amount | null,
): Clock {
  if (!extension) return kept
  // Time already lost is not given back, but an extension always leaves something to work with.
  const from = later(request.promisedAt, now.toISOString()) ? new Date(request.promisedAt) : now
  const promised = calendar.addWorkingTime(from, extension)
  const promise = { promisedAt: promised.at.toISOString(), promisedProvisional: promised.provisional }
  // The resident reads a new day; what was late goes on counting from the day that was missed.
  return isMissed(kept, now) ? { ...kept, ...promise } : replace(kept, promise)
}

/**
 * The clock once the calendar of a year has been announced that was only guessed before: what was provisional is computed anew,
 * sooner or later. Null where nothing changes; an extension stays as it was told to the resident.
 */
export function announcedClock(
  request: RequestFacts,
  settings: RequestSettings,
  calendar: WorkingCalendar,
): Clock | null {
  const { due } = request
  let clock: Clock = {
    due,
    promisedAt: request.promisedAt,
    promisedProvisional: request.promisedProvisional,
    overdueStage: request.overdueStage,
    stepAt: request.stepAt,
  }
  if (request.promisedProvisional && !request.extendedAt && request.state !== 'closed') {
    const amount = promiseOf(request.urgency, request.promisedDays, settings)
    const promised = calendar.addWorkingTime(new Date(request.roundAt), amount)
    clock = replace(clock, { promisedAt: promised.at.toISOString(), promisedProvisional: promised.provisional })
  }
  if (due?.provisional && due.kind !== 'answer' && due.kind !== 'judge') {
    const next = stepDue(due.kind, clock, new Date(request.stepAt), settings, calendar)
    clock = { ...clock, due: next, overdueStage: later(next.at, due.at) ? null : clock.overdueStage }
  }
  const same =
    clock.due?.at === due?.at &&
    clock.due?.provisional === due?.provisional &&
    clock.promisedAt === request.promisedAt &&
    clock.promisedProvisional === request.promisedProvisional
  return same ? null : clock
}

/** When the deadline that runs counts as due soon: a share of its time, moved to the next working moment, never after it. */
export function dueSoonAt(request: RequestFacts, settings: RequestSettings, calendar: WorkingCalendar): Date | null {
  if (!request.due || request.due.kind === 'judge') return null
  const start = Date.parse(request.due.kind === 'answer' ? request.roundAt : request.stepAt)
  const end = Date.parse(request.due.at)
  const share = new Date(Math.min(start + Math.max(end - start, 0) * settings.dueSoonShare, end))
  const working = calendar.addWorkingTime(share, { hours: 0 }).at
  return working.getTime() < end ? working : share
}

export function farOverdueAt(request: RequestFacts, settings: RequestSettings, calendar: WorkingCalendar): Date | null {
  if (!request.due || request.due.kind === 'judge') return null
  const amount = request.urgency === 'urgent' ? settings.farOverdueUrgent : settings.farOverdue
  return calendar.addWorkingTime(new Date(request.due.at), amount).at
}

/** The act that a timer does when it fires. Without judgement a draw decides between two acts, so the job does that. */
export const actOfTimer: Readonly<Record<Exclude<TimerKind, 'no_judgement'>, Act>> = {
  due_soon: 'warn-due-soon',
  overdue: 'mark-overdue',
  far_overdue: 'supervise-by-itself',
  call_back_lapsed: 'close-unconfirmed',
}

/**
 * The timer that fires next, null when none runs. What should have fired while nothing was running comes with its old moment,
 * and is due at once.
 */
export function nextTimer(
  request: RequestFacts,
  settings: RequestSettings,
  calendar: WorkingCalendar,
): { kind: TimerKind; at: Date } | null {
  if (!request.due) return null
  if (request.due.kind === 'judge') {
    return request.callBack
      ? { kind: 'call_back_lapsed', at: addDays(request.callBack.drawnAt, settings.callBackDays) }
      : { kind: 'no_judgement', at: new Date(request.due.at) }
  }
  if (request.overdueStage === null) {
    const soon = dueSoonAt(request, settings, calendar)
    return soon && { kind: 'due_soon', at: soon }
  }
  if (request.overdueStage === 'due_soon') return { kind: 'overdue', at: new Date(request.due.at) }
  if (request.overdueStage === 'overdue') {
    const far = farOverdueAt(request, settings, calendar)
    return far && { kind: 'far_overdue', at: far }
  }
  return null
}
