// Making and revoking keys: acts of whoever runs the installation, on the command line, as the owner of the tables.
import { SpokenRefusal } from '../config/index.ts'
import { newId } from '../database/identifiers.ts'
import { type Database, transaction } from '../database/index.ts'
import { record } from '../ledger/index.ts'
import { newKey } from './keys.rules.ts'
import { scopesDeclared } from './keys.scopes.ts'
import { insertKey, type KeyListed, readKeys, revokeRow } from './keys.store.ts'

/** What was asked for cannot be done: a sentence for whoever runs the command. */
export class KeyRefusal extends SpokenRefusal {}

export interface KeyWanted {
  readonly name: string
  readonly scopes: readonly string[]
  /** Where it is good, and below; null: everywhere. */
  readonly place: { readonly id: string; readonly path: string } | null
  readonly perMinute: number
  readonly expiresAt: Date | null
}

/** Makes a key. The key itself is in the answer and nowhere else. @throws KeyRefusal for a scope that is none */
export async function createKey(owner: Database, now: Date, wanted: KeyWanted): Promise<{ id: string; key: string }> {
  const known = scopesDeclared().map(({ name }) => name)
  const strange = wanted.scopes.filter((scope) => !known.includes(scope))
  if (strange.length > 0)
    throw new KeyRefusal({
      zh: `没有这个用途：${strange.join('、')}。可用的有：${known.join('、')}。`,
      en: `There is no such scope: ${strange.join(', ')}. There are: ${known.join(', ')}.`,
    })
  return transaction(owner, async (on, client) => {
    const { place } = wanted
    const id = newId(now.getTime())
    const key = newKey()
    const scopes = [...new Set(wanted.scopes)].sort()
    await insertKey(on, {
      id,
      name: wanted.name,
      secret: key,
      scopes,
      place: place?.id ?? null,
      perMinute: wanted.perMinute,
      now,
      expiresAt: wanted.expiresAt,
    })
    await record(
      { client, now, actor: { person: null } },
      {
        kind: 'key.created',
        record: id,
        path: place?.path ?? null,
        facts: { scopes: scopes.join(' '), perMinute: wanted.perMinute },
        ...(wanted.expiresAt ? { times: { expires: wanted.expiresAt.toISOString() } } : {}),
      },
    )
    return { id, key }
  })
}

/** Every key, newest first; never the key itself. */
export const listKeys = (owner: Database, now: Date): Promise<KeyListed[]> => readKeys(owner.sql, now)

/** Ends a key at once. @throws KeyRefusal where there is none, or it was revoked before */
export async function revokeKey(owner: Database, now: Date, id: string): Promise<void> {
  await transaction(owner, async (on, client) => {
    const revoked = await revokeRow(on, id, now)
    if (!revoked)
      throw new KeyRefusal({
        zh: '没有这把密钥，或它早已吊销。用 linli key list 看有哪些。',
        en: 'There is no such key, or it was revoked before. See linli key list.',
      })
    await record({ client, now, actor: { person: null } }, { kind: 'key.revoked', record: id, path: revoked.path })
  })
}
