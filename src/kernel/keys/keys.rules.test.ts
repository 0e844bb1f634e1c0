import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endOf, faultOf, isKey, type KeyRow, newKey } from './keys.rules.ts'

const now = new Date('2026-11-24T02:00:00Z')
const key: KeyRow = {
  id: 'k',
  name: '示例',
  scopes: ['open311'],
  place: null,
  path: null,
  per_minute: 60,
  expires_at: null,
  revoked_at: null,
}

test('a key is recognised by its beginning, and no two are alike', () => {
  const keys = new Set(Array.from({ length: 1_000 }, newKey))
  expect(keys.size).toBe(1_000)
  for (const one of keys) {
    expect(one).toMatch(/^linli_[A-Za-z0-9_-]{43}$/)
    expect(isKey(one)).toBe(true)
  }
})

test('whatever else is shown for a key is none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      expect(isKey(text)).toBe(/^linli_[A-Za-z0-9_-]{43}$/.test(text))
    }),
  )
  expect(isKey(`${newKey()}\n`)).toBe(false)
})

test('each fault of a key has its name, the gravest first', () => {
  const over = '2026-11-24T02:00:00.000Z'
  expect(faultOf(null, 'open311', now)).toBe('unknown')
  expect(faultOf(key, 'open311', now)).toBeNull()
  expect(faultOf(key, 'export', now)).toBe('scope')
  expect(faultOf({ ...key, expires_at: over }, 'open311', now)).toBe('expired')
  expect(faultOf({ ...key, expires_at: '2026-11-24T02:00:00.001Z' }, 'open311', now)).toBeNull()
  expect(faultOf({ ...key, expires_at: over, revoked_at: over }, 'export', now)).toBe('revoked')
})

test('the end of a key is a day to its end in China, or so many days from now', () => {
  expect(endOf('2027-06-30', now)?.toISOString()).toBe('2027-06-30T15:59:59.999Z')
  expect(endOf('2026-11-24', now)?.toISOString()).toBe('2026-11-24T15:59:59.999Z')
  expect(endOf('365d', now)?.toISOString()).toBe('2027-11-24T02:00:00.000Z')
  for (const none of ['', '0d', '2026-11-23', '2027-02-30', '2027-13-01', 'tomorrow', '30', '-3d'])
    expect(endOf(none, now), none).toBeNull()
})
