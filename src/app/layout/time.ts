import { type Language, words } from './layout.words.ts'

const clockOf = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

export interface SaidTime {
  /** ISO 8601, for the `datetime` attribute. */
  iso: string
  /** As people say it: 今天 10:20. */
  said: string
  /** Date and time in full, Asia/Shanghai. */
  exact: string
}

function inShanghai(moment: Date) {
  const part = Object.fromEntries(clockOf.formatToParts(moment).map(({ type, value }) => [type, value]))
  const date = `${part.year}-${part.month}-${part.day}`
  return { date, clock: `${part.hour}:${part.minute}`, day: Date.parse(`${date}T00:00:00Z`) / 86_400_000 }
}

/** A moment as people say it, seen from `now`; both are read on the clocks of Asia/Shanghai. */
export function sayTime(language: Language, moment: string | Date, now: Date): SaidTime {
  const say = words(language)
  const when = new Date(moment)
  const { date, clock, day } = inShanghai(when)
  const today = inShanghai(now)
  const [year, month, dayOfMonth] = date.split('-').map(Number)
  const weekdays = [
    say('layout.weekday.0'),
    say('layout.weekday.1'),
    say('layout.weekday.2'),
    say('layout.weekday.3'),
    say('layout.weekday.4'),
    say('layout.weekday.5'),
    say('layout.weekday.6'),
  ]
  const values = {
    year: year ?? '',
    month: month ?? '',
    day: dayOfMonth ?? '',
    weekday: weekdays[new Date(day * 86_400_000).getUTCDay()] ?? '',
    clock,
  }
  const said =
    day === today.day
      ? say('layout.today', values)
      : day === today.day - 1
        ? say('layout.yesterday', values)
        : day === today.day + 1
          ? say('layout.tomorrow', values)
          : date.slice(0, 4) === today.date.slice(0, 4)
            ? say('layout.sameyear', values)
            : say('layout.otheryear', values)
  return { iso: when.toISOString(), said, exact: `${date} ${clock}` }
}
