// Reckons the whole register anew from the facts that stand in it, and holds it to what was written down of it.
import type pg from 'pg'
import {
  GrowingTree,
  isSignedBy,
  parseCheckpoint,
  parseNote,
  primitives,
  sha256,
  type VerifierKey,
} from '../tree/index.ts'
import { type Leafed, leafHash, leafOfRow } from './leaf.ts'
import { firstWithoutOrigin } from './origins.ts'
import { nameOf } from './published.store.ts'

/** What somebody noted of the register: so many entries, and the root over them in hexadecimal. */
export interface Held {
  readonly entries: number
  readonly hash: string
}

export interface Verification {
  readonly entries: number
  readonly ok: boolean
  /** The place of the first entry that does not hold, or null. */
  readonly firstBroken: number | null
  readonly reason: Break | null
  /** The root over all entries, hexadecimal; null where they do not hold or there are none. */
  readonly hash: string | null
  /** Of what was noted, that with which the register does not agree. */
  readonly differing: readonly Held[]
}

/** What can be wrong with an entry. */
export type Break =
  | 'a place is missing'
  | 'the act of this place is missing'
  | 'the act was changed'
  | 'the tree does not follow from the entries'
  | 'the end is missing'
  | 'an act has neither a place nor waits for one'
  | 'it is not the register that was published'
  | 'a published checkpoint is not signed by this register'
  | 'an act is not proved to stand in the register that it came from'

interface StoredEntry extends Leafed {
  place: string
  leaf: Buffer
  act_leaf: Buffer
}

