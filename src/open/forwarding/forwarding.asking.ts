// Asking a service elsewhere: its addresses, the key, the limits on what is read.
import { type Answered, ask, type Unanswered } from '#kernel/elsewhere/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { Target } from './forwarding.sending.store.ts'

/** More of an answer is not read: a list of a thousand requests with long texts takes less. */
const mostOctets = 4_000_000

/** The key that a service gave, opened. Undefined where it cannot be; null where there is none. */
export function keyOf(encryption: Kernel['encryption'], target: Target): string | null | undefined {
  if (target.key === null) return null
  try {
    return encryption.decrypt('forwarding.key', target.key, target.forwarding)
  } catch {
    return undefined
  }
}

/** Answers by which a server may say that it shows this by a key in the address alone (GeoReport v2, errors of every method). */
const wantsKey = [400, 401, 403, 404]

/**
 * Asks for a resource below the base. An address stands in the logs of every server on the way: the key, which the standard asks for only where
 * something is posted, goes along in a header, and in the address only where the service refuses without.
 * @param path without its format
 * @param whole all that came by our key must be in the answer: the key stands in the address, by which every service knows it
 */
export async function get(
  target: Target,
  key: string | null,
  path: string,
  query: Readonly<Record<string, string>>,
  seconds: number,
  whole = false,
): Promise<Answered | Unanswered> {
  const asking = (shown: string | null) =>
    ask({
      url: `${target.url}${path}.${target.format}?${new URLSearchParams({ ...common(target, shown), ...query })}`,
      inner: target.inner,
      method: 'GET',
      headers: { accept: accepted(target), ...(key === null ? {} : { 'x-api-key': key }) },
      seconds,
      most: mostOctets,
    })
  if (whole) return asking(key)
  const answer = await asking(null)
  return key !== null && 'status' in answer && wantsKey.includes(answer.status) ? asking(key) : answer
}

/** Posts a form. @param once by which a server that knows such a header tells that it has had it */
export function post(
  target: Target,
  key: string | null,
  path: string,
  form: Readonly<Record<string, string>>,
  once: string,
  seconds: number,
): Promise<Answered | Unanswered> {
  return ask({
    url: `${target.url}${path}.${target.format}`,
    inner: target.inner,
    method: 'POST',
    headers: {
      accept: accepted(target),
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'idempotency-key': once,
    },
    body: new URLSearchParams({ ...common(target, key), ...form }).toString(),
    seconds,
    most: mostOctets,
  })
}

const common = ({ jurisdiction }: Target, key: string | null): Record<string, string> => ({
  ...(jurisdiction === null ? {} : { jurisdiction_id: jurisdiction }),
  ...(key === null ? {} : { api_key: key }),
})

const accepted = ({ format }: Target): string => (format === 'xml' ? 'text/xml' : 'application/json')
