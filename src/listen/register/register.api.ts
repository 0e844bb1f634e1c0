import { type Static, Type } from 'typebox'

/** The register of acts as those who watch read it: what was done, to which record, where, when and under which post. */

const closed = { additionalProperties: false } as const
const maybe = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })

export const RegisterRow = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  record: Type.String(),
  /** The number of the request, where it is one and the reader may see it. */
  number: maybe(Type.String()),
  placeName: maybe(Type.String()),
  at: Type.String(),
  /** Body and post under which it was done; null for residents and timers. */
  post: maybe(Type.String()),
  /** Its place in the chain; null until it has one. */
  position: maybe(Type.Integer()),
})
export type RegisterRow = Static<typeof RegisterRow>

/** Acts within the reach of `ledger.read`, newest first; also as `text/csv`. */
export const listRegister = {
  method: 'GET',
  url: '/api/register',
  schema: {
    summary: 'The register of acts',
    tags: ['register'],
    querystring: Type.Object(
      {
        place: Type.Optional(Uuid),
        /** A record's id, or the number of a request. */
        record: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
        after: Type.Optional(Uuid),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      },
      closed,
    ),
    response: { 200: Type.Object({ items: Type.Array(RegisterRow), next: maybe(Type.String()) }) },
  },
} as const
