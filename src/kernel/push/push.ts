import type { QueryExecutorProvider } from 'kysely'
import { type Act, tokenHash } from '../access/index.ts'
import { newId } from '../database/identifiers.ts'
import type { Encryption } from '../encryption/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Outbox } from '../outbox/index.ts'
import { pushAddress } from './address.ts'
import type { PushPurpose } from './push.api.ts'
import { devicesOf, dropDevice, keepAgain, keepDevice } from './push.store.ts'
import type { Subscription } from './sender.ts'
import { vapidKeys } from './vapid.ts'

export interface Push {
  /** What a browser has to be shown to ask for this installation's messages; null where push is off. */
  readonly publicKey: string | null
  /**
   * Keeps a device, or notes that it is still wanted.
   * @param by.link the secret link by which it is asked for
   * @param by.onlyAgain only where it is known as that of whoever asks
   * @param by.asNew asked before a device is taken in that was not known
   * @returns whether it is told
   * @throws Refusal 404 where push is off, 422 for an address that this server does not ask, 401 for nobody
   */
  keep(
    act: Act,
    purpose: PushPurpose,
    device: Subscription,
    by: { readonly link: string | null; readonly onlyAgain: boolean; asNew(): Promise<void> },
  ): Promise<boolean>
  drop(act: Act, purpose: PushPurpose, endpoint: string): Promise<void>
}

/** Devices that asked to be told. */
export function createPush(options: {
  readonly config: { readonly push: { readonly loopback: boolean } | null }
  readonly encryption: Encryption
}): Push {
  const { config, encryption } = options
  const digestOf = (endpoint: string) => encryption.blindIndex('push.device', endpoint)
  return {
    publicKey: config.push && vapidKeys(encryption).publicKey,
    async keep(act, purpose, device, by) {
      if (!config.push) throw new Refusal(404, 'not-found', 'http.not-found')
      if (!pushAddress(device.endpoint, config.push.loopback)) {
        throw new Refusal(422, 'push-address', 'push.refused.address', { field: 'endpoint' })
      }
      if (purpose === 'record' ? !act.actor.link : !act.actor.person)
        throw new Refusal(401, 'sign-in-needed', 'http.sign-in-needed')
      const digest = digestOf(device.endpoint)
      const again = {
        purpose,
        digest,
        language: act.language,
        link: purpose === 'record' && by.link !== null ? tokenHash(by.link) : null,
        now: act.now,
      }
      if (await keepAgain(act.sql, again)) return true
      if (by.onlyAgain) return false
      await by.asNew()
      const id = newId(act.now.getTime())
      const kept = await keepDevice(act.sql, {
        id,
        purpose,
        sealed: encryption.encrypt('push.device', JSON.stringify(device), id),
        digest,
        language: act.language,
        now: act.now,
      })
      if (!kept) throw new Refusal(422, 'push-many', 'push.refused.many')
      // The link by which it came stands beside it.
      return keepAgain(act.sql, again)
    },
    async drop(act, purpose, endpoint) {
      await dropDevice(act.sql, purpose, digestOf(endpoint))
    },
  }
}

/** Queues a message to every device that is told of a record or a person. In a transaction of the jobs' role. */
export async function queuePush(
  outbox: Pick<Outbox, 'channels' | 'queueMessage'>,
  on: { readonly sql: QueryExecutorProvider; readonly now: Date },
  purpose: PushPurpose,
  owner: string,
  message: { readonly template: string; readonly record: string; readonly act: string | null },
): Promise<void> {
  if (!outbox.channels.push) return
  for (const { id, language } of await devicesOf(on.sql, purpose, owner)) {
    await outbox.queueMessage(on, {
      channel: 'push',
      to: id,
      template: message.template,
      language,
      record: message.record,
      // An older one says nothing that the page would not.
      goodUntil: new Date(on.now.getTime() + 86_400_000),
      ...(message.act ? { once: [message.act, 'push', id] } : {}),
    })
  }
}
