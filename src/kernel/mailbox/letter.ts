// What a mail is: something a person says, or a machine's own. Pure.
import { createHash } from 'node:crypto'
import { asWritten } from '../written/index.ts'
import { type Report, readReport } from './reports.ts'

/** A mail taken apart. */
export interface Apart {
  /** Names in lower case, in their order. */
  readonly headers: readonly (readonly [string, string])[]
  readonly from: { readonly name: string; readonly address: string } | null
  readonly subject: string
  readonly messageId: string | null
  /** In-Reply-To and References together. */
  readonly answered: string
  /** The plain part, or what the other says in plain text. */
  readonly text: string
  readonly attachments: readonly Attached[]
  /** How many parts there were beyond those above. */
  readonly dropped: number
}

export interface Attached {
  readonly name: string | null
  readonly mediaType: string
  /** Of a calendar part. */
  readonly method: string | null
  readonly content: Uint8Array
}

/**
 * `said`: by a person. `report`: of a delivery (RFC 3464). `automatic`: an answer by itself (RFC 3834). `bulk`: to many. `sealed`: encrypted.
 * `reply`: a calendar's answer to an invitation.
 */
export type LetterKind = 'said' | 'report' | 'automatic' | 'bulk' | 'sealed' | 'reply'

export interface Letter {
  readonly kind: LetterKind
  /** Where answers to it go (the envelope's sender); empty where none may. */
  readonly sender: string
  readonly recipients: readonly string[]
  /** Whom it says that it is from: worth what the server in front makes of it. */
  readonly from: string | null
  readonly name: string | null
  readonly messageId: string | null
  /** Every mail that it answers. */
  readonly answered: readonly string[]
  readonly subject: string
  readonly text: string
  readonly language: 'zh-CN' | 'en'
  readonly attachments: readonly Attached[]
  readonly dropped: number
  readonly report: Report | null
  /** The same in every delivery of the same mail. */
  readonly digest: string
}

/** Text as the database takes it: no NUL, no half characters, line ends of one kind. */
export function plain(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[ \t\u00a0]+\n/g, '\n')
    .replace(/\n{4,}/g, '\n\n\n')
    .toWellFormed()
    .trim()
}

const line = (text: string, most: number): string => {
  const characters = [...plain(text).replace(/\s+/g, ' ')]
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`
}

const addressShape = /^[^\s@<>(),;:"\\\p{Cc}]{1,64}@[^\s@<>(),;:"\\\p{Cc}]+\.[^\s@<>(),;:"\\\p{Cc}]{2,}$/u

/** The language to answer in: what the mail names, else Chinese where there is any. */
export function languageOf(named: string | null, text: string): 'zh-CN' | 'en' {
  if (/^\s*en\b/i.test(named ?? '')) return 'en'
  if (/^\s*zh\b/i.test(named ?? '')) return 'zh-CN'
  return /\p{Script=Han}/u.test(text) || text.trim() === '' ? 'zh-CN' : 'en'
}

/** @param sender of the envelope; empty for the null sender */
export function kindOf(apart: Pick<Apart, 'headers' | 'attachments'>, sender: string): LetterKind {
  const header = (name: string): string | null => apart.headers.find(([key]) => key === name)?.[1].toLowerCase() ?? null
  const type = header('content-type') ?? ''
  if (/^multipart\/report\b/.test(type) && /delivery-status/.test(type)) return 'report'
  if (apart.attachments.some(({ mediaType }) => mediaType === 'message/delivery-status')) return 'report'
  if (/^multipart\/report\b/.test(type)) return 'automatic'
  const automatic = header('auto-submitted')
  // RFC 3834, 5: everything but "no" is by a machine; the others are what was written before it and beside it.
  if (automatic !== null && !/^no\b/.test(automatic)) return 'automatic'
  if (header('x-autoreply') !== null || header('x-autorespond') !== null) return 'automatic'
  if (/auto_reply/.test(header('precedence') ?? '')) return 'automatic'
  if (sender === '' || /^(mailer-daemon|postmaster)@/i.test(sender)) return 'automatic'
  if (/^multipart\/encrypted\b/.test(type) || /smime-type\s*=\s*"?enveloped-data/.test(type)) return 'sealed'
  if (
    apart.attachments.some(
      ({ mediaType, method }) => mediaType === 'text/calendar' && /^(REPLY|COUNTER|REFRESH)$/.test(method ?? ''),
    )
  )
    return 'reply'
  if (/^(bulk|list|junk)\b/.test((header('precedence') ?? '').trim())) return 'bulk'
  if (apart.headers.some(([key]) => key.startsWith('list-'))) return 'bulk'
  return 'said'
}

/** @param envelope as SMTP gave it: lower case is made here only of domains */
export function letterOf(
  apart: Apart,
  envelope: { readonly sender: string; readonly recipients: readonly string[] },
): Letter {
  const from = [apart.from?.address ?? '', envelope.sender]
    .map((each) => each.trim())
    .find((each) => addressShape.test(each))
  const named = apart.headers.find(([key]) => key === 'content-language')?.[1] ?? null
  const language = languageOf(named, `${apart.subject}${apart.text}`)
  // Before anything is shortened: half a secret is one that can be guessed. After it, since a control in the midst would hide it.
  const written = (given: string): string => asWritten(plain(given), language)
  const text = written(apart.text)
  const subject = line(written(apart.subject), 200)
  const kind = kindOf(apart, envelope.sender)
  const messageId = /<[^<>\s]{3,400}>/.exec(apart.messageId ?? '')?.[0] ?? null
  const digest = createHash('sha256').update(JSON.stringify([messageId, from, subject, text]))
  for (const { content } of apart.attachments) digest.update(createHash('sha256').update(content).digest())
  return {
    kind,
    sender: addressShape.test(envelope.sender) && envelope.sender.length <= 254 ? envelope.sender : '',
    recipients: envelope.recipients,
    from: from && from.length <= 200 ? from : null,
    name: line(written(apart.from?.name ?? ''), 40) || null,
    messageId,
    answered: [...new Set(apart.answered.match(/<[^<>\s]{3,400}>/g) ?? [])].slice(-50),
    subject,
    text,
    language,
    attachments: apart.attachments
      .filter(({ mediaType }) => mediaType !== 'application/pgp-signature' && !/pkcs7-signature$/.test(mediaType))
      .map((each) => ({ ...each, name: each.name && written(each.name) })),
    dropped: apart.dropped,
    report: kind === 'report' ? readReport(apart.attachments) : null,
    digest: digest.digest('hex'),
  }
}
