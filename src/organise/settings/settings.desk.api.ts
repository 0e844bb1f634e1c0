import { type Static, Type } from 'typebox'

/** Settings of a place as the desk edits them. A place below inherits what it does not set itself. */
const closed = { additionalProperties: false } as const
const maybe = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(schema: T) =>
  Type.Union([schema, Type.Null()])
const Id = Type.Object({ id: Type.String() }, closed)
const OfPlace = Type.Object({ place: Type.Optional(Type.String()) }, closed)
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

export const promises = ['urgent', 'prompt', 'common', 'complex'] as const

const categoryFields = {
  name: Text(60),
  nameEn: maybe(Type.String({ maxLength: 120 })),
  /** Null for the first of three levels. */
  parent: maybe(Type.String()),
  /** Minutes of working time until the answer; null where the level above or the default says it. */
  promiseMinutes: maybe(Type.Integer({ minimum: 1, maximum: 200_000 })),
  usualBody: maybe(Type.String()),
  /** Words by which this category is suggested. */
  words: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 60 }),
}
export const Category = Type.Object({
  id: Type.String(),
  ...categoryFields,
  usualBodyName: maybe(Type.String()),
  inheritedFrom: maybe(Type.String()),
  version: Type.Integer(),
})
export type Category = Static<typeof Category>

const templateFields = { name: Text(60), text: Text(4000), category: maybe(Type.String()) }
export const Template = Type.Object({
  id: Type.String(),
  ...templateFields,
  inheritedFrom: maybe(Type.String()),
  version: Type.Integer(),
})
export type Template = Static<typeof Template>

const lawFields = {
  title: Text(200),
  /** The number or issuer by which it is cited. */
  citation: Text(200),
  article: maybe(Type.String({ maxLength: 60 })),
  text: Text(8000),
  from: Type.String(),
  until: maybe(Type.String()),
  source: maybe(Type.String({ maxLength: 500 })),
}
export const Law = Type.Object({
  id: Type.String(),
  ...lawFields,
  inheritedFrom: maybe(Type.String()),
  version: Type.Integer(),
})
export type Law = Static<typeof Law>

/** Working hours by day of the week, 1 Monday to 7 Sunday, as `HH:MM` of the country's time. */
export const Hours = Type.Object({
  days: Type.Array(
    Type.Object(
      {
        day: Type.Integer({ minimum: 1, maximum: 7 }),
        from: Type.String(),
        until: Type.String(),
        pauseFrom: maybe(Type.String()),
        pauseUntil: maybe(Type.String()),
      },
      closed,
    ),
  ),
  inheritedFrom: maybe(Type.String()),
  /** The last year whose holidays are published; later deadlines are provisional. */
  calendarUntil: Type.Integer(),
  version: Type.Integer(),
})
export type Hours = Static<typeof Hours>

const list = <T extends ReturnType<typeof Type.Object>>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    /** Whether the reader may change these. */
    editable: Type.Boolean(),
    place: Type.Object({ id: Type.String(), name: Type.String() }),
  })

const room = <
  const N extends string,
  F extends Record<string, ReturnType<typeof Type.String>>,
  T extends ReturnType<typeof Type.Object>,
>(
  name: N,
  fields: F,
  item: T,
) =>
  ({
    list: {
      method: 'GET',
      url: `/api/settings/${name}`,
      schema: { querystring: OfPlace, response: { 200: list(item) } },
    },
    add: {
      method: 'POST',
      url: `/api/settings/${name}`,
      schema: { querystring: OfPlace, body: Type.Object(fields, closed), response: { 201: item } },
    },
    edit: {
      method: 'PUT',
      url: `/api/settings/${name}/:id`,
      schema: { params: Id, body: Type.Object(fields, closed), response: { 200: item } },
    },
    end: {
      method: 'POST',
      url: `/api/settings/${name}/:id/end`,
      schema: { params: Id, body: Type.Object({}, closed), response: { 200: item } },
    },
  }) as const

export const settingsEndpoints = {
  categories: room('categories', categoryFields as never, Category as never),
  templates: room('templates', templateFields as never, Template as never),
  laws: room('laws', lawFields as never, Law as never),
} as const

export const readHours = {
  method: 'GET',
  url: '/api/settings/hours',
  schema: {
    querystring: OfPlace,
    response: {
      200: Type.Object({
        hours: Hours,
        editable: Type.Boolean(),
        place: Type.Object({ id: Type.String(), name: Type.String() }),
      }),
    },
  },
} as const

export const writeHours = {
  method: 'PUT',
  url: '/api/settings/hours',
  schema: {
    querystring: OfPlace,
    body: Type.Object({ days: Hours.properties.days }, closed),
    response: { 200: Hours },
  },
} as const
