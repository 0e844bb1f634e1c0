import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { QueryExecutorProvider } from 'kysely'
import type { Encryption } from '../encryption/index.ts'
import type { Outcome, Sender } from '../outbox/index.ts'
import { publicLookup, pushAddress } from './address.ts'
import { deviceMissed, deviceReached, forgetDevice, sealedDevice } from './push.store.ts'
import type { VapidKeys } from './vapid.ts'

/** Where a device is reached, as its browser said. */
export interface Subscription {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
}

/** A day: what is older stands on the page anyway. For the same reason it is tried twice, and no more. */
const goodForSeconds = 86_400
const attempts = 2
/** So often in a row without any answer: whoever gave that address is not held for. */
const mostMissed = 3

/**
 * Tells devices through the push service of their browser (RFC 8030). The text is encrypted for the device (RFC 8291), so that the
 * service cannot read it, and yet says nothing of a person or a matter: it lies on a locked screen. A device that the service knows no
 * more is forgotten.
 */
export function pushSender(options: {
  readonly database: QueryExecutorProvider
  readonly encryption: Pick<Encryption, 'decrypt'>
  readonly clock: { now(): Date }
  readonly vapid: VapidKeys
  /** Whom push services may write to about this installation: https: or mailto:. */
  readonly contact: string
  readonly loopback: boolean
  readonly seconds?: number
}): Sender {
  const { database, encryption, clock, vapid, contact, loopback, seconds = 10 } = options
  return {
    attempts,
    async send({ to, content }) {
      const sealed = await sealedDevice(database, to, clock.now())
      if (sealed === null) return { sent: false, again: false, reason: 'told no more' }
      const device = JSON.parse(encryption.decrypt('push.device', sealed, to)) as Subscription
      const address = pushAddress(device.endpoint, loopback)
      if (address === null) return { sent: false, again: false, reason: 'no address to be asked' }
      const { default: library } = await import('web-push')
      const { headers, body } = library.generateRequestDetails(
        device,
        JSON.stringify({ title: content.subject ?? '', body: content.text }),
        {
          vapidDetails: { subject: contact, ...vapid },
          TTL: goodForSeconds,
          contentEncoding: 'aes128gcm',
        },
      )
      const answer = await ask(address, headers, body, seconds * 1000)
      const outcome = outcomeOf(answer)
      if (!outcome.sent && outcome.reason === 'gone') await forgetDevice(database, to)
      else if (typeof answer === 'string') await deviceMissed(database, to, mostMissed)
      else await deviceReached(database, to)
      return outcome
    },
    close: () => undefined,
  }

  /** The status and when to come back; a text where nothing was answered. Redirects are not followed, and no answer is read. */
  function ask(url: URL, headers: Record<string, unknown>, body: Buffer | null, milliseconds: number) {
    return new Promise<IncomingMessage | string>((resolve) => {
      const signal = AbortSignal.timeout(milliseconds)
      const asking = (url.protocol === 'https:' ? secureRequest : plainRequest)(url, {
        method: 'POST',
        headers: headers as Record<string, string>,
        signal,
        agent: false,
        ...(loopback ? {} : { lookup: publicLookup }),
      })
      asking.on('response', (answer) => {
        answer.destroy()
        resolve(answer)
      })
      asking.on('error', () => resolve(signal.aborted ? 'timeout' : 'unreachable'))
      asking.end(body)
    })
  }
}

function outcomeOf(answer: IncomingMessage | string): Outcome {
  if (typeof answer === 'string') return { sent: false, again: true, reason: answer }
  const status = answer.statusCode ?? 0
  if (status >= 200 && status < 300) return { sent: true, reference: null }
  if (status === 404 || status === 410) return { sent: false, again: false, reason: 'gone' }
  const afterSeconds = Number(answer.headers['retry-after'])
  return {
    sent: false,
    again: status >= 500 || [408, 425, 429].includes(status),
    reason: `http ${status}`,
    ...(afterSeconds > 0 && afterSeconds < 86_400 ? { afterSeconds } : {}),
  }
}
