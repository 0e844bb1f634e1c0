import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSecrets, hashToken, newToken, Unreadable } from './index.ts'

const secrets = createSecrets(Buffer.alloc(32, 7))

describe('encryption', () => {
  test('every well-formed text comes back, and never stands in the sealed bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'binary' }), (text, bound) => {
        const sealed = secrets.encrypt('contact', text, bound)
        expect(secrets.decrypt('contact', sealed, bound)).toBe(text)
        if (text.length > 5) expect(sealed.includes(Buffer.from(text))).toBe(false)
      }),
    )
  })

  test('the same text is sealed differently each time', () => {
    expect(secrets.encrypt('contact', '张三', 'a').equals(secrets.encrypt('contact', '张三', 'a'))).toBe(false)
  })

  test('a changed bit anywhere is noticed', () => {
    const sealed = secrets.encrypt('contact', '13800138000', 'row')
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed)
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(() => secrets.decrypt('contact', altered, 'row'), `byte ${at}`).toThrow(Unreadable)
    }
  })

  test.each([
    ['another row', () => secrets.decrypt('contact', secrets.encrypt('contact', 'x', 'one'), 'two')],
    ['another purpose', () => secrets.decrypt('outbox', secrets.encrypt('contact', 'x', 'one'), 'one')],
    [
      'another secret',
      () => createSecrets(Buffer.alloc(32, 8)).decrypt('contact', secrets.encrypt('contact', 'x', 'one'), 'one'),
    ],
    ['nothing', () => secrets.decrypt('contact', Buffer.alloc(0), 'one')],
    [
      'a cut value',
      () => secrets.decrypt('contact', secrets.encrypt('contact', 'long enough', 'one').subarray(0, 30), 'one'),
    ],
  ])('%s does not open it', (_, open) => {
    expect(open).toThrow(Unreadable)
  })

  test('half a character is refused rather than silently replaced', () => {
    expect(() => secrets.encrypt('contact', 'a\ud800', 'x')).toThrow(RangeError)
  })

  test('a short secret is refused', () => {
    expect(() => createSecrets(Buffer.alloc(31))).toThrow(RangeError)
  })
})

describe('blind index, signatures, tokens', () => {
  test('equal values are found, purposes and secrets keep apart', () => {
    const index = secrets.blindIndex('phone', '+8613800138000')
    expect(index).toHaveLength(32)
    expect(secrets.blindIndex('phone', '+8613800138000').equals(index)).toBe(true)
    expect(secrets.blindIndex('phone', '+8613800138001').equals(index)).toBe(false)
    expect(secrets.blindIndex('mail', '+8613800138000').equals(index)).toBe(false)
    expect(createSecrets(Buffer.alloc(32, 8)).blindIndex('phone', '+8613800138000').equals(index)).toBe(false)
  })

  test('a signature holds for its text and purpose alone', () => {
    const signature = secrets.sign('ticket', 'a.1')
    expect(secrets.isSigned('ticket', 'a.1', signature)).toBe(true)
    expect(secrets.isSigned('ticket', 'a.2', signature)).toBe(false)
    expect(secrets.isSigned('other', 'a.1', signature)).toBe(false)
    expect(secrets.isSigned('ticket', 'a.1', '')).toBe(false)
    expect(secrets.isSigned('ticket', 'a.1', `${signature}aa`)).toBe(false)
  })

  test('a key handed out signs nothing of our own', () => {
    expect(secrets.key('x').equals(secrets.key('y'))).toBe(false)
    expect(secrets.key('x').equals(secrets.blindIndex('x', ''))).toBe(false)
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
