// Declaring and ending: acts of whoever runs the installation, on the command line, as the owner of the tables.
import { SpokenRefusal } from '#kernel/config/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { type Database, transaction } from '#kernel/database/index.ts'
import { addressOf } from '#kernel/elsewhere/index.ts'
import type { Encryption } from '#kernel/encryption/index.ts'
import { record } from '#kernel/ledger/index.ts'
import type { Again, Format } from './forwarding.api.ts'
import { categoryAt, endForwarding, insertForwarding, placesWithCategory, settleDelivery } from './forwarding.store.ts'

/** What was asked for cannot be done: a sentence for whoever runs the command. */
class ForwardingRefusal extends SpokenRefusal {}

export interface ForwardingWanted {
  /** Under which it stands in the line of a request. */
  readonly name: string
  /** The base of GeoReport v2, with or without its slash at the end. */
  readonly url: string
  readonly inner: boolean
  readonly jurisdiction: string | null
  /** The service_code there. */
  readonly service: string
  /** The api_key that the service there gave. */
  readonly key: string | null
  readonly format: Format
  /** Of what lies there and below. */
  readonly place: { readonly id: string; readonly path: string }
  /** The code of our category. */
  readonly category: string
  readonly outline: boolean
  readonly steps: boolean
  readonly again: Again
  readonly language: 'zh-CN' | 'en'
}

/** @param below places in whose own lists the code stands: a forwarding is of one list */
function noCategory(code: string, below: readonly string[]): ForwardingRefusal {
  const [zh, en] =
    below.length === 0
      ? [
          '用 linli category list --place 看这个地方有哪些类别和代码。',
          'See linli category list --place for the categories of this place and their codes.',
        ]
      : [
          `它在下面这些地方的清单里，请按地方分别建立：--place ${below.join('、')}。`,
          `It stands in the lists of places below, each of which takes a forwarding of its own: --place ${below.join(', ')}.`,
        ]
  return new ForwardingRefusal({
    zh: `这个地方没有代码为 ${code} 的类别。${zh}`,
    en: `No category with the code ${code} holds at this place. ${en}`,
  })
}

/**
 * Declares that requests of a category are sent on.
 * @throws ForwardingRefusal for an address that is none, our own, or a category that does not hold there
 */
export async function createForwarding(
  doors: {
    readonly owner: Database
    readonly encryption: Pick<Encryption, 'encrypt'>
    readonly now: Date
    readonly publicUrl: string
  },
  wanted: ForwardingWanted,
): Promise<{ id: string }> {
  const { owner, encryption, now } = doors
  const url = addressOf(wanted.url.endsWith('/') ? wanted.url : `${wanted.url}/`, wanted.inner)
  if (!url || url.href.length > 1_000 || url.search || url.hash)
    throw new ForwardingRefusal({
      zh: '网址要用 https、写域名、不带端口、密码和问号，如 https://311.example.org/open311/v2/。对方在内网时加 --inner。',
      en: 'The address takes https and a name, without port, password or query, such as https://311.example.org/open311/v2/. For a server within your own network add --inner.',
    })
  if (url.origin === new URL(doors.publicUrl).origin)
    throw new ForwardingRefusal({
      zh: '这是本平台自己的网址，不能转给自己。',
      en: 'This is the address of this installation itself.',
    })
  return transaction(owner, async (on, client) => {
    const category = await categoryAt(on, wanted.place.path, wanted.category)
    if (category === null)
      throw noCategory(wanted.category, await placesWithCategory(on, wanted.place.path, wanted.category))
    const id = newId(now.getTime())
    await insertForwarding(on, {
      ...wanted,
      id,
      url: url.href,
      key: wanted.key === null ? null : encryption.encrypt('forwarding.key', wanted.key, id),
      place: wanted.place.id,
      path: wanted.place.path,
      category,
      now,
    })
    await record(
      { client, now, actor: { person: null } },
      {
        kind: 'forwarding.created',
        record: id,
        path: wanted.place.path,
        category,
        facts: { host: url.host, outline: wanted.outline, steps: wanted.steps },
      },
    )
    return { id }
  })
}

/** Ends a forwarding at once, with what waits for it. @throws ForwardingRefusal where there is none that stands */
export async function revokeForwarding(owner: Database, now: Date, id: string): Promise<void> {
  await transaction(owner, async (on, client) => {
    const ended = await endForwarding(on, id, now)
    if (!ended)
      throw new ForwardingRefusal({
        zh: '没有这个转办，或它早已停用。用 linli forwarding list 看有哪些。',
        en: 'There is no such forwarding, or it was revoked before. See linli forwarding list.',
      })
    await record({ client, now, actor: { person: null } }, { kind: 'forwarding.revoked', record: id, path: ended.path })
  })
}

/**
 * Settles by hand what nobody could be sure of.
 * @param number under which it stands there; null where it does not stand there and is to be sent again
 * @throws ForwardingRefusal where there is no such delivery
 */
export async function settleForwarded(
  owner: Database,
  now: Date,
  delivery: string,
  number: string | null,
): Promise<void> {
  if (!(await settleDelivery(owner.sql, delivery, number, now)))
    throw new ForwardingRefusal({
      zh: '没有这条转办记录，或它已经送到。用 linli forwarding deliveries 看有哪些。',
      en: 'There is no such delivery, or it has arrived. See linli forwarding deliveries.',
    })
}
