// Making and revoking: acts of whoever runs the installation, on the command line, as the owner of the tables.
import { SpokenRefusal } from '../config/index.ts'
import { newId } from '../database/identifiers.ts'
import { type Database, transaction } from '../database/index.ts'
import { addressOf } from '../elsewhere/index.ts'
import type { Encryption } from '../encryption/index.ts'
import { record } from '../ledger/index.ts'
import { newSecret } from './signing.ts'
import { endWebhook, insertWebhook } from './webhooks.store.ts'

/** What was asked for cannot be done: a sentence for whoever runs the command. */
export class WebhookRefusal extends SpokenRefusal {}

export interface WebhookWanted {
  readonly url: string
  readonly kinds: readonly string[]
  /** Of what lies there and below it is told; null: of everything. */
  readonly place: { readonly id: string; readonly path: string } | null
  /** It lies within the operator's own network, or speaks HTTP in the clear. */
  readonly inner: boolean
}

/**
 * Makes a webhook. The secret by which its receiver knows us is in the answer, and sealed in the database.
 * @param known the kinds that rooms tell of
 * @throws WebhookRefusal for an address or a kind that is none
 */
export async function createWebhook(
  doors: { readonly owner: Database; readonly encryption: Pick<Encryption, 'encrypt'>; readonly now: Date },
  known: readonly string[],
  wanted: WebhookWanted,
): Promise<{ id: string; secret: string }> {
  const strange = wanted.kinds.filter((kind) => !known.includes(kind))
  if (strange.length > 0 || wanted.kinds.length === 0)
    throw new WebhookRefusal({
      zh: `没有这种消息：${strange.join('、')}。可用的有：${known.join('、')}。`,
      en: `There is no such kind: ${strange.join(', ')}. There are: ${known.join(', ')}.`,
    })
  const url = addressOf(wanted.url, wanted.inner)
  if (!url || url.href.length > 1_000)
    throw new WebhookRefusal({
      zh: '网址要用 https、写域名、不带端口和密码。接收方在内网时加 --inner。',
      en: 'The address takes https and a name, without port or password. For a receiver within your own network add --inner.',
    })
  const { owner, encryption, now } = doors
  return transaction(owner, async (on, client) => {
    const { place } = wanted
    const id = newId(now.getTime())
    const secret = newSecret()
    const kinds = [...new Set(wanted.kinds)].sort()
    await insertWebhook(on, {
      id,
      url: url.href,
      kinds,
      place: place?.id ?? null,
      path: place?.path ?? '',
      inner: wanted.inner,
      secret: encryption.encrypt('webhook.secret', secret, id),
      now,
    })
    await record(
      { client, now, actor: { person: null } },
      { kind: 'webhook.created', record: id, path: place?.path ?? null, facts: { kinds: kinds.join(' ') } },
    )
    return { id, secret }
  })
}

/** Ends a webhook at once, with what waits for it. @throws WebhookRefusal where there is none that stands */
export async function revokeWebhook(owner: Database, now: Date, id: string): Promise<void> {
  await transaction(owner, async (on, client) => {
    const ended = await endWebhook(on, id, now)
    if (!ended)
      throw new WebhookRefusal({
        zh: '没有这个推送，或它早已停用。用 linli webhook list 看有哪些。',
        en: 'There is no such webhook, or it was revoked before. See linli webhook list.',
      })
    await record(
      { client, now, actor: { person: null } },
      { kind: 'webhook.revoked', record: id, path: ended.path || null },
    )
  })
}
