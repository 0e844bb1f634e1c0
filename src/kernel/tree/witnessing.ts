// What a witness does on a machine of its own: reads what a register publishes, holds it to what it saw before and to itself, and says so with
// a signature. It believes nothing but hashes and the key that it was told.
import { isConsistent, rootOf, sameHash } from './merkle.ts'
import { type Checkpoint, parseKey, parseNote, signedCheckpoint, writeSignature } from './note.ts'
import { primitives, type Signer, sha256 } from './signing.ts'
import { hashesOf, type Tile, tiledTree, tilePath, tileWidth, widthAt } from './tiles.ts'

/** What a witness keeps of a register between two looks. */
export interface Seen {
  /** The key of the register, as it was told the first time. */
  readonly key: string
  /** The checkpoint that was seen last, with its signatures; null before the first. */
  readonly note: string | null
  /** The tile of leaves at which reading them again goes on. */
  readonly next: number
}

/** What was found wrong, each with what shows it. */
export type Finding =
  /** The register signs with another key than the one that was told. */
  | 'other-key'
  /** What it publishes is no checkpoint, or not signed by its key. */
  | 'no-checkpoint'
  /** Two checkpoints of it do not agree: it shows different registers, or what it had published was changed. */
  | 'fork'
  /** An entry is missing, or is not what was published. */
  | 'entry'

export interface Look {
  readonly finding: Finding | null
  /** The first and the last place among which the wrong one is; null where it is no matter of entries. */
  readonly places: readonly [number, number] | null
  readonly checkpoint: Checkpoint | null
  /** What is kept for the next look; as it was where something is wrong. */
  readonly seen: Seen
  /** The line under the checkpoint; null where something is wrong. */
  readonly line: string | null
  /** What shows it, for others to look at: texts as they came. */
  readonly evidence: Readonly<Record<string, string | number | null>>
}

/** What came from an address: never an error for what is refused. */
export interface Fetched {
  readonly status: number
  readonly body: Uint8Array
}

/** Tiles of leaves that are read again in one look beside the new ones: all of a million entries. */
const againEachTime = 4096

class Wrong extends Error {
  readonly finding: Finding
  readonly places: readonly [number, number] | null
  readonly evidence: Look['evidence']

