import { addDays, atMinute, type Day, dayMilliseconds, dayOf, startOfDay, weekdayOf } from './days.ts'
import { minutesOf, type WorkingHours } from './hours.ts'

/** The national working days that have been announced, day by day. A day without entry belongs to a year to come. */
export interface Calendar {
  readonly days: ReadonlyMap<Day, boolean>
}

/** How long something may take. */
export type Allowance = { hours: number; counted?: 'working' | 'clock' } | { workingDays: number }

/** A moment computed from the calendar; provisional where it crosses days whose year has not been announced. */
export interface Deadline {
  at: Date
  provisional: boolean
}

/** More than this is a slip of the keyboard, and would walk the calendar for long. */
const mostWorkingDays = 2_500
const mostHours = 20_000

/**
 * Whether people work on the day, by the national calendar with its make-up working days. For a year that has not been
 * announced only weekends are known, and the answer is provisional.
 */
export function isWorkingDay(day: Day, calendar: Calendar): { working: boolean; provisional: boolean } {
  const announced = calendar.days.get(day)
  if (announced !== undefined) return { working: announced, provisional: false }
  return { working: weekdayOf(day) < 6, provisional: true }
}

/**
 * When an allowance that begins at `from` ends.
 *
 * `{workingDays: N}`: the end of working hours of the Nth working day after the day (in China) on which counting
 * starts. The starting day itself is never counted, whether work had begun, was over, or the day was free, and the
 * last day lasts as long as business does (Civil Code, articles 201 and 203). So with one working day, what comes in
 * on Thursday at 09:00 or at 23:00 ends on Friday at closing, and what comes in from Friday to Sunday on Monday at
 * closing. N is a whole number of 1 or more.
 *
 * `{hours}`: that much working time, running only within working hours. What ends exactly at a closing ends there, not
 * at the next opening. Zero hours is `from` itself within working hours, or else the next opening.
 *
 * `{hours, counted: 'clock'}`: that much time by the clock, night and holiday included, for what is urgent.
 *
 * Provisional where any day between start and end has not been announced. Throws RangeError for an invalid moment, an
 * allowance that is negative, not a number or beyond ten years, and for unusable working hours.
 */
export function addWorkingTime(from: Date, allowance: Allowance, hours: WorkingHours, calendar: Calendar): Deadline {
  const minutes = minutesOf(hours)
  if (Number.isNaN(from.getTime())) throw new RangeError('Not a moment.')
  if ('workingDays' in allowance) {
    const { workingDays } = allowance
    if (!Number.isInteger(workingDays) || workingDays < 1 || workingDays > mostWorkingDays) {
      throw new RangeError(`Not a number of working days: ${workingDays}`)
    }
    let day = dayOf(from)
    let provisional = false
    let left = workingDays
    while (left > 0) {
      day = addDays(day, 1)
      const known = isWorkingDay(day, calendar)
      provisional ||= known.provisional
      if (known.working) left--
    }
    return { at: atMinute(day, minutes.at(-1)?.to ?? 0), provisional }
  }
  if (!(allowance.hours >= 0 && allowance.hours <= mostHours)) {
    throw new RangeError(`Not a number of hours: ${allowance.hours}`)
  }
  let left = Math.round(allowance.hours * 3_600_000)
  if (allowance.counted === 'clock') return { at: new Date(from.getTime() + left), provisional: false }

  let provisional = false
  for (let day = dayOf(from); ; day = addDays(day, 1)) {
    const known = isWorkingDay(day, calendar)
    provisional ||= known.provisional
    if (!known.working) continue
    for (const interval of minutes) {
      const begin = Math.max(atMinute(day, interval.from).getTime(), from.getTime())
      const end = atMinute(day, interval.to).getTime()
      // A stretch that has just ended still takes nothing more, but a moment at its very end lies within it.
      if (begin > end || (begin === end && left > 0)) continue
      if (begin + left <= end) return { at: new Date(begin + left), provisional }
      left -= end - begin
    }
  }
}

/**
 * Working time from one moment to another, in milliseconds; negative when `to` comes first. It is the inverse of
 * adding hours: between `from` and the moment that `addWorkingTime` gives lie exactly those hours.
 */
export function workingTimeBetween(
  from: Date,
  to: Date,
  hours: WorkingHours,
  calendar: Calendar,
): { milliseconds: number; provisional: boolean } {
  const minutes = minutesOf(hours)
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) throw new RangeError('Not a moment.')
  if (to < from) {
    const back = workingTimeBetween(to, from, hours, calendar)
    return { milliseconds: -back.milliseconds || 0, provisional: back.provisional }
  }
  const whole = minutes.reduce((sum, { from: begin, to: end }) => sum + (end - begin) * 60_000, 0)
  let milliseconds = 0
  let provisional = false
  for (let start = startOfDay(dayOf(from)).getTime(); start <= to.getTime(); start += dayMilliseconds) {
    const known = isWorkingDay(dayOf(new Date(start)), calendar)
    provisional ||= known.provisional
    if (!known.working) continue
    if (start >= from.getTime() && start + dayMilliseconds <= to.getTime()) {
      milliseconds += whole
      continue
    }
    for (const interval of minutes) {
      const begin = Math.max(start + interval.from * 60_000, from.getTime())
      const end = Math.min(start + interval.to * 60_000, to.getTime())
      if (end > begin) milliseconds += end - begin
    }
  }
  return { milliseconds, provisional }
}
