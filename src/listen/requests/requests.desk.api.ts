import { type Static, Type } from 'typebox'
import { closed, maybe, oneOf } from '#kernel/http/shapes.api.ts'
import { type AskedAct, actEndpoint, ComplainFor, FileBody, Filed, OfRequest } from './requests.acts.api.ts'
import { Deadline } from './requests.lists.api.ts'

/**
 * What the desk reads and does. Every act stands at `/api/requests/:id/<act>` with the act's name of requests.api.ts,
 * wants the version that was on the screen (`If-Match`), and answers the request as it stands afterwards.
 */

const Time = Type.String()
const MaybeTime = maybe(Type.String())
const MaybeText = maybe(Type.String())
const Named = Type.Object({ id: Type.String(), name: Type.String() })
const MaybeNamed = Type.Union([Named, Type.Null()])

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
  /** Of a line about another request: which, where the reader may see it. */
  other: maybe(Type.Object({ id: Type.String(), number: Type.String() })),
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

/** Another open request that may be about the same, and why. */
export const SimilarRequest = Type.Object({
  id: Type.String(),
  number: Type.String(),
  title: Type.String(),
  state: Type.String(),
  filedAt: Time,
  /** How much alike, from 0 to 1. */
  score: Type.Number(),
  /** The rarest words that both hold. */
  words: Type.Array(Type.String()),
  /** The smallest place that both lie in. */
  nearness: oneOf(['building', 'grid', 'community', 'subdistrict', 'farther']),
  metres: Type.Union([Type.Integer(), Type.Null()]),
  days: Type.Integer(),
  sameCategory: Type.Boolean(),
  /** What both name by its number, however they write it: building 3, line 65. */
  named: Type.Union([
    Type.Object({ kind: oneOf(['building', 'line', 'unit', 'floor', 'room']), number: Type.String() }),
    Type.Null(),
  ]),
})
export type SimilarRequest = Static<typeof SimilarRequest>

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
    /** The last message to them, where it could not be sent; `givenUp` once it is tried no more. */
    unsent: Type.Union([
      Type.Object({ channel: oneOf(['sms', 'mail']), givenUp: Type.Boolean(), at: Time }),
      Type.Null(),
    ]),
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

export const readRequest = {
  method: 'GET',
  url: '/api/requests/:id',
  schema: {
    summary: 'A request as the desk shows it, with what the reader may do',
    tags: ['requests'],
    params: OfRequest,
    response: { 200: RequestView },
  },
} as const

export const findSimilar = {
  method: 'GET',
  url: '/api/requests/:id/similar',
  schema: {
    summary: 'Open requests nearby that may be about the same matter, the most alike first, each with its reasons',
    tags: ['requests'],
    params: OfRequest,
    response: { 200: Type.Object({ items: Type.Array(SimilarRequest) }) },
  },
} as const

/** Units that answered most of what is closed of the same category, in the narrowest place with enough of it. */
export const UsualUnits = Type.Object({
  within: Type.Union([oneOf(['community', 'subdistrict', 'district']), Type.Null()]),
  units: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      answered: Type.Integer(),
    }),
  ),
})
export type UsualUnits = Static<typeof UsualUnits>

export const findUsual = {
  method: 'GET',
  url: '/api/requests/:id/usual',
  schema: {
    summary: 'Units that usually do this, for whoever dispatches',
    tags: ['requests'],
    params: OfRequest,
    response: { 200: UsualUnits },
  },
} as const

/** A POST because reading it is written down and shown to the person. */
export const showContact = {
  method: 'POST',
  url: '/api/requests/:id/contact',
  asks: true,
  schema: {
    summary: 'Show the contact in full; that it was read is written down and shown to the person',
    tags: ['requests'],
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

/** A body, since an address stands in histories and logs; each that is found is written down. */
export const findByPhone = {
  method: 'POST',
  url: '/api/requests/by-phone',
  asks: true,
  schema: {
    summary: 'Requests by the caller’s telephone',
    tags: ['requests'],
    body: Type.Object({ phone: Type.String({ minLength: 3, maxLength: 40 }) }, closed),
    response: { 200: Brief },
  },
} as const

const { title, text, place, spot, longitude, latitude, category } = FileBody.properties

/** A body, since the words are a resident's own and an address stands in histories and logs. */
export const findAlike = {
  method: 'POST',
  url: '/api/requests/alike',
  asks: true,
  schema: {
    summary: 'Open requests nearby that are like the matter being taken down',
    tags: ['requests'],
    body: Type.Object({ title, text, place, spot, longitude, latitude, category }, closed),
    response: findSimilar.schema.response,
  },
} as const

/** Written down, as the contact is. */
export const showEarlier = {
  method: 'POST',
  url: '/api/requests/:id/earlier',
  asks: true,
  schema: {
    summary: 'Earlier requests of the same caller',
    tags: ['requests'],
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
    summary: 'What should be taken out of a request before it is published',
    tags: ['requests'],
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

export const fileRequest = {
  method: 'POST',
  url: '/api/requests',
  schema: {
    summary: 'File a request, one’s own or written down for a resident',
    tags: ['requests'],
    body: FileBody,
    response: { 201: Filed },
  },
} as const

/** A request of its own, unseen by those who handled the first. */
export const complainFor = {
  method: 'POST',
  url: '/api/requests/:id/complain',
  schema: {
    summary: 'Write down a complaint about how a request was handled',
    tags: ['requests'],
    params: OfRequest,
    body: ComplainFor,
    response: { 201: Filed },
  },
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
  link: viewed('link'),
  unlink: viewed('unlink'),
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
