import { dayMilliseconds, dayOf, shownByClock, startOfDay, timeZone, withOffset } from '../calendar/days.ts'
import { type Language, t } from './words.ts'

/** A moment as people say it, with the exact time at hand for a `title` or `datetime`. */
export interface SpokenTime {
  text: string
  /** Year to minute, in the reader's language. */
  exact: string
  /** ISO 8601 with China's offset. */
  machine: string
}

const formats = new Map<string, Intl.DateTimeFormat>()
function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`
  let made = formats.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { timeZone, ...options })
    formats.set(key, made)
  }
  return made
}

/**
 * 今天 10:20, 昨天 15:05, 明天 09:00, 11月24日（周二）, 2025年11月24日; today 10:20, yesterday 15:05, Tue 24 Nov, 24 Nov 2025.
 * Days are China's. `clock: true` adds the time of day to farther days as well, for promised times.
 */
export function spokenTime(
  moment: Date | string,
  now: Date,
  language: Language,
  options: { clock?: boolean } = {},
): SpokenTime {
  const date = new Date(moment)
  if (Number.isNaN(date.getTime())) throw new RangeError('Not a moment.')
  const clock = clockTime(date, language)
  const distance = dayNumber(date) - dayNumber(now)
  const near =
    distance === 0 ? 'words.today' : distance === -1 ? 'words.yesterday' : distance === 1 ? 'words.tomorrow' : null
  const text = near
    ? t(language)(near, { clock })
    : options.clock
      ? `${spokenDay(date, now, language)} ${clock}`
      : spokenDay(date, now, language)
  return { text, exact: exactTime(date, language), machine: machineTime(date) }
}

/** A day as people say it: with its weekday in the current year, with its year otherwise. */
export function spokenDay(moment: Date | string, now: Date, language: Language): string {
  const date = new Date(moment)
  const part = (options: Intl.DateTimeFormatOptions, name: string) => format(language, name, options).format(date)
  const year = yearOf(date)
  if (language === 'en') {
    const day = part({ day: 'numeric', month: 'short' }, 'day')
    return year === yearOf(now) ? `${part({ weekday: 'short' }, 'weekday')} ${day}` : `${day} ${year}`
  }
  const day = part({ day: 'numeric', month: 'long' }, 'day')
  return year === yearOf(now) ? `${day}（${part({ weekday: 'short' }, 'weekday')}）` : `${year}年${day}`
}

/** 10:20 */
function clockTime(date: Date, language: Language): string {
  return format(language, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date)
}

/** 2026年11月24日 10:20 / 24 November 2026, 10:20. */
export function exactTime(moment: Date | string, language: Language): string {
  const date = new Date(moment)
  const day = format(language, 'exact', { day: 'numeric', month: 'long', year: 'numeric' }).format(date)
  return language === 'en' ? `${day}, ${clockTime(date, language)}` : `${day} ${clockTime(date, language)}`
}

/** A month such as `2026-11` as people say it: 2026年11月 / November 2026. */
export function spokenMonth(month: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )
}

function machineTime(date: Date): string {
  return withOffset(shownByClock(date))
}

function dayNumber(date: Date): number {
  return startOfDay(dayOf(date)).getTime() / dayMilliseconds
}

function yearOf(date: Date): number {
  return Number(shownByClock(date).slice(0, 4))
}
