// Rows are loaded into bare tables: what holds them together is taken down before and put up again behind them. The owner of the tables
// may do all of this, so that a database of one's own needs no superuser. An index that is built at once is also far cheaper than one
// that grows row by row.
import type pg from 'pg'
import { ours } from './tables.ts'

export interface TakenDown {
  /** Indexes, and keys over periods with theirs: in any order, several at once on one table; those that take longest first. */
  readonly indexes: readonly string[]
  /** Keys upon their indexes, which take the table for themselves. */
  readonly constraints: readonly string[]
  /** References, which need the keys of the other table; not yet looked at. */
  readonly references: readonly string[]
  /** Looks whether the references lead somewhere: of each table one after the other, of several tables at once. */
  readonly validations: readonly (readonly string[])[]
  /** Triggers that were on. */
  readonly triggers: readonly string[]
}

interface Constraint {
  table: string
  name: string
  kind: 'p' | 'u' | 'x' | 'f'
  definition: string
  /** How its index is made; null where it is made by the constraint alone. */
  index: string | null
  using: string
}

/**
 * Takes down keys, references, indexes and triggers of every table but those of the queues.
 * @param largestFirst tables in the order in which they are worth beginning with
 * @returns the statements that put them up again
 */
export async function takeDown(client: pg.ClientBase, largestFirst: readonly string[]): Promise<TakenDown> {
  const size = "array_position($1::text[], n.nspname || '.' || t.relname)"
  const { rows: constraints } = await client.query<Constraint>(
    `select c.conrelid::regclass::text as "table", quote_ident(c.conname) as name, c.contype as kind,
       pg_get_constraintdef(c.oid) as definition,
       -- A key over periods is no plain index, and is made whole.
       case when c.contype in ('p', 'u') and not c.conperiod then pg_get_indexdef(c.conindid) end as index,
       case c.contype when 'p' then 'primary key' else 'unique' end || ' using index ' || quote_ident(c.conname)
         || case when c.condeferrable then ' deferrable' else '' end || case when c.condeferred then ' initially deferred' else '' end as using
     from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
     where c.contype in ('p', 'u', 'x', 'f') and ${ours}
     order by ${size}, c.conname`,
    [largestFirst],
  )
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am a on a.oid = x.relam
       join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
     where ${ours}
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
     order by a.amname = 'btree', ${size}, 1`,
    [largestFirst],
  )
  const { rows: triggers } = await client.query<{ table: string; name: string; state: string }>(
    `select tgrelid::regclass::text as "table", quote_ident(tgname) as name, tgenabled as state
     from pg_trigger join pg_class t on t.oid = tgrelid join pg_namespace n on n.oid = t.relnamespace
     where not tgisinternal and tgenabled <> 'D' and ${ours}`,
  )
  const references = constraints.filter(({ kind }) => kind === 'f')
  const keys = constraints.filter(({ kind }) => kind !== 'f')
  for (const { table, name } of [...references, ...keys])
    await client.query(`alter table ${table} drop constraint ${name}`)
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  for (const { table, name } of triggers) await client.query(`alter table ${table} disable trigger ${name}`)
  const add = ({ table, name, definition }: Constraint): string =>
    `alter table ${table} add constraint ${name} ${definition}`
  return {
    indexes: [
      ...keys.filter(({ index }) => index === null).map(add),
      ...indexes.map(({ definition }) => definition),
      ...keys.flatMap(({ index }) => index ?? []),
    ],
    constraints: keys
      .filter(({ index }) => index !== null)
      .map(({ table, name, using }) => `alter table ${table} add constraint ${name} ${using}`),
    references: references.map((reference) => `${add(reference)} not valid`),
    validations: [...Map.groupBy(references, ({ table }) => table).values()].map((each) =>
      each.map(({ table, name }) => `alter table ${table} validate constraint ${name}`),
    ),
    triggers: triggers.map(
      ({ table, name, state }) =>
        `alter table ${table} enable ${{ A: 'always ', R: 'replica ' }[state] ?? ''}trigger ${name}`,
    ),
  }
}
