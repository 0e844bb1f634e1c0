// The places that somebody serves: those of their posts and what lies below. A device keeps them for a doorstep without network.
import { type QueryExecutorProvider, sql as raw } from 'kysely'
import { ancestorPaths, depthOf, depths } from './places.paths.ts'
import { type PlaceRow, placeColumns, placesByPaths } from './places.store.ts'

/** As many as a device is given; the higher ones first, so that nobody is left without their own. */
const mostServed = 1_000

export interface PlaceServed {
  /** From the province down, the place itself last. */
  readonly chain: readonly PlaceRow[]
  readonly place: PlaceRow
  /** Whether it is the place of a post itself. */
  readonly own: boolean
}

/** The places at these paths and below, without those that are abolished, from the highest down. */
export async function placesServed(
  sql: QueryExecutorProvider,
  paths: readonly string[],
  most: number = mostServed,
): Promise<PlaceServed[]> {
  const outermost = [...new Set(paths)].filter(
    (path) => !paths.some((other) => other !== path && path.startsWith(other)),
  )
  const below = await Promise.all(
    // Each range is one walk of the index on paths, cut off where the device is full. From a subdistrict on what lies below is served too:
    // whoever works for a whole district or more stands at few of its doors.
    outermost.map(
      async (path) =>
        (
          await raw<PlaceRow>`
            select ${placeColumns} from place
            where path >= ${path} and path < ${depthOf(path) < depths.subdistrict ? `${path}!` : `${path}~`} and abolished_at is null
            order by array_length(string_to_array(path, '/'), 1), path limit ${most}`.execute(sql)
        ).rows,
    ),
  )
  const found = below
    .flat()
    .sort((one, other) => depthOf(one.path) - depthOf(other.path) || (one.path < other.path ? -1 : 1))
    .slice(0, most)
  const known = new Map(found.map((place) => [place.path, place]))
  for (const [path, place] of await placesByPaths(sql, outermost.flatMap(ancestorPaths))) known.set(path, place)
  return found.map((place) => ({
    place,
    chain: ancestorPaths(place.path).flatMap((path) => known.get(path) ?? []),
    own: paths.includes(place.path),
  }))
}
