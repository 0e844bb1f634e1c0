// The tree in tiles of height 8 (C2SP tlog-tiles): where a tile lies, and roots and proofs read from tiles, wherever they come from.
import { emptyRoot, hashNode, rootOf, type Sha256, splitOf } from './merkle.ts'

/** Levels of the tree in one tile, and hashes in a full one. */
export const tileHeight = 8
export const tileWidth = 256
const hashBytes = 32

/** A tile: its level in tiles, its number in that level, and how many hashes of it are there (256 in a full one). */
export interface Tile {
  readonly level: number
  readonly index: number
  readonly width: number
}

/** Reads the hashes of a tile, one after the other: 32 bytes each. */
export type ReadTile = (tile: Tile) => Promise<Uint8Array>

/** `tile/1/x001/x234/067.p/12`: the number in groups of three digits, all but the last with an x before it. */
export function tilePath({ level, index, width }: Tile): string {
  const groups = [String(index % 1000).padStart(3, '0')]
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`)
  return `tile/${level}/${groups.join('/')}${width === tileWidth ? '' : `.p/${width}`}`
}

/** The tile at a path behind `tile/`; null for what is written in no such way. */
export function parseTilePath(path: string): Tile | null {
  const found = /^(0|[1-9]\d?)\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path)
  if (!found) return null
  const [, level, groups = '', last, width] = found
  if (groups.startsWith('x000')) return null
  const index = Number(groups.replace(/[x/]/g, '') + last)
  const tile = { level: Number(level), index, width: width === undefined ? tileWidth : Number(width) }
  const fits = tile.level < 7 && Number.isSafeInteger(index) && (width === undefined || tile.width < tileWidth)
  return fits ? tile : null
}

/** How many hashes of a tile a tree of this size has: 0 where it has none of it. */
export function widthAt(size: number, level: number, index: number): number {
  const hashes = Math.floor(size / tileWidth ** level) - index * tileWidth
  return Math.max(0, Math.min(tileWidth, hashes))
}

/** The hashes of a tile, apart. */
export function hashesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / hashBytes }, (_, at) =>
    bytes.subarray(at * hashBytes, (at + 1) * hashBytes),
  )
}

/** A tree read from tiles; each tile is asked for once. Throws what reading throws. */
export interface TiledTree {
  /** The hash of a leaf. */
  leaf(index: number): Promise<Uint8Array>
  /** The root over the first leaves. */
  root(size: number): Promise<Uint8Array>
  /** The inclusion proof of a leaf in the tree of the first leaves (RFC 9162 §2.1.3.1). */
  inclusion(index: number, size: number): Promise<Uint8Array[]>
  /** The proof that the tree of a size goes on from that of a smaller one (§2.1.4.1). */
  consistency(older: number, newer: number): Promise<Uint8Array[]>
}

/** @param most the size of the tree whose tiles there are: partial tiles are asked for as that tree has them */
export function tiledTree(sha256: Sha256, most: number, read: ReadTile): TiledTree {
  const known = new Map<string, Promise<Uint8Array[]>>()

  function tile(level: number, index: number): Promise<Uint8Array[]> {
    const name = `${level}/${index}`
    let found = known.get(name)
    if (!found) {
      const width = widthAt(most, level, index)
      found = read({ level, index, width }).then((bytes) => {
        if (bytes.length !== width * hashBytes)
          throw new RangeError(`tile ${name} holds ${bytes.length} bytes and not ${width * hashBytes}`)
        return hashesOf(bytes)
      })
      known.set(name, found)
    }
    return found
  }

  /** The node over `2 ** height` leaves that begin at a multiple of them. */
  async function node(height: number, index: number): Promise<Uint8Array> {
    const level = Math.floor(height / tileHeight)
    const across = 2 ** (height % tileHeight)
    const first = index * across
    const hashes = await tile(level, Math.floor(first / tileWidth))
    const at = first % tileWidth
    return rootOf(sha256, hashes.slice(at, at + across))
  }

  /** The root over the leaves from one on, up to another. Every such range of a proof begins at a multiple of its size's power. */
  async function range(from: number, until: number): Promise<Uint8Array> {
    const size = until - from
    if (size === 1) return node(0, from)
    const split = splitOf(size)
    if (split * 2 === size) return node(Math.log2(size), from / size)
    return hashNode(sha256, await range(from, from + split), await range(from + split, until))
  }

  async function path(index: number, from: number, until: number): Promise<Uint8Array[]> {
    if (until - from === 1) return []
    const middle = from + splitOf(until - from)
    return index < middle
      ? [...(await path(index, from, middle)), await range(middle, until)]
      : [...(await path(index, middle, until)), await range(from, middle)]
  }

  /** @param whole whether the smaller tree is all of this range, which its reader knows already */
  async function between(older: number, from: number, until: number, whole: boolean): Promise<Uint8Array[]> {
    if (older === until) return whole ? [] : [await range(from, until)]
    const middle = from + splitOf(until - from)
    return older <= middle
      ? [...(await between(older, from, middle, whole)), await range(middle, until)]
      : [...(await between(older, middle, until, false)), await range(from, middle)]
  }

  return {
    leaf: (index) => node(0, index),
    root: async (size) => (size === 0 ? emptyRoot(sha256) : range(0, size)),
    inclusion: (index, size) => path(index, 0, size),
    consistency: async (older, newer) => (older === 0 || older === newer ? [] : between(older, 0, newer, true)),
  }
}
