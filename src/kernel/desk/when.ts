/** Dates as people say them. Everything is told in the time of the country the platform serves. */
import { dayMilliseconds, dayOf, timeZone } from '#kernel/calendar/days.ts'

/** Whole calendar days from `now` to `at`: 0 is today, 1 tomorrow, -1 yesterday. */
export function daysBetween(now: Date, at: Date): number {
  return Math.round((Date.parse(dayOf(at)) - Date.parse(dayOf(now))) / dayMilliseconds)
}

/** 今天 16:00, 昨天 09:20, 周二 10:00, 3月4日, each with the hour while it is near. */
export function said(at: string | Date, language: string, now: Date = new Date()): string {
  const time = typeof at === 'string' ? new Date(at) : at
  if (Number.isNaN(time.getTime())) return ''
  const days = daysBetween(now, time)
  const hour = new Intl.DateTimeFormat(language, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(time)
  if (Math.abs(days) <= 1) {
    const word = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')
    return `${word} ${hour}`
  }
  if (days > 1 && days < 7) {
    return `${new Intl.DateTimeFormat(language, { timeZone, weekday: 'short' }).format(time)} ${hour}`
  }
  const sameYear = dayOf(now).slice(0, 4) === dayOf(time).slice(0, 4)
  return new Intl.DateTimeFormat(language, {
    timeZone,
    month: 'short',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(time)
}

/** The exact time, for the title of a date. */
export function exactly(at: string | Date, language: string): string {
  const time = typeof at === 'string' ? new Date(at) : at
  return new Intl.DateTimeFormat(language, {
    timeZone,
    dateStyle: 'full',
    timeStyle: 'short',
    hour12: false,
  }).format(time)
}

/** From when until when in words that hold on any day: 11月24日周二 10:00–12:00; both days where it ends on another one. */
export function stretch(from: string, until: string, language: string): string {
  const day = new Intl.DateTimeFormat(language, { timeZone, month: 'long', day: 'numeric', weekday: 'short' })
  const hour = new Intl.DateTimeFormat(language, { timeZone, hour: '2-digit', minute: '2-digit', hour12: false })
  const [begins, ends] = [new Date(from), new Date(until)]
  const end = dayOf(begins) === dayOf(ends) ? hour.format(ends) : `${day.format(ends)} ${hour.format(ends)}`
  return `${day.format(begins)} ${hour.format(begins)}–${end}`
}

/** Hours and minutes, or days and hours, as `[count, unit]` pairs for a clock. */
export function spanOf(milliseconds: number): { days: number; hours: number; minutes: number } {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000)
  return { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60 }
}
