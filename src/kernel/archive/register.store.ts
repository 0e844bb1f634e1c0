// The register on its way into an archive and out of it.
import type pg from 'pg'
import { type Tile, tiledTree, sha256 as treeHash } from '../tree/index.ts'

export interface RegisterHead {
  readonly entries: number
  readonly root: Buffer
  readonly origin: string
}

/** The register as the snapshot sees it. */
export async function readHead(client: pg.ClientBase): Promise<RegisterHead> {
  const { rows } = await client.query<{ place: string; root: Buffer; origin: string }>(
    'select place::text, root, origin::text from ledger.head',
  )
  const head = rows[0]
  if (!head) throw new Error('the register has no head')
  return { entries: Number(head.place), root: head.root, origin: head.origin }
}

/** The moment of the snapshot. */
export async function momentOf(client: pg.ClientBase): Promise<{ at: string; postgres: string }> {
  const { rows } = await client.query<{ at: Date; postgres: string }>(
    "select now() as at, current_setting('server_version') as postgres",
  )
  return { at: new Date(rows[0]?.at ?? 0).toISOString(), postgres: rows[0]?.postgres ?? '' }
}

/** Places of those acts that go, one batch after the other. */
export async function placesAfter(
  client: pg.ClientBase,
  after: number,
  most: number,
  going: string | null,
): Promise<{ place: number; act: string }[]> {
  const chosen = going === null ? '' : `join ledger.act t on t.id = e.act join ${going} g on g.at = t.ctid`
  const { rows } = await client.query<{ place: string; act: string }>(
    `select e.place::text, e.act from ledger.entry e ${chosen} where e.place > $1 order by e.place limit $2`,
    [after, most],
  )
  return rows.map(({ place, act }) => ({ place: Number(place), act }))
}

/** The files whose rows go, in the order in which they came. */
export async function* filesAfter(client: pg.ClientBase, going: string | null): AsyncGenerator<string> {
  const chosen = going === null ? '' : `join ${going} g on g.at = t.ctid`
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await client.query<{ id: string }>(
      `select t.id from public.file t ${chosen} where t.id > $1 order by t.id limit 1000`,
      [after],
    )
    for (const { id } of rows) yield id
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

/**
 * Proves leaves one after the other: what was read of the leaves of one tile is let go with it, so that a register of any length
 * is proved within the same memory.
 */
export function proving(client: pg.ClientBase, size: number) {
  const upper = new Map<string, Promise<Uint8Array>>()
  const read = async ({ level, index, width }: Tile): Promise<Uint8Array> => {
    if (level > 0) {
      const name = `${level}/${index}`
      let found = upper.get(name)
      if (!found) {
        found = client
          .query<{ hashes: Buffer }>('select hashes from ledger.tile where level = $1 and index = $2', [level, index])
          .then(({ rows }) => rows[0]?.hashes ?? Buffer.alloc(0))
        upper.set(name, found)
      }
      return (await found).subarray(0, width * 32)
    }
    const first = index * 256 + 1
    const { rows } = await client.query<{ leaf: Buffer }>(
      'select leaf from ledger.entry where place >= $1 and place < $2 order by place',
      [first, first + width],
    )
    return Buffer.concat(rows.map(({ leaf }) => leaf))
  }
  let tile = -1
  let tree = tiledTree(treeHash, size, read)
  return (place: number): Promise<Uint8Array[]> => {
    const own = Math.floor((place - 1) / 256)
    if (own !== tile) tree = tiledTree(treeHash, size, read)
    tile = own
    return tree.inclusion(place - 1, size)
  }
}

/** Lets all acts that stand wait for a place in a register of its own, and gives it to them in the order in which they were done. */
export async function placeAnew(client: pg.ClientBase, report: (done: number) => void): Promise<void> {
  await client.query('insert into ledger.pending (act) select id from ledger.act')
  let done = 0
  for (;;) {
    const { rows } = await client.query<{ placed: number }>('select ledger.sequence() as placed')
    if (!rows[0]?.placed) return
    done += rows[0].placed
    report(done)
  }
}

/** Places what waits, before a snapshot is taken. */
export async function placeWaiting(client: pg.ClientBase): Promise<void> {
  for (let round = 0; round < 1000; round += 1) {
    const { rows } = await client.query<{ placed: number }>('select ledger.sequence() as placed')
    if (!rows[0]?.placed) return
  }
}
