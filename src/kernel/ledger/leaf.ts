// The digest over an act, and over its personal content, with what Node has.
import { createHash, hash } from 'node:crypto'
import { canonical, type Leaf } from './facts.ts'

export { canonical, type Leaf, type Leafed, leafOfRow } from './facts.ts'

/** The digest of an act: SHA-256 over 0x00 and its canonical text, as a leaf of RFC 9162 §2.1.1. */
export function leafHash(leaf: Leaf): Buffer {
  return hash('sha256', `\u0000${canonical(leaf)}`, 'buffer')
}

/** SHA-256(salt || canonical text of the personal content). Without the salt it proves nothing and betrays nothing. */
export function personalDigest(salt: Buffer, personal: unknown): Buffer {
  return createHash('sha256').update(salt).update(canonical(personal)).digest()
}
