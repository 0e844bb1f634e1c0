import { createHash } from 'node:crypto'
import { normalisePhone } from '../encryption/index.ts'
import { isId } from '../http/shapes.api.ts'
import type { List } from '../telling/index.ts'
import { hasWords, type Language, t, type Values } from '../words/index.ts'

/** The ways of a message; the database checks the same words. */
export const channels = ['sms', 'mail', 'push'] as const
export type Channel = (typeof channels)[number]

/** A message to be sent to one person. */
export interface Message {
  channel: Channel
  /** A mobile number in any form that people type, a mail address, or the id of a device that asked to be told. */
  to: string
  /** Key of the words that are the text; the subject of a mail, and the title of what a device shows, is the key with `.subject` behind it. */
  template: string
  values?: Values
  language: Language
  /** A calendar that goes with a mail as what it is: an invitation, or its cancellation (RFC 6047). */
  calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly text: string }
  /** Where an answer to a mail goes; a line in it says so, above which the answer is written. */
  replyTo?: string
  /** The mail that this one answers by itself, by its Message-ID. */
  answers?: string | null
  /** The list that a mail of news is of: whoever leaves it gets no more of them, not even what waits. */
  list?: List
  /** The record it is about, so that it can be erased together with it. */
  record?: string | null
  /** What it is the only message of: a second one with the same is not written. Ids alone; only their digest is kept. */
  once?: readonly string[]
  /** Not before this moment. */
  at?: Date
  /** A mail that goes out though mail to its address came back before: to whoever has just written from there, as they say. It lifts nothing. */
  though?: 'returned'
  /** After this moment it is not worth sending any more (a sign-in code). */
  goodUntil?: Date
}

/** What is encrypted: all that a sender needs, put into words already. */
export interface Content {
  text: string
  subject?: string
  values: Record<string, string>
  calendar?: { method: 'REQUEST' | 'CANCEL'; text: string }
  replyTo?: string
  list?: List
  though?: 'returned'
  /** Present in what answers by itself; empty where the mail that it answers has no name. */
  answers?: string
}

const longestText = { sms: 1_000, mail: 20_000, push: 200 } as const

/** The one form of an address. Throws RangeError for what cannot be written to, never repeating it. */
export function addressOf(channel: Channel, to: string): string {
  if (channel === 'sms') {
    const phone = normalisePhone(to)
    if (phone?.kind !== 'mobile' && phone?.kind !== 'abroad') throw new RangeError('Not a number that takes messages.')
    return phone.number
  }
  if (channel === 'push') {
    if (!isId(to)) throw new RangeError('Not a device.')
    return to
  }
  const address = to.trim()
  // One address of the plain kind: no list, no name, no line break that could add headers of its own.
  if (
    address.length > 254 ||
    !/^[^\s@<>(),;:"\\\p{Cc}]{1,64}@[^\s@<>(),;:"\\\p{Cc}]+\.[^\s@<>(),;:"\\\p{Cc}]{2,}$/u.test(address)
  ) {
    throw new RangeError('Not a mail address.')
  }
  return address
}

/** The digest by which a message is known as the only one of its kind; null for one that may be said again. */
export function onceKeyOf(message: Pick<Message, 'once'>): Buffer | null {
  return message.once ? createHash('sha256').update(JSON.stringify(message.once)).digest() : null
}

/** Puts a message into words. Throws RangeError where the text is longer than its channel carries. */
export function contentOf(message: Message): Content {
  const values = Object.fromEntries(
    Object.entries(message.values ?? {}).map(([name, value]) => [name, String(value ?? '').toWellFormed()]),
  )
  const say = t(message.language)
  const mail = message.channel === 'mail'
  const said = say(message.template, values)
  const text =
    (mail && message.replyTo ? `${say('mailbox.reply-above')}\n\n` : '') +
    said +
    (mail && message.list ? `\n\n${say('telling.footer', { link: message.list.link })}` : '')
  if (text.length > longestText[message.channel]) throw new RangeError('The text is too long for its channel.')
  if (message.channel === 'sms') return { text, values }
  const own = `${message.template}.subject`
  const subject = hasWords(own) ? say(own, values) : say('outbox.subject')
  const calendar = mail && message.calendar
  return {
    text,
    values,
    subject: subject.replace(/\s+/g, ' ').slice(0, 200),
    ...(calendar ? { calendar } : {}),
    ...(mail && message.replyTo ? { replyTo: message.replyTo } : {}),
    ...(mail && message.list ? { list: message.list } : {}),
    ...(mail && message.though ? { though: message.though } : {}),
    ...(mail && message.answers !== undefined ? { answers: message.answers ?? '' } : {}),
  }
}
