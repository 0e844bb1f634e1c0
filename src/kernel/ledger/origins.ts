// Acts that were brought along from another register: each still proves that it stands there.
import type pg from 'pg'
import { isIncluded, parseKey, primitives, sha256, signedCheckpoint } from '../tree/index.ts'

const batch = 5_000

/** The place here of the first act whose proof does not lead to the register that it came from; null where all do. */
export async function firstWithoutOrigin(client: pg.ClientBase): Promise<number | null> {
  const { rows: origins } = await client.query<{ key: string; size: string; note: string }>(
    'select key, size::text, note from ledger.origin',
  )
  const known = new Map(
    origins.map(({ key, size, note }) => {
      const parsed = parseKey(sha256, key)
      return [key, { size: Number(size), said: parsed && signedCheckpoint(primitives, note, parsed) }]
    }),
  )
  if (origins.length === 0) return null
  const { rows: heads } = await client.query<{ place: string }>('select place::text from ledger.head')
  for (let after = 0; after < Number(heads[0]?.place ?? 0); after += batch) {
    const { rows } = await client.query<{ here: string; origin: string; place: string; path: Buffer[]; leaf: Buffer }>(
      `select e.place::text as here, c.origin, c.place::text, c.path, e.leaf from ledger.came c join ledger.entry e on e.act = c.act
       where e.place > $1 and e.place <= $2 order by e.place`,
      [after, after + batch],
    )
    for (const { here, origin, place, path, leaf } of rows) {
      const there = known.get(origin)
      if (
        !there?.said ||
        there.said.size !== there.size ||
        !isIncluded(sha256, there.said, leaf, Number(place) - 1, path)
      )
        return Number(here)
    }
  }
  return null
}
