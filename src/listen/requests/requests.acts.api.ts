/** What each act on a request carries, and the endpoints of residents, drafts and call backs. Bounds stand here once. */
import { type Static, type TSchema, Type } from 'typebox'
import { closed, Id, Line, maybe, oneOf, Text } from '#kernel/http/shapes.api.ts'
import {
  type Act,
  acts,
  audiences,
  channels,
  closings,
  dueKinds,
  entryKinds,
  explanationKinds,
  linkKinds,
  partRoles,
  serviceFaults,
  states,
  urgencies,
  verdicts,
} from './requests.api.ts'

/** A moment with its offset, to the minute at least. */
export const Moment = Type.String({
  maxLength: 40,
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?(Z|[+-]\\d{2}:\\d{2})$',
})
const Satisfaction = Type.Integer({ minimum: 1, maximum: 5 })
export const lengths = {
  title: 120,
  body: 5000,
  reason: 2000,
  answer: 8000,
  words: 2000,
  spot: 200,
  note: 500,
} as const

const Reason = Text(lengths.reason)
const Answered = Text(lengths.answer)
const Nothing = Type.Object({}, closed)
const OfPart = Type.Object({ part: Type.Optional(Id) }, closed)
const Window = { from: Moment, until: Moment, note: Type.Optional(Text(lengths.note)) }

/** The body of each act that is asked for over HTTP; timers and the filing are no such acts. */
export const actBodies = {
  accept: Nothing,
  dispatch: Type.Object({ body: Id, task: Type.Optional(Reason) }, closed),
  redispatch: Type.Object({ body: Id, reason: Reason }, closed),
  consent: OfPart,
  /** A group that declines gives no reason. */
  decline: OfPart,
  acknowledge: OfPart,
  return: Type.Object({ reason: Reason, belongsTo: Type.Optional(Id), part: Type.Optional(Id) }, closed),
  assist: Type.Object({ body: Id, task: Reason }, closed),
  'answer-part': Type.Object({ part: Type.Optional(Id), text: Answered }, closed),
  draft: Type.Object({ text: Answered }, closed),
  answer: Type.Object({ text: Answered }, closed),
  explain: Type.Object(
    {
      kind: oneOf(explanationKinds),
      /** An item of the library of laws and policies. */
      basis: Id,
      text: Answered,
      remedy: Reason,
      /** The earlier request, where this one repeats it. */
      repeats: Type.Optional(Id),
    },
    closed,
  ),
  'agree-explanation': Nothing,
  'disagree-explanation': Type.Object({ reason: Reason }, closed),
  extend: Type.Object({ workingDays: Type.Integer({ minimum: 1, maximum: 60 }), reason: Reason }, closed),
  merge: Type.Object({ into: Id, reason: Reason }, closed),
  link: Type.Object({ to: Id, kind: oneOf(linkKinds) }, closed),
  unlink: Type.Object({ to: Id }, closed),
  split: Type.Object(
    {
      parts: Type.Array(Type.Object({ title: Line(lengths.title), text: Text(lengths.body) }, closed), {
        minItems: 1,
        maxItems: 9,
      }),
      reason: Reason,
    },
    closed,
  ),
  transfer: Type.Object({ place: Id, reason: Reason }, closed),
  categorise: Type.Object({ category: Id, reason: Type.Optional(Reason) }, closed),
  'set-urgency': Type.Object({ urgency: oneOf(urgencies), reason: Type.Optional(Reason) }, closed),
  supervise: Type.Object({ reason: Reason }, closed),
  note: Type.Object({ text: Answered }, closed),
  add: Type.Object({ text: Text(lengths.body) }, closed),
  correct: Type.Object(
    {
      title: Type.Optional(Line(lengths.title)),
      text: Type.Optional(Text(lengths.body)),
      spot: Type.Optional(Line(lengths.spot)),
      /** Needed of whoever corrects it for the resident. */
      reason: Type.Optional(Reason),
    },
    { ...closed, anyOf: ['title', 'text', 'spot'].map((named) => ({ required: [named] })) },
  ),
  withdraw: Type.Object({ reason: Type.Optional(Reason) }, closed),
  judge: Type.Object(
    {
      verdict: oneOf(verdicts),
      satisfaction: Type.Optional(Satisfaction),
      words: Type.Optional(Text(lengths.words)),
    },
    closed,
  ),
  'call-back': Type.Object(
    {
      verdict: oneOf(verdicts),
      satisfaction: Type.Optional(Satisfaction),
      words: Type.Optional(Text(lengths.words)),
    },
    closed,
  ),
  'miss-call-back': Type.Object({ note: Type.Optional(Text(lengths.note)) }, closed),
  reopen: Type.Object({ reason: Type.Optional(Reason) }, closed),
  complain: Type.Object(
    {
      text: Text(lengths.body),
      faults: Type.Array(oneOf(serviceFaults), { maxItems: serviceFaults.length, uniqueItems: true }),
    },
    closed,
  ),
  'permit-publication': Nothing,
  'forbid-publication': Nothing,
  publish: Type.Object(
    { title: Line(lengths.title), text: Text(lengths.body), answer: Type.Optional(Answered) },
    closed,
  ),
  unpublish: Type.Object({ reason: Type.Optional(Reason) }, closed),
  'me-too': Type.Object({ phone: Type.Optional(Line(30)), words: Type.Optional(Text(1000)) }, closed),
  'arrange-visit': Type.Object(Window, closed),
  'agree-visit': Type.Object({ visit: Id }, closed),
  'move-visit': Type.Object({ visit: Id, ...Window }, closed),
  'cancel-visit': Type.Object({ visit: Id, reason: Type.Optional(Text(lengths.note)) }, closed),
} as const satisfies Partial<Record<Act, TSchema>>
export type AskedAct = keyof typeof actBodies
export type ActBody<A extends AskedAct> = Static<(typeof actBodies)[A]>

