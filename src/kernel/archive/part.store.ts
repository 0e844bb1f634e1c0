// Which rows belong to the archive of a part: seeds by what the rooms declare, then what those refer to. Rows are remembered by where they
// lie (ctid), which stays while the snapshot is held; so tables without a key are chosen alike.
import type pg from 'pg'
import { quoted } from '../backup/index.ts'
import { qualified, type TableArchive } from './declaring.ts'
import type { Column, Lines, Table } from './rows.store.ts'
import type { Scope } from './shape.ts'

/** The name of the table that remembers which rows of a table go. */
export type Going = ReadonlyMap<string, string>

interface Reference {
  readonly table: string
  readonly column: string
  readonly target: string
  readonly key: string
  readonly nullable: boolean
  /** One id, or an array of them. */
  readonly array: boolean
}

/** Makes what the choice is written down in: before the transaction, which then only reads what lasts. */
export async function prepareChoice(client: pg.ClientBase, tables: readonly string[]): Promise<Going> {
  const going = new Map<string, string>()
  await client.query('create temporary table archive_id (id uuid primary key)')
  for (const table of tables) {
    const name = `archive_going_${going.size}`
    await client.query(`create temporary table ${name} (at tid primary key, pulled boolean not null)`)
    going.set(table, name)
  }
  return going
}

export interface Choice {
  readonly ways: ReadonlyMap<string, TableArchive>
  readonly tables: readonly Table[]
  readonly going: Going
  readonly scope: Scope
}

/** Chooses the rows. */
export async function choose(client: pg.ClientBase, choice: Choice): Promise<readonly Reference[]> {
  const references = await referencesOf(client, choice)
  const waiting = new Set([...choice.ways].filter(([, { part }]) => part.kind !== 'none').map(([name]) => name))
  const late = (name: string): boolean => choice.ways.get(name)?.part.kind === 'about'
  for (const round of [false, true]) {
    for (let before = -1; before !== waiting.size; ) {
      before = waiting.size
      for (const name of [...waiting]) {
        if (
          (!round && late(name)) ||
          needsOf(name, choice, references).some((need) => need !== name && waiting.has(need))
        )
          continue
        await seed(client, name, choice, references)
        waiting.delete(name)
      }
    }
  }
  if (waiting.size > 0)
    throw new Error(`the archive of a part cannot be chosen: ${[...waiting].join(', ')} wait for each other`)
  await pull(client, choice, references)
  return references
}

/** Tables whose rows have to be chosen before. */
function needsOf(name: string, { ways }: Choice, references: readonly Reference[]): string[] {
  const { part } = ways.get(name) as TableArchive
  const named =
    part.kind === 'namedBy' ? part.columns.map((column) => qualified(column.slice(0, column.lastIndexOf('.')))) : []
  return [
    ...(part.kind === 'along' ? [part.of] : []),
    ...named,
    ...required(name, ways, references).map(({ target }) => target),
  ]
}

/** References that a row cannot be without, to rows that do not go for its sake. */
function required(name: string, ways: Choice['ways'], references: readonly Reference[]): Reference[] {
  return references.filter(({ table, target, nullable, array }) => {
    const way = ways.get(target)
    return table === name && !nullable && !array && target !== name && !way?.pulled && way?.part.kind !== 'all'
  })
}

const inGoing = (column: string, target: string, key: string, going: Going): string =>
  `${column} in (select k.${quoted(key)} from ${quoted(target)} k join ${going.get(target)} g on g.at = k.ctid)`

async function seed(
  client: pg.ClientBase,
  name: string,
  choice: Choice,
  references: readonly Reference[],
): Promise<void> {
  const { ways, going, scope, tables } = choice
  const { part } = ways.get(name) as TableArchive
  const values: string[] = []
  const below = (column: string): string => {
    values.push(scope.path, `${scope.path}~`)
    return `(t.${quoted(column)} >= $1 and t.${quoted(column)} < $2)`
  }
  const chosen = (): string => {
    if (part.kind === 'within') return below(part.column)
    if (part.kind === 'around') return `(${below(part.column)} or starts_with($1, t.${quoted(part.column)}))`
    if (part.kind === 'along') return inGoing(`t.${quoted(part.column)}`, part.of, part.key, going)
    if (part.kind === 'about')
      return aboutIt(part.column, name, tables, part.within === undefined ? null : below(part.within))
    if (part.kind === 'namedBy') {
      const named = part.columns.map((column) => {
        const at = column.lastIndexOf('.')
        const from = qualified(column.slice(0, at))
        return `select k.${quoted(column.slice(at + 1))} from ${quoted(from)} k join ${going.get(from)} g on g.at = k.ctid`
      })
      return `t.id in (${named.join(' union ')})`
    }
    return 'true'
  }
  const conditions = [
    chosen(),
    ...required(name, ways, references).map(({ column, target, key }) =>
      inGoing(`t.${quoted(column)}`, target, key, going),
    ),
  ]
  await client.query(
    `insert into ${going.get(name)} (at, pulled) select t.ctid, false from ${quoted(name)} t where ${conditions.join(' and ')}`,
    values,
  )
  const hasId = tables
    .find((table) => table.name === name)
    ?.columns.some((column) => column.name === 'id' && column.type === 'uuid')
  if (hasId && ['within', 'along'].includes(part.kind)) {
    await client.query(
      `insert into archive_id select t.id from ${quoted(name)} t join ${going.get(name)} g on g.at = t.ctid on conflict do nothing`,
    )
  }
}

