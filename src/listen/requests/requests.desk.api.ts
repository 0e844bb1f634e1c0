import { type Static, Type } from 'typebox'
import { closed, Id, maybe, oneOf } from '#kernel/http/shapes.api.ts'
import { type AskedAct, actEndpoint, ComplainFor, FileBody, Filed, OfRequest } from './requests.acts.api.ts'
import { closings } from './requests.api.ts'

/**
 * What the desk reads and does. Every act stands at `/api/requests/:id/<act>` with the act's name of requests.api.ts,
 * wants the version that was on the screen (`If-Match`), and answers the request as it stands afterwards.
 */

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
const MaybeTime = maybe(Type.String())
const MaybeText = maybe(Type.String())
const Named = Type.Object({ id: Type.String(), name: Type.String() })
const MaybeNamed = Type.Union([Named, Type.Null()])

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
  can: Type.Array(Type.String()),
  version: Type.Integer(),
})
export type Row = Static<typeof Row>

export const Entry = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  at: Time,
  who: MaybeText,
  post: MaybeText,
  body: MaybeText,
  text: MaybeText,
  audience: Type.String(),
  /** Of a line that was brought in from another platform: what was said there beside it. */
  imported: Type.Union([
    Type.Object({ likes: Type.Union([Type.Integer(), Type.Null()]), timeUnknown: Type.Boolean(), category: MaybeText }),
    Type.Null(),
  ]),
  /** Where it was done by a paper link: the body and post that handed it out. */
  handedBy: MaybeText,
})
export type Entry = Static<typeof Entry>

export const Part = Type.Object({
  id: Type.String(),
  body: Named,
  role: Type.String(),
  state: Type.String(),
  task: MaybeText,
  answer: MaybeText,
  reason: MaybeText,
  sentAt: MaybeTime,
  mine: Type.Boolean(),
})

export const RequestView = Type.Object({
  id: Type.String(),
  number: Type.String(),
  version: Type.Integer(),
  state: Type.String(),
  closing: MaybeText,
  title: Type.String(),
  text: Type.String(),
  urgency: Type.String(),
  channel: Type.String(),
  filedAt: Time,
  place: Type.Object({ id: Type.String(), path: Type.String(), name: Type.String(), trail: Type.String() }),
  spot: MaybeText,
  point: Type.Union([Type.Object({ longitude: Type.Number(), latitude: Type.Number() }), Type.Null()]),
  category: Type.Union([Type.Object({ id: Type.String(), name: Type.String(), trail: Type.String() }), Type.Null()]),
  suggestion: Type.Union([
    Type.Object({
      category: MaybeNamed,
      body: MaybeNamed,
      /** Why: the words that were found. */
      words: Type.Array(Type.String()),
      workingDays: Type.Union([Type.Number(), Type.Null()]),
    }),
    Type.Null(),
  ]),
  reporter: Type.Object({
    anonymous: Type.Boolean(),
    name: MaybeText,
    phone: MaybeText,
    hasContact: Type.Boolean(),
    hasEarlier: Type.Boolean(),
    publicationPermitted: Type.Boolean(),
  }),
  /** Whose contact card was read: whom the reporter wished to speak to. */
  askedFor: MaybeText,
  responsible: Type.Object({ body: MaybeText, post: MaybeText, person: MaybeText }),
  deadline: Type.Union([Deadline, Type.Null()]),
  extended: Type.Boolean(),
  supervised: Type.Boolean(),
  returns: Type.Integer(),
  meToo: Type.Integer(),
  parts: Type.Array(Part),
  entries: Type.Array(Entry),
  pictures: Type.Array(
    Type.Object({
      id: Type.String(),
      url: Type.String(),
      preview: Type.String(),
      kind: Type.String(),
      name: Type.String(),
    }),
  ),
  similar: Type.Array(
    Type.Object({
      id: Type.String(),
      number: Type.String(),
      title: Type.String(),
      state: Type.String(),
      filedAt: Time,
    }),
  ),
  linked: Type.Array(
    Type.Object({ id: Type.String(), number: Type.String(), title: Type.String(), kind: Type.String() }),
  ),
  draft: Type.Union([
    Type.Object({ text: Type.String(), by: Type.String(), at: Time, version: Type.Integer() }),
    Type.Null(),
  ]),
  explanation: Type.Union([
    Type.Object({
      kind: Type.String(),
      basis: Type.String(),
      text: Type.String(),
      remedy: Type.String(),
      by: Type.String(),
      at: Time,
      agreed: Type.Boolean(),
    }),
    Type.Null(),
  ]),
  visit: Type.Union([
    Type.Object({
      id: Type.String(),
      from: Time,
      until: Time,
      note: MaybeText,
      by: Type.String(),
      /** Whether the other side has agreed. */
      agreed: Type.Boolean(),
    }),
    Type.Null(),
  ]),
  publication: Type.Union([
    Type.Object({ title: Type.String(), text: Type.String(), at: Time, by: Type.String() }),
    Type.Null(),
  ]),
  /** The acts that this person may do now; nothing else is offered. */
  can: Type.Array(Type.String()),
})
export type RequestView = Static<typeof RequestView>

