// How a receiver knows who wrote and that it is new: the manner of Standard Webhooks (v1, symmetric).
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const mark = 'whsec_'

/** A new secret, as the receiver is given it once: 256 random bits. */
export const newSecret = (): string => `${mark}${randomBytes(32).toString('base64')}`

/** Base64 HMAC-SHA256 over id, second and body, joined by full stops. */
function digest(secret: string, id: string, second: number, body: string): string {
  const key = Buffer.from(secret.slice(mark.length), 'base64')
  return createHmac('sha256', key).update(`${id}.${second}.${body}`).digest('base64')
}

/** The headers that go with a body. @param at the moment of this attempt: another attempt is signed anew */
export function signedHeaders(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const second = Math.floor(at.getTime() / 1000)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(second),
    'webhook-signature': `v1,${digest(secret, id, second, body)}`,
  }
}

/** How far the receiver's clock may differ, and how long a message can be played back. */
export const toleranceSeconds = 300

/**
 * What a receiver does with a message: the reference for whoever writes one. It also keeps the ids of the last ten minutes at least, and
 * takes none twice: the same message may be sent again, by us or by whoever caught it.
 */
export function isGenuine(
  secret: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  now: Date,
): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': second = '', 'webhook-signature': signatures = '' } = headers
  if (!/^\d{1,12}$/.test(second) || Math.abs(now.getTime() / 1000 - Number(second)) > toleranceSeconds) return false
  const expected = Buffer.from(digest(secret, id, Number(second), body))
  return signatures.split(' ').some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ''))
    return each.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
  })
}
