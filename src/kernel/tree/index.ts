// The tree over a register: hashes and proofs, tiles, signed notes, receipts, and what a witness does with them. It knows no database.
export { checkConsistency, type Disagreement, writeConsistency } from './consistency.ts'
export { GrowingTree } from './growing.ts'
export { hashLeaf, isConsistent, isIncluded, rootByInclusion, rootOf, sameHash } from './merkle.ts'
export {
  isSignedBy,
  parseCheckpoint,
  parseKey,
  parseNote,
  parseSignature,
  secondsOf,
  signedCheckpoint,
  type VerifierKey,
  writeCheckpoint,
  writeKey,
  writeNote,
  writeSignature,
} from './note.ts'
export { checkReceipt, type Fault, parsePromise, parseProof, type Receipt, writePromise, writeProof } from './proof.ts'
export { primitives, registerSigner, type Signer, sha256, signerOf, witnessKey } from './signing.ts'
export { hashesOf, parseTilePath, type Tile, tiledTree, tilePath, tileWidth } from './tiles.ts'
export { type Fetched, type Finding, type Look, look, type Seen } from './witnessing.ts'
