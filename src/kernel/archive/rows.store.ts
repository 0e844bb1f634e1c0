// How rows stand in an archive: one JSON object a line, as PostgreSQL writes it, with the names of the database. What a JSON parser could
// not hold exactly (bigint, numeric) is written as text.
import type pg from 'pg'
import { jobTable, quoted } from '../backup/index.ts'
import type { ArchivedColumn } from './shape.ts'

/** A column as it is written and read. */
export interface Column extends ArchivedColumn {
  readonly nullable: boolean
}

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** Columns of the primary key; empty where there is none. */
  readonly key: readonly string[]
}

/** Every table that lasts, and every sequence. */
export async function existingTables(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<{
    name: string
    key: string[] | null
    columns: { name: string; type: string; nullable: boolean }[]
  }>(
    `select n.nspname || '.' || c.relname as name,
       (select array_agg(a.attname::text order by array_position(k.conkey, a.attnum)) from pg_constraint k
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey) where k.conrelid = c.oid and k.contype = 'p') as key,
       (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull)
          order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition
       and (n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgboss') or n.nspname || '.' || c.relname = '${jobTable}')
     order by 1`,
  )
  return rows.map(({ name, key, columns }) => ({
    name,
    key: key ?? [],
    columns: columns.map((column) => (isJson(column.type) && column.nullable ? { ...column, boxed: true } : column)),
  }))
}

/** The sequences that count something of the house's own. */
export async function existingSequences(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select schemaname || '.' || sequencename as name from pg_sequences
     where schemaname !~ '^pg_' and schemaname <> 'pgboss' and sequencename <> 'migration_id_seq' order by 1`,
  )
  return rows.map(({ name }) => name)
}

const isJson = (type: string): boolean => type === 'jsonb' || type === 'json'

/** The value of a column as it is written. @param from what gives the column its value */
function written({ type, boxed }: Column, from: string): string {
  if (/^(bigint|numeric)(\(.*\))?\[\]$/.test(type)) return `${from}::text[]`
  if (/^(bigint|numeric)/.test(type)) return `${from}::text`
  if (boxed) return `case when ${from} is null then null else jsonb_build_array(${from}) end`
  return from
}

/** A table `t`, or a join of it, as lines. */
export interface Lines {
  readonly columns: readonly Column[]
  /** From where, and which rows: `public.thing t where …`. */
  readonly from: string
  readonly order: string
  /** Another value than the column's own. */
  readonly instead?: Readonly<Record<string, string>>
}

/** The statement that sends lines, each a JSON object, and nothing else: no JSON text holds the characters U+0001 and U+0002. */
export function copyOut({ columns, from, order, instead = {} }: Lines): string {
  const values = columns.map((column) => {
    const { name } = column
    return `${written(column, instead[name] ?? `t.${quoted(name)}`)} as ${quoted(name)}`
  })
  const rows = `select ${values.join(', ')} from ${from}${order === '' ? '' : ` order by ${order}`}`
  return `copy (select row_to_json(r) from (${rows}) r) to stdout (format csv, quote e'\\x01', delimiter e'\\x02')`
}

/** The same order in every database: by the key, or where there is none by everything. */
export function orderOf({ columns, key }: Table): string {
  const by = key.length > 0 ? key : columns.map(({ name }) => name)
  return by
    .map((name) => {
      const type = columns.find((column) => column.name === name)?.type ?? ''
      return `t.${quoted(name)}${/^(text|character)/.test(type) ? ' collate "C"' : ''}`
    })
    .join(', ')
}

/** The same rows as they are, where jobs that are being done are to be tried again. */
export function rowsOf(table: Table): Pick<Lines, 'from' | 'instead'> {
  if (table.name !== jobTable) return { from: `${quoted(table.name)} t` }
  return {
    from: `${quoted(table.name)} t where t.state in ('created', 'retry', 'active')`,
    instead: { state: "case when t.state = 'active' then 'retry' else t.state end" },
  }
}

/**
 * Puts lines into their table.
 * @returns how many rows went in; fewer than lines where jobs of queues that are no more were left
 */
export async function putIn(client: pg.ClientBase, table: Table, lines: readonly string[]): Promise<number> {
  const names = table.columns.map(({ name }) => quoted(name))
  const values = table.columns.map(({ name, type, boxed, nullable }) => {
    const column = `r.${quoted(name)}`
    if (boxed) return `${column} -> 0`
    return isJson(type) && !nullable ? `coalesce(${column}, 'null')` : column
  })
  const known = table.name === jobTable ? ' where r.name in (select name from pgboss.queue)' : ''
  const { rowCount } = await client.query({
    text: `insert into ${quoted(table.name)} (${names.join(', ')}) overriding system value
      select ${values.join(', ')} from json_populate_recordset(null::${quoted(table.name)}, $1::json) r${known}`,
    values: [`[${lines.join(',')}]`],
  })
  return rowCount ?? 0
}

/** Empties tables of what the migrations put there. */
export async function emptyTables(client: pg.ClientBase, tables: readonly string[]): Promise<void> {
  if (tables.length > 0) await client.query(`truncate ${tables.map(quoted).join(', ')}`)
}

/** Lets a sequence go on from a number. */
export async function goOnFrom(client: pg.ClientBase, sequence: string, last: string | null): Promise<void> {
  if (last !== null) await client.query('select setval($1::regclass, $2)', [quoted(sequence), last])
}

/** The highest number that stands in a column; null where none does. */
export async function highestOf(client: pg.ClientBase, table: string, column: string): Promise<string | null> {
  const { rows } = await client.query<{ highest: string | null }>(
    `select max(${quoted(column)})::text as highest from ${quoted(table)}`,
  )
  return rows[0]?.highest ?? null
}

/** Functions that reckon anew what was left out. */
export async function rebuild(client: pg.ClientBase, functions: readonly string[]): Promise<void> {
  for (const name of functions) await client.query(`select ${quoted(name)}()`)
}

export async function analyse(client: pg.ClientBase, tables: readonly string[]): Promise<void> {
  for (const name of tables) await client.query(`analyze ${quoted(name)}`)
}

/** About how many rows tables have. */
export async function estimateOf(client: pg.ClientBase, tables: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ total: number }>(
    'select coalesce(sum(greatest(reltuples, 0)), 0)::float8 as total from pg_class where oid = any ($1::regclass[])',
    [tables.map(quoted)],
  )
  return rows[0]?.total ?? 0
}
