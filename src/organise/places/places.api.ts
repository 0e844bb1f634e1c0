import { type Static, Type } from 'typebox'
import { closed, Id, IdParams, Line, oneOf } from '#kernel/http/shapes.api.ts'

/** Kinds of place, from the highest to the lowest; the order is that of search results. */
export const placeKinds = [
  'province',
  'city',
  'district',
  'subdistrict',
  'community',
  'grid',
  'building',
  'station',
] as const
export type PlaceKind = (typeof placeKinds)[number]

/** Kinds that are made here; the others come from the national list. */
export const placeKindsMadeHere = ['grid', 'building', 'station'] as const satisfies readonly PlaceKind[]

/** What can have happened to a place. */
export const placeChangeKinds = ['created', 'renamed', 'moved', 'merged', 'abolished', 'restored', 'reshaped'] as const

const maybeText = Type.Union([Type.String(), Type.Null()])
const maybeNumber = Type.Union([Type.Number(), Type.Null()])

const Path = Type.String({ pattern: '^([0-9a-z]+/)+$', maxLength: 100 })
/** What an act rests on: a document, a decision. */
const Basis = Type.Optional(Line(500))
const EnglishName = Type.Optional(Type.Union([Line(120), Type.Null()]))

const placeFields = {
  id: Type.String(),
  /** Official code of 2, 4, 6, 9 or 12 digits; null for grids, buildings and stations. */
  code: maybeText,
  kind: oneOf(placeKinds),
  name: Type.String(),
  nameEn: maybeText,
  /** The name as people say it, in the reader's language: 五里社区 where the list says 五里居委会. */
  label: Type.String(),
  path: Type.String(),
  parentId: maybeText,
  abolishedAt: maybeText,
  successorId: maybeText,
  longitude: maybeNumber,
  latitude: maybeNumber,
  version: Type.Integer(),
}
export const Place = Type.Object(placeFields)
export type Place = Static<typeof Place>

/** A place found: with its full name from the province down. */
export const PlaceHit = Type.Object({ ...placeFields, fullName: Type.String() })
export type PlaceHit = Static<typeof PlaceHit>

/** A place with what lies above and directly below it. */
export const PlaceWhole = Type.Object({
  ...placeFields,
  fullName: Type.String(),
  ancestors: Type.Array(Place),
  children: Type.Array(Place),
  /** The line around it as longitude and latitude, from point to point and back to the first; null where nobody has drawn it. */
  ring: Type.Union([Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })), Type.Null()]),
  /** Whether the reader may edit here. */
  editable: Type.Boolean(),
})
export type PlaceWhole = Static<typeof PlaceWhole>

export const PlaceEvent = Type.Object({
  id: Type.String(),
  at: Type.String(),
  kind: oneOf(placeChangeKinds),
  before: Type.Record(Type.String(), Type.Unknown()),
  after: Type.Record(Type.String(), Type.Unknown()),
  /** The tenure under which it was done; null for the national list. */
  by: maybeText,
  basis: maybeText,
})
export type PlaceEvent = Static<typeof PlaceEvent>

const tags = ['places'] as const

export const placeSearch = {
  method: 'GET',
  url: '/api/places',
  schema: {
    summary: 'Finds places by any part of their name, by code, or by words of their path',
    description:
      'Best first: the very name, then names that begin so, then names that hold the words anywhere. `under` looks at that place and beneath it alone; `near` leaves nothing out, but puts first what lies there, then in its district, then in its city.',
    tags,
    querystring: Type.Object(
      {
        q: Type.String({ minLength: 1, maxLength: 60 }),
        /** At or beneath which alone to look. */
        under: Type.Optional(Path),
        /** Where the asker is: nearer places come first, and nothing is left out. */
        near: Type.Optional(Path),
        kind: Type.Optional(oneOf(placeKinds)),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
      },
      closed,
    ),
    response: { 200: Type.Object({ places: Type.Array(PlaceHit) }) },
  },
} as const

export const placeGet = {
  method: 'GET',
  url: '/api/places/:id',
  schema: {
    summary: 'A place with the places above and directly below it',
    tags,
    params: IdParams,
    querystring: Type.Object({ abolished: Type.Optional(Type.Boolean()) }, closed),
    response: { 200: PlaceWhole },
  },
} as const

