// What a key looks like, and whether one holds.
import { newToken } from '../encryption/index.ts'

/** By which a key is recognised where it should not stand: in a repository, a letter, a log. */
const keyPrefix = 'linli_'

/** A new key: the prefix and 256 random bits. */
export const newKey = (): string => `${keyPrefix}${newToken()}`

const shape = new RegExp(`^${keyPrefix}[A-Za-z0-9_-]{43}$`)

/** Whether a text has the shape of a key; what has not is not even asked for. */
export const isKey = (text: string): boolean => shape.test(text)

export type KeyFault = 'unknown' | 'revoked' | 'expired' | 'scope'

export interface KeyRow {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly place: string | null
  /** Of the place it is bound to. */
  readonly path: string | null
  readonly per_minute: number
  readonly expires_at: string | null
  readonly revoked_at: string | null
}

/** What is wrong with a key for this use; null where it holds. The end of its time is outside of it. */
export function faultOf(key: KeyRow | null, scope: string, now: Date): KeyFault | null {
  if (key === null) return 'unknown'
  if (key.revoked_at !== null) return 'revoked'
  if (key.expires_at !== null && new Date(key.expires_at) <= now) return 'expired'
  return key.scopes.includes(scope) ? null : 'scope'
}

/**
 * When a key ends that is made on the command line: a day is good to its end in China (`2027-06-30`), or so many days from now (`365d`).
 * Null for what is neither, or is over already.
 */
export function endOf(text: string, now: Date): Date | null {
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? []
  if (days !== undefined) return Number(days) > 0 ? new Date(now.getTime() + Number(days) * 86_400_000) : null
  const [, day] = /^(\d{4}-\d{2}-\d{2})$/.exec(text) ?? []
  if (day === undefined) return null
  const midnight = new Date(`${day}T00:00:00Z`)
  // 30 February is none.
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return null
  const end = new Date(`${day}T23:59:59.999+08:00`)
  return end > now ? end : null
}
