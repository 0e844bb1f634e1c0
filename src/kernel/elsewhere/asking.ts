// Asking somebody else's server, at an address that an operator gave: never this house's own network unless that was said, never where
// a redirect leads, never longer than a time, and no more is read than was asked for.
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { publicLookup, pushAddress } from '../push/index.ts'

/** What came back. */
export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Empty where none was to be read. */
  readonly body: Buffer
  /** Seconds after which it wants to be asked again, where it says so and that lies within a day. */
  readonly afterSeconds?: number
}

/** Nothing came back that can be used; `reason` is short and for a log. */
export interface Unanswered {
  readonly reason: 'no address to be asked' | 'no public address' | 'unreachable' | 'timeout' | 'cut off' | 'too large'
  /** Whether the other side may have got what was sent: false where no connection was ever made. */
  readonly sent: boolean
}

/**
 * The address as it may be asked: by name, with https and at its usual port, so that nobody makes this server ask its own network; or
 * anything that speaks HTTP, where the operator said that it lies there. Null where it is neither.
 */
export function addressOf(text: string, inner: boolean): URL | null {
  if (!inner) return pushAddress(text, false)
  const url = URL.canParse(text) ? new URL(text) : null
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : null
}

/**
 * Asks once. Redirects are answers like others: following them would lead past the look at the address.
 * @param asked.most octets of the answer that are read at most; 0 where none is wanted
 * @param asked.seconds for everything, the reading too
 */
export function ask(asked: {
  readonly url: string
  readonly inner: boolean
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly seconds: number
  readonly most: number
}): Promise<Answered | Unanswered> {
  const url = addressOf(asked.url, asked.inner)
  if (!url) return Promise.resolve({ reason: 'no address to be asked', sent: false })
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(asked.seconds * 1000)
    const secure = url.protocol === 'https:'
    let sent = false
    const asking = (secure ? secureRequest : plainRequest)(url, {
      method: asked.method,
      headers: {
        'user-agent': 'Linli',
        ...asked.headers,
        ...(asked.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(asked.body)) }),
      },
      signal,
      agent: false,
      ...(asked.inner ? {} : { lookup: publicLookup }),
    })
    asking.on('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        sent = true
      }),
    )
    const failed = (error: NodeJS.ErrnoException) =>
      resolve({
        reason: signal.aborted
          ? 'timeout'
          : error.code === 'EACCES'
            ? 'no public address'
            : sent
              ? 'cut off'
              : 'unreachable',
        sent,
      })
    asking.on('error', failed)
    asking.on('response', (answer) => {
      const { statusCode: status = 0, headers } = answer
      const after = Number(headers['retry-after'])
      const told = { status, headers, ...(after > 0 && after < 86_400 ? { afterSeconds: after } : {}) }
      if (asked.most === 0) {
        answer.destroy()
        resolve({ ...told, body: Buffer.alloc(0) })
        return
      }
      const parts: Buffer[] = []
      let length = 0
      answer.on('data', (part: Buffer) => {
        length += part.length
        if (length <= asked.most) parts.push(part)
        else {
          answer.destroy()
          resolve({ reason: 'too large', sent: true })
        }
      })
      answer.on('error', failed)
      answer.on('end', () => resolve({ ...told, body: Buffer.concat(parts) }))
    })
    asking.end(asked.body)
  })
}
