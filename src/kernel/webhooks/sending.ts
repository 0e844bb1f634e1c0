// One attempt: a CloudEvents 1.0 message in structured JSON, to an address that an operator gave.
import { type Answered, ask } from '../elsewhere/index.ts'
import { signedHeaders } from './signing.ts'

/** What became of an attempt; `reason` is short and for the log of deliveries. */
export type Attempt =
  | { readonly delivered: true; readonly reason: string }
  | { readonly delivered: false; readonly reason: string; readonly gone?: true; readonly afterSeconds?: number }

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

/** Sends once. No answer is read. */
export async function send(
  target: { readonly url: string; readonly inner: boolean; readonly secret: string },
  message: { readonly id: string; readonly body: string },
  now: Date,
  seconds: number,
): Promise<Attempt> {
  const answer = await ask({
    url: target.url,
    inner: target.inner,
    method: 'POST',
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      ...signedHeaders(target.secret, message.id, now, message.body),
    },
    body: message.body,
    seconds,
    most: 0,
  })
  return 'status' in answer ? attemptOf(answer) : { delivered: false, reason: answer.reason }
}

function attemptOf({ status, afterSeconds }: Answered): Attempt {
  const reason = `http ${status}`
  if (status >= 200 && status < 300) return { delivered: true, reason }
  // The receiver says that it wants no more.
  if (status === 410) return { delivered: false, reason, gone: true }
  return { delivered: false, reason, ...(afterSeconds === undefined ? {} : { afterSeconds }) }
}
