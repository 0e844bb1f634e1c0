// What stands in an archive: docs/archive.md tells it to whoever has to read one without this program.
import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { formatName } from './names.ts'

export * from './names.ts'

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

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
