import { type Static, Type } from 'typebox'
import { closed, Day, Id, IdParams, maybe, Text } from '#kernel/http/shapes.api.ts'
import { bodyKinds, duties, tenureKinds } from './duties.ts'

const Path = Type.String({ pattern: '^([0-9a-z]+/)+$', maxLength: 100 })
const OptionalText = (longest: number) => Type.Optional(maybe(Type.String({ maxLength: longest })))

/** Who has a seat of a post, and from when to when. */
export const Holder = Type.Object({
  tenure: Type.String(),
  seat: Type.Integer(),
  person: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  from: Type.String(),
  until: maybe(Type.String()),
  basis: maybe(Type.String()),
  version: Type.Integer(),
})
export type Holder = Static<typeof Holder>

export const Post = Type.Object({
  id: Type.String(),
  body: Type.String(),
  title: Type.String(),
  titleEn: maybe(Type.String()),
  duties: Type.Array(Type.String()),
  seats: Type.Integer(),
  head: Type.Boolean(),
  /** Whether residents see the post and who holds it. */
  shown: Type.Boolean(),
  abolishedAt: maybe(Type.String()),
  version: Type.Integer(),
  /** Seats that nobody holds. */
  free: Type.Integer(),
  holders: Type.Array(Holder),
})
export type Post = Static<typeof Post>

const bodyFields = {
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  nameEn: maybe(Type.String()),
  place: Type.String(),
  placeName: Type.String(),
  placeNameEn: maybe(Type.String()),
  path: Type.String(),
  telephone: maybe(Type.String()),
  address: maybe(Type.String()),
  hours: maybe(Type.String()),
  dissolvedAt: maybe(Type.String()),
  version: Type.Integer(),
}
export const BodyRow = Type.Object({ ...bodyFields, posts: Type.Integer(), holders: Type.Integer() })
export type BodyRow = Static<typeof BodyRow>

export const BodyWhole = Type.Object({
  ...bodyFields,
  foundedAt: Type.String(),
  dissolvedBasis: maybe(Type.String()),
  /** What the reader may do here: `edit`, `appoint`. */
  can: Type.Array(Type.String()),
  /** Open matters in hand, in all rooms; null for those who may do nothing here. */
  inHand: Type.Union([Type.Integer(), Type.Null()]),
  posts: Type.Array(Post),
})
export type BodyWhole = Static<typeof BodyWhole>

export const Invitation = Type.Object({
  id: Type.String(),
  post: Type.String(),
  name: Type.String(),
  /** The address with its middle left out. */
  mail: Type.String(),
  createdAt: Type.String(),
  expiresAt: Type.String(),
})
export type Invitation = Static<typeof Invitation>

