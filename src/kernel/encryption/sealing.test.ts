import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEncryption, hashToken, newToken, Unreadable } from './index.ts'

const encryption = createEncryption(Buffer.alloc(32, 7))

describe('encryption', () => {
  test('every well-formed text comes back, and never stands in the sealed bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'binary' }), (text, bound) => {
        const sealed = encryption.encrypt('contact', text, bound)
        expect(encryption.decrypt('contact', sealed, bound)).toBe(text)
        if (text.length > 5) expect(sealed.includes(Buffer.from(text))).toBe(false)
      }),
    )
  })

  test('the same text is sealed differently each time', () => {
    expect(encryption.encrypt('contact', '张三', 'a').equals(encryption.encrypt('contact', '张三', 'a'))).toBe(false)
  })

  test('a changed bit anywhere is noticed', () => {
    const sealed = encryption.encrypt('contact', '13800138000', 'row')
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed)
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(() => encryption.decrypt('contact', altered, 'row'), `byte ${at}`).toThrow(Unreadable)
    }
  })

  test.each([
    ['another row', () => encryption.decrypt('contact', encryption.encrypt('contact', 'x', 'one'), 'two')],
    ['another purpose', () => encryption.decrypt('outbox', encryption.encrypt('contact', 'x', 'one'), 'one')],
    [
      'another secret',
      () => createEncryption(Buffer.alloc(32, 8)).decrypt('contact', encryption.encrypt('contact', 'x', 'one'), 'one'),
    ],
    ['nothing', () => encryption.decrypt('contact', Buffer.alloc(0), 'one')],
    [
      'a cut value',
      () => encryption.decrypt('contact', encryption.encrypt('contact', 'long enough', 'one').subarray(0, 30), 'one'),
    ],
  ])('%s does not open it', (_, open) => {
    expect(open).toThrow(Unreadable)
  })

  test('half a character is refused rather than silently replaced', () => {
    expect(() => encryption.encrypt('contact', 'a\ud800', 'x')).toThrow(RangeError)
  })

  test('a short secret is refused', () => {
    expect(() => createEncryption(Buffer.alloc(31))).toThrow(RangeError)
  })
})

describe('blind index, signatures, tokens', () => {
  test('equal values are found, purposes and encryption keep apart', () => {
    const index = encryption.blindIndex('phone', '+8613800138000')
    expect(index).toHaveLength(32)
    expect(encryption.blindIndex('phone', '+8613800138000').equals(index)).toBe(true)
    expect(encryption.blindIndex('phone', '+8613800138001').equals(index)).toBe(false)
    expect(encryption.blindIndex('mail', '+8613800138000').equals(index)).toBe(false)
    expect(createEncryption(Buffer.alloc(32, 8)).blindIndex('phone', '+8613800138000').equals(index)).toBe(false)
  })

  test('a signature holds for its text and purpose alone', () => {
    const signature = encryption.sign('ticket', 'a.1')
    expect(encryption.isSigned('ticket', 'a.1', signature)).toBe(true)
    expect(encryption.isSigned('ticket', 'a.2', signature)).toBe(false)
    expect(encryption.isSigned('other', 'a.1', signature)).toBe(false)
    expect(encryption.isSigned('ticket', 'a.1', '')).toBe(false)
    expect(encryption.isSigned('ticket', 'a.1', `${signature}aa`)).toBe(false)
  })

  test('a key handed out signs nothing of our own', () => {
    expect(encryption.key('x').equals(encryption.key('y'))).toBe(false)
    expect(encryption.key('x').equals(encryption.blindIndex('x', ''))).toBe(false)
  })

  test('tokens have 256 bits, fit an address, and are all different', () => {
    const tokens = new Set(Array.from({ length: 1000 }, newToken))
    expect(tokens.size).toBe(1000)
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  test('a token is stored as its SHA-256', () => {
    expect(hashToken('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
