import { type Static, type TSchema, Type } from 'typebox'
import { closed, Id, IdParams, maybe, Text } from '#kernel/http/shapes.api.ts'

/** Settings of a place as the desk edits them. A place below inherits what it does not set itself. */
/** Without a place: that of the reader's own post. */
export const OfPlace = Type.Object({ place: Type.Optional(Id) }, closed)

export const SettingsPlace = Type.Object({ id: Type.String(), name: Type.String(), path: Type.String() })

/** Fields of one kind of item and the endpoints that list, add, edit and retire it. */
export const itemsOf = <const N extends string, F extends Record<string, TSchema>, E extends Record<string, TSchema>>(
  name: N,
  fields: F,
  extra: E,
  query: Record<string, TSchema> = {},
) => {
  const item = Type.Object({
    id: Type.String(),
    ...fields,
    ...extra,
    /** The name of the place above that it comes from; null where it is this place's own. */
    inheritedFrom: maybe(Type.String()),
    version: Type.Integer(),
  })
  const wanted = Type.Object(fields, closed)
  return {
    item,
    list: {
      method: 'GET',
      url: `/api/settings/${name}` as const,
      schema: {
        summary: `What holds at a place: ${name}`,
        tags: ['settings'],
        querystring: Type.Object({ place: Type.Optional(Id), ...query }, closed),
        response: {
          200: Type.Object({
            items: Type.Array(item),
            editable: Type.Boolean(),
            place: SettingsPlace,
            /** Where nothing holds at the place itself: the places below it that set their own, if they were looked for. */
            below: Type.Optional(Type.Array(SettingsPlace)),
          }),
        },
      },
    },
    add: {
      method: 'POST',
      url: `/api/settings/${name}` as const,
      schema: {
        summary: `Add to what holds at a place: ${name}`,
        tags: ['settings'],
        querystring: OfPlace,
        body: wanted,
        response: { 201: item },
      },
    },
    edit: {
      method: 'PUT',
      url: `/api/settings/${name}/:id` as const,
      schema: {
        summary: `Change one of what holds at a place: ${name}`,
        tags: ['settings'],
        params: IdParams,
        body: wanted,
        response: { 200: item },
      },
    },
    end: {
      method: 'POST',
      url: `/api/settings/${name}/:id/end` as const,
      schema: {
        summary: `End one of what holds at a place: ${name}`,
        tags: ['settings'],
        params: IdParams,
        body: Type.Object({}, closed),
        response: { 200: Type.Object({ id: Type.String() }) },
      },
    },
  } as const
}

export const categories = itemsOf(
  'categories',
  {
    level1: Text(60),
    level2: Text(60),
    level3: Text(60),
    level1En: maybe(Type.String({ maxLength: 120 })),
    level2En: maybe(Type.String({ maxLength: 120 })),
    level3En: maybe(Type.String({ maxLength: 120 })),
    /** Working days until the answer. */
    promisedDays: Type.Integer({ minimum: 1, maximum: 60 }),
    usualBody: maybe(Id),
    /** A kind of body, where no one body is usual for the whole place. */
    usualKind: maybe(Type.String({ maxLength: 40 })),
  },
  { code: Type.String(), usualBodyName: maybe(Type.String()) },
)
export type Category = Static<typeof categories.item>

export const templates = itemsOf(
  'templates',
  { name: Text(60), text: Text(4000), language: Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]) },
  {},
)
export type Template = Static<typeof templates.item>

export const importCategories = {
  method: 'POST',
  url: '/api/settings/categories/import',
  schema: {
    summary: 'Take in a list of categories as CSV',
    tags: ['settings'],
    querystring: OfPlace,
    body: Type.Object({ csv: Type.String({ minLength: 1, maxLength: 240_000 }) }, closed),
    response: {
      200: Type.Object({
        read: Type.Integer(),
        added: Type.Integer(),
        changed: Type.Integer(),
        same: Type.Integer(),
        rejected: Type.Array(Type.Object({ line: Type.Integer(), reason: Type.String() })),
      }),
    },
  },
} as const

const Amount = Type.Union([
  Type.Object(
    {
      hours: Type.Number({ minimum: 0.25, maximum: 400 }),
      counted: Type.Optional(Type.Union([Type.Literal('working'), Type.Literal('clock')])),
    },
    closed,
  ),
  Type.Object({ workingDays: Type.Integer({ minimum: 1, maximum: 60 }) }, closed),
])
const mostDaysOf = 90
const mostTimes = 10
const Days = Type.Integer({ minimum: 1, maximum: mostDaysOf })
const Times = Type.Integer({ minimum: 1, maximum: mostTimes })

