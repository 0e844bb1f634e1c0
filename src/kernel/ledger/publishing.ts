// What the register signs: promises at once, checkpoints by the hour, and receipts that lead from one act up to a checkpoint.
import type { Database } from '../database/index.ts'
import type { Encryption } from '../encryption/index.ts'
import {
  isSignedBy,
  parseCheckpoint,
  parseNote,
  parseSignature,
  primitives,
  type Receipt,
  registerSigner,
  rootByInclusion,
  type Signer,
  sameHash,
  secondsOf,
  sha256,
  type Tile,
  tiledTree,
  type VerifierKey,
  writeCheckpoint,
  writeConsistency,
  writeKey,
  writeNote,
  writePromise,
  writeProof,
} from '../tree/index.ts'
import { canonical, personalDigest } from './leaf.ts'
import {
  keepCheckpoint,
  keepCosignature,
  MissingPlace,
  readCheckpoint,
  readHead,
  readOrigin,
  readStanding,
  readTile,
} from './published.store.ts'

/** How an act stands in the register, for whoever did it. */
export type Proved =
  /** It waits for its place, a second or two. */
  | { readonly state: 'waiting'; readonly leaf: Buffer; readonly at: string }
  | {
      readonly state: 'standing'
      readonly leaf: Buffer
      readonly at: string
      /** The first is 1. */
      readonly place: number
      /** The receipt as a file. */
      readonly file: string
      /** The same without salt and words, for paper that others see. */
      readonly bare: string
      /** Whether the receipt proves the words too: their salt may have gone, or they are not for whoever asks. */
      readonly words: 'proved' | 'erased' | 'withheld' | 'none'
    }
  /** It is not there, or what stands there no longer leads to what was published. */
  | { readonly state: 'missing' | 'broken' }

/** What anybody can note down of the register. */
export interface Newest {
  /** How many entries it has. */
  readonly size: number
  /** Base64. */
  readonly root: string
  /** ISO 8601. */
  readonly at: string
}

export interface Publishing {
  /** The key of the register as others are told it: name, id and key. */
  key(): Promise<string>
  /** Signed at once, before there is a place: this leaf was taken in at this moment. */
  promise(leaf: Uint8Array, at: string): Promise<string>
  /** Signs and keeps the state that the register has. Returns its size; null where it is kept already, or empty. */
  publish(now: Date): Promise<number | null>
  /** The bytes of a tile; null where the register does not reach so far. @throws MissingPlace */
  tile(tile: Tile): Promise<Buffer | null>
  /** What was published last, for paper and screens: at most a minute old, and as it was known where the database does not answer. */
  newest(now: Date): Promise<Newest | null>
  /** A published checkpoint with its cosignatures: the newest, or that of a size. */
  checkpoint(size?: number): ReturnType<typeof readCheckpoint>
  /**
   * The way from the state of so many entries to the newest checkpoint that was published, or where it has fewer to one of the present
   * state; as a file. Null where the register has fewer itself.
   * @throws MissingPlace
   */
  consistency(older: number): Promise<string | null>
  /**
   * How the first act of these kinds about a record stands.
   * @param words what its personal content may have been: those that were registered are told by the digest
   */
  prove(record: string, kinds: readonly string[], words: readonly unknown[]): Promise<Proved>
  /** Whether this leaf stands at this place, and leads to the newest checkpoint. */
  standsAt(place: number, leaf: Uint8Array): Promise<boolean>
  /**
   * Takes in the line of a witness beneath a published checkpoint.
   * @returns what is wrong with it; null where it is kept
   */
  cosign(line: string, size: number, now: Date): Promise<'unknown-checkpoint' | 'unknown-witness' | 'wrong' | null>
}

