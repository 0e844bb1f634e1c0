// What calls of this room come to.
import type { SessionWord } from './sessions.words.ts'

/** A key of words with its values. */
export interface Problem {
  key: string
  values?: Record<string, string | number>
}

/** What a call of this room comes to; `key` is in sessions.words.ts or that of whoever checks passwords. */
export type Outcome<T> = ({ ok: true } & T) | ({ ok: false; retryAfterSeconds?: number } & Problem)

/** Refused, by a word of this room. */
export const refused = (key: SessionWord): { ok: false; key: SessionWord } => ({ ok: false, key })
