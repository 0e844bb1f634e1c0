import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Element, escaped, xmlDocument } from '#kernel/xml/index.ts'
import { closings, states } from '#listen/requests/requests.api.ts'
import {
  extendedStatus,
  longestSpan,
  readMoment,
  saidStatuses,
  standardStatus,
  w3cMoment,
  windowOf,
} from './open311.rules.ts'

const moments = fc.date({ min: new Date('2001-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })

describe('dates', () => {
  test('what is written is read again to the second', () => {
    fc.assert(
      fc.property(moments, (at) => {
        const text = w3cMoment(at)
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/)
        expect(readMoment(text)).toEqual({ at: new Date(Math.floor(at.getTime() / 1_000) * 1_000) })
      }),
    )
  })

  test.each([
    ['1994-11-05T08:15:30-05:00', '1994-11-05T13:15:30.000Z'],
    ['1994-11-05T13:15:30Z', '1994-11-05T13:15:30.000Z'],
    ['2026-11-24T08:00+08:00', '2026-11-24T00:00:00.000Z'],
    ['2026-11-24T08:00:00.5+08:00', '2026-11-24T00:00:00.000Z'],
  ])('%s is read', (text, at) => expect(readMoment(text)).toEqual({ at: new Date(at) }))

  test.each([
    ['2026-11-24T08:00:00 08:00', 'space'],
    ['2026-11-24 08:00:00+08:00', 'space'],
    ['2026-11-24T08:00:00+0800', 'zone-colon'],
    ['2026-11-24T08:00:00-800', 'zone-colon'],
    ['2026-11-24T08:00:00', 'zone-missing'],
    ['2026-11-24', 'zone-missing'],
    ['2026-02-30T08:00:00Z', 'wrong'],
    ['2026-13-01T08:00:00Z', 'wrong'],
    ['2026-11-24T24:30:00Z', 'wrong'],
    ['yesterday', 'wrong'],
    ['', 'wrong'],
  ])('%s is refused by its fault', (text, fault) => expect(readMoment(text)).toEqual({ fault }))
})

test('a window is never longer than ninety days, and holds what was asked', () => {
  const end = fc.option(moments)
  fc.assert(
    fc.property(end, end, moments, (from, until, now) => {
      const window = windowOf(from, until, now)
      // Only two ends that were given can lie wrong to one another.
      expect(window !== null || (from !== null && until !== null)).toBe(true)
      if (window === null) return
      expect(window.until.getTime() - window.from.getTime()).toBeLessThanOrEqual(longestSpan)
      expect(window.from <= window.until).toBe(true)
      if (from) expect(window.from).toEqual(from)
      if (until) expect(window.until).toEqual(until)
    }),
  )
})

test('closed is not solved: no state and no ending is told as fixed', () => {
  for (const state of states)
    for (const result of [null, ...closings]) {
      const told = extendedStatus(state, result)
      expect(saidStatuses as readonly string[]).toContain(told)
      expect(told).not.toBe('fixed')
      expect(standardStatus(state)).toBe(state === 'closed' ? 'closed' : 'open')
    }
})

describe('XML', () => {
  test('any text stands between two tags and comes back from them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const inside = escaped(text)
        expect(inside).not.toMatch(/[<>\r]|&(?!amp;|lt;|gt;|#13;)/)
        const back = inside
          .replaceAll('&#13;', '\r')
          .replaceAll('&gt;', '>')
          .replaceAll('&lt;', '<')
          .replaceAll('&amp;', '&')
        expect([...back].length).toBe([...text].length)
        if (/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/.test(text)) expect(back).toBe(text)
      }),
    )
  })

  test('null is absent, a list stays in order', () => {
    const root: Element = [
      'a',
      [
        ['b', '1 < 2 & "x"'],
        ['c', null],
        ['d', []],
        ['b', true],
      ],
    ]
    expect(xmlDocument(root)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<a><b>1 &lt; 2 &amp; &quot;x&quot;</b><d></d><b>true</b></a>\n',
    )
  })
})
