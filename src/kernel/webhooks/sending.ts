// One attempt: a CloudEvents 1.0 message in structured JSON, to an address that an operator gave.
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { publicLookup, pushAddress } from '../push/index.ts'
import { signedHeaders } from './signing.ts'

/** What became of an attempt; `reason` is short and for the log of deliveries. */
export type Attempt =
  | { readonly delivered: true; readonly reason: string }
  | { readonly delivered: false; readonly reason: string; readonly gone?: true; readonly afterSeconds?: number }

/**
 * The address as it may be asked: by name, with https and at its usual port, so that nobody makes this server ask its own network; or
 * anything that speaks HTTP, where the operator said that it lies there. Null where it is neither.
 */
export function addressOf(text: string, inner: boolean): URL | null {
  if (!inner) return pushAddress(text, false)
  const url = URL.canParse(text) ? new URL(text) : null
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : null
}

/** The body: the same in every attempt, to the octet. */
export function bodyOf(
  given: { id: string; kind: string; subject: string; createdAt: string; data: Readonly<Record<string, unknown>> },
  publicUrl: string,
): string {
  const { path, ...data } = given.data
  return JSON.stringify({
    specversion: '1.0',
    id: given.id,
    source: publicUrl,
    type: `linli.${given.kind}`,
    subject: given.subject,
    time: new Date(given.createdAt).toISOString(),
    datacontenttype: 'application/json',
    data: typeof path === 'string' ? { ...data, url: `${publicUrl}${path}` } : data,
  })
}

/** Sends once. Redirects are not followed: they would lead past the look at the address. No answer is read. */
export function send(
  target: { readonly url: string; readonly inner: boolean; readonly secret: string },
  message: { readonly id: string; readonly body: string },
  now: Date,
  seconds: number,
): Promise<Attempt> {
  const url = addressOf(target.url, target.inner)
  if (!url) return Promise.resolve({ delivered: false, reason: 'no address to be asked' })
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(seconds * 1000)
    const asking = (url.protocol === 'https:' ? secureRequest : plainRequest)(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'content-length': Buffer.byteLength(message.body),
        'user-agent': 'Linli',
        ...signedHeaders(target.secret, message.id, now, message.body),
      },
      signal,
      agent: false,
      ...(target.inner ? {} : { lookup: publicLookup }),
    })
    asking.on('response', (answer) => {
      answer.destroy()
      resolve(attemptOf(answer))
    })
    asking.on('error', (error: NodeJS.ErrnoException) =>
      resolve({
        delivered: false,
        reason: signal.aborted ? 'timeout' : error.code === 'EACCES' ? 'no public address' : 'unreachable',
      }),
    )
    asking.end(message.body)
  })
}

function attemptOf(answer: IncomingMessage): Attempt {
  const status = answer.statusCode ?? 0
  const reason = `http ${status}`
  if (status >= 200 && status < 300) return { delivered: true, reason }
  // The receiver says that it wants no more.
  if (status === 410) return { delivered: false, reason, gone: true }
  const afterSeconds = Number(answer.headers['retry-after'])
  return { delivered: false, reason, ...(afterSeconds > 0 && afterSeconds < 86_400 ? { afterSeconds } : {}) }
}
