// Signing and its check with what Node has, and the register's own key.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Encryption } from '../encryption/index.ts'
import type { Sha256 } from './merkle.ts'
import {
  cosigned,
  keyIdOf,
  parseKey,
  type SignatureKind,
  type SignatureLine,
  type VerifierKey,
  type VerifyEd25519,
} from './note.ts'
import type { Primitives } from './proof.ts'

/** SHA-256 of Node. */
export const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

// What stands before the 32 bytes of a key in DER (RFC 8410 §4, §7).
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')

const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    const key = createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' })
    return verify(null, message, key, signature)
  } catch {
    // Thirty-two bytes that are no point of the curve sign nothing.
    return false
  }
}

/** Everything that checking needs. */
export const primitives: Primitives = { sha256, verify: verifyEd25519 }

/** Whoever signs notes, or as a witness checkpoints. */
export interface Signer {
  readonly key: VerifierKey
  /** @param seconds when a witness saw it, since 1970; of no meaning to a key of notes */
  sign(text: string, seconds?: number): SignatureLine
}

/** A signer from 32 secret bytes (RFC 8032 §5.1.5). */
export function signerOf(name: string, seed: Uint8Array, kind: SignatureKind = 'note'): Signer {
  const secret: KeyObject = createPrivateKey({
    key: Buffer.concat([privatePrefix, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const told = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  const publicKey = new Uint8Array(told.subarray(publicPrefix.length))
  const key: VerifierKey = { name, kind, publicKey }
  const keyId = keyIdOf(sha256, key)
  return {
    key,
    sign(text, seconds = Math.floor(Date.now() / 1000)) {
      if (kind === 'note') return { name, keyId, signature: sign(null, Buffer.from(text, 'utf8'), secret) }
      const at = Buffer.alloc(8)
      at.writeBigUInt64BE(BigInt(seconds))
      return { name, keyId, signature: Buffer.concat([at, sign(null, cosigned(text, seconds), secret)]) }
    },
  }
}

/**
 * The register's own key, derived from the installation's secret: every process signs alike, and a restored backup goes on with it.
 * @param origin the name of the register, which is that of its key
 */
export function registerSigner(encryption: Pick<Encryption, 'key'>, origin: string): Signer {
  return signerOf(origin, encryption.key('register of acts'))
}

/** A key of a witness as an installation is told it; null for what is none. */
export function witnessKey(text: string): VerifierKey | null {
  const key = parseKey(sha256, text)
  return key?.kind === 'cosignature' ? key : null
}
