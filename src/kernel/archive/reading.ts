// Reads an archive as a stream and believes nothing in it. No database is asked.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { extract, pack } from 'tar-stream'
import { Value } from 'typebox/value'
import { ArchiveRefusal } from '../backup/index.ts'
import { primitives } from '../tree/index.ts'
import { type Content, holdToSeal, type LookingSurroundings, linesOf as linesUnpacked, looking } from './looking.ts'
import { faults } from './refusing.ts'
import { Head, Manifest, sealName, tailBytes } from './shape.ts'

/** An archive that was read to its end and holds. */
export interface CheckedArchive {
  readonly file: string
  readonly manifest: Manifest
  readonly bytes: number
  /** SHA-256 of every byte. */
  readonly digest: string
}

export interface Member {
  readonly name: string
  readonly content: Buffer
  readonly mtime: Date
}

const unzip = promisify(gunzip)
/** A part is unpacked in a few pieces; none is larger than the lines of 5,000 acts, or 4 MB and one line. */
const unpacking = { chunkSize: 1 << 20, maxOutputLength: 256 << 20 }
const surroundings: LookingSurroundings = {
  primitives,
  faults,
  unpack: async (content) => (await unzip(content, unpacking)).toString(),
  isHead: (value): value is Head => Value.Check(Head, value),
  isManifest: (value): value is Manifest => Value.Check(Manifest, value),
}
/** No member is larger: a video has 50 MB. */
const largest = 256 << 20

/**
 * Reads the whole archive, writing nothing anywhere.
 * @param key of the register that is to have signed it; null: the one that it names itself
 * @param report so many bytes of so many
 * @throws ArchiveRefusal with the member and the line that do not hold
 */
export async function checkArchive(
  file: string,
  key: string | null = null,
  report: (done: number, total: number) => void = () => undefined,
): Promise<CheckedArchive> {
  const bytes = await sizeOf(file)
  const before = createHash('sha256')
  const all = createHash('sha256')
  const reading = { file, all, before, until: bytes - tailBytes, onBytes: (done: number) => report(done, bytes) }
  const look = looking(surroundings, file)
  let seal: Member | null = null
  for await (const member of readMembers(reading)) {
    if (seal !== null) throw faults.extra(file, member.name)
    if (member.name === sealName) seal = member
    else await look.member(member)
  }
  const { manifest, content, last } = look.end(bytes)
  if (seal === null) throw faults.cut(file, bytes, last)
  holdToSeal(surroundings, file, seal.content, { manifest, content, last, key, before: before.digest('hex') })
  if (!(await tailOf(file, bytes)).equals(await writtenTail(seal))) throw faults.between(file, sealName)
  return { file, manifest, bytes, digest: all.digest('hex') }
}

/** The lines of a part. @throws ArchiveRefusal where it cannot be unpacked */
export const linesOf = (file: string, member: Content): Promise<string[]> =>
  linesUnpacked(surroundings.unpack, faults, file, member)

export interface ReadingMembers {
  readonly file: string
  /** Takes in every byte. */
  readonly all: { update(bytes: Buffer): unknown }
  /** Takes in the bytes up to `until`. */
  readonly before?: { update(bytes: Buffer): unknown }
  readonly until?: number
  readonly onBytes?: (done: number) => void
}

/** The members, one after the other. @throws ArchiveRefusal where the tar is cut off or cannot be read on */
export async function* readMembers({ file, all, before, until = 0, onBytes }: ReadingMembers): AsyncGenerator<Member> {
  const tar = extract()
  tar.on('error', () => undefined)
  let read = 0
  const fed = pipeline(
    createReadStream(file, { highWaterMark: 1 << 20 }),
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        all.update(chunk)
        if (read < until) before?.update(chunk.subarray(0, until - read))
        read += chunk.length
        onBytes?.(read)
        yield chunk
      }
    },
    tar,
  )
  fed.catch(() => undefined)
  let last = ''
  try {
    for await (const entry of tar) {
      const { name, size = 0, mtime = new Date(0) } = entry.header
      if (size > largest) throw faults.altered(file, { member: name })
      const pieces: Buffer[] = []
      for await (const piece of entry) pieces.push(piece as Buffer)
      last = name
      yield { name, content: Buffer.concat(pieces), mtime }
    }
    await fed
  } catch (error) {
    if (error instanceof ArchiveRefusal || (error as NodeJS.ErrnoException).code) throw faults.unreadable(file, error)
    if (/unexpected end/i.test((error as Error).message)) throw faults.cut(file, read, last)
    throw last === '' ? faults.none(file) : faults.between(file, last)
  } finally {
    tar.destroy()
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    throw faults.unreadable(file, error)
  }
}

async function tailOf(file: string, bytes: number): Promise<Buffer> {
  const handle = await open(file)
  try {
    const tail = Buffer.alloc(Math.min(bytes, tailBytes))
    await handle.read(tail, 0, tail.length, bytes - tail.length)
    return tail
  } finally {
    await handle.close()
  }
}

/** The end of an archive as it is written: nobody else vouches for these bytes. */
async function writtenTail({ name, content, mtime }: Member): Promise<Buffer> {
  const tar = pack()
  tar.entry({ name, mtime, mode: 0o600, size: content.length }, content)
  tar.finalize()
  return Buffer.concat(
    (await Array.fromAsync(tar as unknown as AsyncIterable<Uint8Array>)).map((chunk) => Buffer.from(chunk)),
  )
}
