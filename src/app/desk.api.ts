import { Type } from 'typebox'

/** Endpoints of the roof that the desk needs before any room's. */

export const Me = Type.Object({
  person: Type.Object({ id: Type.String(), name: Type.String() }),
  posts: Type.Array(
    Type.Object({
      tenure: Type.String(),
      post: Type.String(),
      name: Type.String(),
      body: Type.String(),
      bodyName: Type.String(),
      placeName: Type.String(),
      path: Type.String(),
    }),
  ),
  duties: Type.Array(Type.String()),
  reach: Type.Record(Type.String(), Type.Array(Type.String())),
  /** Counts of the queues this person may read, by the queue's name. */
  queues: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
  demonstration: Type.Boolean(),
})

export const me = {
  method: 'GET',
  url: '/api/me',
  schema: { response: { 200: Me } },
} as const

export const signIn = {
  method: 'POST',
  url: '/api/sign-in',
  schema: {
    body: Type.Object(
      { email: Type.String({ minLength: 3, maxLength: 254 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
      { additionalProperties: false },
    ),
    response: { 200: Type.Object({ person: Type.String() }) },
  },
} as const

export const signOut = {
  method: 'POST',
  url: '/api/sign-out',
  schema: {
    body: Type.Object({ everywhere: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    response: { 204: Type.Null() },
  },
} as const

/**
 * Server-sent events. Each event says only what changed (`requests`, `queues`, with an id), never what stands in it; the
 * desk reads again what it shows. A `breath` says at once and every few seconds that the line is live, and whether what the
 * server reads from is (`here`) or not (`away`): a line on which nothing is heard is no live line.
 */
export const eventsUrl = '/api/events'
export const breathSeconds = 15