/** Times of the steps, each an amount of hours or of working days: the longer, the laxer. */
export const stepTimes = [
  'accept',
  'dispatch',
  'acknowledge',
  'urgent',
  'farOverdue',
  'farOverdueUrgent',
  'longestExtension',
] as const
/** Rights of residents, each a whole number and how high it may be set: the fewer, the laxer. */
export const residentsRights = {
  judgeDays: mostDaysOf,
  callBackDays: mostDaysOf,
  callBackTries: mostTimes,
  reopenDays: mostDaysOf,
  reopenLimit: mostTimes,
} as const
/** Classes of category, each with the working days that are promised for it. */
export const promiseClasses = ['prompt', 'common', 'complex'] as const

/** What each setting may hold. Names are those of the column's check. */
export const settingShapes = {
  working_hours: Type.Array(
    Type.Object({ from: Type.String({ maxLength: 5 }), to: Type.String({ maxLength: 5 }) }, closed),
    { minItems: 1, maxItems: 6 },
  ),
  deadlines: Type.Partial(
    Type.Object({
      accept: Amount,
      dispatch: Amount,
      acknowledge: Amount,
      urgent: Amount,
      /** Working days by class of category. */
      promised: Type.Object({ prompt: Days, common: Days, complex: Days }, closed),
      /** Share of the time until a deadline after which it counts as due soon. */
      dueSoonShare: Type.Number({ minimum: 0.1, maximum: 0.99 }),
      farOverdue: Amount,
      farOverdueUrgent: Amount,
      longestExtension: Amount,
      judgeDays: Days,
      callBackDays: Days,
      callBackTries: Times,
      reopenDays: Days,
      reopenLimit: Times,
    }),
    closed,
  ),
  /** At least a tenth is called back: a rule of the field, so that nobody chooses whom to ask. */
  call_back_share: Type.Number({ minimum: 0.1, maximum: 1 }),
  contact: Type.Object(
    {
      telephone: maybe(Type.String({ maxLength: 40 })),
      address: maybe(Type.String({ maxLength: 200 })),
      hours: maybe(Type.String({ maxLength: 200 })),
    },
    closed,
  ),
  notice: Type.Object({ text: Text(1000), textEn: maybe(Type.String({ maxLength: 1000 })) }, closed),
} as const
export type SettingName = keyof typeof settingShapes
export const settingNames = Object.keys(settingShapes) as SettingName[]
export type SettingValue<N extends SettingName> = Static<(typeof settingShapes)[N]>
export type WorkingHoursSetting = SettingValue<'working_hours'>

/** The times that hold where no place says anything: what counts them and what bounds them read these. */
export const builtInDeadlines = {
  accept: { hours: 4 },
  dispatch: { hours: 4 },
  acknowledge: { hours: 2 },
  urgent: { hours: 2 },
  farOverdue: { workingDays: 5 },
  farOverdueUrgent: { hours: 4 },
  longestExtension: { workingDays: 10 },
  judgeDays: 7,
  callBackDays: 7,
  callBackTries: 3,
  reopenDays: 30,
  reopenLimit: 3,
  promised: { prompt: 1, common: 5, complex: 10 },
  dueSoonShare: 0.8,
} as const satisfies Required<SettingValue<'deadlines'>>

const Value = Type.Object({
  name: Type.String(),
  value: Type.Unknown(),
  /** Where it was set: the name of a place above; null for this place's own and for the default. */
  inheritedFrom: maybe(Type.String()),
  /** Whether nobody has set it: the default of the program. */
  default: Type.Boolean(),
  /** Of the place's own value, for If-Match; 0 where it has none. */
  version: Type.Integer(),
})
export type ShownValue = Static<typeof Value>

export const readValues = {
  method: 'GET',
  url: '/api/settings/values',
  schema: {
    summary: 'Working hours, deadlines, call-back share, contact, notice: what holds at a place and from where',
    tags: ['settings'],
    querystring: OfPlace,
    response: { 200: Type.Object({ values: Type.Array(Value), editable: Type.Boolean(), place: SettingsPlace }) },
  },
} as const

const NameParams = Type.Object({ name: Type.Enum(settingNames) }, closed)

export const writeValue = {
  method: 'PUT',
  url: '/api/settings/values/:name',
  schema: {
    summary: 'Set a value for a place and all below it',
    tags: ['settings'],
    params: NameParams,
    querystring: OfPlace,
    body: Type.Object({ value: Type.Unknown() }, closed),
    response: { 200: Value },
  },
} as const

export const giveUpValue = {
  method: 'DELETE',
  url: '/api/settings/values/:name',
  schema: {
    summary: 'Give up a value of a place: what holds above holds here again',
    tags: ['settings'],
    params: NameParams,
    querystring: OfPlace,
    response: { 200: Value },
  },
} as const

/** All endpoints of the room. */
export const settingsEndpoints = {
  categories,
  templates,
  importCategories,
  readValues,
  writeValue,
  giveUpValue,
} as const
