// A database while a backup is restored into it: marked within itself, since other processes on other machines may want to serve it.
import pg from 'pg'
import { DatabaseRefusal } from '../database/migrate.ts'
import { ArchiveRefusal } from './refusal.ts'
import { isEmpty } from './tables.ts'

async function withClient<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'linli restore' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function isMarked(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ marked: boolean }>(
    "select to_regclass('public.restoring') is not null as marked",
  )
  return rows[0]?.marked ?? false
}

/** @throws DatabaseRefusal where a restore into this database was begun and not finished */
export async function refuseHalfRestored(ownerUrl: string): Promise<void> {
  if (!(await withClient(ownerUrl, isMarked))) return
  throw new DatabaseRefusal({
    zh: '这个数据库只恢复了一半，不能使用。请再执行一次 linli restore，它会从头来过。',
    en: 'This database is half restored and cannot be used. Run linli restore again; it begins anew.',
  })
}

/** @throws ArchiveRefusal where the database holds anything but a restore that was broken off; nothing is touched */
export function refuseInhabitedDatabase(ownerUrl: string): Promise<void> {
  return withClient(ownerUrl, async (client) => {
    if ((await isEmpty(client)) || (await isMarked(client))) return
    throw new ArchiveRefusal(
      {
        zh: '这个数据库不是空的，没有动它。只能恢复到空的数据库：请另建一个（见 deploy/roles.sql 的最后一句）。',
        en: 'This database is not empty, and was left alone. A backup is restored into an empty one: make another (the last statement of deploy/roles.sql).',
      },
      'installation',
    )
  })
}

/** Marks an empty database; what a restore that was broken off left is removed first. @throws ArchiveRefusal where it is not empty */
export async function markRestoring(ownerUrl: string): Promise<void> {
  await refuseInhabitedDatabase(ownerUrl)
  await withClient(ownerUrl, async (client) => {
    // Everything in it was made by the restore that made the mark.
    if (await isMarked(client)) await client.query('drop owned by current_user cascade')
    await client.query('create table public.restoring (begun_at timestamptz not null default now())')
  })
}

/** The restore is whole. */
export function unmark(ownerUrl: string): Promise<void> {
  return withClient(ownerUrl, async (client) => void (await client.query('drop table public.restoring')))
}
