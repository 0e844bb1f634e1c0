/** The tree for whoever has no server: it reckons with what its caller brings along. */
export { checkConsistency, type Disagreement } from '../consistency.ts'
export { GrowingTree } from '../growing.ts'
export { hashLeaf, isIncluded, sameHash } from '../merkle.ts'
export {
  bytesOfHex,
  type Checkpoint,
  hexOf,
  isSignedBy,
  parseKey,
  parseNote,
  signedCheckpoint,
  type VerifierKey,
} from '../note.ts'
export { checkReceipt, type Fault, type Primitives } from '../proof.ts'
