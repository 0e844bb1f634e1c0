/**
 * Days of China's one time zone. Asia/Shanghai has stood at UTC+8 without summer time since 1992, so that its days
 * are plain arithmetic: independent of the machine's own zone and of its zone data.
 */
export const timeZone = 'Asia/Shanghai'
const shanghaiOffset = 8 * 3_600_000
export const dayMilliseconds = 86_400_000

/** A day as `2026-11-24`. */
export type Day = string

const shape = /^(\d{4})-(\d{2})-(\d{2})$/

/** What China's clocks show at a moment, as `2026-11-24T10:20:00`. Throws RangeError for an invalid date. */
export function shownByClock(moment: Date): string {
  return new Date(moment.getTime() + shanghaiOffset).toISOString().slice(0, 19)
}

/** The same with the offset said, as ISO 8601 has it. */
export const withOffset = (clock: string): string => `${clock}+08:00`

/** The moment at which China's clocks show a time of a day, as `10:20`; an invalid date where it is none. */
export const atClock = (day: Day, time: string): Date => new Date(withOffset(`${day}T${time}:00`))

/** The day in China on which a moment falls. Throws RangeError for an invalid date. */
export function dayOf(moment: Date): Day {
  return shownByClock(moment).slice(0, 10)
}

/** The moment at which the day begins in China. Throws RangeError for what is no day of the calendar. */
export function startOfDay(day: Day): Date {
  const parts = shape.exec(day)
  const moment = parts ? new Date(`${day}T00:00:00Z`) : null
  // 2026-02-30 would silently become the second of March.
  if (!moment || Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== day) {
    throw new RangeError(`Not a day: ${day.slice(0, 20)}`)
  }
  return new Date(moment.getTime() - shanghaiOffset)
}

/** The moment at which the day has passed: the start of the next. */
export function endOfDay(day: Day): Date {
  return new Date(startOfDay(day).getTime() + dayMilliseconds)
}

/** The day `count` days later (earlier when negative). */
export function addDays(day: Day, count: number): Day {
  return dayOf(new Date(startOfDay(day).getTime() + count * dayMilliseconds))
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(startOfDay(day).getTime() + shanghaiOffset).getUTCDay() || 7
}

/** A moment of a day in China by minutes since midnight; 24 × 60 is the end of the day. */
export function atMinute(day: Day, minute: number): Date {
  return new Date(startOfDay(day).getTime() + minute * 60_000)
}
