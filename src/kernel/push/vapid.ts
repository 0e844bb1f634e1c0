import { createECDH } from 'node:crypto'
import type { Encryption } from '../encryption/index.ts'

/** The key pair by which push services know this installation (RFC 8292), base64url. */
export interface VapidKeys {
  readonly publicKey: string
  readonly privateKey: string
}

/**
 * Derived from the installation's secret, which is made at the first start or given: every process has the same pair, and a restored
 * backup goes on with it.
 */
export function vapidKeys(encryption: Pick<Encryption, 'key'>): VapidKeys {
  for (let turn = 0; ; turn += 1) {
    const pair = createECDH('prime256v1')
    const key = encryption.key(`web push ${turn}`)
    try {
      pair.setPrivateKey(key)
    } catch {
      // One number in four thousand million is no key of this curve.
      continue
    }
    return { publicKey: pair.getPublicKey('base64url'), privateKey: key.toString('base64url') }
  }
}
