// That a register went on from what somebody has of it: an older checkpoint, or the receipt that holds one, and the way to a newer one, as a
// file in the form in which a witness is handed it (C2SP tlog-witness, add-checkpoint).
import { isConsistent, sameHash } from './merkle.ts'
import {
  base64Of,
  bytesOf,
  type Checkpoint,
  parseCheckpoint,
  parseNote,
  signedCheckpoint,
  type VerifierKey,
} from './note.ts'
import { checkReceipt, longestPath, type Primitives, parseProof } from './proof.ts'

/** The way from the tree of so many leaves to a newer checkpoint. */
export interface Consistency {
  /** How many leaves the older tree has. */
  readonly older: number
  readonly path: readonly Uint8Array[]
  /** The newer checkpoint with its signatures, as it was published. */
  readonly checkpoint: string
}

/** The file of a way. */
export const writeConsistency = ({ older, path, checkpoint }: Consistency): string =>
  [`old ${older}`, ...path.map(base64Of), '', checkpoint].join('\n')

/** The way in a file; null for what is none. Nothing is verified yet. */
export function parseConsistency(file: string): Consistency | null {
  const at = file.indexOf('\n\n')
  if (at < 0 || file.length > 1_000_000) return null
  const [first = '', ...lines] = file.slice(0, at).split('\n')
  const older = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1]
  const path = lines.map(bytesOf)
  if (older === undefined || path.length > longestPath || path.some((hash) => hash?.length !== 32)) return null
  return { older: Number(older), path: path as Uint8Array[], checkpoint: file.slice(at + 2) }
}

/** What is wrong between two checkpoints, the first thing that is. */
export type Disagreement =
  | 'the older one is no checkpoint and no receipt'
  | 'the older one is not signed by this key'
  | 'the older one is a receipt that does not hold'
  | 'the newer one is no way from a checkpoint'
  | 'the newer one is not signed by this key'
  | 'the way begins at another checkpoint'
  | 'the two are not of one register'

/** Two checkpoints of one register, or why they are not. */
export type Compared =
  | { readonly fault: Disagreement; readonly older: Checkpoint | null; readonly newer: Checkpoint | null }
  | { readonly fault: null; readonly older: Checkpoint; readonly newer: Checkpoint }

/**
 * Whether a register went on from an older state of it: both signed with its key, and nothing below the older one changed or taken away.
 * @param held a checkpoint, or a receipt with one
 * @param onwards the file of a way
 */
export function checkConsistency(primitives: Primitives, held: string, onwards: string, key: VerifierKey): Compared {
  const proof = parseProof(held)
  const older = signed(primitives, proof?.checkpoint ?? held, key)
  if (older.checkpoint === null)
    return { fault: 'the older one is no checkpoint and no receipt', older: null, newer: null }
  const way = parseConsistency(onwards)
  const newer = way && signed(primitives, way.checkpoint, key)
  const told = { older: older.checkpoint, newer: newer?.checkpoint ?? null }
  if (!older.good) return { fault: 'the older one is not signed by this key', ...told }
  // Whoever compares a receipt takes it for checked.
  if (proof?.receipt && checkReceipt(primitives, held, key).fault !== null)
    return { fault: 'the older one is a receipt that does not hold', ...told }
  if (!way || !newer?.checkpoint) return { fault: 'the newer one is no way from a checkpoint', ...told }
  if (!newer.good) return { fault: 'the newer one is not signed by this key', ...told }
  const [before, after] = [older.checkpoint, newer.checkpoint]
  // Two signed roots over as many leaves need no way to show that they differ.
  if (before.size === after.size && !sameHash(before.root, after.root))
    return { fault: 'the two are not of one register', ...told }
  if (way.older !== before.size) return { fault: 'the way begins at another checkpoint', ...told }
  if (!isConsistent(primitives.sha256, before, after, way.path))
    return { fault: 'the two are not of one register', ...told }
  return { fault: null, older: before, newer: after }
}

function signed(primitives: Primitives, whole: string, key: VerifierKey) {
  const note = parseNote(whole)
  const checkpoint = note && parseCheckpoint(note.text)
  return { checkpoint, good: signedCheckpoint(primitives, whole, key) !== null }
}
