import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseReceiver, endAfter, freeSeat, lineUp, maskMail, mostAtOnce, type SeatTaken } from './bodies.rules.ts'

describe('seats of a post', () => {
  test('filled seat by seat, holders never exceed the seats at any moment', () => {
    const stretch = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.option(fc.integer({ min: 1, max: 30 })))
      .map(([from, length]) => ({ from, until: length === null ? null : from + length }))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(stretch, { maxLength: 40 }), (seats, wanted) => {
        const taken: SeatTaken[] = []
        for (const one of wanted) {
          const seat = freeSeat(taken, seats, one)
          if (seat !== null) taken.push({ ...one, seat })
          // Refused only where every seat is held at some moment of the stretch.
          else expect(mostAtOnce([...taken, one])).toBeGreaterThan(0)
        }
        expect(mostAtOnce(taken)).toBeLessThanOrEqual(seats)
        for (const one of taken) expect(one.seat).toBeLessThanOrEqual(seats)
      }),
    )
  })

  test('one who ends as another begins leaves the seat free', () => {
    expect(freeSeat([{ seat: 1, from: 0, until: 10 }], 1, { from: 10, until: null })).toBe(1)
    expect(freeSeat([{ seat: 1, from: 0, until: 10 }], 1, { from: 9, until: null })).toBeNull()
  })
})

test('a last day lasts until midnight in China', () => {
  expect(endAfter('2026-11-30').toISOString()).toBe('2026-11-30T16:00:00.000Z')
})

test('the line above a path, nearest first', () => {
  expect(lineUp('32/10/03/')).toEqual(['32/10/03/', '32/10/', '32/'])
  expect(lineUp('')).toEqual([])
})

test('the nearest body receives; at one place the one whose work it is', () => {
  const office = { id: '1', path: '32/10/', kind: 'subdistrict_office' }
  const manager = { id: '2', path: '32/10/03/', kind: 'property_manager' }
  const committee = { id: '3', path: '32/10/03/', kind: 'residents_committee' }
  expect(chooseReceiver([office, manager, committee])).toBe(committee)
  expect(chooseReceiver([office, manager])).toBe(manager)
  expect(chooseReceiver([])).toBeNull()
})

test('an address is recognised but not written to', () => {
  expect(maskMail('wang@example.org')).toBe('w***@example.org')
  expect(maskMail('@')).toBe('***')
})
