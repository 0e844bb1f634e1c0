// When what was held is told. Pure.
import { addDays, type Calendar, type Day, isWorkingDay, weekdayOf } from '../calendar/index.ts'
import type { PushPurpose } from '../push/push.api.ts'
import type { Often } from './telling.api.ts'

/**
 * Whether news is told on a day: of work on working days alone, weekly on the first of the week; of all else every day, weekly on Mondays.
 * What was held before somebody chose to be told at once goes out with the next.
 */
export function isDue(purpose: PushPurpose, often: Often, day: Day, calendar: Calendar): boolean {
  if (often === 'never') return false
  const works = (one: Day) => purpose !== 'work' || isWorkingDay(one, calendar).working
  if (!works(day)) return false
  if (often !== 'weekly') return true
  const since = weekdayOf(day) - 1
  return Array.from({ length: since }, (_, n) => addDays(day, -1 - n)).every(
    (earlier) => purpose === 'work' && !works(earlier),
  )
}
