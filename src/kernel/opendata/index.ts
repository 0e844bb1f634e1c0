// What rooms open to everybody as data: tables by month and documents. A port: each room says what it has, the room of open data serves it.
import type { Act } from '../access/index.ts'

/** A column, with a type of Frictionless Table Schema (specs.frictionlessdata.io/table-schema). */
export interface OpenColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'date' | 'datetime'
  /** Whether every row has a value in it. */
  readonly required?: true
}

export type OpenCell = string | number | null

/** Which rows are asked for. */
export interface OpenAsked {
  /** Path of a place: its own and those of everything below. */
  readonly path: string
  /** A month of the calendar, as `2026-11`. */
  readonly month: string
  /** Where the part before ended; null at the beginning. */
  readonly after: string | null
  /** The public address of this installation, for links to what a row is about. */
  readonly address: string
}

/** Some rows in a fixed order; `next` is null where they were the last. */
export interface OpenPart {
  readonly rows: OpenCell[][]
  readonly next: string | null
}

/** A table whose rows each belong to a month. Its words stand under `opendata.<name>.title`, `.about` and `.column.<column>`. */
export interface OpenTable {
  /** As it stands in addresses and names of files: lower-case letters. */
  readonly name: string
  readonly columns: readonly OpenColumn[]
  readonly primaryKey: readonly string[]
  /** Whether there can be rows of a place, by its path. */
  readonly tells: (path: string) => boolean
  /** Whether the month that is not over is told too. */
  readonly untilNow: boolean
  /** The month of the earliest row of all; null where there is none. */
  readonly first: (act: Act) => Promise<string | null>
  readonly read: (act: Act, asked: OpenAsked) => Promise<OpenPart>
}

/** A document in a format of its own. Its words stand under `opendata.<name>.title` and `.about`. */
export interface OpenDocument {
  readonly name: string
  readonly mediaType: string
  readonly read: (act: Act, asked: { readonly path: string; readonly address: string }) => Promise<unknown>
}

const tables = new Map<string, OpenTable>()
const documents = new Map<string, OpenDocument>()

/** A room opens a table. */
export function registerOpenTable(table: OpenTable): void {
  tables.set(table.name, table)
}

/** A room opens a document. */
export function registerOpenDocument(document: OpenDocument): void {
  documents.set(document.name, document)
}

/** Everything that is open, in the order in which rooms stand. */
export const openTables = (): readonly OpenTable[] => [...tables.values()]
export const openDocuments = (): readonly OpenDocument[] => [...documents.values()]
