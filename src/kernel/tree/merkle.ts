// The tree over the register: hashes, proofs and their verification by RFC 9162 §2.1, over whatever SHA-256 the surroundings have, so that
// a server, a witness and a page without one reckon with the same lines.

/** SHA-256 over the parts, one after the other: 32 bytes. */
export type Sha256 = (...parts: Uint8Array[]) => Uint8Array

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

/** Whether two hashes are the same bytes. */
export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}

/** The root of a tree of no leaves (§2.1.1). */
export const emptyRoot = (sha256: Sha256): Uint8Array => sha256(new Uint8Array(0))

/** The hash of what one leaf holds (§2.1.1). */
export const hashLeaf = (sha256: Sha256, entry: Uint8Array): Uint8Array => sha256(leafPrefix, entry)

/** The hash of a node over its two children (§2.1.1). */
export const hashNode = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(nodePrefix, left, right)

/** The largest power of two below a size of two or more. */
export function splitOf(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** The root over leaf hashes, for trees that fit into memory. */
export function rootOf(sha256: Sha256, leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot(sha256)
  let row = leaves
  // Level by level: one left over at the end goes up as it is, which is the split by the largest power of two.
  while (row.length > 1) {
    const above: Uint8Array[] = []
    for (let at = 0; at + 1 < row.length; at += 2)
      above.push(hashNode(sha256, row[at] as Uint8Array, row[at + 1] as Uint8Array))
    if (row.length % 2 === 1) above.push(row.at(-1) as Uint8Array)
    row = above
  }
  return row[0] as Uint8Array
}

const half = (value: number): number => Math.floor(value / 2)
const odd = (value: number): boolean => value % 2 === 1

/**
 * The root that follows from a leaf hash and its inclusion proof (§2.1.3.2).
 * @returns null where the proof has not the shape of this place in a tree of this size
 */
export function rootByInclusion(
  sha256: Sha256,
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array | null {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null
  let node = index
  let last = size - 1
  let root = leaf
  for (const beside of proof) {
    if (last === 0) return null
    if (odd(node) || node === last) {
      root = hashNode(sha256, beside, root)
      while (!odd(node) && node !== 0) {
        node = half(node)
        last = half(last)
      }
    } else root = hashNode(sha256, root, beside)
    node = half(node)
    last = half(last)
  }
  return last === 0 ? root : null
}

/** Whether a leaf stands at an index (the first is 0) of the tree that has this root (§2.1.3.2). */
export function isIncluded(
  sha256: Sha256,
  head: TreeHead,
  leaf: Uint8Array,
  index: number,
  proof: readonly Uint8Array[],
): boolean {
  const root = rootByInclusion(sha256, leaf, index, head.size, proof)
  return root !== null && sameHash(root, head.root)
}

/** Two states of one register: the number of its leaves and the root over them. */
export interface TreeHead {
  readonly size: number
  readonly root: Uint8Array
}

/** Whether a proof shows that the larger tree goes on from the smaller one (§2.1.4.2). A tree of nothing is the beginning of any. */
export function isConsistent(sha256: Sha256, older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (older.size < 0 || older.size > newer.size) return false
  if (older.size === newer.size) return proof.length === 0 && sameHash(older.root, newer.root)
  if (older.size === 0) return proof.length === 0 && sameHash(older.root, emptyRoot(sha256))
  let node = older.size - 1
  let last = newer.size - 1
  while (odd(node)) {
    node = half(node)
    last = half(last)
  }
  // A smaller tree that is a whole power of two is itself the first node, and is left out of the proof.
  const [first, ...others] = node === 0 ? [older.root, ...proof] : proof
  if (first === undefined) return false
  let before = first
  let after = first
  for (const beside of others) {
    if (last === 0) return false
    if (odd(node) || node === last) {
      before = hashNode(sha256, beside, before)
      after = hashNode(sha256, beside, after)
      while (!odd(node) && node !== 0) {
        node = half(node)
        last = half(last)
      }
    } else after = hashNode(sha256, after, beside)
    node = half(node)
    last = half(last)
  }
  return last === 0 && sameHash(before, older.root) && sameHash(after, newer.root)
}
