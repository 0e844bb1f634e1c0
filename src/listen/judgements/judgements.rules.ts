/** Who may judge, who sees what of it, and who is called back. Pure; times and chance are handed in. */
import { createHash } from 'node:crypto'
import { dayOf } from '#kernel/calendar/days.ts'
import { type Closing, type Verdict, verdictClosings } from '#listen/requests/requests.api.ts'
import type { Satisfaction } from './judgements.api.ts'

/** Fewer than this many could be told apart. */
export const fewestForTotals = 5

/**
 * The result of a closed request as someone may see it. To a handler, what the resident said is `null`, which reads as
 * "closed, the resident has been asked"; that a request came back they see by its coming back.
 */
export const visibleResult = (result: Closing | null, handler: boolean): Closing | null =>
  handler && result !== null && verdictClosings.includes(result) ? null : result

export interface Judged {
  readonly verdict: Verdict
  readonly satisfaction: Satisfaction | null
  /** First day of the month in which it was given, in China: 2026-11-01. */
  readonly month: string
}

export interface Totals {
  readonly judgements: number
  readonly solved: number
  readonly partly: number
  readonly not: number
  /** Mean satisfaction to one decimal, null where fewer than five gave one. */
  readonly satisfaction: number | null
}

/**
 * What a handler and their head see of one month and one body, the only cut there is: nothing until the month has closed,
 * nothing below five, and nothing where all are alike, since that would tell what each one said.
 * `currentMonth` is the first day of the month now, in China.
 */
export function totalsForHandler(all: readonly Judged[], month: string, currentMonth: string): Totals | null {
  if (month >= currentMonth) return null
  const judged = all.filter((one) => one.month === month)
  if (judged.length < fewestForTotals) return null
  const first = judged[0]
  if (judged.every((one) => one.verdict === first?.verdict && one.satisfaction === first.satisfaction)) return null
  const marks = judged.flatMap((one) => (one.satisfaction === null ? [] : [one.satisfaction]))
  // Where all who gave a mark gave the same one, the mean would give it away.
  const hidden = marks.length < fewestForTotals || marks.every((mark) => mark === marks[0])
  const verdicts = new Set(judged.map((one) => one.verdict))
  if (verdicts.size === 1 && hidden) return null
  const count = (verdict: Verdict) => judged.filter((one) => one.verdict === verdict).length
  return {
    judgements: judged.length,
    solved: count('solved'),
    partly: count('partly'),
    not: count('not'),
    satisfaction: hidden ? null : Math.round((marks.reduce((sum, mark) => sum + mark, 0) / marks.length) * 10) / 10,
  }
}

/** A tenth must be called back; a place may ask for more, never for less. */
export const leastCallBackShare = 0.1

/**
 * Draws those to be called back among requests that nobody has judged within the time. The same seed and the same requests give
 * the same list in any order of input, so that anyone with the recorded seed can repeat the draw; the order of the list is that of
 * the draw. Rounded up: where there is anyone, somebody is called.
 */
export function drawCallBacks(requests: readonly string[], share: number, seed: string): string[] {
  const asked = Number.isFinite(share) ? Math.min(Math.max(share, leastCallBackShare), 1) : leastCallBackShare
  const lots = [...new Set(requests)].map((request) => ({
    request,
    lot: createHash('sha256').update(`${seed}\n${request}`).digest('hex'),
  }))
  lots.sort((a, b) => (a.lot < b.lot ? -1 : 1))
  // Guards against 0.1 × 30 being a hair above 3.
  return lots.slice(0, Math.ceil(lots.length * asked - 1e-9)).map((each) => each.request)
}

/** The month of a moment in China, as the first of its days. China has had no summer time since 1991. */
export function monthOf(moment: Date): string {
  return `${dayOf(moment).slice(0, 7)}-01`
}
