import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOf } from './invitations.ts'

const now = new Date('2026-11-24T02:00:00Z')
const ahead = { day: '2026-11-27', to: '11:00' }
const visit = (state: 'proposed' | 'agreed' | 'cancelled' | 'done', sequence: number, told: number | null) => ({
  ...ahead,
  state,
  sequence,
  told,
})

test.each([
  ['agreed', null, 'agreed'],
  ['agreed', 1, 'agreed'],
  ['proposed', 1, 'moved'],
  ['cancelled', 1, 'cancelled'],
  // Nobody was invited to what was only proposed.
  ['proposed', null, null],
  ['cancelled', null, null],
  ['done', 1, null],
  // Told already.
  ['agreed', 2, null],
  ['cancelled', 2, null],
] as const)('%s, told of %s: %s', (state, told, words) => {
  expect(wordsOf(visit(state, 2, told), now)).toBe(words)
})

test('what is over is told of no more, and whatever was told is not told again', () => {
  const states = fc.constantFrom('proposed', 'agreed', 'cancelled', 'done')
  fc.assert(
    fc.property(states, fc.nat(20), fc.option(fc.nat(20)), (state, sequence, told) => {
      const one = visit(state, sequence, told)
      expect(wordsOf(one, new Date('2026-11-27T03:00:00Z'))).toBeNull()
      expect(wordsOf({ ...one, told: sequence }, now)).toBeNull()
    }),
  )
})
