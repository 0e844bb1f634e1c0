// What a room says of its tables for the archive: what goes into a whole one, what into that of a part, and why something stays.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Sentence } from '#kernel/config/index.ts'

/** How rows are chosen for the archive of a part; in a whole one all rows of a table stand. */
export type PartWay =
  /** All: shared, and about nobody. */
  | { readonly kind: 'all' }
  /** Those whose path lies in the part. */
  | { readonly kind: 'within'; readonly column: string }
  /** Those whose path lies in the part or leads to it. */
  | { readonly kind: 'around'; readonly column: string }
  /** Those that belong to a row that goes: `column` is its `key`. */
  | { readonly kind: 'along'; readonly column: string; readonly of: string; readonly key: string }
  /** Those that these columns (`table.column`) of rows that go name. */
  | { readonly kind: 'namedBy'; readonly columns: readonly string[] }
  /** Those about a record that goes, of whatever room: `column` holds its id, or JSON that does. With `within`: or whose path lies in the part. */
  | { readonly kind: 'about'; readonly column: string; readonly within?: string }
  /** None. */
  | { readonly kind: 'none' }

/** A column that is encrypted under the key of the installation; a part is sealed anew under a key of its own. */
export interface SealedColumn {
  readonly column: string
  readonly purpose: string
  /** To what it is bound: a column of the row, and what stands behind it. */
  readonly bound: string
  readonly suffix: string
  /** The column that holds the blind index of the same text, and the purpose of that. */
  readonly index?: readonly [column: string, purpose: string]
}

export interface More {
  /** Rows that a row that goes refers to go too, wherever they lie. */
  readonly pulled?: true
  /** Columns of rows that go only since they are referred to: emptied. */
  readonly bare?: readonly string[]
  /** Columns that are emptied in a part. */
  readonly emptied?: readonly string[]
  /** Columns that hold ids without a reference in the database, one or an array → the table. */
  readonly refers?: Readonly<Record<string, string>>
  readonly sealed?: readonly SealedColumn[]
  /** Columns that go into no archive: every installation makes its own. */
  readonly without?: readonly string[]
}

export interface TableArchive extends More {
  readonly whole: boolean
  readonly part: PartWay
  /** Why it stays, wherever it does. */
  readonly reason: Sentence | null
}

export interface RoomArchive {
  readonly room: string
  readonly archive: Readonly<Record<string, TableArchive>>
  /** Sequence → the column (`table.column`) whose highest number it goes on from. */
  readonly sequences: Readonly<Record<string, string>>
  /** Functions of the database that reckon anew what was left out as derived. */
  readonly rebuilds: readonly string[]
}

const goes = (part: PartWay, more: More = {}): TableArchive => ({ whole: true, part, reason: null, ...more })

export const all = (more?: More) => goes({ kind: 'all' }, more)
export const within = (column: string, more?: More) => goes({ kind: 'within', column }, more)
export const around = (column: string, more?: More) => goes({ kind: 'around', column }, more)
export const along = (column: string, of: string, more?: More, key = 'id') =>
  goes({ kind: 'along', column, of: qualified(of), key }, more)
export const about = (column: string, more?: More & { within?: string }) =>
  goes({ kind: 'about', column, ...(more?.within ? { within: more.within } : {}) }, more)
export const namedBy = (columns: readonly string[], more?: More) => goes({ kind: 'namedBy', columns }, more)
/** In a whole archive, and never in that of a part. */
export const wholeOnly = (zh: string, en: string, more?: More): TableArchive => ({
  ...goes({ kind: 'none' }, more),
  reason: { zh, en },
})
/** In no archive. */
export const leftOut = (zh: string, en: string): TableArchive => ({
  whole: false,
  part: { kind: 'none' },
  reason: { zh, en },
})

/** A column sealed for a purpose and bound to another column of its row. */
export const sealed = (
  column: string,
  purpose: string,
  bound: string,
  suffix = '',
  index?: readonly [column: string, purpose: string],
): SealedColumn => ({ column, purpose, bound, suffix, ...(index ? { index } : {}) })

/** A table by its whole name. */
export const qualified = (table: string): string => (table.includes('.') ? table : `public.${table}`)

