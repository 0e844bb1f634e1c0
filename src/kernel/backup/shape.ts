// What stands in an archive: docs/backup-format.md tells it to whoever has to read one without this program.
import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { Type } from 'typebox'

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

const Count = Type.Integer({ minimum: 0 })

const ArchivedTable = Type.Object({
  /** With its schema: `public.request`. */
  name: Type.String(),
  /** In the order of the columns of each row. */
  columns: Type.Array(Type.String()),
})
/** One table as it travels. */
export type ArchivedTable = Type.Static<typeof ArchivedTable>

/** The first member, `linli.json`. */
export const Head = Type.Object({
  format: Count,
  /** Version of the program that wrote it. */
  program: Type.String(),
  takenAt: Type.String(),
  postgres: Type.String(),
  /** The schema's level: every migration that had run, in order. */
  migrations: Type.Array(Type.String()),
  /** Tells the right key from a wrong one, and nothing of it. */
  key: Type.String(),
  tables: Type.Array(ArchivedTable),
})
export type Head = Type.Static<typeof Head>

/** The last member, `end.json`. */
export const End = Type.Object({
  /** Rows and parts by the name of the table. */
  tables: Type.Record(Type.String(), Type.Object({ rows: Count, parts: Count })),
  /** By name with schema; null where none was ever drawn. */
  sequences: Type.Record(Type.String(), Type.Union([Type.String({ pattern: '^[0-9]+$' }), Type.Null()])),
  files: Type.Object({ stored: Count, bytes: Count, missing: Count }),
  /** The register of acts as it stood. */
  register: Type.Object({ entries: Count, hash: Type.String() }),
})
export type End = Type.Static<typeof End>

/** What PostgreSQL knew of the values of a column, as the columns of pg_stats: without it every table would have to be analysed anew. */
export const Statistics = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.Number()), Type.Null()]),
)
export type Statistics = Type.Static<typeof Statistics>

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

/** As files are kept (`keyOf` in kernel/files): nothing else is taken for the name of one. */
const fileKey =
  /^\d{4}-\d{2}\/\d{2}\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/(?:original|thumbnail)\.[a-z0-9]{1,8}$/

/** The key of the file that a member holds; null for any other member. */
export function fileKeyOf(name: string): string | null {
  const key = name.startsWith(files) ? name.slice(files.length) : ''
  return fileKey.test(key) ? key : null
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
