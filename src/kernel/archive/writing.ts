// Writes the members of an archive: a plain tar with lists of checksums between, and the seal at its end.
import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { writeTar } from '../backup/index.ts'
import { type Signer, writeNote } from '../tree/index.ts'
import {
  checksumName,
  type Manifest,
  manifestName,
  membersToAList,
  partName,
  sealName,
  sha256,
  writeSeal,
} from './shape.ts'

const compress = promisify(gzip)
/** The quickest; packed in one piece: in pieces of the usual 16 KB each part would go to the threads and back a hundred times. */
const packing = { level: constants.Z_BEST_SPEED, chunkSize: 1 << 20 }
/** Bytes that were written and are not yet in the file. */
const mostWaiting = 32 << 20
/** Bytes of lines in one part, before they are packed. */
const partBytes = 4 << 20

export interface MemberWriter {
  /** The file as long as it is not whole. */
  readonly draft: string
  add(name: string, content: Buffer): Promise<void>
  /** Writes one part of a table. */
  lines(table: string, lines: readonly string[]): Promise<void>
  /** Writes lines of a table as they come, in parts. @returns how many */
  stream(table: string, lines: AsyncIterable<readonly string[]>): Promise<number>
  /** Rows and parts of each table so far. */
  readonly counted: ReadonlyMap<string, { rows: number; parts: number }>
  /** Writes manifest and seal. @returns the length of the file */
  close(manifest: (checksums: number) => Manifest, signer: Signer): Promise<number>
  publish(): Promise<void>
  discard(): void
}

/** @throws ArchiveRefusal from any of its functions where the file cannot be written */
export function writeMembers(file: string, mtime: Date, begin?: (draft: string) => Writable): MemberWriter {
  const hash = createHash('sha256')
  let bytes = 0
  let reached: () => void = () => undefined
  let awaited = 0
  const tar = writeTar(file, mtime, {
    ...(begin ? { begin } : {}),
    onBytes(chunk) {
      hash.update(chunk)
      bytes += chunk.length
      if (bytes >= awaited) reached()
    },
  })
  let written = 0
  let list: string[] = []
  let checksums = 0
  const counted = new Map<string, { rows: number; parts: number }>()

  /** Waits until so many bytes are on their way to the file. */
  async function passed(wanted: number): Promise<void> {
    awaited = wanted
    if (bytes < wanted) await Promise.race([new Promise<void>((done) => (reached = done)), tar.written])
  }
  async function member(name: string, content: Buffer): Promise<void> {
    written += 512 + Math.ceil(content.length / 512) * 512
    await tar.add(name, content)
    // The tar takes whatever it is given at once: a disk that is slow would be waited for in memory.
    await passed(written - mostWaiting)
  }
  async function writeList(): Promise<void> {
    checksums += 1
    const content = Buffer.from(list.join(''))
    list = []
    await member(checksumName(checksums), content)
  }
  async function add(name: string, content: Buffer): Promise<void> {
    list.push(`${sha256(content)}  ${name}\n`)
    await member(name, content)
    if (list.length >= membersToAList) await writeList()
  }
  function numbered(table: string, rows: number): string {
    const count = counted.get(table) ?? { rows: 0, parts: 0 }
    counted.set(table, { rows: count.rows + rows, parts: count.parts + 1 })
    return partName(table, count.parts + 1)
  }
  const packed = (lines: readonly string[]): Promise<Buffer> => compress(Buffer.from(`${lines.join('\n')}\n`), packing)

  return {
    draft: tar.draft,
    counted,
    add,
    async lines(table, lines) {
      if (lines.length > 0) await add(numbered(table, lines.length), await packed(lines))
    },
    async stream(table, lines) {
      let gathered: string[] = []
      let length = 0
      let rows = 0
      // While one part is packed and written, the next is read.
      let writing: Promise<void> = Promise.resolve()
      const put = async (): Promise<void> => {
        const content = packed(gathered)
        const name = numbered(table, gathered.length)
        gathered = []
        length = 0
        await writing
        writing = content.then((part) => add(name, part))
        writing.catch(() => undefined)
      }
      for await (const some of lines) {
        for (const line of some) {
          gathered.push(line)
          length += line.length
          rows += 1
          if (length >= partBytes) await put()
        }
      }
      if (gathered.length > 0) await put()
      await writing
      return rows
    },
    async close(manifest, signer) {
      if (list.length > 0) await writeList()
      const content = Buffer.from(`${JSON.stringify(manifest(checksums), null, 1)}\n`)
      await member(manifestName, content)
      await passed(written)
      const text = writeSeal({ origin: signer.key.name, manifest: sha256(content), before: hash.copy().digest('hex') })
      await member(sealName, Buffer.from(writeNote({ text, signatures: [signer.sign(text)] })))
      await tar.close()
      return bytes
    },
    publish: tar.publish,
    discard: tar.discard,
  }
}