/** A room's declaration; tables outside `public` with their schema. */
export function declareArchive(
  room: string,
  tables: Readonly<Record<string, TableArchive>>,
  more: { sequences?: Readonly<Record<string, string>>; rebuilds?: readonly string[] } = {},
): RoomArchive {
  const archive = Object.fromEntries(Object.entries(tables).map(([table, way]) => [qualified(table), way]))
  return { room, archive, sequences: more.sequences ?? {}, rebuilds: more.rebuilds ?? [] }
}

const isDeclaration = (value: unknown): value is RoomArchive =>
  typeof value === 'object' && value !== null && 'room' in value && 'archive' in value

const source = fileURLToPath(new URL('../..', import.meta.url))

/** Every declaration in the `.archive.ts` files of the house, by room. */
export async function loadArchives(folder: string = source): Promise<RoomArchive[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.archive.ts')).sort()
  const found: RoomArchive[] = []
  for (const name of names) {
    const exported: Record<string, unknown> = await import(pathToFileURL(join(folder, name)).href)
    found.push(...Object.values(exported).filter(isDeclaration))
  }
  return found.sort((a, b) => (a.room < b.room ? -1 : 1))
}

/** A database as the declarations are held to it. */
export interface Existing {
  /** Table → its columns. */
  readonly tables: ReadonlyMap<string, readonly string[]>
  readonly sequences: readonly string[]
}

/** What is wrong between the declarations and the tables that exist: forgotten, declared twice, or gone. */
export function compareArchives(rooms: readonly RoomArchive[], existing: Existing): string[] {
  const problems: string[] = []
  const owners = new Map<string, string>()
  for (const { room, archive, sequences } of rooms) {
    for (const [table, way] of Object.entries(archive)) {
      const other = owners.get(table)
      if (other) problems.push(`${table} is declared by ${other} and ${room}`)
      owners.set(table, room)
      const columns = existing.tables.get(table)
      if (!columns) problems.push(`${table}, declared by ${room}, does not exist`)
      for (const column of columnsOf(way))
        if (columns && !columns.includes(column)) problems.push(`${table}.${column}, named by ${room}, does not exist`)
      for (const named of namesOf(way)) {
        const [target, column] = named
        if (!existing.tables.get(target)?.includes(column))
          problems.push(`${target}.${column}, named by ${room}, does not exist`)
      }
    }
    for (const [sequence, column] of Object.entries(sequences)) {
      if (!existing.sequences.includes(sequence)) problems.push(`the sequence ${sequence} does not exist`)
      const [target, name] = apart(column)
      if (!existing.tables.get(target)?.includes(name)) problems.push(`${target}.${name} does not exist`)
    }
  }
  for (const table of existing.tables.keys()) if (!owners.has(table)) problems.push(`${table} is not declared`)
  const numbered = new Set(rooms.flatMap(({ sequences }) => Object.keys(sequences)))
  for (const sequence of existing.sequences)
    if (!numbered.has(sequence)) problems.push(`the sequence ${sequence} is not declared`)
  return problems.sort()
}

/** `table.column` or `schema.table.column`, apart. */
export function apart(column: string): [table: string, column: string] {
  const at = column.lastIndexOf('.')
  return [qualified(column.slice(0, at)), column.slice(at + 1)]
}

function columnsOf({ part, bare, emptied, refers, sealed: closed, without }: TableArchive): string[] {
  return [
    ...('column' in part ? [part.column] : []),
    ...(bare ?? []),
    ...(emptied ?? []),
    ...Object.keys(refers ?? {}),
    ...(closed ?? []).flatMap(({ column, bound, index }) => [column, bound, ...(index ? [index[0]] : [])]),
    ...(without ?? []),
  ]
}

function namesOf({ part, refers }: TableArchive): [table: string, column: string][] {
  return [
    ...(part.kind === 'along' ? [[part.of, part.key] as [string, string]] : []),
    ...(part.kind === 'namedBy' ? part.columns.map(apart) : []),
    ...Object.values(refers ?? {}).map((table) => [qualified(table), 'id'] as [string, string]),
  ]
}