/** Orders of a list: what is due first, what came last, what came first. */
export const sorts = ['due', 'newest', 'oldest'] as const

/** The order of a list that names none: all of them newest first, a queue by what is due. */
export const sortOf = (filter: { queue?: Queue; sort?: (typeof sorts)[number] }): (typeof sorts)[number] =>
  filter.sort ?? ((filter.queue ?? 'all') === 'all' ? 'newest' : 'due')

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

const narrowing = {
  queue: Type.Optional(oneOf(queues)),
  state: Type.Optional(Type.String()),
  /** How it ended; of what residents said, only what the reader may know is found. */
  result: Type.Optional(oneOf(closings)),
  channel: Type.Optional(Type.String()),
  urgency: Type.Optional(Type.String()),
  place: Type.Optional(Id),
  category: Type.Optional(Id),
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
    querystring: Type.Object(listed, closed),
    response: { 200: Type.Object({ items: Type.Array(Row), next: MaybeText, estimate: Type.Integer() }) },
  },
} as const

/** The same list, searched for words. */
export const searchRequests = {
  method: 'POST',
  url: '/api/requests/search',
  asks: true,
  schema: { body: Filter, response: listRequests.schema.response },
} as const

const Counted = Type.Object({
  /** Exact up to a thousand; null where it would have taken too long to find out. */
  count: Type.Union([Type.Integer(), Type.Null()]),
  more: Type.Boolean(),
})
export type Counted = Static<typeof Counted>

/** How long the list of a filter is. Asked apart: the list itself does not wait for it. */
export const countRequests = {
  method: 'GET',
  url: '/api/requests/count',
  schema: { querystring: Type.Object(narrowing, closed), response: { 200: Counted } },
} as const

/** How long a list is that was searched for words. */
export const countFound = {
  method: 'POST',
  url: '/api/requests/search/count',
  asks: true,
  schema: { body: Type.Object({ ...narrowing, ...searched }, closed), response: { 200: Counted } },
} as const

export const countQueues = {
  method: 'GET',
  url: '/api/requests/queues',
  schema: { response: { 200: Type.Record(Type.String(), Type.Integer()) } },
} as const

export const readRequest = {
  method: 'GET',
  url: '/api/requests/:id',
  schema: { params: OfRequest, response: { 200: RequestView } },
} as const

/** Shows the contact in full. It is a POST because reading it is written down and shown to the person. */
export const showContact = {
  method: 'POST',
  url: '/api/requests/:id/contact',
  asks: true,
  schema: {
    params: OfRequest,
    body: Type.Object({}, closed),
    response: { 200: Type.Object({ name: MaybeText, phone: MaybeText, address: MaybeText }) },
  },
} as const

