// The tree as it grows leaf by leaf: what verifying reckons anew beside what the database keeps.
import { emptyRoot, hashNode, type Sha256 } from './merkle.ts'
import { tileHeight, tileWidth } from './tiles.ts'

/** A node that became whole and has its place in a tile of a level above the leaves. */
export interface Grown {
  readonly level: number
  /** Of the tile within its level. */
  readonly index: number
  /** Of the hash within the tile. */
  readonly at: number
  readonly hash: Uint8Array
}

/** Takes in leaf hashes one by one and keeps only the roots of whole subtrees. */
export class GrowingTree {
  #size = 0
  readonly #subtrees: (Uint8Array | undefined)[] = []
  readonly #sha256: Sha256

  constructor(sha256: Sha256) {
    this.#sha256 = sha256
  }

  get size(): number {
    return this.#size
  }

  /** @returns the nodes of tiles that this leaf completed, the lowest first */
  add(leaf: Uint8Array): Grown[] {
    const grown: Grown[] = []
    let hash = leaf
    let height = 0
    let number = this.#size
    while (number % 2 === 1) {
      hash = hashNode(this.#sha256, this.#subtrees[height] as Uint8Array, hash)
      this.#subtrees[height] = undefined
      height += 1
      number = Math.floor(number / 2)
      if (height % tileHeight === 0) {
        grown.push({ level: height / tileHeight, index: Math.floor(number / tileWidth), at: number % tileWidth, hash })
      }
    }
    this.#subtrees[height] = hash
    this.#size += 1
    return grown
  }

  /** The root over all that was taken in. */
  root(): Uint8Array {
    let root: Uint8Array | undefined
    for (const subtree of this.#subtrees) {
      if (subtree) root = root ? hashNode(this.#sha256, subtree, root) : subtree
    }
    return root ?? emptyRoot(this.#sha256)
  }
}
