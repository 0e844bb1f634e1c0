// Reads an archive as a stream and believes nothing in it: every member is held to its digest, and all of them to that of the whole.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { ArchiveRefusal } from './refusal.ts'
import {
  type Closing,
  closingLine,
  End,
  endName,
  fileKeyOf,
  format,
  Head,
  headName,
  partOf,
  readClosing,
  sha256,
  statisticsName,
} from './shape.ts'

/** A member whose digest is right. */
export interface Member {
  readonly name: string
  readonly content: Buffer
}

/** An archive that was read to its end and is whole. */
export interface WholeArchive extends Closing {
  readonly head: Head
  readonly end: End
  readonly bytes: number
}

const decompress = promisify(zstdDecompress)
/**
 * A part is unpacked in one piece or two: in pieces of the usual 16 KB it would come from the threads in hundreds, and each be waste at
 * once. None is larger than 4 MB and the piece with which it ends.
 */
const unpacking = { chunkSize: 4.5 * 1024 * 1024, maxOutputLength: 64 * 1024 * 1024 }

/** No member is larger: a part of a table is 4 MB before it is packed, a video 50 MB. */
const largest = 256 * 1024 * 1024

/**
 * Reads the whole archive, writing nothing anywhere. That it is whole says nothing of who wrote it: `refuseUnsealed` asks that.
 * @param report so many bytes of so many
 * @throws ArchiveRefusal where it is none, is damaged, cut off, or of a newer program, with the place
 */
export async function checkArchive(
  file: string,
  known: readonly string[],
  report: (done: number, total: number) => void = () => undefined,
): Promise<WholeArchive> {
  const ends = await lookAtEnds(file)
  const { bytes, version } = ends
  let head: Head | null = null
  let end: End | null = null
  const parts = new Map<string, number>()
  let stored = 0
  for await (const { name, content } of members(file, ends, (done) => report(done, bytes))) {
    const part = partOf(name)
    if (end !== null) throw damaged(file, placeOf(name))
    if (head === null) {
      if (name !== headName) throw notOne(file)
      head = shaped(file, name, Head, content)
      refuseNewer(file, head, known)
      if (head.format !== version) throw damaged(file, placeOf(name))
    } else if (part) {
      if (part.part !== (parts.get(part.table) ?? 0) + 1) throw damaged(file, placeOf(name))
      parts.set(part.table, part.part)
    } else if (fileKeyOf(name) !== null) stored += 1
    else if (name === endName) end = shaped(file, name, End, content)
    else if (name !== statisticsName) throw damaged(file, placeOf(name))
  }
  if (head === null) throw notOne(file)
  if (end === null) throw damaged(file, { zh: '没有末尾的清单', en: 'the list at its end is not there' })
  for (const [table, { parts: wanted }] of Object.entries(end.tables)) {
    if ((parts.get(table) ?? 0) !== wanted) throw damaged(file, placeOf(`tables/${table}/000000.zst`))
  }
  if (stored !== end.files.stored) throw damaged(file, { zh: '文件', en: 'its files' })
  return { head, end, ...ends }
}

/** The members of an archive that was checked, once more from the beginning; each is held to its digest again. */
export async function* readMembers(file: string, whole: WholeArchive): AsyncGenerator<Member> {
  yield* members(file, whole, () => undefined, true)
}

/** What a member says, if it has the shape that it is to have. @throws ArchiveRefusal */
export function shaped<S extends TSchema>(
  file: string,
  name: string,
  shape: S,
  content: Buffer,
  again = false,
): Static<S> {
  let value: unknown
  try {
    value = JSON.parse(content.toString())
  } catch {
    // Refused below.
  }
  if (!Value.Check(shape, value)) throw damaged(file, placeOf(name), again)
  return value as Static<S>
}

/** A member that is no larger unpacked than any that was ever written. @throws ArchiveRefusal */
export async function unpacked(file: string, { name, content }: Member): Promise<Buffer> {
  return decompress(content, unpacking).catch(() => {
    throw damaged(file, placeOf(name), true)
  })
}

