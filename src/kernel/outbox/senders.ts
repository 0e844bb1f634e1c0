import { createTransport } from 'nodemailer'
import type { Content } from './message.ts'

/** One message as a sender gets it. `id` is the same in every attempt. */
export interface Letter {
  id: string
  to: string
  template: string
  language: string
  content: Content
}

export type Outcome =
  | { sent: true; reference: string | null }
  /** `reason` is short and holds no personal data. `again`: worth another attempt. */
  | { sent: false; again: boolean; reason: string; afterSeconds?: number }

export interface Sender {
  /** How often one message is tried, where that is less than elsewhere. */
  readonly attempts?: number
  send(letter: Letter): Promise<Outcome>
  close(): void
}

const webhookSeconds = 10
const longestAnswer = 10_000

/**
 * SMS through whatever the place has: a POST of JSON {id, to, text, template, values, language} with a bearer token.
 * An answer of 2xx is taken for sent; `id` in a JSON answer is the provider's reference, by which it can be asked
 * what became of the message. The same `id` (also as Idempotency-Key) may come twice after a crash: the receiver should send it once.
 */
export function smsSender(sms: { url: string; token: string | null }, seconds = webhookSeconds): Sender {
  return {
    async send({ id, to, template, language, content }) {
      try {
        const answer = await fetch(sms.url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'idempotency-key': id,
            ...(sms.token ? { authorization: `Bearer ${sms.token}` } : {}),
          },
          body: JSON.stringify({ id, to, text: content.text, template, values: content.values, language }),
          // A redirect would carry number and token to an address nobody configured.
          redirect: 'error',
          signal: AbortSignal.timeout(seconds * 1000),
        })
        if (answer.ok) return { sent: true, reference: referenceIn(await beginningOf(answer)) }
        await answer.body?.cancel()
        const again = answer.status >= 500 || [408, 425, 429].includes(answer.status)
        const afterSeconds = Number(answer.headers.get('retry-after'))
        return {
          sent: false,
          again,
          reason: `http ${answer.status}`,
          ...(afterSeconds > 0 && afterSeconds < 86_400 ? { afterSeconds } : {}),
        }
      } catch (error) {
        const late = error instanceof Error && error.name === 'TimeoutError'
        return { sent: false, again: true, reason: late ? 'timeout' : 'unreachable' }
      }
    },
    close: () => undefined,
  }
}

async function beginningOf(answer: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of answer.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true })
    // Leaving the loop closes the body: an endless answer fills no memory.
    if (text.length > longestAnswer) break
  }
  return text
}

function referenceIn(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text)
    const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null
    return typeof id === 'string' && id.length > 0 && id.length <= 200 ? id : null
  } catch {
    return null
  }
}

const mailSeconds = 20

/** Mail through SMTP (smtp:// or smtps://, with name and password in the address). Text only: nothing to load, nothing that traces. */
export function mailSender(
  smtp: { url: string; from: string },
  seconds = mailSeconds,
  /** Where a message comes back to when it cannot be delivered (the envelope's sender). */
  returnsTo: ((id: string) => string) | null = null,
): Sender {
  const milliseconds = seconds * 1000
  const address = new URL(smtp.url)
  const transport = createTransport({
    host: address.hostname.replace(/^\[|\]$/g, ''),
    port: Number(address.port) || (address.protocol === 'smtps:' ? 465 : 587),
    secure: address.protocol === 'smtps:',
    ...(address.username
      ? { auth: { user: decodeURIComponent(address.username), pass: decodeURIComponent(address.password) } }
      : {}),
    ignoreTLS: address.searchParams.get('ignoreTLS') === 'true',
    requireTLS: address.searchParams.get('requireTLS') === 'true',
    connectionTimeout: milliseconds,
    greetingTimeout: milliseconds,
    socketTimeout: milliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([^\s@>]+)/.exec(smtp.from)?.[1] ?? 'localhost'
  return {
    async send({ id, to, language, content }) {
      const reference = `<${id}@${domain}>`
      let timer: NodeJS.Timeout | undefined
      // A server that answers one byte a second is never idle: the whole has an end as well.
      const late = new Promise<Outcome>((resolve) => {
        timer = setTimeout(() => resolve({ sent: false, again: true, reason: 'timeout' }), milliseconds)
      })
      const sending = transport
        .sendMail({
          from: smtp.from,
          to,
          subject: content.subject ?? '',
          text: content.text,
          // News is read on whatever shows mail: the same words, whose addresses can be pressed.
          ...(content.list ? { html: htmlOf(content.text, language) } : {}),
          // Beside the text and as a file: some programs look for the one, some for the other.
          ...(content.calendar
            ? {
                icalEvent: {
                  method: content.calendar.method,
                  content: content.calendar.text,
                  filename: content.calendar.method === 'CANCEL' ? 'cancel.ics' : 'invite.ics',
                },
              }
            : {}),
          messageId: reference,
          ...(content.replyTo ? { replyTo: content.replyTo } : {}),
          ...(content.answers ? { inReplyTo: content.answers, references: content.answers } : {}),
          ...(returnsTo ? { envelope: { from: returnsTo(id), to } } : {}),
          // RFC 3834: no holiday answers to a machine.
          headers: {
            'Auto-Submitted': content.answers === undefined ? 'auto-generated' : 'auto-replied',
            ...(content.list
              ? {
                  'List-Id': content.list.id,
                  'List-Unsubscribe': { prepared: true, value: `<${content.list.link}>` },
                  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
                }
              : {}),
          },
        })
        .then((): Outcome => ({ sent: true, reference }), mailProblem)
      try {
        return await Promise.race([sending, late])
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => transport.close(),
  }
}

/** The same words as simple HTML: paragraphs, and addresses of pages as links. Nothing to load, nothing that traces. */
export function htmlOf(text: string, language: string): string {
  const safe = (part: string) => part.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll('\n', '<br>')
  const linked = (paragraph: string) =>
    paragraph
      .split(/(https?:\/\/[^\s<>"]+)/)
      .map((part, index) => (index % 2 === 1 ? `<a href="${safe(part)}">${safe(part)}</a>` : safe(part)))
      .join('')
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => `<p>${linked(paragraph)}</p>`)
  return `<!doctype html><html lang="${language}"><body>${paragraphs.join('')}</body></html>`
}

/** 5xx is the server's last word (RFC 5321, 4.2.1); all else may pass. A wrong password is put right by people, so try on. */
function mailProblem(error: { responseCode?: number; code?: string }): Outcome {
  if (error.code === 'ETIMEDOUT') return { sent: false, again: true, reason: 'timeout' }
  if (error.code === 'EAUTH') return { sent: false, again: true, reason: 'smtp sign-in refused' }
  if (error.responseCode) {
    return { sent: false, again: error.responseCode < 500, reason: `smtp ${error.responseCode}` }
  }
  return { sent: false, again: true, reason: 'unreachable' }
}
