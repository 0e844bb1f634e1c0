// Rows of keys: shown and counted by the serving role, made and revoked by the owner on the command line.
import { sql } from 'kysely'
import type { Sql } from '../database/index.ts'
import { hashToken } from '../encryption/index.ts'
import type { KeyRow } from './keys.rules.ts'

/** The key of a text, whether it holds or not; null where there is none. */
export async function readKey(on: Sql, text: string): Promise<KeyRow | null> {
  const { rows } = await sql<KeyRow>`select * from api_key_shown(${hashToken(text)})`.execute(on)
  return rows[0] ?? null
}

/** Counts one use: the pattern of the address and the status, nothing else. */
export async function countUse(on: Sql, text: string, what: string, status: number): Promise<void> {
  await sql`select api_key_used(${hashToken(text)}, ${what}, ${status})`.execute(on)
}

export interface NewKeyRow {
  readonly id: string
  readonly name: string
  readonly secret: string
  readonly scopes: readonly string[]
  readonly place: string | null
  readonly perMinute: number
  readonly now: Date
  readonly expiresAt: Date | null
}

/** As the owner. */
export async function insertKey(on: Sql, key: NewKeyRow): Promise<void> {
  await on
    .insertInto('api_key')
    .values({
      id: key.id,
      name: key.name,
      secret_hash: hashToken(key.secret),
      scopes: [...key.scopes],
      place: key.place,
      per_minute: key.perMinute,
      created_at: key.now.toISOString(),
      expires_at: key.expiresAt?.toISOString() ?? null,
    })
    .execute()
}

export interface KeyListed {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly place: string | null
  readonly perMinute: number
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
  /** Calls of the last thirty days: all, and those that were refused. */
  readonly calls: number
  readonly refused: number
}

/** As the owner. Every key, newest first. */
export async function readKeys(on: Sql, now: Date): Promise<KeyListed[]> {
  const { rows } = await sql<KeyListed>`
    select k.id, k.name, k.scopes, p.code as place, k.per_minute as "perMinute", k.created_at as "createdAt",
      k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt", k.revoked_at as "revokedAt",
      coalesce(sum(u.times), 0)::int as calls, coalesce(sum(u.times) filter (where u.status >= 400), 0)::int as refused
    from api_key k left join place p on p.id = k.place
      left join api_key_use u on u.key = k.id and u.hour > ${now}::timestamptz - interval '30 days'
    group by k.id, p.code order by k.id desc`.execute(on)
  return rows
}

/** As the owner. The path of the place a key was bound to; undefined where there is no such key, or it was revoked before. */
export async function revokeRow(on: Sql, id: string, now: Date): Promise<{ path: string | null } | undefined> {
  const { rows } = await sql<{ path: string | null }>`
    update api_key k set revoked_at = ${now} where id = ${id} and revoked_at is null
    returning (select p.path from place p where p.id = k.place) as path`.execute(on)
  return rows[0]
}

/** What keys were used for is kept for thirty days. As the role of jobs. */
export async function sweepUses(on: Sql, now: Date): Promise<void> {
  await sql`delete from api_key_use where hour < ${now}::timestamptz - interval '30 days'`.execute(on)
}