/** What was noted before the register was a tree: each hash over the one before and the leaf, from the digest of a word on. */
class Chain {
  #hash: Uint8Array = sha256(Buffer.from('linli'))
  add(leaf: Uint8Array): void {
    this.#hash = sha256(this.#hash, leaf)
  }
  get hash(): string {
    return hexOf(this.#hash)
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** What was noted, looked at as the walk comes by. */
function holding(noted: readonly Held[]) {
  const waiting = new Map<number, Held[]>()
  for (const one of noted) waiting.set(one.entries, [...(waiting.get(one.entries) ?? []), one])
  const differing: Held[] = []
  return {
    at(entries: number, root: () => string, chained: string | null): void {
      const here = waiting.get(entries)
      if (!here) return
      differing.push(...here.filter(({ hash }) => hash !== root() && hash !== chained))
      waiting.delete(entries)
    },
    /** What lies beyond the end is held by nothing. */
    end: (): Held[] => [...differing, ...[...waiting.values()].flat()],
  }
}

/** The places that the first tile differing from what was reckoned stands over; null where all are as they were reckoned. */
async function firstWrongTile(client: pg.ClientBase, reckoned: ReadonlyMap<string, Buffer[]>): Promise<number | null> {
  const { rows } = await client.query<{ level: number; index: string; hashes: Buffer }>(
    'select level, index::text, hashes from ledger.tile order by level, index',
  )
  const seen = new Set<string>()
  let first: number | null = null
  const wrong = (level: number, hash: number): void => {
    const place = hash * 256 ** level + 1
    if (first === null || place < first) first = place
  }
  for (const { level, index, hashes } of rows) {
    const name = `${level}/${index}`
    seen.add(name)
    const expected = reckoned.get(name) ?? []
    for (let at = 0; at < Math.max(expected.length, hashes.length / 32); at += 1) {
      if (expected[at]?.equals(hashes.subarray(at * 32, at * 32 + 32))) continue
      wrong(level, Number(index) * 256 + at)
      break
    }
  }
  for (const name of reckoned.keys()) {
    const [level = '', index = ''] = name.split('/')
    if (!seen.has(name)) wrong(Number(level), Number(index) * 256)
  }
  return first
}

interface Published extends Held {
  readonly note: string
}

/** What this register published, with the root that the signed text names. */
async function readPublished(client: pg.ClientBase): Promise<Published[]> {
  const { rows } = await client.query<{ size: string; note: string }>(
    'select size::text, note from ledger.checkpoint order by ledger.checkpoint.size',
  )
  return rows.map(({ size, note }) => {
    const named = parseCheckpoint(parseNote(note)?.text ?? '')
    return { entries: Number(size), hash: named?.size === Number(size) ? hexOf(named.root) : '', note }
  })
}

/** The first published checkpoint that the key of the register did not sign; null where all are. */
function firstUnsigned(published: readonly Published[], key: VerifierKey): Published | null {
  return (
    published.find(({ note }) => {
      const parsed = parseNote(note)
      return !parsed || !isSignedBy(primitives, parsed, key)
    }) ?? null
  )
}

/**
 * Walks the register from its first entry: places without gaps, each leaf the digest of its act, tiles and root as they follow from the
 * leaves, no act that stands nowhere, and every checkpoint that was published. Reads in batches, so that memory stays flat.
 * @param client a connection that may read the ledger whole (owner or jobs)
 * @param noted what somebody wrote down of it earlier: is it still the same register? A hash of the time when it was a chain is known too.
 * @param keyOf the key of the register of this name: what was published has to bear its signature
 */
export async function verify(
  client: pg.ClientBase,
  onProgress: (done: number, total: number) => void = () => undefined,
  noted: readonly Held[] = [],
  keyOf: ((origin: string) => VerifierKey) | null = null,
): Promise<Verification> {
  const tree = new GrowingTree(sha256)
  const chain = noted.length > 0 ? new Chain() : null
  let published: Published[] = []
  let held = holding(noted)
  const tiles = new Map<string, Buffer[]>()
  let place = 0
  const look = (): void => held.at(place, () => hexOf(tree.root()), chain?.hash ?? null)
  const broken = (reason: Break, at: number = place + 1): Verification => ({
    entries: place,
    ok: false,
    firstBroken: at,
    reason,
    hash: null,
    differing: [],
  })
  await client.query('begin isolation level repeatable read read only')
  try {
    const { rows: heads } = await client.query<{ place: string; root: Buffer; origin: string }>(
      'select place::text, root, origin from ledger.head',
    )
    const head = heads[0]
    published = await readPublished(client)
    held = holding([...noted, ...published])
    const total = Number(head?.place ?? 0)
    look()
    for (;;) {
      const { rows } = await client.query<Omit<StoredEntry, 'id'> & { id: string | null }>({
        text: `select e.place::text, e.leaf, a.id, a.kind, a.record, a.path, a.category, a.at, a.result, a.times, a.facts,
                      a.actor, a.tenure, a.personal_digest, a.leaf as act_leaf
               from ledger.entry e left join ledger.act a on a.id = e.act where e.place > $1 order by e.place limit 5000`,
        values: [place],
      })
      if (rows.length === 0) break
      for (const row of rows) {
        if (Number(row.place) !== place + 1) return broken('a place is missing')
        if (row.id === null) return broken('the act of this place is missing')
        const leaf = leafHash(leafOfRow({ ...row, id: row.id }))
        if (!leaf.equals(row.leaf) || !leaf.equals(row.act_leaf)) return broken('the act was changed')
        for (const { level, index, hash } of tree.add(leaf)) {
          const name = `${level}/${index}`
          const tile = tiles.get(name)
          if (tile) tile.push(Buffer.from(hash))
          else tiles.set(name, [Buffer.from(hash)])
        }
        chain?.add(leaf)
        place += 1
        look()
      }
      onProgress(place, total)
    }
    if (!head || total !== place) return broken('the end is missing')
    const wrong = await firstWrongTile(client, tiles)
    if (wrong !== null) return broken('the tree does not follow from the entries', wrong)
    const root = tree.root()
    // Everything beneath the tiles was held to them: what differs lies behind the last whole one.
    if (!head.root.equals(root))
      return broken('the tree does not follow from the entries', Math.max(1, Math.floor(place / 256) * 256 + 1))
    // An end cut off together with its head leaves acts behind that nothing will ever place.
    const { rows: astray } = await client.query(
      `select from ledger.act a where not exists (select from ledger.entry e where e.act = a.id)
         and not exists (select from ledger.pending p where p.act = a.id) limit 1`,
    )
    if (astray.length > 0) return broken('an act has neither a place nor waits for one')
    const strange = await firstWithoutOrigin(client)
    if (strange !== null) return broken('an act is not proved to stand in the register that it came from', strange)
    const differing = held.end()
    const other = published.find((one) => differing.includes(one))
    if (other) {
      const agreeing = published.filter((one) => one.entries < other.entries).at(-1)
      return broken('it is not the register that was published', (agreeing?.entries ?? 0) + 1)
    }
    const unsigned = keyOf && firstUnsigned(published, keyOf(nameOf(head.origin)))
    if (unsigned) return broken('a published checkpoint is not signed by this register', unsigned.entries)
    return {
      entries: place,
      ok: true,
      firstBroken: null,
      reason: null,
      hash: place === 0 ? null : hexOf(root),
      differing: differing.filter((one) => noted.includes(one)),
    }
  } finally {
    await client.query('rollback')
  }
}
