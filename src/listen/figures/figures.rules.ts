/** Months, and rates beside the counts that they are made of. Pure; server and desk reckon by the same. */
import { addDays, type Day } from '#kernel/calendar/days.ts'
import { counts, type Figure, mostMonths, type PlaceFigure, type Verdicts } from './figures.api.ts'

/** So many of so many; `share` from 0 to 1, null where there is nothing to share. */
export interface Rate {
  readonly part: number
  readonly of: number
  readonly share: number | null
}

const rate = (part: number, of: number): Rate => ({ part, of, share: of === 0 ? null : part / of })

/** How many of those told are closed. */
export const closingRate = (figure: Figure): Rate => rate(figure.closed, figure.told)

/**
 * The same without what needed no answer of this house: withdrawn, merged with another, answered by another hotline before it came
 * here. Told beside the rate with all of them, never instead of it.
 */
export function closingRateWithout(figure: Figure): Rate {
  const excluded = figure.withdrawn + figure.merged + figure.answeredElsewhere
  return rate(figure.closed - excluded, figure.told - excluded)
}

/**
 * How many were answered by the time that was promised, of all that were answered or should have been by now. What is overdue and not
 * answered is not on time; nobody's share gets better by leaving it so, nor by merging it with another.
 */
export const inTimeRate = (figure: Figure): Rate => rate(figure.inTime, figure.inTime + figure.late + figure.missed)

/** The same of those alone that were answered. Told beside the rate with all of them, never instead of it. */
export const inTimeRateOfAnswered = (figure: Figure): Rate => rate(figure.inTime, figure.inTime + figure.late)

/** How many of those who said anything said that it is solved. Whoever said nothing stands beside it as `unconfirmed`, not in it. */
export const solvedRate = (verdicts: Verdicts): Rate => rate(verdicts.solved, verdicts.judged)

/** A month so many months later (earlier when negative). */
export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const months = year * 12 + number - 1 + count
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
}

/** The months from one to another, both included. */
export function monthsOf(from: string, until: string): string[] {
  const months: string[] = []
  for (let month = from; month <= until; month = addMonths(month, 1)) months.push(month)
  return months
}

/** The first and the last day of a span of months: what a list is narrowed by to hold what a figure counts. */
export const daysOf = (from: string, until: string): { filedFrom: Day; filedUntil: Day } => ({
  filedFrom: `${from}-01`,
  filedUntil: addDays(`${addMonths(until, 1)}-01`, -1),
})

/** Why a span of months cannot be told. */
export type MonthsFault = 'backwards' | 'future' | 'long'

/** What is wrong with a span of months; null where nothing is. */
export function monthsFault(from: string, until: string, thisMonth: string): MonthsFault | null {
  if (from > until) return 'backwards'
  if (until > thisMonth) return 'future'
  return addMonths(from, mostMonths) <= until ? 'long' : null
}

/** A figure of nothing. */
export const noFigure = (): Figure => Object.fromEntries(counts.map((count) => [count, 0])) as Figure

/** Whether anything is counted in it, or overdue now. */
export const isSomething = (figure: PlaceFigure): boolean =>
  counts.some((count) => figure[count] !== 0) || figure.overdue !== 0

/** Several figures put together. */
export function addFigures(figures: readonly Figure[]): Figure {
  const whole = noFigure()
  for (const figure of figures) for (const count of counts) whole[count] += figure[count]
  return whole
}

/** Several verdicts put together; null where there are none. */
export function addVerdicts(all: readonly (Verdicts | null)[]): Verdicts | null {
  const told = all.filter((each) => each !== null)
  if (told.length === 0) return null
  const sum = (of: keyof Verdicts) => told.reduce((total, each) => total + each[of], 0)
  return { judged: sum('judged'), solved: sum('solved'), partly: sum('partly'), not: sum('not') }
}

/** What of a whole lies in none of its parts. */
export function restOf(whole: PlaceFigure, parts: readonly PlaceFigure[]): PlaceFigure {
  const rest = addFigures([whole])
  for (const part of parts) for (const count of counts) rest[count] -= part[count]
  const said = addVerdicts(parts.map((part) => part.verdicts))
  const judged = (whole.verdicts?.judged ?? 0) - (said?.judged ?? 0)
  return {
    ...rest,
    overdue: parts.reduce((left, part) => left - part.overdue, whole.overdue),
    verdicts:
      whole.verdicts === null || judged <= 0
        ? null
        : {
            judged,
            solved: whole.verdicts.solved - (said?.solved ?? 0),
            partly: whole.verdicts.partly - (said?.partly ?? 0),
            not: whole.verdicts.not - (said?.not ?? 0),
          },
  }
}

/**
 * Which paths a reader is told of: the place itself where they reach it whole, else the outermost of what they reach in it.
 * @param reach the outermost paths of the reader's reach
 * @param place the path of the place that is asked for; '' for everywhere
 */
export function reachedIn(reach: readonly string[], place: string): readonly string[] {
  if (place !== '' && reach.some((prefix) => place.startsWith(prefix))) return [place]
  return reach.filter((prefix) => prefix.startsWith(place))
}
