// Addresses below the one that this installation is written to: `tell+321003@in.example` is a place, `tell+r-…` answers a matter, `tell+b-…` is where
// mail that cannot be delivered comes back to. Local parts are told apart in lower case, since servers on the way change it.
import { createHmac } from 'node:crypto'
import type { Encryption } from '../encryption/index.ts'

export interface MailAddress {
  /** In lower case. */
  readonly address: string
  /** The official code of the place that mail to it is about. */
  readonly place: string
}

/** What an address of ours is for. */
export type Destination =
  | { readonly kind: 'place'; readonly intake: MailAddress; readonly code: string }
  | { readonly kind: 'reply'; readonly token: string }
  | { readonly kind: 'bounce'; readonly message: string }

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** Base 32 (RFC 4648, 6) in lower case, without padding. */
function base32(bytes: Uint8Array): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => letters[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

const below = (address: string, what: string): string => address.replace('@', `+${what}@`)

/**
 * The secret of an answer to a matter from one address: 160 bits, the same in every mail to it, and stored nowhere in clear.
 * @param record and address whose it is
 */
export const replyToken = (encryption: Pick<Encryption, 'key'>, record: string, address: string): string =>
  base32(
    createHmac('sha256', encryption.key('mail.reply'))
      .update(`${record}|${address.toLowerCase()}`)
      .digest()
      .subarray(0, 20),
  )

export const replyAddress = (intake: MailAddress, token: string): string => below(intake.address, `r-${token}`)

const markOf = (encryption: Pick<Encryption, 'key'>, hex: string): string =>
  base32(createHmac('sha256', encryption.key('mail.bounce')).update(hex).digest().subarray(0, 8))

/** Where a message comes back to when it cannot be delivered; only we can make one, so that nobody ends another's mail. */
export function bounceAddress(encryption: Pick<Encryption, 'key'>, intake: MailAddress, message: string): string {
  const hex = message.replaceAll('-', '')
  return below(intake.address, `b-${hex}${markOf(encryption, hex)}`)
}

/** What an address is for; null for one that is not ours. */
export function destinationOf(
  encryption: Pick<Encryption, 'key'>,
  intakes: readonly MailAddress[],
  written: string,
): Destination | null {
  const address = written.toLowerCase()
  const [, local = '', sub, domain = ''] = /^([^@+]+)(?:\+([^@]*))?@([^@]+)$/.exec(address) ?? []
  const intake = intakes.find((each) => each.address === `${local}@${domain}`)
  if (!intake) return null
  if (sub === undefined) return { kind: 'place', intake, code: intake.place }
  if (/^\d{2,15}$/.test(sub)) return { kind: 'place', intake, code: sub }
  if (/^r-[a-z2-7]{32}$/.test(sub)) return { kind: 'reply', token: sub.slice(2) }
  const [, hex = '', mark] = /^b-([0-9a-f]{32})([a-z2-7]{13})$/.exec(sub) ?? []
  if (mark !== undefined && mark === markOf(encryption, hex))
    return { kind: 'bounce', message: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') }
  return null
}
