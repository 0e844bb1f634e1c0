// What goes out, what an answer means, and what is news. Pure.
import { createHash } from 'node:crypto'
import type { Answered, Unanswered } from '#kernel/elsewhere/index.ts'
import { asWritten } from '#kernel/written/index.ts'
import { type Read, type Row, readAnswer } from './forwarding.reading.ts'

/** What became of sending something. */
export type Outcome =
  /** It stands there; a request with its number. */
  | { readonly is: 'delivered'; readonly number: string | null; readonly reason: string }
  /** It was taken, and its number comes later (GeoReport v2, GET service_request_id from a token). */
  | { readonly is: 'token'; readonly token: string; readonly reason: string }
  /** It does not stand there, and may be sent again. */
  | { readonly is: 'again'; readonly reason: string; readonly afterSeconds?: number }
  /** Nobody knows whether it stands there. */
  | { readonly is: 'unsure'; readonly reason: string }
  /** It is refused for what it is. */
  | { readonly is: 'refused'; readonly reason: string }

/** The sentence of a refusal in a log: one line, without end it has none. */
const short = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200)

/** Why an answer cannot be used, as the log says it. */
export function reasonOf(answer: Answered | Unanswered, read: Read | null): string {
  if (!('status' in answer)) return answer.reason
  const said = read?.faults[0]
  if (answer.status >= 300 && answer.status < 400) return `http ${answer.status}: leads elsewhere`
  if (answer.status >= 400) return short(`http ${answer.status}${said ? `: ${said}` : ''}`)
  return read === null ? 'malformed answer' : short(said ?? 'an answer without what was asked for')
}

const isNumber = (text: string | undefined): text is string => text !== undefined && text.length <= 200

/** What the answer to a POST means. What may have been taken is never taken for refused. */
export function outcomeOf(answer: Answered | Unanswered, kind: 'request' | 'step'): Outcome {
  if (!('status' in answer)) return { is: answer.sent ? 'unsure' : 'again', reason: answer.reason }
  const read = readAnswer(answer)
  const reason = reasonOf(answer, read)
  const { status } = answer
  if (status >= 200 && status < 300) {
    if (kind === 'step') return { is: 'delivered', number: null, reason: `http ${status}` }
    const [row] = read?.rows ?? []
    if (isNumber(row?.service_request_id))
      return { is: 'delivered', number: row.service_request_id, reason: `http ${status}` }
    if (isNumber(row?.token)) return { is: 'token', token: row.token, reason: 'its number comes later' }
    return { is: 'unsure', reason }
  }
  // It says itself that it does nothing now (RFC 9110, 15.6.4; RFC 6585, 4), or that the key does not open it: both may be put right.
  if ([401, 403, 408, 425, 429, 503].includes(status))
    return { is: 'again', reason, ...(answer.afterSeconds ? { afterSeconds: answer.afterSeconds } : {}) }
  if (status >= 400 && status < 500) return { is: 'refused', reason }
  return { is: 'unsure', reason }
}

/** By what one of ours is known there, if its answer was lost: no description of another holds it. */
export const markOf = (publicUrl: string, number: number): string => `[${publicUrl.replace(/\/$/, '')} · ${number}]`

/** The number of the request that bears our mark; null where none does. */
export const foundBy = (mark: string, rows: readonly Row[]): string | null =>
  rows.find(({ description, service_request_id: number }) => isNumber(number) && description?.includes(mark))
    ?.service_request_id ?? null

/** What another server says of a request of ours. */
export interface News {
  readonly number: string
  /** By what it is known, so that it is entered once. */
  readonly id: string
  readonly status: string | null
  readonly text: string | null
}

const known = (text: string): string => (text.length <= 200 ? text : createHash('sha256').update(text).digest('hex'))

/** News of servicerequestupdates. A row without the number of a request is nobody's. */
export function newsOf(rows: readonly Row[]): News[] {
  return rows.flatMap((row) => {
    const number = row.service_request_id
    if (!isNumber(number)) return []
    const { status = null, description: text = null } = row
    if (status === null && text === null) return []
    const id = known(row.update_id ?? `${row.updated_datetime ?? ''} ${status ?? ''} ${text ?? ''}`)
    return [{ number, id, status: status && short(status), text }]
  })
}

/** Statuses that say that it is over there, in the words of the standard and of its extension. */
const over = ['closed', 'fixed', 'no_further_action', 'duplicate', 'not_councils_responsibility']
export const isOver = (status: string | null): boolean => status !== null && over.includes(plainStatus(status))

/** A status as it is compared, however it is written. */
export const plainStatus = (status: string): string =>
  status
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')

/** The line of a piece of news: who says it, and what. What comes from elsewhere passes the rule of all that is written here. */
export function lineOf(name: string, news: Pick<News, 'status' | 'text'>, language: 'zh-CN' | 'en'): string {
  const { status, text } = asWritten({ status: news.status, text: news.text }, language)
  return [[name, status].filter(Boolean).join(' · '), text && [...text].slice(0, 5_000).join('')]
    .filter(Boolean)
    .join('\n')
}