/** Rows about a record that goes, by a column that holds its id or JSON whose values do. */
function aboutIt(column: string, name: string, tables: readonly Table[], within: string | null): string {
  const type = tables.find((table) => table.name === name)?.columns.find((each) => each.name === column)?.type
  const known =
    type === 'jsonb'
      ? `exists (select from jsonb_each_text(t.${quoted(column)}) e where e.value in (select id::text from archive_id))`
      : `t.${quoted(column)} in (select id from archive_id)`
  return within === null ? known : `(${known} or ${within})`
}

/** Takes along what rows that go refer to, until nothing is missing. */
async function pull(client: pg.ClientBase, { ways, going }: Choice, references: readonly Reference[]): Promise<void> {
  const pulling = references.filter(
    ({ table, column, target }) =>
      ways.get(target)?.pulled && going.has(table) && !(ways.get(table)?.emptied ?? []).includes(column),
  )
  for (let found = 1; found > 0; ) {
    found = 0
    for (const { table, column, target, key, array } of pulling) {
      const named = `select ${array ? `unnest(t.${quoted(column)})` : `t.${quoted(column)}`} from ${quoted(table)} t
        join ${going.get(table)} g on g.at = t.ctid`
      const { rowCount } = await client.query(
        `insert into ${going.get(target)} (at, pulled) select u.ctid, true from ${quoted(target)} u
         where u.${quoted(key)} in (${named}) on conflict do nothing`,
      )
      found += rowCount ?? 0
    }
  }
}

async function referencesOf(client: pg.ClientBase, { ways, tables }: Choice): Promise<Reference[]> {
  const { rows } = await client.query<Omit<Reference, 'array'>>(
    `select n.nspname || '.' || c.relname as "table", a.attname::text as "column", m.nspname || '.' || d.relname as target,
       b.attname::text as key, not a.attnotnull as nullable
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_class d on d.oid = k.confrelid join pg_namespace m on m.oid = d.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
       join pg_attribute b on b.attrelid = d.oid and b.attnum = k.confkey[1]
     where k.contype = 'f' and cardinality(k.conkey) = 1 and n.nspname <> 'pgboss' order by 1, 2, 3`,
  )
  const columns = new Map(tables.map((table) => [table.name, table.columns]))
  const declared = [...ways].flatMap(([table, { refers }]) =>
    Object.entries(refers ?? {}).map(([column, target]) => ({
      table,
      column,
      target: qualified(target),
      key: 'id',
      nullable: true,
      array:
        columns
          .get(table)
          ?.find(({ name }) => name === column)
          ?.type.endsWith('[]') ?? false,
    })),
  )
  return [...rows.map((row) => ({ ...row, array: false })), ...declared]
}

/** The lines of a table of a part: its rows that go, with what does not go along emptied. */
export function linesOfPart(
  table: Table,
  rows: Pick<Lines, 'from' | 'instead'>,
  { ways, going }: Choice,
  references: readonly Reference[],
): Pick<Lines, 'from' | 'instead'> {
  const way = ways.get(table.name) as TableArchive
  const instead: Record<string, string> = { ...rows.instead }
  for (const { column, target, key, nullable, array } of references.filter((each) => each.table === table.name)) {
    const there = ways.get(target)
    // What is no reference of the database may name what is not there.
    if (!nullable || array || there?.pulled || there?.part.kind === 'all' || way.refers?.[column]) continue
    const own = `t.${quoted(column)}`
    instead[column] =
      there?.part.kind === 'none' || !going.has(target)
        ? 'null'
        : `case when ${inGoing(own, target, key, going)} then ${own} end`
  }
  for (const column of way.bare ?? []) instead[column] = `case when not g.pulled then t.${quoted(column)} end`
  for (const column of way.emptied ?? []) instead[column] = emptied(table.columns.find(({ name }) => name === column))
  const [named, condition] = rows.from.split(' where ')
  const from = `${named} join ${going.get(table.name)} g on g.at = t.ctid${condition === undefined ? '' : ` where ${condition}`}`
  return { from, instead }
}

const emptied = (column: Column | undefined): string =>
  column && !column.nullable && column.type.endsWith('[]') ? `'{}'::${column.type}` : 'null'
