// Writes an archive: a tar whose members carry their digests, and behind it a line with the digest of all.
import { createHash } from 'node:crypto'
import { createWriteStream, rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'
import { noRoom } from '#kernel/disk/index.ts'
import { ArchiveRefusal } from './refusal.ts'
import { closingLine, format, sealOf, sha256 } from './shape.ts'

export interface WrittenArchive {
  readonly bytes: number
  /** SHA-256 of every byte before the closing line. */
  readonly hash: string
}

export interface ArchiveWriter {
  /** The file as long as it is not whole. */
  readonly draft: string
  /** Appends a member; several callers wait for each other. */
  add(name: string, content: Buffer): Promise<void>
  /** Ends the archive and brings it to the disk, still under the name of the draft. */
  close(): Promise<WrittenArchive>
  /** Gives it its name. */
  publish(): Promise<void>
  /** Removes what was written. */
  discard(): void
}

/** What a writer of tars leaves to whoever uses it. */
export interface TarWays {
  /** The file that is written. */
  readonly begin?: (draft: string) => Writable
  /** What the header of a member says besides its name and size. */
  readonly pax?: (content: Buffer) => Record<string, string>
  /** Sees every byte of the tar as it is written. */
  readonly onBytes: (bytes: Buffer) => void
  /** Behind the tar. */
  readonly tail?: () => Buffer
}

export interface TarWriter extends Omit<ArchiveWriter, 'close'> {
  /** Fails as soon as the file cannot be written, and is fulfilled once it is. */
  readonly written: Promise<void>
  close(): Promise<void>
}

/**
 * Begins a tar under a temporary name beside `file`, readable by its owner alone. What stands there, left by a killed run or put
 * there by somebody, is removed and never written into.
 * @throws ArchiveRefusal from any of its functions where the file cannot be written
 */
export function writeTar(file: string, mtime: Date, ways: TarWays): TarWriter {
  const draft = `${file}.part`
  const discard = (): void => rmSync(draft, { force: true })
  try {
    discard()
  } catch (error) {
    throw unwritten(file, error)
  }
  // Also where the command is interrupted: half an archive is worth nothing and would be taken for one.
  process.once('exit', discard)
  const tar = pack()
  // Told by the pipeline, which ends it where the file cannot be written.
  tar.on('error', () => undefined)
  const out = (ways.begin ?? newFile)(draft)
  out.on('error', () => undefined)
  const written = pipeline(
    tar as unknown as AsyncIterable<Buffer>,
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        ways.onBytes(chunk)
        yield chunk
      }
      if (ways.tail) yield ways.tail()
    },
    out,
  ).catch((error: unknown) => {
    throw unwritten(file, error)
  })
  written.catch(() => undefined)
  let turn: Promise<void> = Promise.resolve()
  return {
    draft,
    written,
    add(name, content) {
      const header = { name, mtime, mode: 0o600, size: content.length, ...(ways.pax ? { pax: ways.pax(content) } : {}) }
      turn = turn.then(() =>
        Promise.race([
          new Promise<void>((done, failed) => {
            const entry = tar.entry(header, content, (error) => (error ? failed(error) : done()))
            entry.on('error', () => undefined)
          }),
          // A disk that is full ends the pipeline, and nobody would call back.
          written,
        ]),
      )
      return turn.catch(async (error: unknown) => {
        await written
        throw error
      })
    },
    async close() {
      tar.finalize()
      await written
    },
    async publish() {
      await rename(draft, file).catch((error: unknown) => {
        throw unwritten(file, error)
      })
      // The new name has to outlive a power cut too. Not every system lets a directory be opened.
      const directory = await open(dirname(file)).catch(() => null)
      await directory?.sync().catch(() => undefined)
      await directory?.close()
      process.off('exit', discard)
    },
    discard() {
      discard()
      process.off('exit', discard)
    },
  }
}

/**
 * Begins the archive of a backup.
 * @param key of the installation: seals it
 * @throws ArchiveRefusal from any of its functions where the file cannot be written
 */
export function writeArchive(
  file: string,
  mtime: Date,
  key: Buffer,
  begin: (draft: string) => Writable = newFile,
): ArchiveWriter {
  const hash = createHash('sha256')
  let bytes = 0
  const reckoned = { hash: '', line: '' }
  const tar = writeTar(file, mtime, {
    begin,
    pax: (content) => ({ comment: sha256(content) }),
    onBytes(chunk) {
      hash.update(chunk)
      bytes += chunk.length
    },
    tail() {
      reckoned.hash = hash.digest('hex')
      reckoned.line = closingLine({ version: format, hash: reckoned.hash, seal: sealOf(key, reckoned.hash) })
      return Buffer.from(reckoned.line)
    },
  })
  return {
    ...tar,
    async close() {
      await tar.close()
      return { bytes: bytes + reckoned.line.length, hash: reckoned.hash }
    },
  }
}

/** A file that was not there, nor a link of that name: only so do its owner and its rights hold. */
function newFile(draft: string): Writable {
  return createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true, highWaterMark: 1 << 20 })
}

/** A file that could not be written, as a refusal. */
export function unwritten(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (!code || error instanceof ArchiveRefusal) return error
  return new ArchiveRefusal(
    noRoom.includes(code)
      ? {
          zh: `${file} 所在的磁盘满了，没有写成，写了一半的已删去。请腾出空间再来。`,
          en: `The disk that holds ${file} is full; it was not written, and what was half written has been removed. Make room and run it again.`,
        }
      : { zh: `写不了 ${file}（${code}）。`, en: `${file} cannot be written (${code}).` },
  )
}