async function* members(
  file: string,
  ends: Ends,
  report: (done: number) => void,
  again = false,
): AsyncGenerator<Member> {
  const tar = extract()
  tar.on('error', () => undefined)
  const all = createHash('sha256')
  let read = 0
  const fed = pipeline(
    createReadStream(file, { end: ends.bytes - closingLine(ends).length - 1, highWaterMark: 1 << 20 }),
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        all.update(chunk)
        read += chunk.length
        yield chunk
      }
    },
    tar,
  )
  fed.catch(() => undefined)
  let last = ''
  try {
    for await (const entry of tar) {
      const { name, size = 0, pax } = entry.header
      if (size > largest) throw damaged(file, placeOf(name), again)
      const pieces: Buffer[] = []
      for await (const piece of entry) pieces.push(piece as Buffer)
      const content = Buffer.concat(pieces)
      if (content.length !== size || sha256(content) !== (pax as { comment?: string } | undefined)?.comment)
        throw damaged(file, placeOf(name), again)
      last = name
      report(read)
      yield { name, content }
    }
    await fed
  } catch (error) {
    if (error instanceof ArchiveRefusal || (error as NodeJS.ErrnoException).code) throw unreadable(file, error)
    // The reader of tar knows no more than that it cannot go on.
    throw damaged(file, between(last, read), again)
  } finally {
    tar.destroy()
  }
  if (all.digest('hex') !== ends.hash) {
    const place = {
      zh: '成员之间的字节，或末行的摘要',
      en: 'a byte between its members, or the digest in its last line',
    }
    throw damaged(file, place, again)
  }
}

type Ends = Closing & { readonly bytes: number }

/** Reads the first bytes and the last line. @throws ArchiveRefusal where it is no archive, or was cut off */
async function lookAtEnds(file: string): Promise<Ends> {
  try {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const first = Buffer.alloc(1024 * 4)
      await handle.read(first, 0, first.length, 0)
      const tail = Buffer.alloc(Math.min(size, 512))
      await handle.read(tail, 0, tail.length, size - tail.length)
      const closing = readClosing(tail)
      if (closing !== null && closing.version > format) throw newer(file, `format ${closing.version}`)
      if (closing !== null) return { bytes: size, ...closing }
      if (!first.includes(headName)) throw notOne(file)
      throw new ArchiveRefusal({
        zh: `${file} 不完整：它在第 ${size.toLocaleString('en')} 字节处断了，或末行坏了。没有动任何东西。请换一份备份。`,
        en: `${file} is not whole: it ends at byte ${size.toLocaleString('en')} without its last line, or that line is damaged. Nothing was touched. Take another backup.`,
      })
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(file, error)
  }
}

function refuseNewer(file: string, head: Head, known: readonly string[]): void {
  if (head.format > format) throw newer(file, `format ${head.format}`)
  const strange = head.migrations.find((name, index) => name !== known[index])
  if (strange !== undefined) throw newer(file, strange)
}

function newer(file: string, what: string): ArchiveRefusal {
  return new ArchiveRefusal({
    zh: `${file} 是更新的程序写的（${what}，本程序不认识）。没有动任何东西。请用写它的那一版或更新的程序恢复。`,
    en: `${file} was written by a newer program (${what} is unknown to this one). Nothing was touched. Restore it with the program that wrote it, or a newer one.`,
  })
}

function notOne(file: string): ArchiveRefusal {
  return new ArchiveRefusal({
    zh: `${file} 不是邻里的备份。没有动任何东西。`,
    en: `${file} is no backup of Linli. Nothing was touched.`,
  })
}

/** @param again it was whole when it was checked, and is being restored from */
function damaged(file: string, place: { zh: string; en: string }, again = false): ArchiveRefusal {
  if (again) {
    return new ArchiveRefusal({
      zh: `${file} 核对之后坏了或被改了：${place.zh}。只恢复了一半，不能使用。请换一份备份，再执行一次，它会从头来过。`,
      en: `${file} was damaged or altered after it had been checked: ${place.en}. This is half restored and cannot be used. Take another backup and run it again; it begins anew.`,
    })
  }
  return new ArchiveRefusal({
    zh: `${file} 坏了：${place.zh}。没有动任何东西。请换一份备份。`,
    en: `${file} is damaged: ${place.en}. Nothing was touched. Take another backup.`,
  })
}

function placeOf(name: string): { zh: string; en: string } {
  const part = partOf(name)
  if (part) return { zh: `表 ${part.table} 的第 ${part.part} 部分`, en: `part ${part.part} of the table ${part.table}` }
  const key = fileKeyOf(name)
  return key === null ? { zh: `成员 ${name}`, en: `the member ${name}` } : { zh: `文件 ${key}`, en: `the file ${key}` }
}

function between(last: string, read: number): { zh: string; en: string } {
  const after = last === '' ? { zh: '开头', en: 'its beginning' } : placeOf(last)
  return {
    zh: `在${after.zh}之后，第 ${read.toLocaleString('en')} 字节之前`,
    en: `after ${after.en}, before byte ${read.toLocaleString('en')}`,
  }
}

function unreadable(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (!code || error instanceof ArchiveRefusal) return error
  return new ArchiveRefusal({ zh: `读不了 ${file}（${code}）。`, en: `${file} cannot be read (${code}).` })
}
