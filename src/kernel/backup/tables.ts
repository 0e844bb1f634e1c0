// What the database holds and which of it travels.
import type pg from 'pg'
import type { ArchivedTable } from './shape.ts'

/** What stays behind although it is a table of this program's, and why. Everything else travels, tables of later migrations too. */
export const leftOut: Readonly<Record<string, string>> = {
  'public.migration': 'written by the migrations themselves, which a restore runs up to the level of the archive',
  'access.key':
    'seals the context of a transaction while it lasts; every database makes its own, and an archive holds no keys',
  'auth.session': 'a sign-in that was ended since would be open again: after a restore everybody signs in anew',
  'auth.verification': 'codes of some minutes',
}

/** Not the schemas of PostgreSQL itself, nor that of the queues, of which the waiting jobs alone travel. */
export const ours = "n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgboss')"

/** Jobs that still have to be done. One that is being done when the backup is taken is to be tried again. */
export const jobTable = 'pgboss.job'

export interface FoundTable extends ArchivedTable {
  /** Its statement for COPY. */
  readonly source: string
  readonly bytes: number
}

/** A name as SQL writes it. */
export const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')

/**
 * The tables that travel, the largest first. Counters that PostgreSQL itself empties after a crash (unlogged tables) do not, nor
 * columns that are reckoned from others.
 */
export async function travellingTables(client: pg.ClientBase): Promise<FoundTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; bytes: string }>(
    `select n.nspname || '.' || c.relname as name, pg_table_size(c.oid) as bytes,
       (select array_agg(attname::text order by attnum) from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and c.relpersistence = 'p' and not c.relispartition
       and (${ours} and not (n.nspname || '.' || c.relname) = any ($1) or n.nspname || '.' || c.relname = '${jobTable}')
     order by pg_table_size(c.oid) desc, 1`,
    [Object.keys(leftOut)],
  )
  return rows.map(({ name, columns, bytes }) => ({
    name,
    columns,
    bytes: Number(bytes),
    source: sourceOf(name, columns),
  }))
}

function sourceOf(name: string, columns: readonly string[]): string {
  if (name !== jobTable) return `${quoted(name)} (${columns.map(quoted).join(', ')})`
  const chosen = columns.map((column) =>
    column === 'state' ? "case when state = 'active' then 'retry' else state end" : quoted(column),
  )
  return `(select ${chosen.join(', ')} from ${quoted(name)} where state in ('created', 'retry', 'active'))`
}

/** The last value drawn from each sequence; null where none was. */
export async function sequencesOf(client: pg.ClientBase): Promise<Record<string, string | null>> {
  const { rows } = await client.query<{ name: string; last: string | null }>(
    `select n.schemaname || '.' || n.sequencename as name, n.last_value::text as last from pg_sequences n
     where n.schemaname !~ '^pg_' and n.schemaname <> 'pgboss' and n.sequencename <> 'migration_id_seq' order by 1`,
  )
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]))
}

/** The migrations that have run, in order; null where this is no database of Linli. */
export async function migrationsOf(client: pg.ClientBase): Promise<string[] | null> {
  const { rows } = await client.query<{ there: boolean }>("select to_regclass('public.migration') is not null as there")
  if (!rows[0]?.there) return null
  const names = await client.query<{ name: string }>('select name from public.migration order by name')
  return names.rows.map(({ name }) => name)
}

/** Whether anybody made anything in this database. What came with an extension of its administrator does not count. */
export async function isEmpty(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ empty: boolean }>(
    `select not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'v', 'm', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
         and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')) as empty`,
  )
  return rows[0]?.empty ?? false
}

/** One session for a copy: values are written so that any other PostgreSQL reads them alike, and no policy leaves a row out unseen. */
export const copySession = `set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set timezone = 'UTC'; set extra_float_digits = 1;
  set bytea_output = 'hex'; set client_encoding = 'UTF8'; set row_security = off; set statement_timeout = 0; set lock_timeout = 0;
  set idle_in_transaction_session_timeout = 0`
