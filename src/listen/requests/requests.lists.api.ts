// The desk's lists: what they hold, what they are narrowed by, how long they are.
import { type Static, Type } from 'typebox'
import { closed, Day, Id, maybe, oneOf } from '#kernel/http/shapes.api.ts'
import { channels, closings, states, urgencies } from './requests.api.ts'

/** The lists of the rail. `mine`: I am responsible or hold a part; `unit`: my bodies do. */
export const queues = [
  'to-accept',
  'to-dispatch',
  'mine',
  'unit',
  'due-today',
  'overdue',
  'returned',
  'to-explain',
  'to-call-back',
  'supervised',
  'all',
] as const
export type Queue = (typeof queues)[number]

const Time = Type.String()
const MaybeText = maybe(Type.String())

export const Deadline = Type.Object({
  /** The step that is promised: `accept`, `dispatch`, `acknowledge`, `answer`, `judge`. */
  step: Type.String(),
  at: Time,
  since: Time,
  /** Minutes of working time of the place that remain; negative when late. */
  workingMinutes: Type.Integer(),
  late: Type.Boolean(),
})

export const Row = Type.Object({
  id: Type.String(),
  number: Type.String(),
  title: Type.String(),
  state: Type.String(),
  /** How it ended, as far as whoever reads may know; null while it is open, and where it is closed and no more may be said. */
  result: Type.Union([oneOf(closings), Type.Null()]),
  /** A complaint about how another request was handled, which the reader sees too. */
  complaint: Type.Boolean(),
  urgency: Type.String(),
  channel: Type.String(),
  placeName: Type.String(),
  path: Type.String(),
  categoryName: MaybeText,
  holderName: MaybeText,
  filedAt: Time,
  deadline: Type.Union([Deadline, Type.Null()]),
  meToo: Type.Integer(),
  returns: Type.Integer(),
  supervised: Type.Boolean(),
  /** In the list of what is supervised: by whom and why, as far as the reader may know; `by` null: by itself, for being far overdue. */
  supervision: Type.Optional(maybe(Type.Object({ by: MaybeText, reason: MaybeText, at: maybe(Time) }))),
  can: Type.Array(Type.String()),
  version: Type.Integer(),
})
export type Row = Static<typeof Row>

/** Orders of a list: what is due first, what came last, what came first. */
export const sorts = ['due', 'newest', 'oldest'] as const

/** The order of a list that names none: all of them newest first, a queue by what is due. */
export const sortOf = (filter: { queue?: Queue; sort?: (typeof sorts)[number] }): (typeof sorts)[number] =>
  filter.sort ?? ((filter.queue ?? 'all') === 'all' ? 'newest' : 'due')

/** How a list is narrowed by endings: `said` holds what a resident judged, whatever was said. */
export const endings = [...closings, 'said'] as const

/** Whether the answer came by the time that was promised; `missed`: that passed, and there is none. */
export const answerings = ['in_time', 'late', 'missed'] as const

/** What was done with a request at a place, wherever it lies now; the database checks the same words. */
export const movings = ['transferred', 'returned', 'accepted_late'] as const

/** In the place of a kind: those of no category. */
export const noKind = '-'

const narrowing = {
  queue: Type.Optional(oneOf(queues)),
  state: Type.Optional(oneOf(states)),
  /** How it ended; of what residents said, only what the reader may know is found. */
  result: Type.Optional(oneOf(endings)),
  answered: Type.Optional(oneOf(answerings)),
  /** Sent from the place to another, returned there, or accepted there after its time; the place is then the one where that was done. */
  moved: Type.Optional(oneOf(movings)),
  channel: Type.Optional(oneOf(channels)),
  urgency: Type.Optional(oneOf(urgencies)),
  place: Type.Optional(Id),
  /** Only what the place holds itself, below none of its parts. */
  within: Type.Optional(oneOf(['itself'])),
  category: Type.Optional(Id),
  /** The first level of the category, by its name; `noKind` for those of none. */
  kind: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  /** The unit that has it in hand or answered it. */
  body: Type.Optional(Id),
  /** Days of the country, both ends included. */
  filedFrom: Type.Optional(Day),
  filedUntil: Type.Optional(Day),
  dueFrom: Type.Optional(Day),
  dueUntil: Type.Optional(Day),
}

const listed = {
  ...narrowing,
  sort: Type.Optional(oneOf(sorts)),
  after: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
}

/** Words may be a name or a number: they are asked in a body and never in an address, which stands in histories and logs. */
const searched = { words: Type.Optional(Type.String({ maxLength: 100 })) }

export const Filter = Type.Object({ ...listed, ...searched }, closed)
export type Filter = Static<typeof Filter>

/** What of it is kept under a name: what the list holds and its order, never how far somebody had read. */
export const KeptFilter = Type.Object({ ...narrowing, sort: Type.Optional(oneOf(sorts)) }, closed)

export const listRequests = {
  method: 'GET',
  url: '/api/requests',
  schema: {
    summary: 'Requests that the reader may see, by list and filter',
    tags: ['requests'],
    querystring: Type.Object(listed, closed),
    response: { 200: Type.Object({ items: Type.Array(Row), next: MaybeText, estimate: Type.Integer() }) },
  },
} as const

export const searchRequests = {
  method: 'POST',
  url: '/api/requests/search',
  asks: true,
  schema: {
    summary: 'The same list, searched for words',
    tags: ['requests'],
    body: Filter,
    response: listRequests.schema.response,
  },
} as const

const Counted = Type.Object({
  /** Exact up to a thousand; null where it would have taken too long to find out. */
  count: Type.Union([Type.Integer(), Type.Null()]),
  more: Type.Boolean(),
})
export type Counted = Static<typeof Counted>

/** Asked apart: the list itself does not wait for it. */
export const countRequests = {
  method: 'GET',
  url: '/api/requests/count',
  schema: {
    summary: 'How long the list of a filter is',
    tags: ['requests'],
    querystring: Type.Object(narrowing, closed),
    response: { 200: Counted },
  },
} as const

export const countFound = {
  method: 'POST',
  url: '/api/requests/search/count',
  asks: true,
  schema: {
    summary: 'How long a list is that was searched for words',
    tags: ['requests'],
    body: Type.Object({ ...narrowing, ...searched }, closed),
    response: { 200: Counted },
  },
} as const

export const countQueues = {
  method: 'GET',
  url: '/api/requests/queues',
  schema: {
    summary: 'How much waits in each of the reader’s lists',
    tags: ['requests'],
    response: { 200: Type.Record(Type.String(), Type.Integer()) },
  },
} as const
