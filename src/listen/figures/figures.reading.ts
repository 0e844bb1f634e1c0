// What a reader is told of a place: the whole, its parts, its kinds and its months, put together from counts that fit each other.
import { type Act, covers, signedIn } from '#kernel/access/index.ts'
import { dayOf } from '#kernel/calendar/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { outermost } from '#listen/requests/index.ts'
import {
  ancestors,
  depthOf,
  depths,
  knownPlace,
  type PlaceRow,
  placeByPath,
  spokenName,
} from '#organise/places/index.ts'
import { counts, type Figures, type Part, type PlaceFigure, type Verdicts } from './figures.api.ts'
import {
  addFigures,
  addMonths,
  addVerdicts,
  isSomething,
  monthsFault,
  monthsOf,
  noFigure,
  reachedIn,
  restOf,
} from './figures.rules.ts'
import {
  type Cell,
  countedIn,
  kindsInEnglish,
  overdueIn,
  placesAt,
  placesBelow,
  type Shown,
  verdictsIn,
} from './figures.store.ts'

export interface Asked {
  readonly place?: string | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
}

/** So many months stand side by side. */
const monthsShown = 12

/** @throws Refusal 400 for months that cannot be told, 401, 403 where the reader reaches nothing of it, 404 for no place */
export async function figuresOf(act: Act, asked: Asked): Promise<Figures> {
  signedIn(act)
  const { from, until } = monthsAsked(act, asked)
  const reach = outermost(act.actor.reach['request.read'] ?? [])
  const named = asked.place === undefined ? null : await knownPlace(act, asked.place)
  const wholes = reachedIn(reach, named?.path ?? '')
  const [only] = wholes
  if (only === undefined) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
  // Who reaches one place alone and names none is asking for it.
  const place = named ?? (wholes.length === 1 ? await placeByPath(act.sql, only) : null)
  const entire = place !== null && wholes.length === 1 && only === place.path
  const shown = entire ? await placesBelow(act, place.id) : await placesAt(act, wholes)
  const parts = shown.map(({ path }) => path)
  const paths = [...new Set([...wholes, ...parts])]
  const [since = from] = [from, addMonths(until, 1 - monthsShown)].sort()
  const cells = await countedIn(act, { wholes, since, parts: entire ? parts : [], from, until })
  const overdue = await overdueIn(act, paths)
  const verdicts = await verdictsIn(act, paths, from, until)
  const figureAt = (path: string): PlaceFigure => ({
    ...addFigures(cells.filter((cell) => cell.path === path && isIn(cell, from)).map(({ figure }) => figure)),
    overdue: overdue.get(path) ?? 0,
    verdicts: verdicts.get(path) ?? null,
  })
  const listed = shown.map((part) => ({ part, figure: figureAt(part.path) }))
  const whole = together(wholes.map(figureAt))
  const own = entire && listed.length > 0 ? ownOf(whole, listed, place) : []
  const inPeriod = cells.filter((cell) => wholes.includes(cell.path))
  return {
    at: act.now.toISOString(),
    from,
    until,
    place: place && { id: place.id, name: nameOf(act, place), path: place.path },
    entire: entire || place === null,
    above: place === null ? [] : await aboveOf(act, place, reach),
    whole,
    parts: [...own, ...listed.filter(({ part, figure }) => part.always || isSomething(figure)).map(toPart)],
    kinds: await kindsOf(
      act,
      inPeriod.filter((cell) => isIn(cell, from)),
    ),
    months: monthsOf(addMonths(until, 1 - monthsShown), until).map((month) => ({
      month,
      figure: addFigures(inPeriod.filter((cell) => cell.month === month).map(({ figure }) => figure)),
    })),
  }
}

/** The months that are asked for, this one unless others are named. @throws Refusal 400 */
function monthsAsked(act: Act, asked: Asked): { from: string; until: string } {
  const thisMonth = dayOf(act.now).slice(0, 7)
  const until = asked.until ?? thisMonth
  const from = asked.from ?? until
  const fault = monthsFault(from, until, thisMonth)
  if (fault)
    throw new Refusal(400, 'invalid-field', `figures.refused.${fault}`, {
      field: fault === 'future' ? 'until' : 'from',
    })
  return { from, until }
}

/** A part's counts are of the months asked for already. */
const isIn = (cell: Cell, from: string): boolean => cell.month === null || cell.month >= from

function together(figures: readonly PlaceFigure[]): PlaceFigure {
  return {
    ...addFigures(figures),
    overdue: figures.reduce((sum, { overdue }) => sum + overdue, 0),
    verdicts: addVerdicts(figures.map(({ verdicts }): Verdicts | null => verdicts)),
  }
}

/** What a place holds below none of its parts; first, where there is any. */
function ownOf(whole: PlaceFigure, listed: readonly { figure: PlaceFigure }[], { path }: PlaceRow): Part[] {
  // Down to a district a place says together what those below it say; a deeper one lets its parts say less than it says itself.
  const says = depthOf(path) <= depths.district
  const figure = restOf(
    says ? whole : { ...whole, verdicts: null },
    listed.map((each) => each.figure),
  )
  return isSomething(figure) ? [{ place: null, figure, opens: false }] : []
}

const toPart = ({ part, figure }: { part: Shown; figure: PlaceFigure }): Part => ({
  place: { id: part.id, name: part.name },
  figure,
  opens: part.opens,
})

const nameOf = (act: Act, { name, name_en, kind }: PlaceRow): string =>
  (act.language === 'en' && name_en) || spokenName(name, kind)

async function aboveOf(act: Act, place: PlaceRow, reach: readonly string[]): Promise<Figures['above']> {
  const chain = await ancestors(act.sql, place.path)
  return chain
    .filter(({ path }) => path !== place.path && covers(reach, path))
    .map((each) => ({ id: each.id, name: nameOf(act, each) }))
}

/** By kind in the order of their names, those of none last. */
async function kindsOf(act: Act, cells: readonly Cell[]): Promise<Figures['kinds']> {
  const kinds = new Map<string | null, Figures['kinds'][number]['figure']>()
  for (const { kind, figure } of cells) kinds.set(kind, addFigures([kinds.get(kind) ?? noFigure(), figure]))
  const names = [...kinds.keys()].filter((kind) => kind !== null).sort()
  const english = act.language === 'en' ? await kindsInEnglish(act.sql, names) : null
  return [...names, ...(kinds.has(null) ? [null] : [])]
    .map((kind) => ({
      name: kind === null ? null : (english?.get(kind) ?? kind),
      figure: kinds.get(kind) ?? noFigure(),
    }))
    .filter(({ figure }) => counts.some((count) => figure[count] !== 0))
}
