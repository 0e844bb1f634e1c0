// From one store to another, whole: what is written is read back, and what is there already is not written again.
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { ClientBase } from 'pg'
import { Refusal } from '../http/refusal.ts'
import { isId } from '../http/shapes.api.ts'
import { countFiles, everyFile, type KnownFile, stillKnown } from './every.store.ts'
import { everyDay, folderOf, keyOf, timeOf } from './keys.ts'
import type { FileStore } from './stores/store.ts'

export interface Moving {
  /** As the owner of the tables: it sees every file. */
  readonly client: ClientBase
  readonly from: FileStore
  readonly to: FileStore
  /** Reads what is there already to its end too, instead of going by its length. */
  readonly check: boolean
  /** Takes out of `from` whatever was found whole at `to`; implies `check`. */
  readonly remove: boolean
  readonly now: Date
  report(done: number, total: number): void
}

export interface Moved {
  files: number
  /** Bytes that were written. */
  bytes: number
  copied: number
  /** Were there before. */
  there: number
  removed: number
  /** Known when this run began and erased meanwhile: what had come to `to` of them was taken out again. */
  swept: number
  /** Folders at `to`, older than a day, of which the database knows nothing. They are counted and left: they may be another's. */
  unknown: number
  /** Known to the database, and in neither store. */
  lost: string[]
  /** Others than what was stored: their bytes have another digest. They are left as they are. */
  damaged: string[]
}

/** A store that gives back something else than it was given; its message is the key. */
export class Unfaithful extends Error {}

/** So many at once: a store that is far away answers each in its time. */
const together = 4
/** What is younger may belong to a form whose transaction has not come yet. */
const unknownAfter = 86_400_000

/**
 * Copies every file that the database knows, the oldest first. It may be stopped at any moment and run again, and files may come and go
 * meanwhile: what came later is found by the next run.
 * @throws Refusal of a store that is away, full or refuses; Unfaithful
 */
export async function moveFiles(moving: Moving): Promise<Moved> {
  const { client, from, to, remove, report } = moving
  const moved: Moved = {
    files: 0,
    bytes: 0,
    copied: 0,
    there: 0,
    removed: 0,
    swept: 0,
    unknown: 0,
    lost: [],
    damaged: [],
  }
  const total = await countFiles(client)
  const seen: string[] = []

  async function move(file: KnownFile): Promise<void> {
    if (await isThere(moving, file)) moved.there += 1
    else {
      const original = await read(from, keyOf(file.id, 'original', file.mediaType))
      if (original === null) return void moved.lost.push(file.id)
      if (!digest(original).equals(file.sha256)) return void moved.damaged.push(file.id)
      // The original comes last: where it is, everything is.
      if (file.thumbnail) {
        const key = keyOf(file.id, 'thumbnail', file.mediaType)
        const thumbnail = await read(from, key)
        if (thumbnail === null) return void moved.lost.push(file.id)
        await write(to, key, thumbnail)
        moved.bytes += thumbnail.length
      }
      await write(to, keyOf(file.id, 'original', file.mediaType), original)
      moved.bytes += original.length
      moved.copied += 1
    }
    if (!remove) return
    await from.remove(folderOf(file.id))
    moved.removed += 1
  }

  let batch: KnownFile[] = []
  const work = async () => {
    // All of them end before anything is thrown: nothing goes on behind the back of whoever is told.
    const ended = await Promise.allSettled(batch.map(move))
    moved.files += batch.length
    batch = []
    report(moved.files, total)
    for (const each of ended) if (each.status === 'rejected') throw each.reason
  }
  for await (const file of everyFile(client)) {
    batch.push(file)
    seen.push(file.id)
    if (batch.length === together) await work()
  }
  await work()
  // Whoever deletes a file meanwhile takes its bytes first: that is no loss.
  for (const name of ['lost', 'damaged'] as const) {
    const known = await stillKnown(client, moved[name])
    moved[name] = moved[name].filter((id) => known.has(id))
  }
  moved.swept = await removeErased(client, to, seen)
  moved.unknown = await countUnknown(client, to, moving.now)
  return moved
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest()

async function read(store: FileStore, key: string): Promise<Buffer | null> {
  const opened = await store.open(key)
  if (opened === null) return null
  return buffer(opened.stream).catch((error) => {
    const away = new Refusal(503, 'files-away', 'files.store.away')
    away.cause = error
    throw away
  })
}

async function write(store: FileStore, key: string, bytes: Buffer): Promise<void> {
  await store.put(key, bytes)
  if (!(await read(store, key))?.equals(bytes)) throw new Unfaithful(key)
}

async function isThere({ from, to, check, remove }: Moving, file: KnownFile): Promise<boolean> {
  const original = keyOf(file.id, 'original', file.mediaType)
  const thumbnail = keyOf(file.id, 'thumbnail', file.mediaType)
  if (!check && !remove) {
    return (
      (await lengthOf(to, original)) === file.bytes && (!file.thumbnail || (await lengthOf(to, thumbnail)) !== null)
    )
  }
  const bytes = await read(to, original)
  if (bytes === null || !digest(bytes).equals(file.sha256)) return false
  if (!file.thumbnail) return true
  // Of the small one no digest is kept: it is held against the one it was made from, as long as that is there.
  const [small, first] = [await read(to, thumbnail), await read(from, thumbnail)]
  return small !== null && (first === null || small.equals(first))
}

/** Null where there is nothing. */
async function lengthOf(store: FileStore, key: string): Promise<number | null> {
  const opened = await store.open(key, { from: 0, to: 0 })
  opened?.stream.on('error', () => undefined).destroy()
  return opened?.total ?? null
}

/**
 * Of a file that is erased while it is being copied, bytes would stay that nobody looks for any more. Only what this run itself has seen in
 * the database is taken out: a database that is another one, or older than the store, knows little of what lies there.
 */
async function removeErased(client: ClientBase, store: FileStore, seen: readonly string[]): Promise<number> {
  let removed = 0
  for (let first = 0; first < seen.length; first += 1_000) {
    const ids = seen.slice(first, first + 1_000)
    const known = await stillKnown(client, ids)
    for (const id of ids.filter((each) => !known.has(each))) {
      await store.remove(folderOf(id))
      removed += 1
    }
  }
  return removed
}

async function countUnknown(client: ClientBase, store: FileStore, now: Date): Promise<number> {
  let unknown = 0
  for await (const { folder } of everyDay(store)) {
    const ids = (await store.list(folder)).filter(
      (id) => isId(id) && timeOf(id).getTime() < now.getTime() - unknownAfter,
    )
    unknown += ids.length - (await stillKnown(client, ids)).size
  }
  return unknown
}
