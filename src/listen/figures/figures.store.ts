// The figures as the database keeps and tells them: its functions ask where the reader reaches, and leave out what lies elsewhere.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import { type PlaceKind, spokenName } from '#organise/places/index.ts'
import { type Count, counts, type Figure, type Verdicts } from './figures.api.ts'

/** A place as figures name it. */
export interface Shown {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly opens: boolean
  /** Whether it stands in a list even where nothing is counted: buildings, stations and what is abolished do not. */
  readonly always: boolean
}

interface RawPlace {
  id: string
  name: string
  name_en: string | null
  kind: PlaceKind
  path: string
  abolished_at: string | null
  opens: boolean
}

/** The places directly below one, in the official order, those that are abolished too: what was told there may still lie there. */
export const placesBelow = (act: Act, id: string): Promise<Shown[]> => shown(act, sql`p.parent_id = ${id}`)

/** Places by their paths, in the official order. */
export const placesAt = (act: Act, paths: readonly string[]): Promise<Shown[]> =>
  shown(act, sql`p.path = any(${paths}::text[])`)

async function shown(act: Act, condition: ReturnType<typeof sql>): Promise<Shown[]> {
  const { rows } = await sql<RawPlace>`
    select p.id, p.name, p.name_en, p.kind, p.path, p.abolished_at,
      exists (select from place c where c.parent_id = p.id and c.abolished_at is null) as opens
    from place p where ${condition} order by p.path`.execute(act.sql)
  return rows.map((row) => ({
    id: row.id,
    name: (act.language === 'en' && row.name_en) || spokenName(row.name, row.kind),
    path: row.path,
    opens: row.opens,
    always: row.abolished_at === null && !['building', 'station'].includes(row.kind),
  }))
}

/** The names of kinds in English, by their Chinese; those without one are absent. */
export async function kindsInEnglish(on: Sql, kinds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ level1: string; level1_en: string }>`
    select level1, min(level1_en) as level1_en from category
    where level1 = any(${kinds}::text[]) and level1_en is not null group by level1`.execute(on)
  return new Map(rows.map((row) => [row.level1, row.level1_en]))
}

/** The columns of the counts. */
const columns: Readonly<Record<Count, string>> = {
  told: 'told',
  received: 'received',
  accepted: 'accepted',
  dispatched: 'dispatched',
  acknowledged: 'acknowledged',
  answered: 'answered',
  closed: 'closed',
  explained: 'explained',
  unconfirmed: 'unconfirmed',
  withdrawn: 'withdrawn',
  merged: 'merged',
  answeredElsewhere: 'answered_elsewhere',
  said: 'said',
  inTime: 'in_time',
  late: 'late',
  missed: 'missed',
  transferred: 'transferred',
  returned: 'returned',
  acceptedLate: 'accepted_late',
}
const summed = sql.join(counts.map((count) => sql`sum(${sql.ref(columns[count])})::integer as ${sql.ref(count)}`))

/** The counts of a place in all its months, or, of what is asked for whole, in one month and of one kind. */
export interface Cell {
  readonly path: string
  /** Null: of a part, whose months and kinds are put together. */
  readonly month: string | null
  readonly kind: string | null
  readonly figure: Figure
}

/**
 * The counts of places, all in one statement, so that the parts fit the whole.
 * @param wholes paths told by month and kind, from a month `since`
 * @param parts paths told in one sum, from a month `from`
 */
export async function countedIn(
  act: Act,
  asked: { wholes: readonly string[]; since: string; parts: readonly string[]; from: string; until: string },
): Promise<Cell[]> {
  const { wholes, since, parts, from, until } = asked
  const paths = [...wholes, ...parts]
  const months = [...wholes.map(() => `${since}-01`), ...parts.map(() => `${from}-01`)]
  const { rows } = await sql<{ path: string; month: string | null; kind: string | null } & Figure>`
    select f.path, case when f.path = any(${wholes}::text[]) then to_char(f.month, 'YYYY-MM') end as month,
      case when f.path = any(${wholes}::text[]) then f.kind end as kind, ${summed}
    from request_figures(${paths}::text[], ${months}::date[], ${`${until}-01`}::date) f
    group by 1, 2, 3`.execute(act.sql)
  return rows.map(({ path, month, kind, ...figure }) => ({ path, month, kind, figure }))
}

/** How many are at work beyond their time in each of these places; places out of reach are absent. */
export async function overdueIn(act: Act, paths: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ path: string; overdue: number }>`
    select path, overdue from request_overdue(${paths}::text[], ${act.now})`.execute(act.sql)
  return new Map(rows.map(({ path, overdue }) => [path, overdue]))
}

/** What residents said in each of these places from one month to another, where it may be told; absent where it may not. */
export async function verdictsIn(
  act: Act,
  paths: readonly string[],
  from: string,
  until: string,
): Promise<Map<string, Verdicts>> {
  const { rows } = await sql<{ path: string; solved: number; partly: number; unsolved: number }>`
    select path, solved, partly, unsolved
    from judgement_figures(${paths}::text[], ${`${from}-01`}::date, ${`${until}-01`}::date, ${act.now})`.execute(
    act.sql,
  )
  return new Map(
    rows.map(({ path, solved, partly, unsolved }) => [
      path,
      { judged: solved + partly + unsolved, solved, partly, not: unsolved },
    ]),
  )
}

/**
 * Writes down which promises passed without an answer, so many at most.
 * @param whole whether everything is looked through, and not only what was warned of before
 */
export async function markMissed(on: Sql, now: Date, most: number, whole = false): Promise<number> {
  const { rows } = await sql<{ marked: number }>`
    select figures_missed(${now}::timestamptz, ${most}, ${whole}) as marked`.execute(on)
  return rows[0]?.marked ?? 0
}

/** Puts at most so many changes into the figures. Returns how many; none where another process is at it. */
export async function foldFigures(on: Sql, most: number): Promise<number> {
  const { rows } = await sql<{ folded: number }>`select figures_fold(${most}) as folded`.execute(on)
  return rows[0]?.folded ?? 0
}

/** Counts everything anew and mends what differs. Returns how many figures did. */
export async function recountFigures(on: Sql): Promise<number> {
  const { rows } = await sql<{ mended: number }>`select figures_recount() as mended`.execute(on)
  return rows[0]?.mended ?? 0
}
