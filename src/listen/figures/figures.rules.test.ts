import { expect, test } from 'vitest'
import { fewestForTotals } from '#listen/judgements/judgements.rules.ts'
import { counts, type Figure, type PlaceFigure } from './figures.api.ts'
import {
  addFigures,
  addMonths,
  addVerdicts,
  closingRate,
  closingRateWithout,
  daysOf,
  inTimeRate,
  inTimeRateOfAnswered,
  monthsFault,
  monthsOf,
  noFigure,
  reachedIn,
  restOf,
  solvedRate,
} from './figures.rules.ts'

const figure = (given: Partial<Figure>): Figure => ({ ...noFigure(), ...given })
const placed = (given: Partial<PlaceFigure>): PlaceFigure => ({ ...noFigure(), overdue: 0, verdicts: null, ...given })

test('rates stand beside what they are made of, and are none of nothing', () => {
  const told = figure({
    told: 10,
    closed: 6,
    withdrawn: 1,
    merged: 2,
    answeredElsewhere: 1,
    inTime: 3,
    late: 1,
    missed: 2,
  })
  expect(closingRate(told)).toEqual({ part: 6, of: 10, share: 0.6 })
  expect(closingRateWithout(told)).toEqual({ part: 2, of: 6, share: 2 / 6 })
  expect(inTimeRate(told)).toEqual({ part: 3, of: 6, share: 0.5 })
  expect(inTimeRateOfAnswered(told)).toEqual({ part: 3, of: 4, share: 0.75 })
  expect(solvedRate({ judged: 8, solved: 2, partly: 1, not: 5 })).toEqual({ part: 2, of: 8, share: 0.25 })
  for (const rate of [closingRate, closingRateWithout, inTimeRate, inTimeRateOfAnswered])
    expect(rate(noFigure())).toEqual({ part: 0, of: 0, share: null })
  expect(closingRateWithout(figure({ told: 2, closed: 2, withdrawn: 2 })).share).toBeNull()
})

test('months follow each other over years, each with its own last day', () => {
  expect([addMonths('2026-12', 1), addMonths('2026-01', -1), addMonths('2026-11', -23)]).toEqual([
    '2027-01',
    '2025-12',
    '2024-12',
  ])
  expect(monthsOf('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
  expect(daysOf('2024-02', '2024-02')).toEqual({ filedFrom: '2024-02-01', filedUntil: '2024-02-29' })
  expect(daysOf('2025-12', '2026-04')).toEqual({ filedFrom: '2025-12-01', filedUntil: '2026-04-30' })
})

test('three years at most, in their order, and none to come', () => {
  expect(monthsFault('2026-11', '2026-11', '2026-11')).toBeNull()
  expect(monthsFault('2023-12', '2026-11', '2026-11')).toBeNull()
  expect(monthsFault('2023-11', '2026-11', '2026-11')).toBe('long')
  expect(monthsFault('2026-12', '2026-11', '2026-11')).toBe('backwards')
  expect(monthsFault('2026-11', '2026-12', '2026-11')).toBe('future')
})

test('what lies in none of the parts is what is left of every count', () => {
  const whole = placed({ told: 9, closed: 4, overdue: 3, verdicts: { judged: 12, solved: 7, partly: 2, not: 3 } })
  const parts = [
    placed({ told: 5, closed: 4, overdue: 1, verdicts: { judged: 6, solved: 3, partly: 1, not: 2 } }),
    placed({ told: 1, overdue: 2 }),
  ]
  expect(restOf(whole, parts)).toEqual(placed({ told: 3, verdicts: { judged: 6, solved: 4, partly: 1, not: 1 } }))
  expect(restOf({ ...whole, verdicts: null }, parts).verdicts).toBeNull()
  expect(restOf(placed({ verdicts: { judged: 6, solved: 3, partly: 1, not: 2 } }), parts).verdicts).toBeNull()
  expect(addVerdicts([null, null])).toBeNull()
  const all = figure(Object.fromEntries(counts.map((count, index) => [count, index])))
  expect(addFigures([all, all])).toEqual(Object.fromEntries(counts.map((count, index) => [count, 2 * index])))
})

test('told is the place itself to whoever reaches it whole, else the outermost of what they reach in it', () => {
  expect(reachedIn(['32/10/'], '32/10/03/')).toEqual(['32/10/03/'])
  expect(reachedIn(['32/10/03/'], '32/10/03/')).toEqual(['32/10/03/'])
  expect(reachedIn(['32/10/02/001/', '32/10/03/'], '32/10/')).toEqual(['32/10/02/001/', '32/10/03/'])
  expect(reachedIn(['32/10/02/001/', '32/11/'], '32/10/')).toEqual(['32/10/02/001/'])
  expect(reachedIn(['32/10/'], '33/')).toEqual([])
  expect(reachedIn(['32/10/', '33/'], '')).toEqual(['32/10/', '33/'])
  expect(reachedIn([], '')).toEqual([])
})

// The database has the number in its own function: verdicts_tell.
test('residents stay silent below the number that handlers are held to', () => expect(fewestForTotals).toBe(5))
