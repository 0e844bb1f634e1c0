import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fewest, withoutSmall } from './small.rules.ts'

describe('small groups', () => {
  test.each([
    [[], []],
    [[0], [0]],
    [[4], [null]],
    [
      [5, 9],
      [5, 9],
    ],
    // Alone it would come out by subtraction.
    [
      [3, 20, 7],
      [null, 20, null],
    ],
    // Two that are four together.
    [
      [2, 2, 30, 6],
      [null, null, 30, null],
    ],
    [
      [3, 3, 30],
      [null, null, 30],
    ],
    [
      [0, 2, 12],
      [0, null, null],
    ],
  ])('%j is told as %j', (parts, told) => {
    expect(withoutSmall(parts)).toEqual(told)
  })

  test('whoever knows the sum learns of no part below five, and no single part that stays unsaid', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 9 }), (parts) => {
        const told = withoutSmall(parts)
        const hidden = parts.filter((_, at) => told[at] === null)
        for (const [at, part] of parts.entries()) {
          if (told[at] !== null) expect(told[at]).toBe(part)
          if (part > 0 && part < fewest) expect(told[at]).toBeNull()
          if (part === 0) expect(told[at]).toBe(0)
        }
        const others = told.filter((part) => part !== null && part > 0)
        // Where anything could still be hidden, what is unsaid is at least two parts and at least five.
        if (hidden.length > 0 && others.length > 0) {
          expect(hidden.length).toBeGreaterThan(1)
          expect(hidden.reduce((sum, part) => sum + part, 0)).toBeGreaterThanOrEqual(fewest)
        }
      }),
    )
  })
})
