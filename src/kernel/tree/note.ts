// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), over whatever SHA-256 and Ed25519 there are.
import type { Sha256, TreeHead } from './merkle.ts'

/** What a key signs: notes (1), or checkpoints as their witness, at a time (4). The numbers are those of C2SP signed-note. */
export const signatureKinds = { note: 1, cosignature: 4 } as const
export type SignatureKind = keyof typeof signatureKinds

/** A key as it is told to others: `name+1a2b3c4d+base64`. */
export interface VerifierKey {
  readonly name: string
  readonly kind: SignatureKind
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
}

/** A line beneath a note: who signed, and what the signature consists of. */
export interface SignatureLine {
  readonly name: string
  /** Four bytes that say which key, hexadecimal. */
  readonly keyId: string
  readonly signature: Uint8Array
}

export interface Note {
  /** With the end of its last line. */
  readonly text: string
  readonly signatures: readonly SignatureLine[]
}

/** Whether 64 bytes are the Ed25519 signature (RFC 8032) of a key over a message. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

const utf8 = new TextEncoder()
const dash = '—'
const noteKinds = new Map<number, SignatureKind>([
  [signatureKinds.note, 'note'],
  [signatureKinds.cosignature, 'cosignature'],
])

/** Bytes as standard base64. */
export function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** Bytes of standard base64; null for what is none, or is written otherwise than it would be here. */
export function bytesOf(text: string): Uint8Array | null {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    return base64Of(bytes) === text ? bytes : null
  } catch {
    return null
  }
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Bytes as hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  let digits = ''
  for (const byte of bytes) digits += pairs[byte]
  return digits
}

/** The bytes that hexadecimal digits mean. */
export const bytesOfHex = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** Whether a text can name a key: no spaces and no plus. */
export const isKeyName = (name: string): boolean => /^[^\s+\p{Cc}]{1,200}$/u.test(name)

/** The four bytes by which a line says which key signed it, hexadecimal. */
export function keyIdOf(sha256: Sha256, { name, kind, publicKey }: VerifierKey): string {
  return hexOf(sha256(utf8.encode(`${name}\n`), Uint8Array.of(signatureKinds[kind]), publicKey).subarray(0, 4))
}

/** A key in the form in which it is told to others. */
export function writeKey(sha256: Sha256, key: VerifierKey): string {
  return `${key.name}+${keyIdOf(sha256, key)}+${base64Of(Uint8Array.of(signatureKinds[key.kind], ...key.publicKey))}`
}

/** A key that somebody was told; null for what is none, or whose parts do not belong together. */
export function parseKey(sha256: Sha256, text: string): VerifierKey | null {
  const found = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text)
  const bytes = bytesOf(found?.[3] ?? '')
  const kind = noteKinds.get(bytes?.[0] ?? -1)
  if (!found || !bytes || bytes.length !== 33 || kind === undefined || !isKeyName(found[1] ?? '')) return null
  const key = { name: found[1] ?? '', kind, publicKey: bytes.subarray(1) }
  return keyIdOf(sha256, key) === found[2] ? key : null
}

/** One line of a signature, with its end. */
export function writeSignature({ name, keyId, signature }: SignatureLine): string {
  return `${dash} ${name} ${base64Of(Uint8Array.of(...bytesOfHex(keyId), ...signature))}\n`
}

/** A line of a signature, without its end; null for what is none. */
export function parseSignature(line: string): SignatureLine | null {
  const found = /^— (\S+) (\S+)$/u.exec(line)
  const bytes = bytesOf(found?.[2] ?? '')
  if (!found || !bytes || bytes.length < 5 || !isKeyName(found[1] ?? '')) return null
  return { name: found[1] ?? '', keyId: hexOf(bytes.subarray(0, 4)), signature: bytes.subarray(4) }
}

/** A note with its signatures, as it is handed over. */
export const writeNote = ({ text, signatures }: Note): string => `${text}\n${signatures.map(writeSignature).join('')}`

/** A note that somebody handed over; null for what is none. Nothing is verified yet. */
export function parseNote(whole: string): Note | null {
  const at = whole.lastIndexOf('\n\n')
  if (at < 1 || !whole.endsWith('\n') || whole.length > 100_000) return null
  const text = whole.slice(0, at + 1)
  const lines = whole.slice(at + 2, -1).split('\n')
  const signatures = lines.map(parseSignature)
  return lines.length > 100 || signatures.includes(null) ? null : { text, signatures: signatures as SignatureLine[] }
}

/** What a witness signs: the checkpoint, and when it was seen (C2SP tlog-cosignature). Seconds since 1970. */
export const cosigned = (text: string, seconds: number): Uint8Array =>
  utf8.encode(`cosignature/v1\ntime ${seconds}\n${text}`)

/** When a cosignature was made: its first eight bytes, seconds since 1970. */
export function secondsOf(signature: Uint8Array): number {
  return signature.length === 72
    ? Number(new DataView(signature.buffer, signature.byteOffset, signature.byteLength).getBigUint64(0))
    : Number.NaN
}

/** Whether a note bears a good signature of this key; lines of other keys say nothing. */
export function isSignedBy(
  { sha256, verify }: { sha256: Sha256; verify: VerifyEd25519 },
  note: Note,
  key: VerifierKey,
): boolean {
  const keyId = keyIdOf(sha256, key)
  return note.signatures.some((line) => {
    if (line.name !== key.name || line.keyId !== keyId) return false
    if (key.kind === 'note') {
      return line.signature.length === 64 && verify(key.publicKey, utf8.encode(note.text), line.signature)
    }
    const seconds = secondsOf(line.signature)
    return (
      Number.isSafeInteger(seconds) && verify(key.publicKey, cosigned(note.text, seconds), line.signature.subarray(8))
    )
  })
}

/** What a register says of itself at one moment: whose it is, how many leaves it has, and the root over them. */
export interface Checkpoint extends TreeHead {
  readonly origin: string
}

/** The text of a checkpoint (C2SP tlog-checkpoint), to be signed. */
export const writeCheckpoint = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${base64Of(root)}\n`

/** The checkpoint that the text of a note is; null where it is none. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = '', written = '', hash = '', ...others] = text.split('\n')
  const size = /^(0|[1-9]\d{0,15})$/.test(written) ? Number(written) : Number.NaN
  const root = bytesOf(hash)
  // Whoever adds lines must add whole ones; what they say is none of ours.
  const fits = origin !== '' && Number.isSafeInteger(size) && root?.length === 32 && others.at(-1) === ''
  return fits && root ? { origin, size, root } : null
}

/** The checkpoint of a note that the register with this key signed; null for any other text. */
export function signedCheckpoint(
  primitives: { sha256: Sha256; verify: VerifyEd25519 },
  whole: string,
  key: VerifierKey,
): Checkpoint | null {
  const note = parseNote(whole)
  const checkpoint = note && parseCheckpoint(note.text)
  return checkpoint && checkpoint.origin === key.name && isSignedBy(primitives, note, key) ? checkpoint : null
}
