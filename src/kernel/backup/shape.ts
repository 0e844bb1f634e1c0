// What stands in an archive: docs/archive.md tells it to whoever has to read one without this program.
import { createHash, createHmac, hkdfSync } from 'node:crypto'

/**
 * Of the archive's own layout; raised where an older program could not read a newer archive. Rows travel as PostgreSQL's COPY writes them
 * in its binary format; in archives of format 1 it was the text format, which costs the database half as much again to read. Up to format
 * 2 the last line carried no seal.
 */
export const format = 3

/** How COPY reads the rows of an archive of this format. */
export function rowsOf(archive: number): 'text' | 'binary' {
  return archive === 1 ? 'text' : 'binary'
}

/** One table as it travels. */
export interface ArchivedTable {
  /** With its schema: `public.request`. */
  readonly name: string
  /** In the order of the columns of each row. */
  readonly columns: readonly string[]
}

/** The first member, `linli.json`. */
export interface Head {
  readonly format: number
  /** Version of the program that wrote it. */
  readonly program: string
  readonly takenAt: string
  readonly postgres: string
  /** The schema's level: every migration that had run, in order. */
  readonly migrations: readonly string[]
  /** Tells the right key from a wrong one, and nothing of it. */
  readonly key: string
  readonly tables: readonly ArchivedTable[]
}

/** The last member, `end.json`. */
export interface End {
  /** Rows and parts by the name of the table. */
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly parts: number }>>
  /** By name with schema; null where none was ever drawn. */
  readonly sequences: Readonly<Record<string, string | null>>
  readonly files: { readonly stored: number; readonly bytes: number; readonly missing: number }
  /** The register of acts as it stood. */
  readonly register: { readonly entries: number; readonly hash: string }
}

/** What PostgreSQL knew of the values of a column, as the columns of pg_stats: without it every table would have to be analysed anew. */
export type Statistics = Readonly<Record<string, string | number | boolean | readonly number[] | null>>

export const headName = 'linli.json'
/** The member before the last. */
export const statisticsName = 'statistics.json.zst'
export const endName = 'end.json'

/** The name of the member that holds a part of a table; parts count from 1. */
export function partName(table: string, part: number): string {
  return `tables/${table}/${String(part).padStart(6, '0')}.zst`
}

/** The table and the part that a member holds; null for any other member. */
export function partOf(name: string): { table: string; part: number } | null {
  const [, table, part] = /^tables\/([^/]+)\/(\d{6,})\.zst$/.exec(name) ?? []
  return table === undefined ? null : { table, part: Number(part) }
}

const files = 'files/'

export function fileName(key: string): string {
  return `${files}${key}`
}

/** The key of the file that a member holds; null for any other member. */
export function fileKeyOf(name: string): string | null {
  return name.startsWith(files) ? name.slice(files.length) : null
}

/** The line behind the tar. */
export interface Closing {
  readonly version: number
  /** SHA-256 of every byte before the line: finds damage, and can be made by anybody. */
  readonly hash: string
  /** Made with the key of the installation, and by nobody without it; null in archives that have none. */
  readonly seal: string | null
}

export function closingLine({ version, hash, seal }: Closing): string {
  return `linli archive ${version} sha256 ${hash}${seal === null ? '' : ` hmac-sha256 ${seal}`}\n`
}

/** The line at the end of these bytes; null where there is none. A line of a later format may say more. */
export function readClosing(tail: Buffer): Closing | null {
  const [, number, hash = '', seal = null] =
    /linli archive (\d+) sha256 ([0-9a-f]{64})(?: hmac-sha256 ([0-9a-f]{64}))?[^\n]*\n$/.exec(
      tail.toString('latin1'),
    ) ?? []
  const closing = { version: Number(number), hash, seal }
  if (number === undefined || closing.version > format) return number === undefined ? null : closing
  const whole = tail.toString('latin1').endsWith(closingLine(closing))
  return whole && (seal === null) === closing.version < 3 ? closing : null
}

/** The seal of an archive with this digest. */
export function sealOf(key: Buffer, hash: string): string {
  const own = Buffer.from(hkdfSync('sha256', key, 'linli', 'archive', 32))
  return createHmac('sha256', own).update(hash).digest('hex')
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
