// The lines around places, and which of them a point lies in.
import { type QueryExecutorProvider, sql as raw } from 'kysely'
import type { Allowed } from '#kernel/access/index.ts'
import type { Ring } from './places.shape.ts'
import type { PlaceRow } from './places.store.ts'

/** The line around a place; null where nobody has drawn it. */
export async function ringOf(sql: QueryExecutorProvider, place: string): Promise<Ring | null> {
  const { rows } = await raw<{
    ring: string
  }>`select ring::text as ring from place_shape where place = ${place}`.execute(sql)
  const ring = rows[0]?.ring
  // As PostgreSQL writes a polygon: ((1,2),(3,4),(5,6)).
  return ring ? (JSON.parse(ring.replaceAll('(', '[').replaceAll(')', ']')) as Ring) : null
}

/** Draws a place, or takes its line away with null, if the place still has the version seen. False where somebody was faster. */
export async function reshape(
  sql: QueryExecutorProvider,
  proof: Allowed<'place.edit'>,
  place: PlaceRow,
  ring: Ring | null,
  version: number,
  at: string,
): Promise<boolean> {
  if (!place.path.startsWith(proof.path)) throw new Error('the proof was given for another place')
  const { numAffectedRows } = await raw`
    update place set updated_at = ${at}, version = version + 1 where id = ${place.id} and version = ${version}`.execute(
    sql,
  )
  if ((numAffectedRows ?? 0n) === 0n) return false
  if (ring === null) await raw`delete from place_shape where place = ${place.id}`.execute(sql)
  else {
    const drawn = `(${ring.map(([longitude, latitude]) => `(${longitude},${latitude})`).join(',')})`
    await raw`
      insert into place_shape (place, ring, changed_at) values (${place.id}, ${drawn}::polygon, ${at})
      on conflict (place) do update set ring = excluded.ring, changed_at = excluded.changed_at`.execute(sql)
  }
  return true
}

/** The path of the smallest place that a point lies in, by the lines around places; null where it lies in none. */
export async function pathAround(
  sql: QueryExecutorProvider,
  point: { readonly longitude: number; readonly latitude: number },
): Promise<string | null> {
  const { rows } = await raw<{ path: string }>`
    select p.path from (select point(${point.longitude}, ${point.latitude}) as at) asked
      join place_shape s on s.ring && polygon(box(asked.at, asked.at)) and s.ring @> asked.at
      join place p on p.id = s.place
    where p.abolished_at is null order by length(p.path) desc, p.path limit 1`.execute(sql)
  return rows[0]?.path ?? null
}
