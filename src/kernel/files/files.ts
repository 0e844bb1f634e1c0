import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { QueryExecutorProvider } from 'kysely'
import { isId } from '#kernel/http/shapes.api.ts'
import { newId } from '../database/identifiers.ts'
import { hashToken } from '../encryption/index.ts'
import type { Refusal } from '../http/refusal.ts'
import { claimStore } from './bearing.ts'
import {
  attachFiles,
  deleteFiles,
  expiredFiles,
  type FileRow,
  filesOf,
  heldFiles,
  insertFile,
  knownFiles,
  letGoFile,
  whoseFiles,
} from './files.store.ts'
import { type FileKind, receive } from './intake.ts'
import { everyDay, folderOf, keyOf } from './keys.ts'
import { cleanMp4 } from './mp4.ts'
import { repaint } from './pictures.ts'
import { unfit } from './refusals.ts'
import type { FileStore, Opened, Range } from './stores/store.ts'
import { cleanWebm } from './webm.ts'

/** Bytes that are stored and belong to nothing yet. */
export interface Prepared {
  id: string
  sha256: Buffer
  kind: FileKind
  mediaType: string
  bytes: number
  width: number | null
  height: number | null
  thumbnail: boolean
}

interface Acting {
  sql: QueryExecutorProvider
  now: Date
}

export interface Files {
  /**
   * Takes a stream in: decides what it is by its content, repaints pictures and cleans videos, and stores the
   * result. Slow, so do it before the transaction. The name under which it came is not wanted. Throws Refusal.
   */
  prepare(stream: Readable, accepted?: readonly FileKind[]): Promise<Prepared>
  /** Holds prepared bytes for a form, for 24 hours. Throws Refusal when the form holds as many as it may. */
  hold(act: Acting, formToken: string, prepared: Prepared, purpose: string, most?: number): Promise<FileRow>
  /** What a form holds, in the order it came. */
  held(act: Acting, formToken: string): Promise<FileRow[]>
  /** Makes held files part of a record. Throws Refusal when one is not held (any more). */
  attach(act: Acting, formToken: string, ids: readonly string[], record: string): Promise<void>
  /** The form no longer wants a file. False where it held none such. */
  letGo(act: Acting, formToken: string, id: string): Promise<boolean>
  /** Files of a record, as far as the record's room lets this actor see them. */
  filesOf(act: Acting, record: string): Promise<FileRow[]>
  /** The bytes of a file, or a range of them. Ask only with a row that the actor was allowed to read. Null where they are lost. */
  read(
    file: Pick<FileRow, 'id' | 'mediaType' | 'thumbnail'>,
    options?: { thumbnail?: boolean; range?: Range | undefined },
  ): Promise<(Opened & { mediaType: string }) | null>
  /** Removes bytes that were prepared and then not held. */
  discard(prepared: Prepared): Promise<void>
  /** Erases files with their rows. As the role of jobs. */
  erase(database: QueryExecutorProvider, files: readonly Pick<FileRow, 'id' | 'mediaType'>[]): Promise<void>
  /** Erases what forms no longer hold. As the role of jobs. */
  sweep(database: QueryExecutorProvider, now: Date): Promise<number>
  /** Whether a file would be taken now: what would refuse it, or null. */
  refusal(): Promise<Refusal | null>
  close(): void
}

const heldHours = 24
const mostHeld = 12
/** Two at a time are painted, others wait; where too many wait, the next is told to come later. */
const mostAtOnce = 2
const mostWaiting = 40

const day = 86_400_000
/**
 * Bytes may come to be nobody's much later: where no file came for weeks, or the store was away. So every day of the store is looked at
 * once a week, a seventh of them each night at three in China, however many there are.
 */
const isTurnOf = (age: number, now: Date): boolean => now.getUTCHours() === 19 && age % 7 === 0

