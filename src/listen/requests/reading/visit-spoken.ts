// When somebody comes, as people say it: 11月24日（周二） 09:00–11:00, today 14:00–15:30.
import { atClock } from '#kernel/calendar/index.ts'
import { type Language, spokenTime } from '#kernel/words/index.ts'

/** The day as it is spoken, and the times of the clock, which stay together where a line ends. */
export interface Window {
  readonly day: string
  readonly hours: string
}

export function spokenWindow(
  visit: { readonly day: string; readonly from: string; readonly to: string },
  now: Date,
  language: Language,
): Window {
  const begin = spokenTime(atClock(visit.day, visit.from), now, language, { clock: true }).text
  // What is spoken ends with the time of the clock.
  return { day: begin.slice(0, -visit.from.length).trim(), hours: `${visit.from}–${visit.to}` }
}

/** A line of the timeline that tells of a visit: its window, and what was added to it; null where it tells of none. */
export function windowOfLine(
  kind: string,
  text: string,
  now: Date,
  language: Language,
): (Window & { readonly rest: string }) | null {
  const found = kind.startsWith('visit_') && /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})–(\d{2}:\d{2})/.exec(text)
  if (!found) return null
  const [whole, day = '', from = '', to = ''] = found
  return { ...spokenWindow({ day, from, to }, now, language), rest: text.slice(whole.length) }
}