  constructor(finding: Finding, evidence: Look['evidence'] = {}, places: readonly [number, number] | null = null) {
    super(finding)
    this.finding = finding
    this.places = places
    this.evidence = evidence
  }
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/**
 * Looks at a register once.
 * @param fetchPath reads a path of it, which begins with a slash; throws where nobody answers
 * @param seconds since 1970
 * @returns null where nothing was published yet
 */
export async function look(
  fetchPath: (path: string) => Promise<Fetched>,
  before: Seen | null,
  witness: Signer,
  seconds: number,
): Promise<Look | null> {
  let seen: Seen | null = before
  let checkpoint: Checkpoint | null = null
  try {
    const told = textOf((await fetchPath('/register/key')).body).trim()
    seen ??= { key: told, note: null, next: 0 }
    const key = parseKey(sha256, seen.key)
    if (!key || told !== seen.key) throw new Wrong('other-key', { known: seen.key, told })
    const answer = await fetchPath('/register/checkpoint')
    if (answer.status === 404 && seen.note === null) return null
    const note = answer.status === 200 ? textOf(answer.body) : ''
    checkpoint = signedCheckpoint(primitives, note, key)
    if (!checkpoint) throw new Wrong('no-checkpoint', { status: answer.status, told: textOf(answer.body) })
    const last = seen.note === null ? null : signedCheckpoint(primitives, seen.note, key)
    const next = await holdTo(fetchPath, checkpoint, note, last, seen)
    const text = parseNote(note)?.text ?? ''
    const line = writeSignature(witness.sign(text, seconds))
    // What was seen never goes back to an earlier state.
    const kept = last && last.size > checkpoint.size ? seen.note : note
    return { finding: null, places: null, checkpoint, seen: { ...seen, note: kept, next }, line, evidence: {} }
  } catch (error) {
    if (!(error instanceof Wrong) || !seen) throw error
    const { finding, places, evidence } = error
    return { finding, places, checkpoint, seen, line: null, evidence: { ...evidence, seen: seen.note } }
  }
}

/** Holds what is published to what was seen, and the leaves to what is published. Returns the tile at which the next look goes on. */
async function holdTo(
  fetchPath: (path: string) => Promise<Fetched>,
  now: Checkpoint,
  note: string,
  last: Checkpoint | null,
  seen: Seen,
): Promise<number> {
  if (last && last.size === now.size && !sameHash(last.root, now.root)) throw new Wrong('fork', { now: note })
  const larger = last && last.size > now.size ? last : now
  const read = reader(fetchPath, larger.size, note)
  const tree = tiledTree(sha256, larger.size, read)
  const smaller = last && last.size > now.size ? now : last
  if (smaller && smaller.size < larger.size) {
    const proof = await tree.consistency(smaller.size, larger.size)
    // The tiles that stand there lead to neither, or to one of both: the two were never one register.
    if (!isConsistent(sha256, smaller, larger, proof)) throw new Wrong('fork', { now: note })
  }
  if (!sameHash(await tree.root(larger.size), larger.root)) throw new Wrong('entry', { now: note }, behind(larger.size))
  await holdTiles(read, larger.size, note)
  return holdLeaves(read, larger.size, smaller?.size ?? 0, seen.next, note)
}

/** The places after the last whole tile of leaves. */
const behind = (size: number): [number, number] => [Math.floor((size - 1) / tileWidth) * tileWidth + 1, size]

function reader(fetchPath: (path: string) => Promise<Fetched>, size: number, note: string) {
  const upper = new Map<string, Promise<Uint8Array>>()
  async function read(tile: Tile): Promise<Uint8Array> {
    const path = tilePath(tile)
    const { status, body } = await fetchPath(`/register/${path}`)
    if (status === 200 && body.length === tile.width * 32) return body
    if (status >= 500) throw new Error(`${path}: ${status}`)
    const first = tile.index * tileWidth ** (tile.level + 1) + 1
    const last = Math.min(size, first + tile.width * tileWidth ** tile.level - 1)
    throw new Wrong('entry', { now: note, path, status, answer: textOf(body).slice(0, 2000) }, [first, last])
  }
  return (tile: Tile): Promise<Uint8Array> => {
    if (tile.level === 0) return read(tile)
    const path = tilePath(tile)
    const known = upper.get(path) ?? read(tile)
    upper.set(path, known)
    return known
  }
}

/** The hash in the tile above that a whole tile has to lead to. */
async function above(read: (tile: Tile) => Promise<Uint8Array>, size: number, level: number, index: number) {
  const parent = Math.floor(index / tileWidth)
  const bytes = await read({ level: level + 1, index: parent, width: widthAt(size, level + 1, parent) })
  return bytes.subarray((index % tileWidth) * 32, (index % tileWidth) * 32 + 32)
}

async function holdOne(
  read: (tile: Tile) => Promise<Uint8Array>,
  size: number,
  level: number,
  index: number,
  note: string,
) {
  const tile = await read({ level, index, width: tileWidth })
  if (sameHash(rootOf(sha256, hashesOf(tile)), await above(read, size, level, index))) return
  const first = index * tileWidth ** (level + 1) + 1
  const path = tilePath({ level, index, width: tileWidth })
  throw new Wrong('entry', { now: note, path, tile: base64(tile) }, [first, first + tileWidth ** (level + 1) - 1])
}

/** Every whole tile above the leaves leads to the hash above it. Those that are not whole have led to the root. */
async function holdTiles(read: (tile: Tile) => Promise<Uint8Array>, size: number, note: string): Promise<void> {
  for (let level = 1; tileWidth ** (level + 1) <= size; level += 1) {
    const whole = Math.floor(size / tileWidth ** (level + 1))
    for (let index = 0; index < whole; index += 1) await holdOne(read, size, level, index, note)
  }
}

/** The leaves that are new, and so many of the earlier ones, round and round. */
async function holdLeaves(
  read: (tile: Tile) => Promise<Uint8Array>,
  size: number,
  from: number,
  next: number,
  note: string,
): Promise<number> {
  const whole = Math.floor(size / tileWidth)
  const fresh = Math.floor(from / tileWidth)
  for (let index = fresh; index < whole; index += 1) await holdOne(read, size, 0, index, note)
  const again = Math.min(againEachTime, fresh)
  for (let round = 0; round < again; round += 1) await holdOne(read, size, 0, (next + round) % fresh, note)
  return fresh === 0 ? 0 : (next + again) % fresh
}
