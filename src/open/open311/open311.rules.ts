// Pure rules of GeoReport v2: dates, the window that is asked for, what a step is called, what an update says.
import type { Closing, State } from '#listen/requests/requests.api.ts'

const day = 86_400_000
/** A list goes back so far unless it is told otherwise, and spans no more (GeoReport v2, GET Service Requests). */
export const longestSpan = 90 * day
/** So many are told at once at most. */
export const mostAtOnce = 1_000
/** Pages reach so deep; who wants more narrows the dates. */
export const deepest = 100_000

/** A W3C date and time: whole date, time, and zone, which has a colon (or Z). Fractions of a second are taken and dropped. */
const w3c = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/

export type DateFault = 'space' | 'zone-colon' | 'zone-missing' | 'wrong'

/** Reads a W3C date and time; what is wrong with it otherwise, so that it can be said. */
export function readMoment(text: string): { at: Date } | { fault: DateFault } {
  const matched = w3c.exec(text)
  if (matched) {
    const [, year = '', month = '', date = '', hour = '', minute = '', second = '00', zone = ''] = matched
    const at = new Date(`${year}-${month}-${date}T${hour}:${minute}:${second}${zone}`)
    // 30 February is none, though it can be reckoned with.
    const inMonth = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date))).getUTCDate() === Number(date)
    return Number.isNaN(at.getTime()) || !inMonth || Number(hour) > 23 ? { fault: 'wrong' } : { at }
  }
  // A plus that was not written as %2B has become a space on its way.
  if (/^\d{4}-\d{2}-\d{2}[T ].*\s|^\d{4}-\d{2}-\d{2} /.test(text)) return { fault: 'space' }
  if (/T\d{2}:\d{2}.*[+-]\d{3,4}$/.test(text)) return { fault: 'zone-colon' }
  if (/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/.test(text)) return { fault: 'zone-missing' }
  return { fault: 'wrong' }
}

/** A moment as GeoReport writes it: in the time of China, whole seconds, with its zone. */
export function w3cMoment(at: string | Date): string {
  const shifted = new Date(Math.floor(new Date(at).getTime() / 1_000) * 1_000 + 8 * 3_600_000)
  return `${shifted.toISOString().slice(0, 19)}+08:00`
}

export interface Window {
  readonly from: Date
  readonly until: Date
}

/** The window of a list: the ends that are given, ninety days from the one that is, or to now. Null where it is longer or turned round. */
export function windowOf(start: Date | null, end: Date | null, now: Date): Window | null {
  const until = end ?? (start ? new Date(start.getTime() + longestSpan) : now)
  const from = start ?? new Date(until.getTime() - longestSpan)
  const span = until.getTime() - from.getTime()
  return span < 0 || span > longestSpan ? null : { from, until }
}

/** Open or closed, as the standard knows no more. An answer that nobody has judged yet is open: closed is not solved. */
export const standardStatus = (state: State): 'open' | 'closed' => (state === 'closed' ? 'closed' : 'open')

/** Names of the extension that FixMyStreet and others use. Never "fixed": whether it is, its reporter says. */
export function extendedStatus(state: State, result: Closing | null): string {
  if (state === 'closed') {
    if (result === 'merged') return 'duplicate'
    if (result === 'explained') return 'no_further_action'
    return 'closed'
  }
  if (state === 'received') return 'open'
  return state === 'accepted' ? 'investigating' : 'in_progress'
}

/** Steps that others may follow, as the database keeps them. */
export const updateKinds = [
  'accepted',
  'dispatched',
  'redispatched',
  'answered',
  'explained',
  'closed',
  'reopened',
  'withdrawn',
  'merged',
  'unmerged',
  'transferred',
] as const
export type UpdateKind = (typeof updateKinds)[number]

/** The status that a request has by a step. */
export const statusAfter: Readonly<Record<UpdateKind, string>> = {
  accepted: 'investigating',
  dispatched: 'in_progress',
  redispatched: 'in_progress',
  answered: 'in_progress',
  explained: 'no_further_action',
  closed: 'closed',
  reopened: 'open',
  withdrawn: 'closed',
  merged: 'duplicate',
  unmerged: 'in_progress',
  transferred: 'internal_referral',
}

/** Statuses that a client may say with an update (FixMyStreet, "Additional states"); in any case. */
export const saidStatuses = [
  'open',
  'closed',
  'fixed',
  'investigating',
  'in_progress',
  'planned',
  'action_scheduled',
  'no_further_action',
  'not_councils_responsibility',
  'internal_referral',
  'duplicate',
  'reopen',
] as const

/** A description in the manner of FixMyStreet ("title: … detail: …") or plain; without NUL, with line ends as one. */
export const tidy = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+\n/g, '\n')
    .trim()