/** What a device keeps of a place, to find it and to know it by a point without network. */
export const PlaceKept = Type.Object({
  id: Type.String(),
  kind: oneOf(placeKinds),
  name: Type.String(),
  nameEn: maybeText,
  label: Type.String(),
  fullName: Type.String(),
  path: Type.String(),
  longitude: maybeNumber,
  latitude: maybeNumber,
  /** Whether a post of the reader stands at this very place. */
  own: Type.Boolean(),
})
export type PlaceKept = Static<typeof PlaceKept>

export const placeServedGet = {
  method: 'GET',
  url: '/api/places/served',
  schema: {
    summary: 'The places of the reader’s posts and what lies below them, at most a thousand',
    tags,
    response: { 200: Type.Object({ places: Type.Array(PlaceKept) }) },
  },
} as const

/** A POST, because where somebody stands belongs in no address and no log. */
export const placeNearGet = {
  method: 'POST',
  url: '/api/places/near',
  asks: true,
  schema: {
    summary: 'The community that a point lies in or by',
    tags,
    body: Type.Object(
      {
        longitude: Type.Number({ minimum: -180, maximum: 180 }),
        latitude: Type.Number({ minimum: -90, maximum: 90 }),
      },
      closed,
    ),
    response: { 200: Type.Object({ place: Type.Union([PlaceKept, Type.Null()]) }) },
  },
} as const

export const placeHistoryGet = {
  method: 'GET',
  url: '/api/places/:id/history',
  schema: {
    summary: 'What happened to a place, newest first',
    tags,
    params: IdParams,
    response: { 200: Type.Object({ changes: Type.Array(PlaceEvent) }) },
  },
} as const

export const placeCreate = {
  method: 'POST',
  url: '/api/places',
  schema: {
    summary: 'Adds a grid, a building or a station below a place',
    tags,
    body: Type.Object(
      {
        parent: Id,
        kind: oneOf(placeKindsMadeHere),
        name: Line(60),
        nameEn: EnglishName,
        point: Type.Optional(
          Type.Object(
            {
              longitude: Type.Number({ minimum: -180, maximum: 180 }),
              latitude: Type.Number({ minimum: -90, maximum: 90 }),
            },
            closed,
          ),
        ),
        basis: Basis,
      },
      closed,
    ),
    response: { 201: Place },
  },
} as const

export const placeRename = {
  method: 'POST',
  url: '/api/places/:id/rename',
  schema: {
    summary: 'Renames a place; later imports leave its name alone',
    tags,
    params: IdParams,
    body: Type.Object({ name: Line(60), nameEn: EnglishName, basis: Basis }, closed),
    response: { 200: Place },
  },
} as const

export const placeMove = {
  method: 'POST',
  url: '/api/places/:id/move',
  schema: {
    summary: 'Moves a place with all below it; current paths of records move along',
    tags,
    params: IdParams,
    body: Type.Object({ parent: Id, basis: Basis }, closed),
    response: { 200: Place },
  },
} as const

export const placeMerge = {
  method: 'POST',
  url: '/api/places/:id/merge',
  schema: {
    summary: 'Merges a place into another of its kind',
    tags,
    params: IdParams,
    body: Type.Object({ into: Id, basis: Basis }, closed),
    response: { 200: Place },
  },
} as const

export const placeAbolish = {
  method: 'POST',
  url: '/api/places/:id/abolish',
  schema: {
    summary: 'Marks a place as abolished',
    tags,
    params: IdParams,
    body: Type.Object({ basis: Basis }, closed),
    response: { 200: Place },
  },
} as const

export const placeRestore = {
  method: 'POST',
  url: '/api/places/:id/restore',
  schema: {
    summary: 'Undoes an abolition',
    tags,
    params: IdParams,
    body: Type.Object({ basis: Basis }, closed),
    response: { 200: Place },
  },
} as const

export const placeReshape = {
  method: 'POST',
  url: '/api/places/:id/shape',
  schema: {
    summary: 'Draws the line around a place, by which points are known to lie in it; null takes it away',
    tags,
    params: IdParams,
    body: Type.Object(
      {
        ring: Type.Union([
          Type.Array(
            Type.Tuple([Type.Number({ minimum: -180, maximum: 180 }), Type.Number({ minimum: -90, maximum: 90 })]),
            { minItems: 3, maxItems: 2_000 },
          ),
          Type.Null(),
        ]),
        basis: Basis,
      },
      closed,
    ),
    response: { 200: Place },
  },
} as const
