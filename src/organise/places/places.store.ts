import { type QueryExecutorProvider, sql as raw } from 'kysely'
import type { Allowed } from '#kernel/access/index.ts'
import { nameGrams } from '#kernel/search/index.ts'
import type { PlaceKind, placeChangeKinds } from './places.api.ts'
import { shortName } from './places.names.ts'
import { ancestorPaths } from './places.paths.ts'

/** A place as it is read. */
export interface PlaceRow {
  id: string
  /** Official code of 2, 4, 6, 9 or 12 digits; null for grids, buildings and stations. */
  code: string | null
  kind: PlaceKind
  name: string
  name_en: string | null
  path: string
  parent_id: string | null
  abolished_at: string | null
  successor_id: string | null
  longitude: number | null
  latitude: number | null
  version: number
}

export const placeColumns = raw.raw(
  'id, code, kind, name, name_en, path, parent_id, abolished_at, successor_id, longitude, latitude, version',
)

/** What happened to a place. */
export interface PlaceChange {
  id: string
  at: string
  kind: (typeof placeChangeKinds)[number]
  before: Record<string, unknown>
  after: Record<string, unknown>
  /** The tenure under which it was done; null for the national list. */
  by: string | null
  basis: string | null
}

async function one(query: Promise<{ rows: PlaceRow[] }>): Promise<PlaceRow | null> {
  return (await query).rows[0] ?? null
}

/** A place by its id, or null. */
export function placeById(sql: QueryExecutorProvider, id: string): Promise<PlaceRow | null> {
  return one(raw<PlaceRow>`select ${placeColumns} from place where id = ${id}`.execute(sql))
}

/** A place by its official code, or null. */
export function placeByCode(sql: QueryExecutorProvider, code: string): Promise<PlaceRow | null> {
  return one(raw<PlaceRow>`select ${placeColumns} from place where code = ${code}`.execute(sql))
}

/** A place by its current path, or null. */
export function placeByPath(sql: QueryExecutorProvider, path: string): Promise<PlaceRow | null> {
  return one(raw<PlaceRow>`select ${placeColumns} from place where path = ${path}`.execute(sql))
}

/** Places by their paths; paths without a place are absent. */
export async function placesByPaths(sql: QueryExecutorProvider, paths: string[]): Promise<Map<string, PlaceRow>> {
  const sought = [...new Set(paths)]
  if (sought.length === 0) return new Map()
  const { rows } = await raw<PlaceRow>`
    select ${placeColumns} from place where path = any(${sought}::text[])`.execute(sql)
  return new Map(rows.map((row) => [row.path, row]))
}

/** The chain to a path, highest first and the place itself last: what fullName takes. */
export async function ancestors(sql: QueryExecutorProvider, path: string): Promise<PlaceRow[]> {
  const found = await placesByPaths(sql, ancestorPaths(path))
  return [...found.values()].sort((a, b) => a.path.length - b.path.length)
}

/** The places directly below one, in order of their paths; abolished ones only on demand. At most 2,000. */
export async function children(sql: QueryExecutorProvider, id: string, withAbolished = false): Promise<PlaceRow[]> {
  const { rows } = await raw<PlaceRow>`
    select ${placeColumns} from place where parent_id = ${id} and (abolished_at is null or ${withAbolished})
    order by path limit 2000`.execute(sql)
  return rows
}

/** The history of a place, newest first. */
export async function placeHistory(sql: QueryExecutorProvider, id: string): Promise<PlaceChange[]> {
  const { rows } = await raw<PlaceChange>`
    select id, at, kind, before, after, by, basis from place_history where place_id = ${id}
    order by at desc, id desc limit 200`.execute(sql)
  return rows
}

/**
 * The current path of a place, held until the end of the transaction, or null where there is no such place. Whoever
 * writes a row that carries a path reads it so: a move that runs meanwhile is waited for, or waits.
 */
export async function holdPlace(sql: QueryExecutorProvider, id: string): Promise<string | null> {
  const { rows } = await raw<{ path: string | null }>`select place_hold(${id}) as path`.execute(sql)
  return rows[0]?.path ?? null
}

type Edit = Allowed<'place.edit'>

/** Ids are made by the program: a policy may refuse `returning` of a row that it lets be written. */
export interface NewPlace {
  id: string
  kind: PlaceKind
  name: string
  name_en: string | null
  longitude: number | null
  latitude: number | null
}

const segmentLetter: Partial<Record<PlaceKind, string>> = { grid: 'g', building: 'b', station: 's' }

