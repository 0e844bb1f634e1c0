// Takes a mail apart in a thread of its own, whose memory and time are bounded.
import { parentPort } from 'node:worker_threads'
import { convert } from 'html-to-text'
import PostalMime, { type Email } from 'postal-mime'
import type { Apart } from './letter.ts'

const port = parentPort
if (!port) throw new Error('this runs as a worker')

const most = { nesting: 50, headers: 512 * 1024, html: 2_000_000, parts: 200 } as const

const parse = (raw: Uint8Array): Promise<Email> =>
  PostalMime.parse(raw, { maxNestingDepth: most.nesting, maxHeadersSize: most.headers, maxRfc822NestingDepth: 3 })

/** Text for reading: no pictures, and an address only where it differs from its words. */
const textOf = (html: string): string =>
  convert(html, {
    wordwrap: false,
    limits: { maxInputLength: most.html, maxDepth: 200, maxChildNodes: 20_000, ellipsis: '…' },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'style', format: 'skip' },
      { selector: 'script', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, noAnchorUrl: true } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  })

const saidOf = (mail: Email): string => (mail.text?.trim() ? mail.text : mail.html ? textOf(mail.html) : '')
const times = (text: string, what: RegExp): number => text.match(what)?.length ?? 0
const unread = (text: string): number => times(text, /\ufffd/g)

const isKnown = (label: string): boolean => {
  try {
    return new TextDecoder(label).encoding !== ''
  } catch {
    return false
  }
}

/** With every name of an encoding that nobody knows replaced by UTF-8, which most of them mean. */
function named(raw: Uint8Array): Uint8Array {
  const text = Buffer.from(raw).toString('latin1')
  const known = text.replace(/(charset\s*=\s*"?)([\w.:-]{1,40})/gi, (all, before: string, label: string) =>
    isKnown(label) ? all : `${before}utf-8`,
  )
  return known === text ? raw : Buffer.from(known, 'latin1')
}

/**
 * Older programs in China write GB18030 and say UTF-8, or say nothing. Where the mail as it is labelled does not read, it is read anew
 * under that label. A mail in UTF-8 of which a part is broken has more that reads than not, and stays as it is.
 */
function relabelled(raw: Uint8Array): Uint8Array {
  const text = Buffer.from(raw).toString('latin1')
  const end = text.search(/\r?\n\r?\n/)
  const labelled = text
    .replace(/charset\s*=\s*"?(?:utf-8|us-ascii|iso-8859-1)"?/gi, 'charset=gb18030')
    .replace(/^(content-type:[ \t]*text\/(?:plain|html))[ \t]*(\r?)$/gim, '$1; charset=gb18030$2')
  const bare = !/^content-type:/im.test(text.slice(0, end < 0 ? text.length : end))
  return Buffer.from(`${bare ? 'Content-Type: text/plain; charset=gb18030\r\n' : ''}${labelled}`, 'latin1')
}

async function takeApart(given: Uint8Array): Promise<Apart> {
  const raw = named(given)
  const first = await parse(raw)
  let text = saidOf(first)
  if (unread(text) > times(text, /\p{Script=Han}/gu)) {
    const other = saidOf(await parse(relabelled(raw)))
    if (unread(other) < unread(text)) text = other
  }
  const [from] = first.from ? (first.from.group ?? [first.from]) : []
  return {
    headers: first.headers.map(({ key, value }) => [key, value]),
    from: from ? { name: from.name, address: from.address } : null,
    subject: first.subject ?? '',
    messageId: first.messageId ?? null,
    answered: `${first.inReplyTo ?? ''} ${first.references ?? ''}`,
    text,
    attachments: first.attachments.slice(0, most.parts).map(({ filename, mimeType, method, content }) => ({
      name: filename,
      mediaType: mimeType,
      method: method ?? null,
      content: typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content),
    })),
    dropped: Math.max(0, first.attachments.length - most.parts),
  }
}

port.on('message', (raw: Uint8Array) => {
  takeApart(raw).then(
    // Files go over as they are, without a copy.
    (apart) =>
      port.postMessage(apart, [...new Set(apart.attachments.map(({ content }) => content.buffer as ArrayBuffer))]),
    () => port.postMessage(null),
  )
})
