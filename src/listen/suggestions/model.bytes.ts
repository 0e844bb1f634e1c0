// A model as it is kept: bytes in a table, read by another process or a later version.
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Learned } from './model.ts'

/** Rises when texts are counted or weighed in another way: a model of another kind is not read, and made anew at night. */
const format = 1
/** Nothing that was made here is larger when unpacked. */
const mostBytes = 400_000_000

interface Head {
  readonly format: number
  readonly sizes: readonly number[]
  readonly rest: Omit<Learned, 'pieces' | 'nameRarity' | 'leafRows' | 'linear' | 'rarity'> & {
    readonly pieces: readonly string[]
    readonly nameRarity: readonly [string, number][]
    readonly leafRows: readonly [string, number][]
  }
}

/** Packs a model. Numbers lie as this machine has them; PostgreSQL and all that Node runs on are little-endian. */
export function packModel({ pieces, nameRarity, leafRows, linear, rarity, ...rest }: Learned): Buffer {
  const parts = [rarity, linear.start, linear.weight, linear.bias, linear.of]
  const head: Head = {
    format,
    sizes: parts.map(({ length }) => length),
    rest: { ...rest, pieces: [...pieces.keys()], nameRarity: [...nameRarity], leafRows: [...leafRows] },
  }
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return deflateRawSync(
    Buffer.concat([length, text, ...parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength))]),
  )
}

/** Unpacks a model; null where it is of another kind than this version makes. */
export function unpackModel(bytes: Uint8Array): Learned | null {
  const all = inflateRawSync(bytes, { maxOutputLength: mostBytes })
  const begin = 4 + all.readUInt32LE(0)
  const head = JSON.parse(all.toString('utf8', 4, begin)) as Head
  if (head.format !== format) return null
  let at = begin
  const next = (index: number, width: number): ArrayBuffer => {
    const end = at + (head.sizes[index] ?? 0) * width
    // Copied: numbers of four bytes must begin at a multiple of four.
    const part = new Uint8Array(all.subarray(at, end)).buffer
    at = end
    return part
  }
  const { pieces, nameRarity, leafRows, ...rest } = head.rest
  return {
    ...rest,
    pieces: new Map(pieces.map((piece, index) => [piece, index])),
    nameRarity: new Map(nameRarity),
    leafRows: new Map(leafRows),
    rarity: new Float32Array(next(0, 4)),
    linear: {
      start: new Uint32Array(next(1, 4)),
      weight: new Float32Array(next(2, 4)),
      bias: new Float32Array(next(3, 4)),
      of: new Uint16Array(next(4, 2)),
    },
  }
}
