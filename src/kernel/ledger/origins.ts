// Acts that were brought along from another register: each still proves that it stands there.
import type pg from 'pg'
import {
  isSignedBy,
  parseCheckpoint,
  parseKey,
  parseNote,
  primitives,
  rootByInclusion,
  sameHash,
  sha256,
} from '../tree/index.ts'

/** The size and the root that a register signed; null where this key did not sign it. */
export function signedCheckpoint(writtenKey: string, text: string): { size: number; root: Uint8Array } | null {
  const key = parseKey(sha256, writtenKey)
  const note = parseNote(text)
  const checkpoint = note && parseCheckpoint(note.text)
  if (!key || !note || !checkpoint || checkpoint.origin !== key.name || !isSignedBy(primitives, note, key)) return null
  return { size: checkpoint.size, root: checkpoint.root }
}

/** Whether a leaf stands at a place (the first is 1) of the register that signed this checkpoint (RFC 9162 §2.1.3.2). */
export function standsIn(
  checkpoint: { readonly size: number; readonly root: Uint8Array },
  leaf: Uint8Array,
  place: number,
  path: readonly Uint8Array[],
): boolean {
  const root = rootByInclusion(sha256, leaf, place - 1, checkpoint.size, path)
  return root !== null && sameHash(root, checkpoint.root)
}

const batch = 5_000

/** The place here of the first act whose proof does not lead to the register that it came from; null where all do. */
export async function firstWithoutOrigin(client: pg.ClientBase): Promise<number | null> {
  const { rows: origins } = await client.query<{ key: string; size: string; note: string }>(
    'select key, size::text, note from ledger.origin',
  )
  const known = new Map(
    origins.map(({ key, size, note }) => [key, { size: Number(size), said: signedCheckpoint(key, note) }]),
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
      if (!there?.said || there.said.size !== there.size || !standsIn(there.said, leaf, Number(place), path))
        return Number(here)
    }
  }
  return null
}
