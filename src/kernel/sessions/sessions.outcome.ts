// Who asks this room, and what the asking comes to.
import type { RequestHeaders, SessionLimit } from './sessions.rules.ts'
import type { SessionWord } from './sessions.words.ts'

/** Who asks: the address for the limits, the headers for the old cookie and the device. */
export interface Visitor {
  address: string
  headers: RequestHeaders
}

export interface SignedIn {
  userId: string
  /** `Set-Cookie` lines for the answer. */
  cookies: string[]
  /** There is no session yet: the second factor is owed, and the cookies hold its place. */
  second?: true
}

/** A key of words with its values. */
export interface Problem {
  key: string
  values?: Record<string, string | number>
}

/** What a call of this room comes to; `key` is in sessions.words.ts or that of whoever checks passwords. */
export type Outcome<T> = ({ ok: true } & T) | ({ ok: false; retryAfterSeconds?: number } & Problem)

/** Refused, by a word of this room. */
export const refused = (key: SessionWord): { ok: false; key: SessionWord } => ({ ok: false, key })

/** Takes one from each of these allowances; what it comes to where one is used up. */
export type Limited = (
  limits: [SessionLimit, string][],
) => Promise<{ ok: false; key: SessionWord; retryAfterSeconds: number } | null>

/** Why a password cannot be taken, or null; `words` are what is known of the person. */
export type PasswordCheck = (password: string, words: readonly string[]) => Problem | null | Promise<Problem | null>
