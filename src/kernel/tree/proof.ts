// A receipt as a file (C2SP tlog-proof): what was registered, its inclusion proof, and the signed checkpoint under which it stands; and the
// promise that is given before there is a place. Over whatever SHA-256 and Ed25519 there are: a page without a server checks with it too.
import { hashLeaf, isIncluded, type Sha256 } from './merkle.ts'
import {
  base64Of,
  bytesOf,
  bytesOfHex,
  type Checkpoint,
  hexOf,
  parseCheckpoint,
  parseNote,
  signedCheckpoint,
  type VerifierKey,
  type VerifyEd25519,
} from './note.ts'

/** What a receipt tells beside its proof: the canonical text of the act, and for its owner the salt and the words. */
export interface Receipt {
  /** The canonical text of the act, as it was hashed. */
  readonly act: string
  /** Hexadecimal; null where there is none, or it was erased. */
  readonly salt: string | null
  /** The canonical text of the personal content; null likewise. */
  readonly personal: string | null
}

export interface Proof {
  readonly receipt: Receipt | null
  /** The first leaf is 0. */
  readonly index: number
  readonly path: readonly Uint8Array[]
  /** The checkpoint with its signatures, as it was published. */
  readonly checkpoint: string
}

const firstLine = 'c2sp.org/tlog-proof@v1'
const utf8 = new TextEncoder()
/** A proof in a tree of 2^53 leaves has so many hashes. */
export const longestPath = 64

/** The file of a proof. */
export function writeProof({ receipt, index, path, checkpoint }: Proof): string {
  const extra = receipt === null ? [] : [`extra ${base64Of(utf8.encode(JSON.stringify(receipt)))}`]
  return `${[firstLine, ...extra, `index ${index}`, ...path.map(base64Of), '', checkpoint].join('\n')}`
}

/** The proof in a file; null for what is none. Nothing is verified yet. */
export function parseProof(file: string): Proof | null {
  const at = file.indexOf('\n\n')
  if (at < 0 || file.length > 1_000_000) return null
  const lines = file.slice(0, at).split('\n')
  if (lines.shift() !== firstLine) return null
  const extra = lines[0]?.startsWith('extra ') ? receiptOf(lines.shift()?.slice(6) ?? '') : null
  if (extra === undefined) return null
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1]
  const path = lines.map(bytesOf)
  if (index === undefined || path.length > longestPath || path.some((hash) => hash?.length !== 32)) return null
  return { receipt: extra, index: Number(index), path: path as Uint8Array[], checkpoint: file.slice(at + 2) }
}

/** Whether a text is an object in JSON, as it is written here. */
function isObject(text: string): boolean {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && JSON.stringify(value) === text
}

/** @returns undefined for what is no receipt */
function receiptOf(text: string): Receipt | undefined {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(text) ?? undefined))
    const orNull = (part: unknown): boolean => part === null || typeof part === 'string'
    if (typeof value?.act !== 'string' || !orNull(value.salt) || !orNull(value.personal)) return undefined
    // Words without what proves them are nobody's; and a salt of another length would let the beginning of the words pass for salt.
    if ((value.salt === null) !== (value.personal === null)) return undefined
    if (value.salt !== null && !(/^[0-9a-f]{32}$/.test(value.salt) && isObject(value.personal))) return undefined
    const act = JSON.parse(value.act)
    return typeof act === 'object' && act !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** What is wrong with a receipt, the first thing that is. */
export type Fault =
  | 'it is no receipt'
  | 'the checkpoint is none'
  | 'the checkpoint is not signed by this key'
  | 'the proof does not lead to the root of the checkpoint'
  | 'the words are not those that were registered'

export type Checked =
  | { readonly fault: Fault }
  | {
      readonly fault: null
      readonly checkpoint: Checkpoint
      readonly index: number
      readonly leaf: Uint8Array
      readonly receipt: Receipt
      /** Whether the words that the receipt holds are those that were registered; null where it holds none. */
      readonly words: true | null
    }

/** What checking needs of its surroundings. */
export interface Primitives {
  readonly sha256: Sha256
  readonly verify: VerifyEd25519
}

/** Checks a receipt against the key of the register: the signature, the way up to the root, and the words by their salt. */
export function checkReceipt(primitives: Primitives, file: string, key: VerifierKey): Checked {
  const { sha256 } = primitives
  const proof = parseProof(file)
  if (!proof?.receipt) return { fault: 'it is no receipt' }
  const note = parseNote(proof.checkpoint)
  if (!note || !parseCheckpoint(note.text)) return { fault: 'the checkpoint is none' }
  const checkpoint = signedCheckpoint(primitives, proof.checkpoint, key)
  if (!checkpoint) return { fault: 'the checkpoint is not signed by this key' }
  const { receipt, index, path } = proof
  const leaf = hashLeaf(sha256, utf8.encode(receipt.act))
  if (!isIncluded(sha256, checkpoint, leaf, index, path))
    return { fault: 'the proof does not lead to the root of the checkpoint' }
  const words = wordsFit(sha256, receipt)
  if (words === false) return { fault: 'the words are not those that were registered' }
  return { fault: null, checkpoint, index, leaf, receipt, words }
}

/** Whether salt and words give the digest that the act names; null where the receipt has none of them. */
function wordsFit(sha256: Sha256, { act, salt, personal }: Receipt): boolean | null {
  if (salt === null || personal === null) return null
  const named: unknown = JSON.parse(act).personalDigest
  return named === hexOf(sha256(bytesOfHex(salt), utf8.encode(personal)))
}

const promiseLine = 'linli promise v1'

/** A promise: this leaf was taken in at this moment, and will stand in the register. */
export interface Promised {
  readonly origin: string
  readonly leaf: Uint8Array
  /** ISO 8601. */
  readonly at: string
}

/** The text of a promise, to be signed. Its first line can be that of no checkpoint. */
export const writePromise = ({ origin, leaf, at }: Promised): string =>
  `${promiseLine}\n${origin}\n${base64Of(leaf)}\n${at}\n`

/** The promise that the text of a note is; null where it is none. */
export function parsePromise(text: string): Promised | null {
  const [first, origin = '', hash = '', at = '', ...others] = text.split('\n')
  const leaf = bytesOf(hash)
  if (first !== promiseLine || leaf?.length !== 32 || others.length !== 1 || others[0] !== '') return null
  return { origin, leaf, at }
}
