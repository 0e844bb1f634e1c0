import { type TSchema, Type } from 'typebox'

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
  schema: {
    summary: 'Who is signed in: posts, duties, places, and the counts of their lists',
    tags: ['sign-in'],
    response: { 200: Me },
  },
} as const

export const signIn = {
  method: 'POST',
  url: '/api/sign-in',
  schema: {
    summary: 'Sign in with e-mail address and password',
    tags: ['sign-in'],
    body: Type.Object(
      { email: Type.String({ minLength: 3, maxLength: 254 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
      { additionalProperties: false },
    ),
    response: {
      200: Type.Object({
        person: Type.Union([Type.String(), Type.Null()]),
        /** The password was right and a code is asked for on the page of the second step: there is no session yet. */
        second: Type.Boolean(),
      }),
    },
  },
} as const

const shut = { additionalProperties: false } as const
const Bytes = Type.String({ pattern: '^[A-Za-z0-9_-]*$' })
const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,1400}$' })
/**
 * What a device answered, of WebAuthn's JSON only what is checked: what else a browser knows of the device (its make, results of
 * extensions that nobody asked for) is not taken.
 */
const answer = <const R extends Record<string, TSchema>>(response: R) =>
  Type.Object(
    {
      id: Id,
      rawId: Id,
      type: Type.Literal('public-key'),
      response: Type.Object(response, shut),
      clientExtensionResults: Type.Object({}, shut),
    },
    shut,
  )
const Proof = answer({
  clientDataJSON: Bytes,
  authenticatorData: Bytes,
  signature: Bytes,
  userHandle: Type.Optional(Bytes),
})
const NewKey = answer({
  clientDataJSON: Bytes,
  attestationObject: Bytes,
  transports: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 10 })),
})
/** What the browser is asked, as WebAuthn's JSON has it; made by the room of sessions. */
const Options = Type.Object({ options: Type.Object({}, { additionalProperties: true }) })

export const askPasskey = {
  method: 'POST',
  url: '/api/sign-in/passkey/options',
  schema: {
    summary: 'Ask for the challenge for signing in with a passkey',
    tags: ['sign-in'],
    body: Type.Object({}, shut),
    response: { 200: Options },
  },
} as const

export const signInWithPasskey = {
  method: 'POST',
  url: '/api/sign-in/passkey',
  schema: {
    summary: 'Sign in with a passkey',
    tags: ['sign-in'],
    body: Type.Object({ response: Proof, remember: Type.Optional(Type.Boolean()) }, shut),
    response: { 204: Type.Null() },
  },
} as const

export const askNewPasskey = {
  method: 'POST',
  url: '/api/my/passkeys/options',
  schema: {
    summary: 'Ask for the challenge for adding a passkey to one’s own account',
    tags: ['sign-in'],
    body: Type.Object({}, shut),
    response: { 200: Options },
  },
} as const

export const addPasskey = {
  method: 'POST',
  url: '/api/my/passkeys',
  schema: {
    summary: 'Add a passkey to one’s own account',
    tags: ['sign-in'],
    body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 60 }), response: NewKey }, shut),
    response: { 204: Type.Null() },
  },
} as const

export const signOut = {
  method: 'POST',
  url: '/api/sign-out',
  schema: {
    summary: 'Sign out, here or everywhere',
    tags: ['sign-in'],
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
