import { describe, expect, test } from 'vitest'
import { authenticatorAddress, base32, codeAt, fittingStep, stepAt } from './sessions.totp.ts'

// The secret of the test values in RFC 6238, appendix B.
const secret = Buffer.from('12345678901234567890')

describe('a one-time code', () => {
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %d is as the standard says', (second, code) => {
    expect(codeAt(secret, stepAt(new Date(second * 1000)))).toBe(code)
  })

  test('is good half a minute early and late, and no more', () => {
    const now = new Date('2026-11-23T08:00:10Z')
    const step = stepAt(now)
    const fits = (away: number) => fittingStep(secret, codeAt(secret, step + away), now, 0)
    expect([-2, -1, 0, 1, 2].map(fits)).toEqual([null, step - 1, step, step + 1, null])
  })

  test('is good once, and no earlier one after it', () => {
    const now = new Date('2026-11-23T08:00:10Z')
    const step = stepAt(now)
    const later = (last: number) =>
      [-1, 0, 1].map((away) => fittingStep(secret, codeAt(secret, step + away), now, last))
    expect(later(step)).toEqual([null, null, step + 1])
    expect(later(step + 1)).toEqual([null, null, null])
  })

  test('has a secret that apps can take over', () => {
    expect(base32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI')
    const address = new URL(authenticatorAddress({ issuer: '邻里 Linli', account: 'li:@example.org', secret: 'ABC' }))
    expect(decodeURIComponent(address.pathname)).toBe('/邻里 Linli:li @example.org')
    expect(address.search).not.toContain('+')
    expect(address.searchParams.get('issuer')).toBe('邻里 Linli')
  })
})
