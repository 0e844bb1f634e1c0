/**
 * How far a place may go. It may be stricter towards itself than the place above it, not laxer: its times are at most those above,
 * the rights of residents at least those above. Where no place above says anything, the program's own times hold; a district, a city
 * or a province may go to twice those, and a right of residents to half. Pure.
 */
import { minutesOf } from '#kernel/calendar/index.ts'
import { builtInDeadlines, promiseClasses, residentsRights, type SettingValue, stepTimes } from './settings.api.ts'

type Deadlines = SettingValue<'deadlines'>
export type Amount = NonNullable<Deadlines['accept']>

const rights = Object.keys(residentsRights) as (keyof typeof residentsRights)[]

/** Names of what is bounded, each with words of its own. */
type Bounded = (typeof stepTimes)[number] | (typeof rights)[number] | (typeof promiseClasses)[number]

const hoursADay = 8

/** Whether one time is longer than another. Time by the clock runs at night too: what is promised by the clock stays so. */
export function longer(one: Amount, other: Amount): boolean {
  const byClock = (amount: Amount): boolean => 'hours' in amount && amount.counted === 'clock'
  if (byClock(other) && !byClock(one)) return true
  const hours = (amount: Amount): number => ('workingDays' in amount ? amount.workingDays * hoursADay : amount.hours)
  return hours(one) > hours(other)
}

/** Kinds of place that may go beyond the program's own times where nobody above them has set any. */
const wide: readonly string[] = ['province', 'city', 'district']
export const isWide = (placeKind: string): boolean => wide.includes(placeKind)

const times2 = (amount: Amount): Amount =>
  'workingDays' in amount ? { workingDays: amount.workingDays * 2 } : { ...amount, hours: amount.hours * 2 }

export interface Fault {
  /** Where in the value. */
  readonly field: string
  readonly bound: 'at-most' | 'at-least'
  readonly name: Bounded
  readonly limit: Amount | number
}

/**
 * What of a place's times is laxer than it may be; null where nothing is.
 * @param above what places above have set, merged
 */
export function laxer(value: Deadlines, above: Deadlines, placeKind: string): Fault | null {
  const free = isWide(placeKind)
  for (const name of stepTimes) {
    const own = value[name]
    const limit = above[name] ?? (free ? times2(builtInDeadlines[name]) : builtInDeadlines[name])
    if (own && longer(own, limit)) return { field: `deadlines.${name}`, bound: 'at-most', name, limit }
  }
  for (const name of promiseClasses) {
    const own = value.promised?.[name]
    const limit = above.promised?.[name] ?? builtInDeadlines.promised[name] * (free ? 2 : 1)
    if (own !== undefined && own > limit) return { field: `deadlines.promised.${name}`, bound: 'at-most', name, limit }
  }
  for (const name of rights) {
    const own = value[name]
    const limit = above[name] ?? Math.ceil(builtInDeadlines[name] / (free ? 2 : 1))
    if (own !== undefined && own < limit) return { field: `deadlines.${name}`, bound: 'at-least', name, limit }
  }
  return null
}

/**
 * The times of several places as they hold together, farthest first. What a lower place leaves out follows the one above; where a
 * higher one has since become stricter, the stricter holds.
 */
export function together(values: readonly Deadlines[]): Deadlines {
  const held: Deadlines = {}
  for (const value of values) {
    for (const name of stepTimes) {
      const [own, before] = [value[name], held[name]]
      if (own && !(before && longer(own, before))) held[name] = own
    }
    for (const name of rights) {
      const own = value[name]
      if (own !== undefined) held[name] = Math.max(own, held[name] ?? 0)
    }
    if (value.promised) {
      const before = held.promised
      const own = value.promised
      held.promised = before
        ? {
            prompt: Math.min(own.prompt, before.prompt),
            common: Math.min(own.common, before.common),
            complex: Math.min(own.complex, before.complex),
          }
        : own
    }
    if (value.dueSoonShare !== undefined) held.dueSoonShare = value.dueSoonShare
  }
  return held
}

/** Twenty hours a week, four on each working day: with fewer, "within two hours" would mean next month. */
const fewestMinutesADay = 240

/** Whether working hours are too few for a place of a kind. */
export function tooFewHours(hours: SettingValue<'working_hours'>, placeKind: string): boolean {
  const minutes = minutesOf(hours).reduce((sum, { from, to }) => sum + to - from, 0)
  return minutes < fewestMinutesADay && !isWide(placeKind)
}

export interface Levels {
  readonly level1: string
  readonly level2: string
  readonly level3: string
}

/**
 * Most days that a category may promise: those of the one above with the same name, else the longest of those above beside which it
 * stands, else what the place promises for what is complex.
 * @param above categories of places above
 */
export function mostDays(
  levels: Levels,
  above: readonly (Levels & { readonly promisedDays: number })[],
  complex: number,
): number {
  const same = (depth: 1 | 2 | 3) =>
    above.filter(
      (one) =>
        one.level1 === levels.level1 &&
        (depth < 2 || one.level2 === levels.level2) &&
        (depth < 3 || one.level3 === levels.level3),
    )
  for (const depth of [3, 2, 1] as const) {
    const found = same(depth)
    if (found.length > 0) return Math.max(...found.map((one) => one.promisedDays))
  }
  return complex
}
