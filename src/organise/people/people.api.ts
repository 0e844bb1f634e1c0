import { type Static, Type } from 'typebox'
import { closed, Id, maybe } from '#kernel/http/shapes.api.ts'

/** What a person sees and may correct of themselves. */
export const Me = Type.Object({
  id: Type.String(),
  name: maybe(Type.String()),
  phone: maybe(Type.String()),
  mail: maybe(Type.String()),
  language: Type.String(),
  createdAt: Type.String(),
  version: Type.Integer(),
})
export type Me = Static<typeof Me>

export const HeldSection = Type.Object({
  room: Type.String(),
  heading: Type.String(),
  rows: Type.Array(
    Type.Array(
      Type.Object({
        label: Type.String(),
        value: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
      }),
    ),
  ),
})

/** Who looked at what is held about me. */
export const Looked = Type.Object({
  id: Type.String(),
  at: Type.String(),
  /** What was read. */
  what: Type.String(),
  purpose: maybe(Type.String()),
  recordKind: Type.String(),
  record: Type.String(),
  name: maybe(Type.String()),
  post: maybe(Type.String()),
  body: maybe(Type.String()),
})
export type Looked = Static<typeof Looked>

export const OpenSession = Type.Object({
  id: Type.String(),
  browser: Type.String(),
  system: Type.String(),
  current: Type.Boolean(),
  signedInAt: Type.String(),
  lastSeenAt: Type.String(),
  expiresAt: Type.String(),
})

export const readMe = {
  method: 'GET',
  url: '/api/me/person',
  schema: {
    summary: 'My name, telephone, mail and language as they are kept',
    tags: ['me'],
    response: { 200: Me },
  },
} as const

export const correctMe = {
  method: 'PATCH',
  url: '/api/me/person',
  schema: {
    summary: 'Correct my name or language',
    tags: ['me'],
    body: Type.Object(
      {
        name: Type.Optional(maybe(Type.String({ maxLength: 60 }))),
        language: Type.Optional(Type.Enum(['zh-CN', 'en'])),
      },
      closed,
    ),
    response: { 200: Me },
  },
} as const

export const readMyData = {
  method: 'GET',
  url: '/api/me/data',
  schema: {
    summary: 'Everything that is held about me, and what would stay after deletion',
    tags: ['me'],
    response: {
      200: Type.Object({
        sections: Type.Array(HeldSection),
        stays: Type.Array(Type.String()),
        /** What must be given up before deleting, or null. */
        hindrance: maybe(Type.String()),
      }),
    },
  },
} as const

export const readLooked = {
  method: 'GET',
  url: '/api/me/looked',
  schema: {
    summary: 'Who looked at my data',
    tags: ['me'],
    querystring: Type.Object(
      {
        after: Type.Optional(Id),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      },
      closed,
    ),
    response: { 200: Type.Object({ looked: Type.Array(Looked), next: maybe(Type.String()) }) },
  },
} as const

export const listMySessions = {
  method: 'GET',
  url: '/api/me/sessions',
  schema: {
    summary: 'My open sessions',
    tags: ['me'],
    response: { 200: Type.Object({ sessions: Type.Array(OpenSession) }) },
  },
} as const

export const deleteMe = {
  method: 'POST',
  url: '/api/me/delete',
  schema: {
    summary: 'Delete my account and what is held about me',
    tags: ['me'],
    body: Type.Object({ sure: Type.Literal(true) }, closed),
    response: { 202: Type.Object({ stays: Type.Array(Type.String()) }) },
  },
} as const

/** All endpoints of the room. */
export const peopleEndpoints = { readMe, correctMe, readMyData, readLooked, listMySessions, deleteMe } as const
