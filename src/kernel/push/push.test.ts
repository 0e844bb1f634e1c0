import type { Resolver } from 'node:dns/promises'
import { describe, expect, test } from 'vitest'
import { createEncryption } from '../encryption/index.ts'
import { isPublic, lookupBy, pushAddress } from './address.ts'
import { vapidKeys } from './vapid.ts'

describe('the address of a push service', () => {
  test.each([
    'https://push.example/wpush/v2/abc',
    'https://web.push.apple.com/Q?x=1',
    'https://wns2-par02p.notify.windows.com/w/?token=a',
  ])('%s is asked', (text) => {
    expect(pushAddress(text, false)?.href).toBe(text)
  })

  test.each([
    'http://push.example/a',
    'https://push.example:8443/a',
    'https://user:word@push.example/a',
    'https://localhost/a',
    'https://push.example./a',
    'https://127.0.0.1/a',
    'https://2130706433/a',
    'https://0x7f.1/a',
    'https://[::1]/a',
    'https://[::ffff:10.0.0.1]/a',
    'https://8.8.8.8/a',
    'ftp://push.example/a',
    'push.example',
    '',
  ])('%s is not', (text) => {
    expect(pushAddress(text, false)).toBeNull()
  })

  test('this machine is one in tests alone, and nothing else then', () => {
    expect(pushAddress('http://127.0.0.1:1/a', true)).not.toBeNull()
    expect(pushAddress('http://127.0.0.2:1/a', true)).toBeNull()
    expect(pushAddress('http://push.example/a', true)).toBeNull()
  })

  test('lies in the open internet', () => {
    for (const address of ['8.8.8.8', '1.1.1.1', '223.255.255.1', '2606:4700::1111', '2408:8000::1', '2620:4f:8001::1'])
      expect(isPublic(address), address).toBe(true)
    for (const address of [
      ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
      ...['192.168.1.1', '192.175.48.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
      ...['::', '::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', 'fc00::1', 'fe80::1', 'ff02::1', '64:ff9b::a00:1'],
      ...['2001:db8::1', '2002:a00:1::', '2001::1', '3fff::1', '3fff:fff::1', '2620:4f:8000::1', 'push.example', ''],
    ]) {
      expect(isPublic(address), address).toBe(false)
    }
  })

  test('a name that leads into the house is not followed, whatever else it leads to', async () => {
    const found = (four: string[], six: string[] | null) => {
      const resolver = {
        resolve4: async () => four,
        resolve6: async () => six ?? Promise.reject(new Error('ENOTFOUND')),
      } as unknown as Resolver
      return new Promise<unknown>((resolve) =>
        lookupBy(() => resolver)('push.example', { all: true }, (error, open) => resolve(error ?? open)),
      )
    }
    expect(await found(['10.0.0.1', '127.0.0.1'], ['::1'])).toMatchObject({ code: 'EACCES' })
    expect(await found([], null)).toMatchObject({ code: 'EACCES' })
    expect(await found(['10.0.0.1', '8.8.8.8'], null)).toEqual([{ address: '8.8.8.8', family: 4 }])
    expect(await found([], ['2606:4700::1111'])).toEqual([{ address: '2606:4700::1111', family: 6 }])
  })
})

test('keys follow from the secret: the same in every process, others under another', () => {
  const keys = vapidKeys(createEncryption(Buffer.alloc(32, 1)))
  expect(vapidKeys(createEncryption(Buffer.alloc(32, 1)))).toEqual(keys)
  expect(vapidKeys(createEncryption(Buffer.alloc(32, 2))).publicKey).not.toBe(keys.publicKey)
  expect(Buffer.from(keys.publicKey, 'base64url')).toHaveLength(65)
  expect(Buffer.from(keys.privateKey, 'base64url')).toHaveLength(32)
})
