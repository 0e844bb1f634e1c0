import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyRoot, hashLeaf, hashNode, isConsistent, rootByInclusion, rootOf, splitOf } from './merkle.ts'
import { sha256 } from './signing.ts'
import { parseTilePath, type Tile, tiledTree, tilePath, tileWidth, widthAt } from './tiles.ts'

const hex = (bytes: Uint8Array | null | undefined) => bytes && Buffer.from(bytes).toString('hex')
const bytes = (text: string) => Buffer.from(text, 'hex')

/** The eight inputs, roots and paths that the log of certificate transparency is tested with everywhere. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const known = inputs.map((input) => hashLeaf(sha256, bytes(input)))

/** The tree as RFC 9162 §2.1.1 defines it, word for word. */
function naive(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return createHash('sha256').digest()
  if (leaves.length === 1) return leaves[0] as Uint8Array
  const k = splitOf(leaves.length)
  return hashNode(sha256, naive(leaves.slice(0, k)), naive(leaves.slice(k)))
}

/** Tiles made of leaves the plain way; every one that was asked for is noted. */
function tilesOf(leaves: readonly Uint8Array[], asked: Tile[] = []) {
  return async (tile: Tile) => {
    asked.push(tile)
    const across = tileWidth ** tile.level
    const hashes = Array.from({ length: tile.width }, (_, at) => {
      const first = (tile.index * tileWidth + at) * across
      return rootOf(sha256, leaves.slice(first, first + across))
    })
    return Buffer.concat(hashes)
  }
}
const leaf = (index: number) => hashLeaf(sha256, Buffer.from(`leaf ${index}`))
const someLeaves = (count: number) => Array.from({ length: count }, (_, index) => leaf(index))

describe('what is published', () => {
  test('the root of nothing', () => {
    expect(hex(emptyRoot(sha256))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  test.each(roots.map((root, index) => [index + 1, root] as const))('the root over %i leaves', async (size, root) => {
    expect(hex(rootOf(sha256, known.slice(0, size)))).toBe(root)
    expect(hex(await tiledTree(sha256, 8, tilesOf(known)).root(size))).toBe(root)
  })

  test.each([
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  ] as const)('the proof of leaf %i of %i', async (index, size, path) => {
    const proof = await tiledTree(sha256, 8, tilesOf(known)).inclusion(index, size)
    expect(proof.map(hex)).toEqual(path)
    expect(hex(rootByInclusion(sha256, known[index] as Uint8Array, index, size, proof))).toBe(roots[size - 1])
  })

  test.each([
    [1, 1, []],
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ] as const)('that %i goes on to %i', async (older, newer, path) => {
    const proof = await tiledTree(sha256, 8, tilesOf(known)).consistency(older, newer)
    expect(proof.map(hex)).toEqual(path)
    const head = (size: number) => ({ size, root: bytes(roots[size - 1] ?? '') })
    expect(isConsistent(sha256, head(older), head(newer), proof)).toBe(true)
  })

  test.each([
    [{ level: 4, index: 1_234_067, width: 8 }, 'tile/4/x001/x234/067.p/8'],
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 1, index: 999, width: 1 }, 'tile/1/999.p/1'],
    [{ level: 2, index: 1_000, width: 256 }, 'tile/2/x001/000'],
  ])('where %o lies', (tile, path) => {
    expect(tilePath(tile)).toBe(path)
    expect(parseTilePath(path.slice('tile/'.length))).toEqual(tile)
  })
})

describe('whatever the tree', () => {
  test('root, proofs of inclusion and of consistency agree with the definition', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(), async (size, one, other) => {
        const leaves = someLeaves(size)
        const root = naive(leaves)
        expect(hex(rootOf(sha256, leaves))).toBe(hex(root))
        const tree = tiledTree(sha256, size, tilesOf(leaves))
        expect(hex(await tree.root(size))).toBe(hex(root))
        const index = one % size
        const proof = await tree.inclusion(index, size)
        expect(hex(rootByInclusion(sha256, leaf(index), index, size, proof))).toBe(hex(root))
        const older = other % (size + 1)
        const before = { size: older, root: naive(leaves.slice(0, older)) }
        const path = await tree.consistency(older, size)
        expect(isConsistent(sha256, before, { size, root }, path)).toBe(true)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('a proof for another place, another leaf, another size, longer, shorter or altered proves nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), async (size, one, which) => {
        const leaves = someLeaves(size)
        const root = naive(leaves)
        const tree = tiledTree(sha256, size, tilesOf(leaves))
        const index = one % size
        const proof = await tree.inclusion(index, size)
        const fails = (of: Uint8Array, at: number, among: number, path: Uint8Array[]) =>
          expect(hex(rootByInclusion(sha256, of, at, among, path))).not.toBe(hex(root))
        const elsewhere = (index + 1 + (which % (size - 1))) % size
        fails(leaf(elsewhere), index, size, proof)
        fails(leaf(index), elsewhere, size, proof)
        fails(leaf(index), index, size, proof.slice(1))
        fails(leaf(index), index, size, [...proof, leaf(0)])
        fails(leaf(index), index, index, proof)
        const altered = proof.map((hash, at) => (at === which % proof.length ? leaf(size) : hash))
        fails(leaf(index), index, size, altered)
        const older = 1 + (which % (size - 1))
        const path = await tree.consistency(older, size)
        const newer = { size, root }
        const before = { size: older, root: naive(leaves.slice(0, older)) }
        const other = { size: older, root: naive([...leaves.slice(0, older - 1), leaf(size)]) }
        expect(isConsistent(sha256, other, newer, path)).toBe(false)
        expect(isConsistent(sha256, newer, before, path)).toBe(false)
        expect(isConsistent(sha256, before, newer, path.slice(1))).toBe(false)
        expect(isConsistent(sha256, before, newer, [...path, leaf(0)])).toBe(false)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('a tree of sixty-six thousand leaves is proved from few tiles, each asked for once', async () => {
    const size = 66_000
    const leaves = someLeaves(size)
    const asked: Tile[] = []
    const tree = tiledTree(sha256, size, tilesOf(leaves, asked))
    const root = await tree.root(size)
    expect(hex(root)).toBe(hex(rootOf(sha256, leaves)))
    const proof = await tree.inclusion(40_000, size)
    expect(hex(rootByInclusion(sha256, leaf(40_000), 40_000, size, proof))).toBe(hex(root))
    const path = await tree.consistency(65_537, size)
    const older = { size: 65_537, root: rootOf(sha256, leaves.slice(0, 65_537)) }
    expect(isConsistent(sha256, older, { size, root }, path)).toBe(true)
    expect(new Set(asked.map(tilePath)).size).toBe(asked.length)
    expect(asked.length).toBeLessThan(8)
  })

  test('a tile that is too short is refused, and a path is that of one tile or of none', async () => {
    const tree = tiledTree(sha256, 5, async () => Buffer.alloc(32))
    await expect(tree.root(5)).rejects.toThrow('tile 0/0')
    for (const path of ['0/1', '0/x000/001', '0/001.p/256', '0/001.p/0', '0/-01', '00/001', '7/000', '0/x1/001', ''])
      expect(parseTilePath(path), path).toBeNull()
    expect(widthAt(256 * 256 + 3, 0, 256)).toBe(3)
    expect(widthAt(256 * 256 + 3, 1, 1)).toBe(0)
    expect(widthAt(256 * 256 + 3, 2, 0)).toBe(1)
  })
})