export const listBodies = {
  method: 'GET',
  url: '/api/bodies',
  schema: {
    summary: 'Bodies at a place and below it',
    tags: ['bodies'],
    querystring: Type.Object(
      {
        under: Type.Optional(Path),
        /** Only at this very place. */
        only: Type.Optional(Type.Boolean()),
        kind: Type.Optional(Type.Enum(bodyKinds)),
        search: Type.Optional(Type.String({ maxLength: 80 })),
        dissolved: Type.Optional(Type.Boolean()),
        after: Type.Optional(Type.String({ maxLength: 200 })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      },
      closed,
    ),
    response: { 200: Type.Object({ bodies: Type.Array(BodyRow), next: maybe(Type.String()) }) },
  },
} as const

export const getBody = {
  method: 'GET',
  url: '/api/bodies/:id',
  schema: {
    summary: 'A body with its posts and who holds them, now or on a day',
    tags: ['bodies'],
    params: IdParams,
    querystring: Type.Object({ on: Type.Optional(Day) }, closed),
    response: { 200: BodyWhole },
  },
} as const

const editable = {
  name: Text(80),
  nameEn: OptionalText(120),
  telephone: OptionalText(40),
  address: OptionalText(200),
  hours: OptionalText(200),
}

export const foundBody = {
  method: 'POST',
  url: '/api/bodies',
  schema: {
    summary: 'Found a body at a place',
    tags: ['bodies'],
    body: Type.Object({ place: Id, kind: Type.Enum(bodyKinds), ...editable }, closed),
    response: { 201: BodyWhole },
  },
} as const

export const editBody = {
  method: 'PATCH',
  url: '/api/bodies/:id',
  schema: {
    summary: 'Rename a body, or change how it is reached',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Object({ ...editable, name: Type.Optional(editable.name) }, closed),
    response: { 200: BodyWhole },
  },
} as const

export const dissolveBody = {
  method: 'POST',
  url: '/api/bodies/:id/dissolve',
  schema: {
    summary: 'Dissolve a body: its posts and tenures end with it',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Object({ basis: Text(400) }, closed),
    response: { 200: BodyWhole },
  },
} as const

const postFields = {
  title: Text(60),
  titleEn: OptionalText(80),
  duties: Type.Array(Type.Enum(duties), { minItems: 1, maxItems: duties.length, uniqueItems: true }),
  seats: Type.Integer({ minimum: 1, maximum: 200 }),
  head: Type.Boolean(),
  shown: Type.Boolean(),
}

export const addPost = {
  method: 'POST',
  url: '/api/bodies/:id/posts',
  schema: {
    summary: 'Add a post with its duties and seats',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Object(
      {
        ...postFields,
        seats: Type.Optional(postFields.seats),
        head: Type.Optional(postFields.head),
        shown: Type.Optional(postFields.shown),
      },
      closed,
    ),
    response: { 201: Post },
  },
} as const

export const editPost = {
  method: 'PATCH',
  url: '/api/posts/:id',
  schema: {
    summary: 'Change a post',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Partial(Type.Object(postFields), closed),
    response: { 200: Post },
  },
} as const

export const abolishPost = {
  method: 'POST',
  url: '/api/posts/:id/abolish',
  schema: {
    summary: 'Abolish a post: its tenures end',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Object({}, closed),
    response: { 200: Post },
  },
} as const

export const listInvitations = {
  method: 'GET',
  url: '/api/posts/:id/invitations',
  schema: {
    summary: 'Invitations to a post that are still open',
    tags: ['bodies'],
    params: IdParams,
    response: { 200: Type.Object({ invitations: Type.Array(Invitation) }) },
  },
} as const

export const invite = {
  method: 'POST',
  url: '/api/posts/:id/invitations',
  schema: {
    summary: 'Invite somebody to a post by e-mail',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Object(
      {
        name: Text(60),
        mail: Type.String({ minLength: 3, maxLength: 200, pattern: '^[^\\s@]+@[^\\s@]+$' }),
        language: Type.Optional(Type.Enum(['zh-CN', 'en'])),
      },
      closed,
    ),
    response: {
      201: Type.Object({
        invitation: Invitation,
        /** Only where this installation sends no mail: to be handed over by whoever invites. */
        link: maybe(Type.String()),
      }),
    },
  },
} as const

export const withdrawInvitation = {
  method: 'POST',
  url: '/api/invitations/:id/withdraw',
  schema: {
    summary: 'Withdraw an open invitation',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Object({}, closed),
    response: { 200: Type.Object({ id: Type.String() }) },
  },
} as const

export const appoint = {
  method: 'POST',
  url: '/api/posts/:id/tenures',
  schema: {
    summary: 'Give a post to somebody who already holds one',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Object(
      {
        person: Id,
        kind: Type.Optional(Type.Enum(tenureKinds)),
        from: Type.Optional(Day),
        /** The last day. */
        until: Type.Optional(Day),
        basis: OptionalText(400),
      },
      closed,
    ),
    response: { 201: Post },
  },
} as const

export const endTenure = {
  method: 'POST',
  url: '/api/tenures/:id/end',
  schema: {
    summary: 'End a tenure, at once or after its last day',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Object({ lastDay: Type.Optional(Day), basis: OptionalText(400) }, closed),
    // With what the body still has in hand: somebody must take it over.
    response: { 200: Type.Object({ ...Post.properties, inHand: Type.Integer({ minimum: 0 }) }) },
  },
} as const

/** For somebody who has lost password, telephone or both: a link goes to their own mail address, seen by nobody else. */
export const helpIn = {
  method: 'POST',
  url: '/api/tenures/:id/help-in',
  schema: {
    summary: 'Send the holder of a post a link to set up their sign-in anew',
    tags: ['bodies'],
    params: IdParams,
    body: Type.Object({}, closed),
    response: { 200: Type.Object({ expiresAt: Type.String() }) },
  },
} as const

export const listHolders = {
  method: 'GET',
  url: '/api/holders',
  schema: {
    summary: 'People who hold a post where the reader may appoint',
    tags: ['bodies'],
    querystring: Type.Object({ search: Type.String({ minLength: 1, maxLength: 60 }) }, closed),
    response: {
      200: Type.Object({
        holders: Type.Array(
          Type.Object({
            person: Type.String(),
            name: Type.String(),
            title: Type.String(),
            titleEn: maybe(Type.String()),
            bodyName: Type.String(),
            bodyNameEn: maybe(Type.String()),
          }),
        ),
      }),
    },
  },
} as const

export const Receiver = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameEn: maybe(Type.String()),
  kind: Type.String(),
  path: Type.String(),
  placeName: Type.String(),
  placeNameEn: maybe(Type.String()),
})
export type Receiver = Static<typeof Receiver>

export const listReceivers = {
  method: 'GET',
  url: '/api/receivers',
  schema: {
    summary: 'Bodies to which a request at a place can be dispatched',
    tags: ['bodies'],
    querystring: Type.Object({ path: Path, search: Type.Optional(Type.String({ maxLength: 80 })) }, closed),
    response: { 200: Type.Object({ receivers: Type.Array(Receiver) }) },
  },
} as const

export const Serving = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  nameEn: maybe(Type.String()),
  path: Type.String(),
  telephone: maybe(Type.String()),
  address: maybe(Type.String()),
  hours: maybe(Type.String()),
  posts: Type.Array(
    Type.Object({
      title: Type.String(),
      titleEn: maybe(Type.String()),
      head: Type.Boolean(),
      holders: Type.Array(Type.Object({ tenure: Type.String(), name: Type.String() })),
    }),
  ),
})
export type Serving = Static<typeof Serving>

export const listServing = {
  method: 'GET',
  url: '/api/serving',
  schema: {
    summary: 'Who serves a place: what residents see',
    tags: ['bodies'],
    querystring: Type.Object({ path: Path }, closed),
    response: { 200: Type.Object({ bodies: Type.Array(Serving) }) },
  },
} as const

/** All endpoints of the room, for the desk and for the table of refusals. */
export const bodiesEndpoints = {
  listBodies,
  getBody,
  foundBody,
  editBody,
  dissolveBody,
  addPost,
  editPost,
  abolishPost,
  listInvitations,
  invite,
  withdrawInvitation,
  appoint,
  endTenure,
  helpIn,
  listHolders,
  listReceivers,
  listServing,
} as const

export { type BodyKind, bodyKinds, type Duty, duties, type TenureKind, tenureKinds } from './duties.ts'
