// The place a point lies in or by: what a position button offers, to be confirmed by whoever stands there.
import { type QueryExecutorProvider, sql as raw } from 'kysely'
import { ancestorPaths, depthOf, depths } from './places.paths.ts'
import { pathAround } from './places.shape.store.ts'
import { type PlaceRow, placesByPaths } from './places.store.ts'

/** Farther than this, the nearest place known says nothing about where one is. */
const farthestMetres = 3_000
const metresNorth = 111_320

export interface PlaceNear {
  /** The community, with the places above it, highest first and itself last. */
  readonly chain: readonly PlaceRow[]
  /** How far away the nearest known point of it is; 0 inside the line around it or around a place in it. */
  readonly metres: number
}

/**
 * The community that a point lies in, by the lines drawn around it and around the grids and buildings in it. Where no line is around the
 * point, the community nearest to it, by the coordinates of communities and of the grids, buildings and stations in them; null
 * where none within three kilometres has any. The national list brings
 * neither lines nor coordinates: a place has those it was given here.
 */
export async function placeNear(
  sql: QueryExecutorProvider,
  point: { readonly longitude: number; readonly latitude: number },
): Promise<PlaceNear | null> {
  const around = await pathAround(sql, point)
  if (around !== null && depthOf(around) >= depths.community) return chainOf(sql, around, 0)
  const metresEast = metresNorth * Math.cos((point.latitude * Math.PI) / 180)
  const east = farthestMetres / Math.max(metresEast, 1)
  const north = farthestMetres / metresNorth
  const { rows } = await raw<{ path: string; metres: number }>`
    select path, sqrt(((longitude - ${point.longitude}) * ${metresEast}) ^ 2 + ((latitude - ${point.latitude}) * ${metresNorth}) ^ 2) as metres
    from place
    where longitude between ${point.longitude - east} and ${point.longitude + east}
      and latitude between ${point.latitude - north} and ${point.latitude + north}
      and abolished_at is null and kind in ('community', 'grid', 'building', 'station')
    order by metres limit 1`.execute(sql)
  const found = rows[0]
  if (!found || found.metres > farthestMetres) return null
  return chainOf(sql, found.path, found.metres)
}

async function chainOf(sql: QueryExecutorProvider, path: string, metres: number): Promise<PlaceNear | null> {
  const paths = ancestorPaths(path).slice(0, depths.community)
  const known = await placesByPaths(sql, paths)
  const chain = paths.flatMap((each) => known.get(each) ?? [])
  return chain.at(-1)?.abolished_at === null ? { chain, metres } : null
}