/** Acts that are asked for over HTTP, in the order of the list of acts. */
export const askedActs = acts.filter((act): act is AskedAct => act in actBodies)

export const OfRequest = Type.Object({ id: Id }, closed)

/** What each act does, in a sentence of the interface's own documents. */
const actSummaries: Readonly<Record<AskedAct, string>> = {
  accept: 'Accept a request',
  dispatch: 'Dispatch a request to a unit',
  redispatch: 'Take a request from one unit and give it to another',
  consent: 'Agree, as a residents’ group, to take on what was asked',
  decline: 'Decline, as a residents’ group, what was asked; no reason is given',
  acknowledge: 'Take a dispatched request or part in hand',
  return: 'Return a request or part that was sent to the wrong unit',
  assist: 'Ask another unit to help',
  'answer-part': 'Answer the part that one’s unit was asked for',
  draft: 'Keep the draft of an answer, for those who handle the request',
  answer: 'Answer a request',
  explain: 'Say why something cannot be done, with its basis and the next remedy',
  'agree-explanation': 'Agree that it cannot be done, from above or from another body than the one that proposed it',
  'disagree-explanation': 'Disagree that it cannot be done',
  extend: 'Extend the time for an answer, once and with a reason',
  merge: 'Merge a request into an earlier one about the same matter',
  link: 'Link a request to another',
  unlink: 'Take a link between two requests away',
  split: 'Divide a request that holds several matters',
  transfer: 'Transfer a request to another place',
  categorise: 'Set the category of a request',
  'set-urgency': 'Set how urgent a request is',
  supervise: 'Supervise a request from the level above',
  note: 'Write a note that only staff see',
  add: 'Add something to a request for the resident',
  correct: 'Correct the words of a request',
  withdraw: 'Withdraw a request',
  judge: 'Judge how a request was answered',
  'call-back': 'Write down what a resident said when called back',
  'miss-call-back': 'Write down that a call back reached nobody',
  reopen: 'Reopen a request that was not solved',
  complain: 'Complain about how a request was handled',
  'permit-publication': 'Permit that a request is published',
  'forbid-publication': 'Forbid that a request is published',
  publish: 'Publish a request with its names and numbers taken out',
  unpublish: 'Take a published request down',
  'me-too': 'Say that one is concerned by the same matter',
  'arrange-visit': 'Propose the time of a visit',
  'agree-visit': 'Agree to the time of a visit',
  'move-visit': 'Propose another time for a visit',
  'cancel-visit': 'Cancel a visit',
}

/** The endpoint of an act, `POST /api/requests/:id/<act>`, answering with the view that fits who asks. */
export const actEndpoint = <A extends AskedAct, V extends TSchema>(act: A, view: V) =>
  ({
    method: 'POST',
    url: `/api/requests/:id/${act}`,
    schema: {
      summary: actSummaries[act],
      tags: ['requests'],
      params: OfRequest,
      body: actBodies[act],
      response: { 200: view },
    },
  }) as const

/** By which staff write down what a resident says. */
export const enteredChannels = ['phone', 'visit', 'paper', 'letter', 'mail', 'chat', 'window'] as const

/** A complaint about handling as staff write it down: how it came, and whom its link goes to. */
export const ComplainFor = Type.Object(
  {
    ...actBodies.complain.properties,
    channel: oneOf(enteredChannels),
    name: Type.Optional(Line(60)),
    phone: Type.Optional(Line(30)),
  },
  closed,
)

const Longitude = Type.Number({ minimum: 73, maximum: 136 })
const Latitude = Type.Number({ minimum: 3, maximum: 54 })