/** Adds a place below another, within the proof's path. Answers its path; segments count on: g01, g02 … */
export async function insertPlace(
  sql: QueryExecutorProvider,
  proof: Edit,
  parent: PlaceRow,
  place: NewPlace,
): Promise<string> {
  if (!parent.path.startsWith(proof.path)) throw new Error('the proof was given for another place')
  // Two additions at once would otherwise take the same segment.
  await raw`select pg_advisory_xact_lock(hashtext('linli.place.tree'))`.execute(sql)
  const letter = segmentLetter[place.kind] ?? 'x'
  const start = `${parent.path}${letter}`
  const { rows } = await raw<{ last: number | null }>`
    select max(substring(path from ${start.length + 1} for position('/' in substr(path, ${start.length + 1})) - 1)::int) as last
    from place where path > ${start} and path < ${`${start}:`}
      and path ~ ${`^${start}[0-9]+/$`}`.execute(sql)
  const number = String((rows[0]?.last ?? 0) + 1).padStart(2, '0')
  const path = `${start}${number}/`
  const short = shortName(place.name, place.kind)
  await raw`
    insert into place (id, kind, name, name_en, short_name, grams, path, parent_id, name_source, longitude, latitude)
    values (${place.id}, ${place.kind}, ${place.name}, ${place.name_en}, ${short}, ${nameGrams(short)}::text[], ${path},
      ${parent.id}, 'local', ${place.longitude}, ${place.latitude})`.execute(sql)
  return path
}

/** Renames a place if it still has the version seen. False where somebody was faster or it lies outside the proof. */
export async function updateName(
  sql: QueryExecutorProvider,
  proof: Edit,
  id: string,
  kind: PlaceKind,
  name: string,
  nameEn: string | null,
  version: number,
): Promise<boolean> {
  const short = shortName(name, kind)
  return changed(
    raw`
      update place set name = ${name}, name_en = ${nameEn}, short_name = ${short}, grams = ${nameGrams(short)}::text[],
        name_source = 'local', updated_at = now(), version = version + 1
      where id = ${id} and version = ${version} and path >= ${proof.path} and path < ${`${proof.path}~`}`.execute(sql),
  )
}

/** Marks a place as abolished, or undoes it with null. False where somebody was faster or it lies outside the proof. */
export async function updateEnd(
  sql: QueryExecutorProvider,
  proof: Edit,
  id: string,
  abolishedAt: string | null,
  version: number,
): Promise<boolean> {
  return changed(
    raw`
      update place set abolished_at = ${abolishedAt}, successor_id = null,
        abolished_source = case when ${abolishedAt}::timestamptz is null then null else 'local' end,
        updated_at = now(), version = version + 1
      where id = ${id} and version = ${version} and path >= ${proof.path} and path < ${`${proof.path}~`}`.execute(sql),
  )
}

async function changed(query: Promise<{ numAffectedRows?: bigint }>): Promise<boolean> {
  return ((await query).numAffectedRows ?? 0n) > 0n
}

/** Appends to the history of a place. */
export async function appendHistory(
  sql: QueryExecutorProvider,
  proof: Edit,
  change: {
    place: string
    at: string
    kind: PlaceChange['kind']
    before?: Record<string, unknown>
    after?: Record<string, unknown>
    basis: string | null
  },
): Promise<void> {
  await raw`
    insert into place_history (place_id, at, kind, before, after, by, basis) values (
      ${change.place}, ${change.at}, ${change.kind}, ${JSON.stringify(change.before ?? {})}::jsonb,
      ${JSON.stringify(change.after ?? {})}::jsonb, ${proof.tenure.tenure}, ${change.basis})`.execute(sql)
}

/** Moves a place with all below it and every registered path column; answers the new path. */
export async function movePlaceRows(
  sql: QueryExecutorProvider,
  proofs: { here: Edit; there: Edit },
  place: PlaceRow,
  parent: PlaceRow,
  basis: string | null,
): Promise<string> {
  if (!place.path.startsWith(proofs.here.path) || !parent.path.startsWith(proofs.there.path))
    throw new Error('the proof was given for another place')
  const { rows } = await raw<{ path: string }>`
    select place_move(${place.id}, ${parent.id}, ${basis}, ${proofs.here.tenure.tenure}) as path`.execute(sql)
  return rows[0]?.path ?? place.path
}

/** Merges a place into another; answers the path where its records now stand. */
export async function mergePlaceRows(
  sql: QueryExecutorProvider,
  proofs: { here: Edit; there: Edit },
  place: PlaceRow,
  into: PlaceRow,
  basis: string | null,
): Promise<string> {
  if (!place.path.startsWith(proofs.here.path) || !into.path.startsWith(proofs.there.path))
    throw new Error('the proof was given for another place')
  const { rows } = await raw<{ path: string }>`
    select place_merge(${place.id}, ${into.id}, ${basis}, ${proofs.here.tenure.tenure}) as path`.execute(sql)
  return rows[0]?.path ?? into.path
}
