import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawCallBacks, type Judged, monthOf, totalsForHandler, visibleResult } from './judgements.rules.ts'

test('a handler never sees what a resident said of one request', () => {
  for (const result of ['solved', 'partly', 'unsolved'] as const) {
    expect(visibleResult(result, true)).toBeNull()
    expect(visibleResult(result, false)).toBe(result)
  }
  expect(visibleResult('unconfirmed', true)).toBe('unconfirmed')
})

describe('totals for a handler', () => {
  const of = (...judged: [Judged['verdict'], Judged['satisfaction']][]): Judged[] =>
    judged.map(([verdict, satisfaction]) => ({ verdict, satisfaction, month: '2026-10-01' }))
  const mixed = of(['solved', 5], ['solved', 4], ['not', 1], ['partly', 3], ['solved', 5])

  test('once the month has closed', () => {
    expect(totalsForHandler(mixed, '2026-10-01', '2026-10-01')).toBeNull()
    expect(totalsForHandler(mixed, '2026-10-01', '2026-11-01')).toEqual({
      judgements: 5,
      solved: 3,
      partly: 1,
      not: 1,
      satisfaction: 3.6,
    })
  })
  test('not below five, nor of another month', () => {
    expect(totalsForHandler(mixed.slice(1), '2026-10-01', '2026-11-01')).toBeNull()
    expect(totalsForHandler(mixed, '2026-09-01', '2026-11-01')).toBeNull()
  })
  test('not where all are alike', () => {
    const alike = of(['solved', 5], ['solved', 5], ['solved', 5], ['solved', 5], ['solved', 5])
    expect(totalsForHandler(alike, '2026-10-01', '2026-11-01')).toBeNull()
    const oneMark = of(['not', null], ['not', null], ['not', null], ['not', null], ['not', 1])
    expect(totalsForHandler(oneMark, '2026-10-01', '2026-11-01')).toBeNull()
  })
  test('the mean stays away where few gave a mark', () => {
    const few = of(['solved', 5], ['partly', null], ['not', null], ['solved', null], ['solved', 2])
    expect(totalsForHandler(few, '2026-10-01', '2026-11-01')?.satisfaction).toBeNull()
  })
})

describe('drawing call backs', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `request-${index}`)

  test('at least a tenth, whatever a place sets, and everyone at most', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.double({ noNaN: false }), fc.string(), (count, share, seed) => {
        const drawn = drawCallBacks(many(count), share, seed)
        expect(drawn.length).toBeGreaterThanOrEqual(Math.ceil(count / 10))
        expect(new Set(drawn).size).toBe(drawn.length)
        expect(drawn.length).toBeLessThanOrEqual(count)
      }),
    )
    expect(drawCallBacks(many(30), 0.1, 'seed')).toHaveLength(3)
    expect(drawCallBacks(many(31), 0.1, 'seed')).toHaveLength(4)
    expect(drawCallBacks([], 0.1, 'seed')).toEqual([])
    // A tenth at least, whatever is asked for, and as many as are asked for.
    for (const share of [0, 0.01, -1, Number.NaN]) expect(drawCallBacks(many(100), share, 'seed')).toHaveLength(10)
    expect(drawCallBacks(many(100), 0.35, 'seed')).toHaveLength(35)
    expect(drawCallBacks(many(100), 7, 'seed')).toHaveLength(100)
  })
  test('the recorded seed repeats the draw, in whatever order the requests come', () => {
    expect(drawCallBacks(many(200).toReversed(), 0.2, 'a')).toEqual(drawCallBacks(many(200), 0.2, 'a'))
    expect(drawCallBacks(many(200), 0.2, 'a')).not.toEqual(drawCallBacks(many(200), 0.2, 'b'))
  })
  test('everyone has the same chance', () => {
    const hits = new Map<string, number>()
    for (let seed = 0; seed < 2000; seed++) {
      for (const drawn of drawCallBacks(many(20), 0.1, String(seed))) hits.set(drawn, (hits.get(drawn) ?? 0) + 1)
    }
    // 200 expected of each, standard deviation 13.4: five of them either way.
    for (const request of many(20)) expect(Math.abs((hits.get(request) ?? 0) - 200)).toBeLessThan(67)
  })
})

test('the month is that of China', () => {
  expect(monthOf(new Date('2026-10-31T15:59:59Z'))).toBe('2026-10-01')
  expect(monthOf(new Date('2026-10-31T16:00:00Z'))).toBe('2026-11-01')
})
