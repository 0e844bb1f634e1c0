import { type Static, Type } from 'typebox'
import { closed, Id, Line, maybe } from '#kernel/http/shapes.api.ts'

/** The register of acts as those who watch read it: what was done, to which record, where, when and under which post. */

/** Who did it, as far as the register says. */
export const actors = ['post', 'holder', 'resident', 'system'] as const

export const RegisterRow = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  record: Type.String(),
  /** The number of the request, where it is one and the reader may see it. */
  number: maybe(Type.String()),
  placeName: maybe(Type.String()),
  at: Type.String(),
  /** Body and post under which it was done; null where it was under none. */
  post: maybe(Type.String()),
  /** Under a post, by whoever took a post, by a resident, whoever that is, or by the system: a timer or a command. */
  by: Type.Enum(actors),
  /** Its place in the register; null until it has one. */
  position: maybe(Type.Integer()),
})
export type RegisterRow = Static<typeof RegisterRow>

/**
 * Positions held by acts that are kept from the reader by rule: those about a matter that concerns them, and those of no place. Told to whoever
 * reads the register of every place, who would otherwise find them missing; with the hash of the last, which stands in the tree.
 */
export const KeptPositions = Type.Object({ from: Type.Integer(), until: Type.Integer(), hash: Type.String() })
export type KeptPositions = Static<typeof KeptPositions>

/** The line of a witness beneath a published checkpoint (C2SP tlog-cosignature); its key has to be known here. */
export const cosignCheckpoint = {
  method: 'POST',
  url: '/api/register/cosignatures',
  schema: {
    summary: 'Hand in the cosignature of a witness under a published checkpoint of the register',
    tags: ['register'],
    body: Type.Object({ size: Type.Integer({ minimum: 1 }), line: Line(500) }, closed),
    response: { 201: Type.Object({ size: Type.Integer() }) },
  },
} as const

/** What was published last of the register: for whoever prints something, and for programs. */
export const readNewest = {
  method: 'GET',
  url: '/api/register/checkpoint',
  schema: {
    summary: 'What was published last of the register: how many entries, and the root over them',
    tags: ['register'],
    response: {
      200: Type.Object({
        /** Null where nothing was published yet. */
        newest: maybe(
          Type.Object({
            size: Type.Integer(),
            /** Base64. */
            root: Type.String(),
            at: Type.String(),
          }),
        ),
      }),
    },
  },
} as const

/** Acts within the reach of `ledger.read`, newest first; also as `text/csv`, the next page in the Link header. */
export const listRegister = {
  method: 'GET',
  url: '/api/register',
  schema: {
    summary: 'The register of acts',
    tags: ['register'],
    querystring: Type.Object(
      {
        place: Type.Optional(Id),
        /** A record's id, or the number of a request. */
        record: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
        after: Type.Optional(Id),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      },
      closed,
    ),
    response: {
      200: Type.Object({
        items: Type.Array(RegisterRow),
        /** Among the positions of this page; none where the register is narrowed, or is not wholly the reader's. */
        kept: Type.Array(KeptPositions),
        next: maybe(Type.String()),
      }),
    },
  },
} as const
