// What stands in an archive: docs/archive.md tells it to whoever has to read one without this program.
import { createHash } from 'node:crypto'
import { Type } from 'typebox'

export const formatName = 'linli-archive'
/** Raised where an older program could not read a newer archive. */
export const formatVersion = 1

const Count = Type.Integer({ minimum: 0 })
const closed = { additionalProperties: false } as const

export const ArchivedColumn = Type.Object(
  {
    name: Type.String(),
    /** As PostgreSQL calls it. */
    type: Type.String(),
    /** Written in a JSON array of one: there null is a value, and no array is nothing. */
    boxed: Type.Optional(Type.Literal(true)),
  },
  closed,
)
export type ArchivedColumn = Type.Static<typeof ArchivedColumn>

const ArchivedTable = Type.Object({ name: Type.String(), columns: Type.Array(ArchivedColumn) }, closed)
export type ArchivedTable = Type.Static<typeof ArchivedTable>

/** The place whose part of the whole stands in the archive. */
export const Scope = Type.Object({ code: Type.String(), path: Type.String(), name: Type.String() }, closed)
export type Scope = Type.Static<typeof Scope>

/** The first member, `linli-archive.json`. */
export const Head = Type.Object(
  {
    format: Type.Literal(formatName),
    version: Type.Integer({ minimum: 1 }),
    /** Version of the program that wrote it. */
    program: Type.String(),
    /** The one moment of which all of it is, ISO 8601. */
    takenAt: Type.String(),
    postgres: Type.String(),
    /** Null: the whole installation. */
    scope: Type.Union([Scope, Type.Null()]),
    /** Every migration that had run, in order: the last is the schema's version. */
    migrations: Type.Array(Type.String(), { minItems: 1 }),
    /** Tells the key of what is sealed in it from a wrong one, and nothing of it. */
    sealedUnder: Type.String(),
    tables: Type.Array(ArchivedTable),
  },
  closed,
)
export type Head = Type.Static<typeof Head>

export const Manifest = Type.Object(
  {
    ...Head.properties,
    /** By the name of the table, in the order in which they stand. */
    rows: Type.Record(Type.String(), Type.Object({ rows: Count, parts: Count }, closed)),
    /** The last number drawn of each sequence; null where none was. Empty in a part, which goes on from its own highest. */
    sequences: Type.Record(Type.String(), Type.Union([Type.String({ pattern: '^[0-9]+$' }), Type.Null()])),
    files: Type.Object({ stored: Count, bytes: Count, missing: Count }, closed),
    /** The register of acts of the installation that wrote it, as it stood. */
    register: Type.Object(
      {
        /** Name, id and key: `linli-register/…+…+…`. */
        key: Type.String(),
        entries: Count,
        /** Hexadecimal. */
        root: Type.String(),
        /** The signed checkpoint of this state. */
        checkpoint: Type.String(),
        /** Acts in the archive that had no place yet. */
        waiting: Count,
      },
      closed,
    ),
    checksums: Count,
    /** What was left out, and why. */
    leftOut: Type.Record(Type.String(), Type.Object({ zh: Type.String(), en: Type.String() }, closed)),
  },
  closed,
)
export type Manifest = Type.Static<typeof Manifest>

export const headName = 'linli-archive.json'
export const readmeName = 'README.md'
export const manifestName = 'manifest.json'
export const sealName = 'manifest.note'

const six = (part: number): string => String(part).padStart(6, '0')

/** The name of the member that holds a part of a table; parts count from 1. */
export const partName = (table: string, part: number): string => `tables/${table}/${six(part)}.jsonl.gz`
export const checksumName = (part: number): string => `checksums/${six(part)}.sha256`

/** The table and the part that a member holds; null for any other member. */
export function partOf(name: string): { table: string; part: number } | null {
  const [, table, part] = /^tables\/([^/]+)\/(\d{6,9})\.jsonl\.gz$/.exec(name) ?? []
  return table === undefined ? null : { table, part: Number(part) }
}

/** The number of the list of checksums that a member is; null for any other member. */
export function checksumOf(name: string): number | null {
  const part = /^checksums\/(\d{6,9})\.sha256$/.exec(name)?.[1]
  return part === undefined ? null : Number(part)
}

/** Members between two lists of checksums, so that neither writing nor reading holds more of them. */
export const membersToAList = 10_000

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const sealLine = 'linli archive v1'

export interface Seal {
  /** The name of the register whose key signed. */
  readonly origin: string
  /** SHA-256 of the manifest, hexadecimal. */
  readonly manifest: string
  /** SHA-256 of every byte of the file before the member that holds the seal, hexadecimal. */
  readonly before: string
}

/** The text that is signed. Its first line can be that of no checkpoint and of no promise. */
export const writeSeal = ({ origin, manifest, before }: Seal): string =>
  `${sealLine}\n${origin}\nmanifest ${manifest}\nbefore ${before}\n`

/** What a signed text says; null where it is no seal of an archive. */
export function parseSeal(text: string): Seal | null {
  const found = /^linli archive v1\n([^\n]{1,200})\nmanifest ([0-9a-f]{64})\nbefore ([0-9a-f]{64})\n$/.exec(text)
  return found ? { origin: found[1] ?? '', manifest: found[2] ?? '', before: found[3] ?? '' } : null
}

/** Bytes at the end of the file that the seal stands in: header, content, and the end of the tar, each filled up to 512. */
export const tailBytes = 512 + 512 + 1024
