import { describe, expect, it } from 'vitest'
import { daysBetween, said, spanOf } from './when.ts'

const now = new Date('2026-03-04T09:00:00+08:00')

describe('said', () => {
  it.each([
    ['2026-03-04T16:00:00+08:00', '今天 16:00'],
    ['2026-03-03T09:20:00+08:00', '昨天 09:20'],
    ['2026-03-05T08:05:00+08:00', '明天 08:05'],
    ['2026-03-10T10:00:00+08:00', '周二 10:00'],
    ['2026-01-15T10:00:00+08:00', '1月15日'],
    ['2025-12-31T10:00:00+08:00', '2025年12月31日'],
  ])('%s is %s', (at, words) => {
    expect(said(at, 'zh-CN', now)).toBe(words)
  })
  it('speaks English', () => {
    expect(said('2026-03-05T08:05:00+08:00', 'en', now)).toBe('tomorrow 08:05')
  })
  it('counts days by the calendar of the country, not of the machine', () => {
    expect(daysBetween(new Date('2026-03-04T23:30:00+08:00'), new Date('2026-03-05T00:10:00+08:00'))).toBe(1)
  })
})

describe('spanOf', () => {
  it('takes a span apart whichever way it runs', () => {
    expect(spanOf(-(26 * 3_600_000 + 5 * 60_000))).toEqual({ days: 1, hours: 2, minutes: 5 })
  })
})
