// A database while a backup is restored into it: marked within itself, since other processes on other machines may want to serve it, and
// closed to those that serve: what they wrote meanwhile would be thrown away, and rows that are loaded have no triggers and keys yet.
import type pg from 'pg'
import { type Addresses, connect, credentials, DatabaseRefusal } from '../database/migrate.ts'
import { ArchiveRefusal } from './refusal.ts'
import { isEmpty } from './tables.ts'

async function asOwner<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  await using connection = await connect(ownerUrl, 'linli restore')
  return await work(connection.client)
}

async function isMarked(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ marked: boolean }>(
    "select to_regclass('public.restoring') is not null as marked",
  )
  return rows[0]?.marked ?? false
}

/** @throws DatabaseRefusal where a restore into this database was begun and not finished */
export async function refuseMarkedDatabase(ownerUrl: string): Promise<void> {
  if (!(await asOwner(ownerUrl, isMarked))) return
  throw new DatabaseRefusal({
    zh: '这个数据库只恢复了一半，不能使用。请再执行一次 linli restore（或 linli import archive），它会从头来过。',
    en: 'This database is half restored and cannot be used. Run linli restore (or linli import archive) again; it begins anew.',
  })
}

async function refuseInhabited(client: pg.ClientBase): Promise<void> {
  if ((await isEmpty(client)) || (await isMarked(client))) return
  throw new ArchiveRefusal(
    {
      zh: '这个数据库不是空的，没有动它。只能恢复到空的数据库：请另建一个（见 deploy/roles.sql 的最后一句）。',
      en: 'This database is not empty, and was left alone. A backup is restored into an empty one: make another (the last statement of deploy/roles.sql).',
    },
    'installation',
  )
}

/**
 * @throws ArchiveRefusal where the database holds anything but a restore that was broken off, or processes that serve are connected to it;
 *   nothing is touched
 */
export function refuseInhabitedDatabase(addresses: Addresses): Promise<void> {
  return asOwner(addresses.ownerUrl, async (client) => {
    await refuseInhabited(client)
    await refuseServed(client, servingRoles(addresses))
  })
}

/** The roles of those who serve; never the owner, who restores. */
function servingRoles({ ownerUrl, databaseUrl, jobsUrl, authUrl }: Addresses): string[] {
  const owner = credentials(ownerUrl).user
  return [...new Set([databaseUrl, jobsUrl, authUrl].map((url) => credentials(url).user))].filter(
    (user) => user !== owner,
  )
}

async function refuseServed(client: pg.ClientBase, roles: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ who: string }>(
    `select usename || ' ' || string_agg(pid::text, ', ' order by pid) as who from pg_stat_activity
     where datname = current_database() and usename = any ($1) group by usename order by usename`,
    [roles],
  )
  if (rows.length === 0) return
  const who = rows.map((row) => row.who).join('; ')
  throw new ArchiveRefusal(
    {
      zh: `还有邻里的进程连着这个数据库（${who}）。请先停下所有进程，再恢复：恢复期间它们写下的会丢失。什么都没有恢复。`,
      en: `Processes of Linli are still connected to this database (${who}). Stop them all, then restore: what they wrote meanwhile would be lost. Nothing was restored.`,
    },
    'installation',
  )
}

/** Only the owner of a database may do this; where it is another's, PostgreSQL warns, and the look behind the mark has to do. */
async function letConnect(client: pg.Client, way: 'grant' | 'revoke', roles: readonly string[]): Promise<void> {
  if (roles.length === 0) return
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name')
  const named = roles.map((role) => client.escapeIdentifier(role)).join(', ')
  const direction = way === 'grant' ? 'to' : 'from'
  try {
    await client.query(`${way} connect on database ${rows[0]?.name} ${direction} ${named}`)
  } catch (error) {
    if ((error as pg.DatabaseError).code !== '42501') throw error
  }
}

/**
 * Marks an empty database and closes it to those who serve; what a restore that was broken off left is removed first.
 * @throws ArchiveRefusal where it is not empty, or processes that serve are connected to it
 */
export async function markRestoring(addresses: Addresses): Promise<void> {
  const roles = servingRoles(addresses)
  await refuseInhabitedDatabase(addresses)
  await asOwner(addresses.ownerUrl, async (client) => {
    // Everything in it was made by the restore that made the mark.
    if (await isMarked(client)) await client.query('drop owned by current_user cascade')
    await client.query('create table public.restoring (begun_at timestamptz not null default now())')
    await letConnect(client, 'revoke', roles)
    try {
      // Whoever came between the first look and the door's being shut.
      await refuseServed(client, roles)
    } catch (error) {
      await open(client, roles)
      throw error
    }
  })
}

/** Takes everything back that was made since the mark: the database is as empty as it was, and open again. */
export function takeBackFrom(addresses: Addresses): Promise<void> {
  return asOwner(addresses.ownerUrl, async (client) => {
    if (!(await isMarked(client))) return
    await client.query('drop owned by current_user cascade')
    await letConnect(client, 'grant', servingRoles(addresses))
  })
}

/** The restore is whole: those who serve may connect again. */
export function unmark(addresses: Addresses): Promise<void> {
  return asOwner(addresses.ownerUrl, (client) => open(client, servingRoles(addresses)))
}

async function open(client: pg.Client, roles: readonly string[]): Promise<void> {
  await client.query('drop table public.restoring')
  await letConnect(client, 'grant', roles)
}
