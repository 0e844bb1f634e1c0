import { type Filter, noKind } from '#listen/requests/requests.lists.api.ts'
import type { Count, Part } from '../figures.api.ts'
import { daysOf } from '../figures.rules.ts'

/** What stands in the address of the figures, so that they can be sent to a colleague. */
export interface FigureSearch {
  place?: string
  from?: string
  until?: string
}

const month = /^20\d{2}-(?:0[1-9]|1[0-2])$/
/**
 * Reads the address; what it does not know it leaves out, so that an old or mistyped link still opens. A place that is none stays in
 * it: who asked for one is not shown another under its link, but told that it is not there.
 */
export function readFigureSearch(search: Record<string, unknown>): FigureSearch {
  const read: FigureSearch = {}
  const { place, from, until } = search
  if (place !== undefined && place !== '') read.place = String(place)
  // One end without the other is no span.
  if (isMonth(from) && isMonth(until)) Object.assign(read, { from, until })
  return read
}

/** Whether it is a month as a field for months writes it. */
export const isMonth = (value: unknown): value is string => typeof value === 'string' && month.test(value)

/** What a list is narrowed by; its words stand in no address. */
type ListFilter = Omit<Filter, 'words'>

/** What a count is of, beside how far a request has come: where, filed when, of which kind. */
export interface Scope {
  readonly place: string
  readonly from: string
  readonly until: string
  /** Only what the place holds itself, below none of its parts. */
  readonly itself?: boolean
  /** The first level of the category; null: of no category yet. Absent: of every kind. */
  readonly kind?: string | null
}

/** How the list is narrowed that holds what a count counts. */
const narrowings: Readonly<Record<Count, ListFilter>> = {
  told: {},
  received: { state: 'received' },
  accepted: { state: 'accepted' },
  dispatched: { state: 'dispatched' },
  acknowledged: { state: 'acknowledged' },
  answered: { state: 'answered' },
  closed: { state: 'closed' },
  explained: { result: 'explained' },
  unconfirmed: { result: 'unconfirmed' },
  withdrawn: { result: 'withdrawn' },
  merged: { result: 'merged' },
  answeredElsewhere: { result: 'answered_elsewhere' },
  said: { result: 'said' },
  inTime: { answered: 'in_time' },
  late: { answered: 'late' },
  missed: { answered: 'missed' },
  transferred: { moved: 'transferred' },
  returned: { moved: 'returned' },
  acceptedLate: { moved: 'accepted_late' },
}

/** The list that holds the very requests of a count. */
export function listOf(scope: Scope, count: Count | 'overdue'): ListFilter {
  const where: ListFilter = { place: scope.place, ...(scope.itself ? { within: 'itself' } : {}) }
  // What is overdue now is told whenever it was filed.
  if (count === 'overdue') return { queue: 'overdue', ...where }
  return {
    queue: 'all',
    ...where,
    ...(scope.kind === undefined ? {} : { kind: scope.kind ?? noKind }),
    ...daysOf(scope.from, scope.until),
    ...narrowings[count],
  }
}

/** The scope of a part of a place; what the place holds itself is listed by the place. */
export const scopeOf = (part: Pick<Part, 'place'>, whole: Scope | null, months: Pick<Scope, 'from' | 'until'>) =>
  part.place ? { ...months, place: part.place.id } : whole && { ...whole, itself: true }