/** A matter told to the place, by a resident or written down for one. */
export const FileBody = Type.Object(
  {
    /** Made on the device, so that a form sent twice arrives once. */
    id: Type.Optional(Id),
    channel: oneOf(channels),
    title: Type.Optional(Line(lengths.title)),
    text: Text(lengths.body),
    place: Id,
    spot: Type.Optional(Line(lengths.spot)),
    longitude: Type.Optional(Longitude),
    latitude: Type.Optional(Latitude),
    category: Type.Optional(Id),
    urgency: Type.Optional(oneOf(urgencies)),
    anonymous: Type.Boolean(),
    publicationPermitted: Type.Optional(Type.Boolean()),
    name: Type.Optional(Line(60)),
    phone: Type.Optional(Line(30)),
    mail: Type.Optional(Line(200)),
    /** The official or body that it is about, who will not see it. */
    aboutTenure: Type.Optional(Id),
    aboutBody: Type.Optional(Id),
    /** The tenure whose contact card was read. */
    card: Type.Optional(Id),
    /** Under which it stands in the system that it comes from; kept of what is written down for a resident. */
    outerNumber: Type.Optional(Line(60)),
    /** Files that are held for the draft of this id. */
    files: Type.Optional(Type.Array(Id, { maxItems: 9, uniqueItems: true })),
  },
  closed,
)
export type FileBody = Static<typeof FileBody>

/** What happens next and by when, said at once. */
export const Filed = Type.Object({
  id: Id,
  number: Type.String(),
  /** The secret link of whoever tells; for what staff write down only where the reporter can be sent nothing: to be printed. */
  link: maybe(Type.String()),
  /** By what the link went to the reporter of what staff wrote down. */
  linkSentBy: maybe(oneOf(['sms', 'mail'] as const)),
  responsible: Type.String(),
  nextStep: oneOf(dueKinds),
  by: maybe(Moment),
  promisedAt: Moment,
  /** A note signed with the key of the register: that what was told, by its hash, was taken in at this moment and will stand there. */
  registered: Type.String(),
})

/** A request as its reporter follows it. */
export const Followed = Type.Object({
  id: Id,
  number: Type.String(),
  version: Type.Integer(),
  state: oneOf(states),
  result: maybe(oneOf(closings)),
  title: Type.String(),
  text: Type.String(),
  spot: maybe(Type.String()),
  urgency: oneOf(urgencies),
  channel: oneOf(channels),
  placeName: Type.String(),
  filedAt: Moment,
  promisedAt: maybe(Moment),
  promisedProvisional: Type.Boolean(),
  responsible: Type.String(),
  parts: Type.Array(Type.Object({ body: Type.String(), role: oneOf(partRoles) })),
  entries: Type.Array(
    Type.Object({
      kind: oneOf(entryKinds),
      at: Moment,
      who: maybe(Type.String()),
      post: maybe(Type.String()),
      body: maybe(Type.String()),
      text: maybe(Type.String()),
      audience: oneOf(audiences),
    }),
  ),
  publicationPermitted: Type.Boolean(),
  published: Type.Boolean(),
  can: Type.Array(oneOf(acts)),
})
export type Followed = Static<typeof Followed>

/** What is being typed during a call, for its writer alone. */
export const DraftContent = Type.Partial(
  Type.Object({
    channel: oneOf(channels),
    title: Type.String({ maxLength: lengths.title }),
    text: Type.String({ maxLength: lengths.body }),
    place: Id,
    spot: Type.String({ maxLength: lengths.spot }),
    longitude: Longitude,
    latitude: Latitude,
    category: Id,
    urgency: oneOf(urgencies),
    anonymous: Type.Boolean(),
    name: Type.String({ maxLength: 60 }),
    phone: Type.String({ maxLength: 30 }),
  }),
  closed,
)
export const listDrafts = {
  method: 'GET',
  url: '/api/requests/drafts',
  schema: {
    summary: 'What the reader is writing down and has not filed yet',
    tags: ['requests'],
    response: {
      200: Type.Object({ items: Type.Array(Type.Object({ id: Id, content: DraftContent, savedAt: Moment })) }),
    },
  },
} as const
export const saveDraft = {
  method: 'PUT',
  url: '/api/requests/drafts/:id',
  schema: {
    summary: 'Keep what is being written down, for its writer alone',
    tags: ['requests'],
    params: OfRequest,
    body: DraftContent,
    response: { 200: Type.Object({ id: Id, savedAt: Moment }) },
  },
} as const
export const dropDraft = {
  method: 'DELETE',
  url: '/api/requests/drafts/:id',
  schema: {
    summary: 'Drop a draft with its pictures',
    tags: ['requests'],
    params: OfRequest,
    response: { 204: Type.Null() },
  },
} as const

/** Those to be called, without anything about who handled it or what was answered before the call is made. */
export const listCallBacks = {
  method: 'GET',
  url: '/api/requests/call-backs',
  schema: {
    summary: 'Residents to be called and asked how it ended',
    tags: ['requests'],
    querystring: Type.Object(
      { after: Type.Optional(Id), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) },
      closed,
    ),
    response: {
      200: Type.Object({
        items: Type.Array(
          Type.Object({
            request: Id,
            number: Type.String(),
            title: Type.String(),
            placeName: Type.String(),
            drawnOn: Type.String(),
            until: Moment,
            tries: Type.Integer(),
          }),
        ),
        next: maybe(Id),
      }),
    },
  },
} as const