/** @param witnesses keys of witnesses that this installation has been told of */
export function createPublishing({
  jobsDatabase,
  encryption,
  witnesses,
}: {
  readonly jobsDatabase: Pick<Database, 'sql'>
  readonly encryption: Pick<Encryption, 'key'>
  readonly witnesses: readonly VerifierKey[]
}): Publishing {
  const on = jobsDatabase.sql
  let known: Promise<Signer> | null = null
  /** The name of a register never changes, so that it is asked for once. */
  function signer(): Promise<Signer> {
    known ??= readOrigin(on)
      .then((origin) => registerSigner(encryption, origin))
      .catch((error: unknown) => {
        known = null
        throw error
      })
    return known
  }
  let noted: { readonly minute: number; readonly newest: Promise<Newest | null> } | null = null
  async function askNewest(known: Promise<Newest | null> | undefined): Promise<Newest | null> {
    const published = await readCheckpoint(on, { least: 0 }).catch(() => undefined)
    if (published === undefined) return (await known) ?? null
    const [, , root = ''] = published?.note.split('\n') ?? []
    return published && { size: published.size, root, at: published.at }
  }
  async function signed(text: string): Promise<string> {
    return writeNote({ text, signatures: [(await signer()).sign(text)] })
  }
  const treeOf = (size: number) => tiledTree(sha256, size, (tile) => readTile(on, tile))

  /** A checkpoint that reaches so far: the newest that was published, else one of the present state. */
  async function covering(place: number): Promise<{ size: number; note: string; root: Uint8Array }> {
    const published = await readCheckpoint(on, { least: place })
    if (published) {
      const note = parseNote(published.note)
      const parsed = note && parseCheckpoint(note.text)
      // Whoever writes into the database has not the key.
      if (!parsed || !isSignedBy(primitives, note, (await signer()).key))
        throw new RangeError(`the checkpoint of ${published.size} entries is not ours`)
      return { size: parsed.size, note: published.note, root: parsed.root }
    }
    const { size, root, origin } = await readHead(on)
    return { size, root, note: await signed(writeCheckpoint({ origin, size, root })) }
  }

  /** The way from a leaf up to a checkpoint; null where it does not lead there. */
  async function wayUp(place: number, leaf: Uint8Array): Promise<{ path: Uint8Array[]; checkpoint: string } | null> {
    const { size, root, note } = await covering(place)
    if (place > size) return null
    const tree = treeOf(size)
    // A proof says nothing of the leaf itself, which may be another by now.
    if (!sameHash(await tree.leaf(place - 1), leaf)) return null
    const path = await tree.inclusion(place - 1, size)
    const reached = rootByInclusion(sha256, leaf, place - 1, size, path)
    return reached && sameHash(reached, root) ? { path, checkpoint: note } : null
  }

  return {
    key: async () => writeKey(sha256, (await signer()).key),
    async promise(leaf, at) {
      return signed(writePromise({ origin: (await signer()).key.name, leaf, at }))
    },
    async publish(now) {
      const { size, root, origin } = await readHead(on)
      if (size === 0) return null
      const note = await signed(writeCheckpoint({ origin, size, root }))
      return (await keepCheckpoint(on, { size, root, note, at: now })) ? size : null
    },
    async tile(tile) {
      const bytes = await readTile(on, tile)
      return bytes.length === tile.width * 32 ? bytes : null
    },
    newest(now) {
      const minute = Math.floor(now.getTime() / 60_000)
      if (noted?.minute !== minute) noted = { minute, newest: askNewest(noted?.newest) }
      return noted.newest
    },
    checkpoint: (size) => readCheckpoint(on, size === undefined ? { least: 0 } : { size }),
    async consistency(older) {
      const { size, note } = await covering(older)
      if (older > size || size === 0) return null
      return writeConsistency({ older, path: await treeOf(size).consistency(older, size), checkpoint: note })
    },
    async prove(record, kinds, words) {
      const act = await readStanding(on, record, kinds)
      if (!act) return { state: 'missing' }
      const { leaf, at, place, salt, digest } = act
      if (place === null) return act.waits ? { state: 'waiting', leaf, at } : { state: 'missing' }
      try {
        const way = await wayUp(place, leaf)
        if (!way) return { state: 'broken' }
        const said = salt && digest ? words.find((one) => personalDigest(salt, one).equals(digest)) : undefined
        const bare: Receipt = { act: act.text, salt: null, personal: null }
        const receipt = said === undefined || !salt ? bare : { ...bare, salt: hex(salt), personal: canonical(said) }
        const proof = { index: place - 1, ...way }
        return {
          state: 'standing',
          leaf,
          at,
          place,
          file: writeProof({ receipt, ...proof }),
          bare: writeProof({ receipt: bare, ...proof }),
          words: said !== undefined ? 'proved' : digest === null ? 'none' : salt ? 'withheld' : 'erased',
        }
      } catch (error) {
        if (error instanceof MissingPlace || error instanceof RangeError) return { state: 'broken' }
        throw error
      }
    },
    async standsAt(place, leaf) {
      try {
        return (await wayUp(place, leaf)) !== null
      } catch (error) {
        if (error instanceof MissingPlace || error instanceof RangeError) return false
        throw error
      }
    },
    async cosign(line, size, now) {
      const checkpoint = await readCheckpoint(on, { size })
      const note = checkpoint && parseNote(checkpoint.note)
      if (!note) return 'unknown-checkpoint'
      const signature = parseSignature(line.trimEnd())
      const witness = signature && witnesses.find(({ name }) => name === signature.name)
      if (!signature || !witness) return 'unknown-witness'
      const seconds = secondsOf(signature.signature)
      const ahead = seconds * 1000 - now.getTime()
      const good = isSignedBy(primitives, { text: note.text, signatures: [signature] }, witness)
      // A witness whose clock goes five minutes ahead says when it will have seen something.
      if (!good || ahead > 300_000) return 'wrong'
      await keepCosignature(on, size, witness.name, `${line.trimEnd()}\n`, new Date(seconds * 1000))
      return null
    },
  }
}

const hex = (bytes: Buffer): string => bytes.toString('hex')