const Brief = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      number: Type.String(),
      title: Type.String(),
      state: Type.String(),
      filedAt: Time,
    }),
  ),
})

/** Requests by the caller's telephone. A body, since an address stands in histories and logs; each that is found is written down. */
export const findByPhone = {
  method: 'POST',
  url: '/api/requests/by-phone',
  asks: true,
  schema: {
    body: Type.Object({ phone: Type.String({ minLength: 3, maxLength: 40 }) }, closed),
    response: { 200: Brief },
  },
} as const

/** What is like the words that are being taken down. A body, since they are a resident's own and an address stands in histories and logs. */
export const findAlike = {
  method: 'POST',
  url: '/api/requests/alike',
  asks: true,
  schema: {
    body: Type.Object({ words: Type.String({ minLength: 1, maxLength: 100 }), place: Type.Optional(Id) }, closed),
    response: { 200: listRequests.schema.response[200] },
  },
} as const

/** The same caller's earlier requests; written down for the same reason. */
export const showEarlier = {
  method: 'POST',
  url: '/api/requests/:id/earlier',
  asks: true,
  schema: {
    params: OfRequest,
    body: Type.Object({}, closed),
    response: { 200: Brief },
  },
} as const

const Found = Type.Object({
  from: Type.Integer(),
  until: Type.Integer(),
  kind: Type.String(),
  replacement: Type.String(),
})

export const suggestRedactions = {
  method: 'GET',
  url: '/api/requests/:id/redactions',
  schema: {
    params: OfRequest,
    response: {
      200: Type.Object({
        title: Type.String(),
        text: Type.String(),
        found: Type.Array(Found),
        /** The answer as it was last sent, which may be published beside the request; null where there is none. */
        answer: Type.Union([Type.Object({ text: Type.String(), found: Type.Array(Found) }), Type.Null()]),
      }),
    },
  },
} as const

/** A request taken down by staff: on the phone, at the window, at the door, from paper. */
export const fileRequest = {
  method: 'POST',
  url: '/api/requests',
  schema: { body: FileBody, response: { 201: Filed } },
} as const

/** A complaint about how a request was handled, written down for the resident: a request of its own, unseen by those who handled it. */
export const complainFor = {
  method: 'POST',
  url: '/api/requests/:id/complain',
  schema: { params: OfRequest, body: ComplainFor, response: { 201: Filed } },
} as const

const viewed = <A extends AskedAct>(act: A) => actEndpoint(act, RequestView)

/** Every act that the desk can do, by the name that the server lists in `can`. */
export const deskActs = {
  accept: viewed('accept'),
  dispatch: viewed('dispatch'),
  redispatch: viewed('redispatch'),
  consent: viewed('consent'),
  decline: viewed('decline'),
  acknowledge: viewed('acknowledge'),
  return: viewed('return'),
  assist: viewed('assist'),
  'answer-part': viewed('answer-part'),
  draft: viewed('draft'),
  answer: viewed('answer'),
  explain: viewed('explain'),
  'agree-explanation': viewed('agree-explanation'),
  'disagree-explanation': viewed('disagree-explanation'),
  extend: viewed('extend'),
  merge: viewed('merge'),
  split: viewed('split'),
  transfer: viewed('transfer'),
  categorise: viewed('categorise'),
  'set-urgency': viewed('set-urgency'),
  supervise: viewed('supervise'),
  note: viewed('note'),
  // What a resident can do online, staff enter for them.
  add: viewed('add'),
  correct: viewed('correct'),
  withdraw: viewed('withdraw'),
  reopen: viewed('reopen'),
  'call-back': viewed('call-back'),
  'miss-call-back': viewed('miss-call-back'),
  publish: viewed('publish'),
  unpublish: viewed('unpublish'),
  'arrange-visit': viewed('arrange-visit'),
  'agree-visit': viewed('agree-visit'),
  'move-visit': viewed('move-visit'),
  'cancel-visit': viewed('cancel-visit'),
} as const
export type DeskAct = keyof typeof deskActs
