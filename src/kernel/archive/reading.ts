// Reads an archive as a stream and believes nothing in it. No database is asked.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { extract, pack } from 'tar-stream'
import { Value } from 'typebox/value'
import { ArchiveRefusal, fileKeyOf } from '../backup/index.ts'
import { isSignedBy, parseKey, parseNote, primitives, sha256 as treeHash } from '../tree/index.ts'
import { registerChecks } from './checking.ts'
import { faults } from './faults.ts'
import {
  checksumName,
  checksumOf,
  formatName,
  formatVersion,
  Head,
  headName,
  Manifest,
  manifestName,
  parseSeal,
  partName,
  partOf,
  readmeName,
  sealName,
  sha256,
  tailBytes,
} from './shape.ts'

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

const unpack = promisify(gunzip)
/** A part is unpacked in a few pieces; none is larger than the lines of 5,000 acts, or 4 MB and one line. */
const unpacking = { chunkSize: 1 << 20, maxOutputLength: 256 << 20 }
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
  const look = looking(file)
  let seal: Member | null = null
  for await (const member of readMembers(reading)) {
    if (seal !== null) throw faults.extra(file, member.name)
    if (member.name === sealName) seal = member
    else await look.member(member)
  }
  const { manifest, content, last } = look.end(bytes)
  if (seal === null) throw faults.cut(file, bytes, last)
  const signed = parseNote(seal.content.toString())
  const said = signed && parseSeal(signed.text)
  const own = parseKey(treeHash, manifest.register.key)
  if (key !== null && key !== manifest.register.key) throw faults.key(file, manifest.register.key)
  if (!signed || !said || !own || said.origin !== own.name || !isSignedBy(primitives, signed, own))
    throw faults.seal(file)
  if (said.manifest !== sha256(content)) throw faults.altered(file, { member: manifestName })
  if (said.before !== before.digest('hex')) throw faults.between(file, last)
  if (!(await tailOf(file, bytes)).equals(await writtenTail(seal))) throw faults.between(file, sealName)
  return { file, manifest, bytes, digest: all.digest('hex') }
}

/** Holds members to their lists, tables to the manifest, and the register to itself. */
function looking(file: string) {
  let head: Head | null = null
  let tables = new Map<string, string>()
  let register = registerChecks(file, true)
  let manifest: { value: Manifest; content: Buffer } | null = null
  let last = ''
  let listed: { name: string; hash: string }[] = []
  let lists = 0
  const counted = new Map<string, { rows: number; parts: number }>()
  const files = { stored: 0, bytes: 0 }

  async function part(table: string, number: number, { name, content }: Member): Promise<void> {
    const columns = tables.get(table)
    if (columns === undefined) throw faults.extra(file, name)
    const count = counted.get(table) ?? { rows: 0, parts: 0 }
    if (number !== count.parts + 1) throw faults.missing(file, partName(table, count.parts + 1))
    const lines = await linesOf(file, { name, content })
    counted.set(table, { rows: count.rows + lines.length, parts: number })
    for (const [at, text] of lines.entries()) {
      const where = { member: name, line: at + 1 }
      register.row(table, rowOf(file, text, columns, where), where)
    }
  }

  return {
    async member(member: Member): Promise<void> {
      const { name, content } = member
      if (head === null) {
        head = headOf(file, member)
        tables = new Map(
          head.tables.map((table) => [table.name, table.columns.map((column) => column.name).join('\0')]),
        )
        register = registerChecks(file, head.scope === null)
      } else if (manifest !== null) throw faults.extra(file, name)
      const found = partOf(name)
      const list = checksumOf(name)
      if (list !== null) {
        if (list !== lists + 1) throw faults.missing(file, checksumName(lists + 1))
        lists = list
        holdToList(file, member, listed)
        listed = []
      } else if (name === manifestName) manifest = { value: manifestOf(file, content, head), content }
      else {
        listed.push({ name, hash: sha256(content) })
        if (found) await part(found.table, found.part, member)
        else if (fileKeyOf(name) !== null) {
          files.stored += 1
          files.bytes += content.length
        } else if (![headName, readmeName].includes(name)) throw faults.extra(file, name)
      }
      last = name
    },
    end(bytes: number): { manifest: Manifest; content: Buffer; last: string } {
      if (head === null) throw faults.none(file)
      if (manifest === null) throw faults.cut(file, bytes, last)
      const { value, content } = manifest
      if (listed[0]) throw faults.extra(file, listed[0].name)
      if (lists !== value.checksums) throw faults.missing(file, checksumName(lists + 1))
      for (const name of tables.keys()) {
        const wanted = value.rows[name] ?? { rows: 0, parts: 0 }
        const { rows, parts } = counted.get(name) ?? { rows: 0, parts: 0 }
        if (parts < wanted.parts) throw faults.missing(file, partName(name, parts + 1))
        if (rows !== wanted.rows || parts !== wanted.parts) throw faults.rows(file, name, rows, wanted.rows)
      }
      if (files.stored !== value.files.stored || files.bytes !== value.files.bytes)
        throw faults.files(file, files.stored, value.files.stored)
      register.end(value)
      return { manifest: value, content, last }
    },
  }
}

function holdToList(file: string, { name, content }: Member, seen: readonly { name: string; hash: string }[]): void {
  const lines = content.toString().split('\n').slice(0, -1)
  for (const [at, line] of lines.entries()) {
    const [, hash, named] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? []
    const found = seen[at]
    if (named === undefined) throw faults.altered(file, { member: name, line: at + 1 })
    if (found === undefined || found.name !== named) {
      const there = seen.some((each) => each.name === named)
      throw there && found ? faults.extra(file, found.name) : faults.missing(file, named)
    }
    if (found.hash !== hash) throw faults.altered(file, { member: named })
  }
  const more = seen[lines.length]
  if (more) throw faults.extra(file, more.name)
}

function headOf(file: string, { name, content }: Member): Head {
  if (name !== headName) throw faults.none(file)
  const value = parsed(content.toString()) as { format?: unknown; version?: unknown } | undefined
  if (value?.format !== formatName)
    throw value === undefined ? faults.altered(file, { member: name }) : faults.none(file)
  if (typeof value.version === 'number' && value.version > formatVersion)
    throw faults.version(file, value.version, formatVersion)
  if (!Value.Check(Head, value)) throw faults.altered(file, { member: name })
  return value
}

function manifestOf(file: string, content: Buffer, head: Head): Manifest {
  const value = parsed(content.toString())
  const fits =
    Value.Check(Manifest, value) && JSON.stringify(Value.Clean(Head, structuredClone(value))) === JSON.stringify(head)
  if (!fits) throw faults.altered(file, { member: manifestName })
  return value as Manifest
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function rowOf(
  file: string,
  text: string,
  columns: string,
  where: { member: string; line: number },
): Record<string, unknown> {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || Object.keys(value).join('\0') !== columns)
    throw faults.line(file, where)
  return value as Record<string, unknown>
}

/** The lines of a part. @throws ArchiveRefusal where it cannot be unpacked */
export async function linesOf(file: string, { name, content }: Pick<Member, 'name' | 'content'>): Promise<string[]> {
  const text = await unpack(content, unpacking).catch(() => {
    throw faults.altered(file, { member: name })
  })
  const lines = text.toString().split('\n')
  // Each line has its end.
  if (lines.pop() !== '' || lines.length === 0) throw faults.altered(file, { member: name })
  return lines
}

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
