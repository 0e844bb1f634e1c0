// Filling tables by the million: without their indexes and without the triggers of each row, which are put back and asked in bulk.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { root, withOwner } from '../context.ts'
import { note } from '../figures.ts'

/** Where the definitions of indexes stand while they are away. */
const away = join(root, 'indexes.json')

interface Away {
  /** Statements that take an index away, and that make it again. */
  readonly drop: string
  readonly make: string
}

/** Connects as the superuser of the embedded PostgreSQL: triggers of rows rest on its connections alone. */
export async function asSuperuser<T>(work: (client: pg.Client, url: string) => Promise<T>): Promise<T> {
  return withOwner(async ({ superuserUrl }) => {
    if (!superuserUrl) throw new Error('a province is loaded into the embedded PostgreSQL alone')
    const url = new URL(superuserUrl)
    url.pathname = '/linli'
    const client = new pg.Client({ connectionString: url.href, application_name: 'linli bench' })
    await client.connect()
    try {
      return await work(client, url.href)
    } finally {
      await client.end()
    }
  })
}

/** Takes the indexes of some tables away for as long as they are filled, makes them again, and asks every foreign key at once. */
export async function inBulk(client: pg.Client, tables: readonly string[], work: () => Promise<void>): Promise<void> {
  if (existsSync(away)) await makeAgain(client)
  // Checkpoints by time, not by how much was written.
  await client.query("alter system set max_wal_size = '12GB'")
  await client.query('select pg_reload_conf()')
  const { rows } = await client.query<Away>(
    `select format('drop index %s', x.indexrelid::regclass) as drop, pg_get_indexdef(x.indexrelid) as make
       from pg_index x where x.indrelid = any ($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = x.indexrelid)
     union all
     -- A key without overlaps is an index that grows slowly by single rows.
     select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname),
         format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
       from pg_constraint c where c.conrelid = any ($1::regclass[]) and c.conperiod and c.contype = 'p'`,
    [tables],
  )
  writeFileSync(away, JSON.stringify(rows))
  for (const { drop } of rows) await client.query(drop)
  await work()
  await makeAgain(client)
  await orphans(client, tables)
  for (const table of tables) await client.query(`vacuum analyze ${table}`)
  await client.query('alter system reset max_wal_size')
  await client.query('select pg_reload_conf()')
  await client.query('checkpoint')
}

async function makeAgain(client: pg.Client): Promise<void> {
  const began = performance.now()
  const kept = JSON.parse(readFileSync(away, 'utf8')) as Away[]
  await client.query("set maintenance_work_mem = '1GB'; set max_parallel_maintenance_workers = 2")
  for (const { make } of kept) {
    try {
      await client.query(make)
    } catch (error) {
      // Of a load that broke off: it was there still, or again.
      if (!['42P07', '42P16'].includes((error as { code?: string }).code ?? '')) throw error
    }
  }
  rmSync(away)
  note(`${kept.length} indexes made in ${((performance.now() - began) / 1_000).toFixed(0)} s`)
}

/** Rows that refer to nothing: what the foreign keys would have refused one by one. */
async function orphans(client: pg.Client, tables: readonly string[]): Promise<void> {
  const began = performance.now()
  const { rows } = await client.query<{ name: string; ask: string }>(
    `select c.conname as name, format('select count(*)::int as orphans from %s f where f.%I is not null and not exists (select from %s t where t.%I = f.%I)',
         c.conrelid::regclass, f.attname, c.confrelid::regclass, t.attname, f.attname) as ask
     from pg_constraint c
       join pg_attribute f on f.attrelid = c.conrelid and f.attnum = c.conkey[1]
       join pg_attribute t on t.attrelid = c.confrelid and t.attnum = c.confkey[1]
     where c.contype = 'f' and c.conrelid = any ($1::regclass[])`,
    [tables],
  )
  for (const { name, ask } of rows) {
    const { rows: found } = await client.query<{ orphans: number }>(ask)
    if (found[0]?.orphans) throw new Error(`${name}: ${found[0].orphans} rows refer to nothing`)
  }
  note(`${rows.length} foreign keys asked in ${((performance.now() - began) / 1_000).toFixed(0)} s`)
}
