import { expect, test } from 'vitest'
import { settableClock, systemClock } from './index.ts'

test('a settable clock stands still until it is moved', () => {
  const clock = settableClock('2026-03-01T00:00:00Z')
  clock.advance(90_000)
  expect(clock.now().toISOString()).toBe('2026-03-01T00:01:30.000Z')
  clock.set('2026-04-01T00:00:00Z')
  expect(clock.now().toISOString()).toBe('2026-04-01T00:00:00.000Z')
})

test('the system clock is that of the machine', () => {
  expect(Math.abs(systemClock.now().getTime() - Date.now())).toBeLessThan(1_000)
})
