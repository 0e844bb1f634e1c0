// One-time codes by time (RFC 6238): six digits, half a minute, SHA-1, as every authenticator app reckons them.
import { createHmac } from 'node:crypto'
import { sameText } from '#kernel/encryption/index.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648, without padding: how the apps take a secret. */
export function base32(bytes: Uint8Array): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

/** The number of half minutes since 1970. */
export const stepAt = (now: Date): number => Math.floor(now.getTime() / 30_000)

/** The code of one half minute. */
export function codeAt(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7f_ff_ff_ff
  return String(number % 1_000_000).padStart(6, '0')
}

/**
 * The half minute whose code was typed: this one, the one before or the one after, as clocks differ; but never one that is not later
 * than the last taken. Null where none fits.
 */
export function fittingStep(secret: Uint8Array, typed: string, now: Date, last: number): number | null {
  const middle = stepAt(now)
  let found: number | null = null
  for (const step of [middle - 1, middle, middle + 1]) {
    if (sameText(codeAt(secret, step), typed) && step > last) found = step
  }
  return found
}

/** What the square picture holds, by which an app takes the secret over. */
export function authenticatorAddress(given: { issuer: string; account: string; secret: string }): string {
  const label = [given.issuer, given.account].map((part) => encodeURIComponent(part.replaceAll(':', ' '))).join(':')
  const query = new URLSearchParams({
    secret: given.secret,
    issuer: given.issuer,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`
}
