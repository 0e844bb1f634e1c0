import { describe, expect, test } from 'vitest'
import { createLag, readPosition, writePosition } from './lag.ts'

describe('positions', () => {
  test.each(['0/0', '0/16B3748', '16/B374D848', 'FFFFFFFF/FFFFFFFF'])('%s comes back as it was', (text) => {
    expect(writePosition(readPosition(text) as bigint)).toBe(text)
    expect(readPosition(text.replace('/', '-'))).toBe(readPosition(text))
  })

  test('are compared as numbers', () => {
    expect(readPosition('1/0')).toBeGreaterThan(readPosition('0/FFFFFFFF') as bigint)
    expect(readPosition('0/A000000')).toBeGreaterThan(readPosition('0/9FFFFFF') as bigint)
  })

  test.each(['', '/', '0', '0/', 'x/1', '0/123456789', '0/1 or 1', '-1/1', '0/1/2'])('“%s” is none', (text) => {
    expect(readPosition(text)).toBeNull()
  })
})

describe('lag', () => {
  test('is unknown until a position that was seen has been replayed', () => {
    const lag = createLag()
    expect(lag.look(100n, 50n, 0)).toBe(Number.POSITIVE_INFINITY)
    expect(lag.look(110n, 99n, 500)).toBe(Number.POSITIVE_INFINITY)
    expect(lag.look(120n, 100n, 1_000)).toBe(500)
  })

  test('is the time since the primary was first seen ahead, and nothing once all is replayed', () => {
    const lag = createLag()
    expect(lag.look(100n, 100n, 0)).toBe(0)
    expect(lag.look(101n, 100n, 1_000)).toBe(0)
    expect(lag.look(102n, 100n, 9_000)).toBe(8_000)
    expect(lag.look(102n, 101n, 9_500)).toBe(500)
    expect(lag.look(102n, 102n, 10_000)).toBe(0)
  })

  test('does not grow while nothing is written', () => {
    const lag = createLag()
    lag.look(100n, 100n, 0)
    expect(lag.look(100n, 100n, 3_600_000)).toBe(0)
  })

  test('is unknown again where an older copy took its place', () => {
    const lag = createLag()
    lag.look(100n, 100n, 0)
    expect(lag.look(100n, 20n, 500)).toBe(Number.POSITIVE_INFINITY)
    expect(lag.look(100n, 100n, 1_000)).toBe(0)
  })

  test('is still told after a day away, when little is kept of what was seen', () => {
    const lag = createLag()
    lag.look(1n, 1n, 0)
    for (let at = 1; at <= 20_000; at += 1) lag.look(BigInt(at + 1), 1n, at * 500)
    expect(lag.look(20_002n, 1n, 10_000_500)).toBe(10_000_000)
    // Twice the longest that a setting may allow.
    for (let replayed = 1n; replayed < 18_000n; replayed += 100n)
      expect(lag.look(20_002n, replayed, 10_001_000)).toBeGreaterThan(600_000)
  })
})