/** Files in a store (`openFileStore`). */
export function createFiles(store: FileStore): Files {
  const work = createQueue()

  const removeBytes = ({ id }: { id: string }) => store.remove(folderOf(id))

  /** Stores the parts of one file: all of them, or none. */
  async function storeParts(id: string, mediaType: string, parts: { original: Buffer; thumbnail?: Buffer }) {
    try {
      await store.put(keyOf(id, 'original', mediaType), parts.original)
      if (parts.thumbnail) await store.put(keyOf(id, 'thumbnail', mediaType), parts.thumbnail)
    } catch (error) {
      // A store that fails may fail here as well; then the sweep finds it.
      await removeBytes({ id }).catch(() => undefined)
      throw error
    }
    return createHash('sha256').update(parts.original).digest()
  }

  async function sweepDay(database: QueryExecutorProvider, folder: string, newest: string): Promise<void> {
    const ids = (await store.list(folder)).filter((id) => isId(id) && id < newest)
    const known = await knownFiles(database, ids)
    for (const id of ids) if (!known.has(id)) await store.remove(`${folder}${id}/`)
  }

  return {
    async prepare(stream, accepted = ['picture', 'video']) {
      const received = await receive(stream, accepted)
      return work(async () => {
        const id = newId()
        if (received.kind === 'picture') {
          const { bytes, thumbnail, width, height } = await repaint(received.bytes)
          const sha256 = await storeParts(id, 'image/webp', { original: bytes, thumbnail })
          return {
            id,
            sha256,
            kind: 'picture',
            mediaType: 'image/webp',
            bytes: bytes.length,
            width,
            height,
            thumbnail: true,
          }
        }
        const { bytes, mediaType } = received
        const size = mediaType === 'video/mp4' ? cleanMp4(bytes) : cleanWebm(bytes)
        const sha256 = await storeParts(id, mediaType, { original: bytes })
        return { id, sha256, kind: 'video', mediaType, bytes: bytes.length, ...size, thumbnail: false }
      })
    },
    async hold(act, formToken, prepared, purpose, most = mostHeld) {
      const owner = hashToken(formToken)
      const present = await heldFiles(act.sql, owner, act.now)
      if (present.length >= most) throw unfit('many', { most })
      const expiresAt = new Date(act.now.getTime() + heldHours * 3_600_000)
      const position = (present.at(-1)?.position ?? -1) + 1
      await insertFile(act.sql, { ...prepared, purpose, position, owner, expiresAt, now: act.now })
      const { sha256: _, ...row } = prepared
      return { ...row, purpose, position }
    },
    held: (act, formToken) => heldFiles(act.sql, hashToken(formToken), act.now),
    async attach(act, formToken, ids, record) {
      if (ids.length === 0) return
      const wanted = [...new Set(ids)]
      const attached = await attachFiles(act.sql, wanted, hashToken(formToken), act.now, record)
      if (attached !== wanted.length) throw unfit('gone')
    },
    letGo: (act, formToken, id) => letGoFile(act.sql, id, hashToken(formToken), act.now),
    filesOf: (act, record) => filesOf(act.sql, record),
    async read(file, options = {}) {
      const small = options.thumbnail === true && file.thumbnail
      const opened = await store.open(keyOf(file.id, small ? 'thumbnail' : 'original', file.mediaType), options.range)
      return opened && { ...opened, mediaType: file.mediaType }
    },
    async discard(prepared) {
      // What a store that is away still holds is swept two days later: nobody waits for that, or is refused for it.
      await removeBytes(prepared).catch(() => undefined)
    },
    async erase(database, files) {
      // Bytes first: a row without bytes is found again and finished, bytes without a row never.
      for (const file of files) await removeBytes(file)
      await deleteFiles(
        database,
        files.map((file) => file.id),
      )
    },
    async sweep(database, now) {
      const expired = await expiredFiles(database, now)
      await this.erase(database, expired)
      // Bytes whose transaction never came lie in folders of days gone by: nothing is added there any more.
      // They are nobody's only where the store is this installation's, and where this database has taken files since: an older copy
      // that was pointed at a store in use knows nothing of what came later.
      const { installation, newest } = await whoseFiles(database)
      if (installation === null || newest === null || !(await claimStore(store, installation))) return expired.length
      for await (const { folder, at } of everyDay(store)) {
        const age = Math.floor((now.getTime() - at.getTime()) / day)
        if (age >= 2 && (age <= 8 || isTurnOf(age, now))) await sweepDay(database, folder, newest)
      }
      return expired.length
    },
    refusal: () => store.refusal(),
    close: () => store.close(),
  }
}

function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (task) => {
    if (running >= mostAtOnce) {
      if (waiting.length >= mostWaiting) throw unfit('busy')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
