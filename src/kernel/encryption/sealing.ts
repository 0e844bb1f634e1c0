import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/**
 * Everything that hangs on the installation's secret. One key for each purpose, so that what is written for one
 * purpose cannot be read, searched or signed for under another.
 */
export interface Encryption {
  /**
   * AES-256-GCM under the key of `purpose`. `bound` ties the result to where it stands (a row's id, a column), so that
   * a value copied into another row does not open there. Lone surrogates cannot be written as UTF-8 and are refused.
   */
  encrypt(purpose: string, plain: string, bound: string): Buffer
  /** Opens what `encrypt` made with the same purpose and bound; throws `Unreadable` for anything else. */
  decrypt(purpose: string, sealed: Uint8Array, bound: string): string
  /** Equal values give equal 32 bytes; without the secret nobody can try values against it. Normalise first. */
  blindIndex(purpose: string, value: string): Buffer
  /** HMAC-SHA-256 of a text, for tickets that carry their own proof. base64url, 43 characters. */
  sign(purpose: string, text: string): string
  /** Whether `signature` is the one `sign` gives; takes the same time for every wrong one. */
  isSigned(purpose: string, text: string, signature: string): boolean
  /** A key of 32 bytes for a library that wants one of its own. */
  key(purpose: string): Buffer
}

/** A sealed value that was altered, moved to another row, or written under another secret. */
export class Unreadable extends Error {
  constructor(reason: string) {
    super(`A stored value cannot be opened: ${reason}`)
    this.name = 'Unreadable'
  }
}

const form = 1
const nonceLength = 12
const tagLength = 16

/**
 * Derives all keys from the installation's secret (32 bytes or more) with HKDF-SHA-256.
 * A sealed value is: form (1 byte), nonce (12), ciphertext, tag (16).
 */
export function createEncryption(secret: Uint8Array): Encryption {
  if (secret.length < 32) throw new RangeError('The secret must have at least 32 bytes.')
  const keys = new Map<string, KeyObject>()
  function keyOf(use: string, purpose: string): KeyObject {
    const name = `${use}:${purpose}`
    let key = keys.get(name)
    if (!key) {
      // Kept as a key, not as bytes: made ready for use once, not at every use.
      key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'linli', name, 32)))
      keys.set(name, key)
    }
    return key
  }
  const digest = (use: string, purpose: string, text: string) =>
    createHmac('sha256', keyOf(use, purpose)).update(wellFormed(text), 'utf8').digest()

  return {
    encrypt(purpose, plain, bound) {
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv('aes-256-gcm', keyOf('encrypt', purpose), nonce)
      cipher.setAAD(Buffer.from(bound, 'utf8'))
      const body = Buffer.concat([cipher.update(wellFormed(plain), 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(form), nonce, body, cipher.getAuthTag()])
    },
    decrypt(purpose, sealed, bound) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      if (bytes.length < 1 + nonceLength + tagLength) throw new Unreadable('it is too short')
      if (bytes[0] !== form) throw new Unreadable(`form ${bytes[0]} is not known`)
      const nonce = bytes.subarray(1, 1 + nonceLength)
      const decipher = createDecipheriv('aes-256-gcm', keyOf('encrypt', purpose), nonce, { authTagLength: tagLength })
      decipher.setAAD(Buffer.from(bound, 'utf8'))
      decipher.setAuthTag(bytes.subarray(bytes.length - tagLength))
      try {
        const body = decipher.update(bytes.subarray(1 + nonceLength, bytes.length - tagLength))
        return Buffer.concat([body, decipher.final()]).toString('utf8')
      } catch {
        throw new Unreadable('it was altered or belongs elsewhere')
      }
    },
    blindIndex: (purpose, value) => digest('index', purpose, value),
    sign: (purpose, text) => digest('sign', purpose, text).toString('base64url'),
    isSigned(purpose, text, signature) {
      return sameBytes(digest('sign', purpose, text), Buffer.from(signature, 'base64url'))
    },
    key: (purpose) => keyOf('hand out', purpose).export(),
  }
}

/** A new secret for a link, form or session: 256 random bits, base64url, 43 characters. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * SHA-256 of a token, as it is stored. A plain digest is enough because tokens are random and long; never use it for
 * a phone, a code or a password, which can all be tried one after the other.
 */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}

/** Compares without telling by its time how much was right. */
function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/** The same of two texts. */
export const sameText = (one: string, other: string): boolean => sameBytes(Buffer.from(one), Buffer.from(other))

function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('The text holds half a character (an unpaired surrogate).')
  return text
}
