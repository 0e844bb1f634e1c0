import { type Static, Type } from 'typebox'
import { closed, Id, maybe } from '#kernel/http/shapes.api.ts'

/** The figures of places: how many requests were filed in a month, and what became of them since. */

/** A month of the calendar, as `2026-11`. */
const Month = Type.String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$' })

/** So many months are told at once at most. */
export const mostMonths = 36

/** Counts that a figure is made of. Those filed in the months asked for, as they stand now. */
export const counts = [
  'told',
  'received',
  'accepted',
  'dispatched',
  'acknowledged',
  'answered',
  'closed',
  'explained',
  'unconfirmed',
  'withdrawn',
  'merged',
  'answeredElsewhere',
  'said',
  'inTime',
  'late',
  'missed',
  'transferred',
  'returned',
  'acceptedLate',
] as const
export type Count = (typeof counts)[number]

const counted = {
  /** All that were filed, each part of a divided one too: as many as the list of the same place and days holds. */
  told: Type.Integer(),
  /** In which state they are now; together as many as were told. */
  received: Type.Integer(),
  accepted: Type.Integer(),
  dispatched: Type.Integer(),
  acknowledged: Type.Integer(),
  answered: Type.Integer(),
  closed: Type.Integer(),
  /** How those that are closed ended, as far as everybody may know; together as many as are closed. */
  explained: Type.Integer(),
  unconfirmed: Type.Integer(),
  withdrawn: Type.Integer(),
  merged: Type.Integer(),
  answeredElsewhere: Type.Integer(),
  /** Closed by what a resident said of the answer; which it was is not told here. */
  said: Type.Integer(),
  /**
   * Answered by the time that was promised; late once, whatever was prolonged or answered again since. A merged one by when its reporter
   * heard the answer to the one that stayed.
   */
  inTime: Type.Integer(),
  late: Type.Integer(),
  /** The time that was promised passed without any answer: at work still, merged or withdrawn. Known within a minute of its passing. */
  missed: Type.Integer(),
  /** How often such requests were sent from here to another place, returned by the unit that had them, accepted (or sent on) too late. */
  transferred: Type.Integer(),
  returned: Type.Integer(),
  acceptedLate: Type.Integer(),
}

export const Figure = Type.Object(counted)
export type Figure = Static<typeof Figure>

/** What residents said in the months asked for, of answers in this place: of months that are over, and only where it names nobody. */
export const Verdicts = Type.Object({
  judged: Type.Integer(),
  solved: Type.Integer(),
  partly: Type.Integer(),
  not: Type.Integer(),
})
export type Verdicts = Static<typeof Verdicts>

export const PlaceFigure = Type.Object({
  ...counted,
  /** At work beyond their time at this moment, whenever they were filed. */
  overdue: Type.Integer(),
  verdicts: maybe(Verdicts),
})
export type PlaceFigure = Static<typeof PlaceFigure>

const NamedPlace = Type.Object({ id: Type.String(), name: Type.String() })

export const Part = Type.Object({
  /** Null: what this place holds itself, below none of its parts. */
  place: maybe(NamedPlace),
  figure: PlaceFigure,
  /** Whether it has parts of its own. */
  opens: Type.Boolean(),
})
export type Part = Static<typeof Part>

export const Figures = Type.Object({
  at: Type.String(),
  from: Type.String(),
  until: Type.String(),
  /** Null where the reader reaches several places and named none: they are the parts. */
  place: maybe(Type.Object({ id: Type.String(), name: Type.String(), path: Type.String() })),
  /** Whether the reader reaches the whole of that place; where not, all of this is of what they reach in it. */
  entire: Type.Boolean(),
  /** The places above it that the reader reaches, outermost first. */
  above: Type.Array(NamedPlace),
  whole: PlaceFigure,
  /** In the official order of places. */
  parts: Type.Array(Part),
  /** By the first level of the categories; null: of no category yet. */
  kinds: Type.Array(Type.Object({ name: maybe(Type.String()), figure: Figure })),
  /** The twelve months up to the last one asked for, the earliest first. */
  months: Type.Array(Type.Object({ month: Type.String(), figure: Figure })),
})
export type Figures = Static<typeof Figures>

/**
 * The figures of a place, of its parts, by kind and by month. Without a place: of the outermost that the reader reaches. Without months: of
 * this one. As `text/csv`: the parts.
 */
export const readFigures = {
  method: 'GET',
  url: '/api/figures',
  schema: {
    summary: 'Figures of a place and of its parts',
    tags: ['figures'],
    querystring: Type.Object(
      { place: Type.Optional(Id), from: Type.Optional(Month), until: Type.Optional(Month) },
      closed,
    ),
    response: { 200: Figures },
  },
} as const
