import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addWorkingTime,
  atClock,
  type Calendar,
  dayOf,
  defaultWorkingHours,
  endOfDay,
  isWorkingDay,
  minutesOf,
  readAnnouncement,
  shownByClock,
  startOfDay,
  type WorkingHours,
  weekdayOf,
  workingTimeBetween,
} from './index.ts'

const known = JSON.parse(
  readFileSync(new URL('../../../node_modules/chinese-days/dist/chinese-days.json', import.meta.url), 'utf8'),
)

/** 2025 and 2026 as announced; 2027 is left open on purpose. */
const calendar: Calendar = (() => {
  const days = new Map<string, boolean>()
  for (const year of [2025, 2026]) {
    const { free, worked } = readAnnouncement(year, known)
    for (let day = `${year}-01-01`; day.startsWith(String(year)); day = addDays(day, 1)) {
      days.set(day, day in worked || (!(day in free) && weekdayOf(day) < 6))
    }
  }
  return { days }
})()

const china = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const shown = (moment: Date) => new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
const counted = (
  from: string,
  allowance: Parameters<typeof addWorkingTime>[1],
  hours: WorkingHours = defaultWorkingHours,
) => {
  const { at, provisional } = addWorkingTime(china(from), allowance, hours, calendar)
  return shown(at) + (provisional ? ' provisional' : '')
}

/** Counted day by day, both counted: what the reckoning is held against. */
function workingDaysBetween(from: string, to: string): number {
  let days = 0
  for (let day = from; day <= to; day = addDays(day, 1)) if (isWorkingDay(day, calendar).working) days += 1
  return days
}
/** Whether people are at work; the first and the last moment of an interval count. */
const isWorkingTime = (moment: Date, hours: WorkingHours) =>
  isWorkingDay(dayOf(moment), calendar).working &&
  hours.some(({ from, to }) => atClock(dayOf(moment), from) <= moment && moment <= atClock(dayOf(moment), to))

describe('days', () => {
  test('a day in China begins at 16:00 UTC of the day before', () => {
    expect(dayOf(new Date('2026-11-23T15:59:59.999Z'))).toBe('2026-11-23')
    expect(dayOf(new Date('2026-11-23T16:00:00Z'))).toBe('2026-11-24')
    expect(startOfDay('2026-11-24').toISOString()).toBe('2026-11-23T16:00:00.000Z')
    expect(endOfDay('2026-11-24').toISOString()).toBe('2026-11-24T16:00:00.000Z')
  })

  test('months, leap days and years pass', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  })

  test('weekdays', () => {
    expect(weekdayOf('2026-11-24')).toBe(2)
    expect(weekdayOf('2026-11-22')).toBe(7)
  })

  test.each(['', '2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', '2026-01-01T00:00', 'today'])(
    '%j is no day',
    (day) => {
      expect(() => startOfDay(day)).toThrow(RangeError)
    },
  )

  test('the machine’s own zone changes nothing', () => {
    const before = process.env.TZ
    try {
      for (const zone of ['UTC', 'America/New_York', 'Pacific/Kiritimati']) {
        process.env.TZ = zone
        expect(dayOf(new Date('2026-03-08T16:00:00Z'))).toBe('2026-03-09')
        expect(counted('2026-03-06 17:00', { hours: 2 })).toBe('2026-03-09 09:30')
      }
    } finally {
      process.env.TZ = before
    }
  })
})

describe('the national calendar', () => {
  test('Spring Festival 2026: nine free days, two Saturdays worked', () => {
    for (let day = '2026-02-15'; day <= '2026-02-23'; day = addDays(day, 1)) {
      expect(isWorkingDay(day, calendar), day).toEqual({ working: false, provisional: false })
    }
    expect(isWorkingDay('2026-02-14', calendar).working).toBe(true)
    expect(isWorkingDay('2026-02-28', calendar).working).toBe(true)
    expect(isWorkingDay('2026-02-24', calendar).working).toBe(true)
  })

  test('National Day 2026', () => {
    expect(workingDaysBetween('2026-10-01', '2026-10-07')).toBe(0)
    expect(isWorkingDay('2026-09-20', calendar).working).toBe(true)
    expect(isWorkingDay('2026-10-10', calendar).working).toBe(true)
  })

  test('a year not announced knows only weekends and says so', () => {
    expect(isWorkingDay('2027-01-01', calendar)).toEqual({ working: true, provisional: true })
    expect(isWorkingDay('2027-01-02', calendar)).toEqual({ working: false, provisional: true })
  })
})

describe('working days', () => {
  test.each([
    ['2026-11-19 09:00', 1, '2026-11-20 18:00', 'Thursday morning → Friday'],
    ['2026-11-19 23:59', 1, '2026-11-20 18:00', 'late on Thursday is still Thursday'],
    ['2026-11-20 00:00', 1, '2026-11-23 18:00', 'midnight is Friday'],
    ['2026-11-21 10:00', 1, '2026-11-23 18:00', 'Saturday → Monday'],
    ['2026-11-20 10:00', 5, '2026-11-27 18:00', 'a week'],
    ['2026-02-13 16:00', 1, '2026-02-14 18:00', 'a make-up Saturday counts'],
    ['2026-02-14 10:00', 1, '2026-02-24 18:00', 'over Spring Festival'],
    ['2026-02-26 10:00', 2, '2026-02-28 18:00', 'into a make-up Saturday'],
    ['2026-09-30 17:00', 5, '2026-10-13 18:00', 'over National Day: 8, 9, 10, 12, 13 October'],
    ['2026-12-30 10:00', 1, '2026-12-31 18:00', 'the last announced day'],
    ['2026-12-31 10:00', 1, '2027-01-01 18:00 provisional', 'beyond what is announced'],
  ])('%s + %i → %s (%s)', (from, workingDays, expected) => {
    expect(counted(from, { workingDays })).toBe(expected)
  })

  test('the end is the end of the place’s own hours', () => {
    expect(counted('2026-11-19 09:00', { workingDays: 1 }, [{ from: '09:00', to: '16:30' }])).toBe('2026-11-20 16:30')
    expect(counted('2026-11-19 09:00', { workingDays: 1 }, [{ from: '00:00', to: '24:00' }])).toBe('2026-11-21 00:00')
  })
})

describe('working hours', () => {
  test.each([
    ['2026-11-19 09:00', 2, '2026-11-19 11:00'],
    ['2026-11-19 11:00', 1, '2026-11-19 12:00'],
    ['2026-11-19 11:00', 2, '2026-11-19 15:00'],
    ['2026-11-19 12:30', 2, '2026-11-19 16:00'],
    ['2026-11-19 17:00', 2, '2026-11-20 09:30'],
    ['2026-11-20 17:30', 2, '2026-11-23 10:00'],
    ['2026-11-21 03:00', 2, '2026-11-23 10:30'],
    ['2026-02-14 17:00', 2, '2026-02-24 09:30'],
    ['2026-11-19 10:00', 0, '2026-11-19 10:00'],
    ['2026-11-19 12:00', 0, '2026-11-19 12:00'],
    ['2026-11-19 20:00', 0, '2026-11-20 08:30'],
    ['2026-11-19 08:30', 7.5, '2026-11-19 18:00'],
  ])('%s + %d h → %s', (from, hours, expected) => {
    expect(counted(from, { hours })).toBe(expected)
  })

  test('into a year that is not announced says so, also over its free days', () => {
    expect(counted('2026-12-31 17:00', { hours: 2 })).toBe('2027-01-01 09:30 provisional')
    const between = (from: string, to: string) =>
      workingTimeBetween(china(from), china(to), defaultWorkingHours, calendar).provisional
    expect(between('2026-12-30 09:00', '2026-12-31 23:00')).toBe(false)
    expect(between('2027-01-02 00:00', '2027-01-02 10:00')).toBe(true)
  })

  test('urgent is counted by the clock', () => {
    expect(counted('2026-02-17 23:30', { hours: 2, counted: 'clock' })).toBe('2026-02-18 01:30')
  })

  test('between', () => {
    const between = (from: string, to: string) =>
      workingTimeBetween(china(from), china(to), defaultWorkingHours, calendar).milliseconds / 3_600_000
    expect(between('2026-11-19 00:00', '2026-11-20 00:00')).toBe(7.5)
    expect(between('2026-11-19 11:00', '2026-11-19 15:00')).toBe(2)
    expect(between('2026-02-14 18:00', '2026-02-24 08:30')).toBe(0)
    expect(between('2026-11-19 15:00', '2026-11-19 11:00')).toBe(-2)
    expect(between('2026-01-01 00:00', '2027-01-01 00:00')).toBe(7.5 * workingDaysBetween('2026-01-01', '2026-12-31'))
  })
})

describe('what cannot be counted is refused', () => {
  test.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY], [1e9]])('%d hours', (hours) => {
    expect(() => counted('2026-11-19 09:00', { hours })).toThrow(RangeError)
  })
  test.each([[0], [-1], [1.5], [Number.NaN], [1e9]])('%d working days', (workingDays) => {
    expect(() => counted('2026-11-19 09:00', { workingDays })).toThrow(RangeError)
  })
  test('an invalid moment', () => {
    expect(() => addWorkingTime(new Date('never'), { hours: 1 }, defaultWorkingHours, calendar)).toThrow(RangeError)
    expect(() => workingTimeBetween(new Date(), new Date('never'), defaultWorkingHours, calendar)).toThrow(RangeError)
  })
  test.each<[string, WorkingHours]>([
    ['none', []],
    ['backwards', [{ from: '12:00', to: '08:00' }]],
    ['empty', [{ from: '08:00', to: '08:00' }]],
    [
      'overlapping',
      [
        { from: '08:00', to: '12:00' },
        { from: '11:00', to: '13:00' },
      ],
    ],
    [
      'out of order',
      [
        { from: '14:00', to: '18:00' },
        { from: '08:00', to: '12:00' },
      ],
    ],
    ['no time', [{ from: '8', to: '25:00' }]],
    ['beyond the day', [{ from: '08:00', to: '24:30' }]],
  ])('working hours: %s', (_, hours) => {
    expect(() => minutesOf(hours)).toThrow(RangeError)
  })
  test.each<[string, number, unknown]>([
    ['no year', 1.5, known],
    ['nothing', 2026, null],
    ['no holidays', 2026, { workdays: {} }],
    ['no day', 2026, { holidays: { '2026-02-30': 'x' }, workdays: {} }],
    ['too few', 2026, { holidays: { '2026-01-01': '元旦' }, workdays: {} }],
    ['a year the source does not hold', 2027, known],
    ['both free and worked', 2026, { holidays: known.holidays, workdays: { '2026-10-01': 'x' } }],
    ['make-up work on a Tuesday', 2026, { holidays: known.holidays, workdays: { '2026-11-24': 'x' } }],
  ])('an announcement: %s', (_, year, data) => {
    expect(() => readAnnouncement(year, data)).toThrow(RangeError)
  })
})

describe('laws that hold for every moment', () => {
  const moment = fc.date({ min: china('2025-01-02 00:00'), max: china('2026-06-30 00:00'), noInvalidDate: true })
  const minute = fc.integer({ min: 0, max: 60 * 200 })
  const hours = fc
    .uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 8 })
    .map((marks) => {
      marks.sort((one, other) => one - other)
      const time = (mark: number) =>
        `${String(Math.floor(mark / 60)).padStart(2, '0')}:${String(mark % 60).padStart(2, '0')}`
      const intervals = []
      for (let at = 0; at + 1 < marks.length; at += 2) {
        intervals.push({ from: time(marks[at] ?? 0), to: time(marks[at + 1] ?? 0) })
      }
      return intervals
    })
    // A handful of minutes a day would need more days than the calendar here holds.
    .filter((intervals) => minutesOf(intervals).reduce((sum, { from, to }) => sum + to - from, 0) >= 60)
  const add = (from: Date, minutes: number, place: WorkingHours) =>
    addWorkingTime(from, { hours: minutes / 60 }, place, calendar).at

  test('never lands outside working time', () => {
    fc.assert(
      fc.property(moment, minute, hours, (from, minutes, place) => {
        expect(isWorkingTime(add(from, minutes, place), place)).toBe(true)
      }),
    )
  })

  test('never before its beginning, and later the later it begins or the longer it takes', () => {
    fc.assert(
      fc.property(moment, moment, minute, minute, hours, (one, other, some, more, place) => {
        const [early, late] = one <= other ? [one, other] : [other, one]
        expect(add(early, some, place).getTime()).toBeGreaterThanOrEqual(early.getTime())
        expect(add(late, some, place).getTime()).toBeGreaterThanOrEqual(add(early, some, place).getTime())
        expect(add(early, some + more, place).getTime()).toBeGreaterThanOrEqual(add(early, some, place).getTime())
      }),
    )
  })

  test('two stretches one after the other are their sum', () => {
    fc.assert(
      fc.property(moment, minute, fc.integer({ min: 1, max: 6000 }), hours, (from, some, more, place) => {
        expect(add(add(from, some, place), more, place)).toEqual(add(from, some + more, place))
      }),
    )
  })

  test('between is the inverse of adding', () => {
    fc.assert(
      fc.property(moment, minute, hours, (from, minutes, place) => {
        const to = add(from, minutes, place)
        expect(workingTimeBetween(from, to, place, calendar).milliseconds).toBe(minutes * 60_000)
      }),
    )
  })

  test('between adds up and turns round', () => {
    fc.assert(
      fc.property(moment, moment, moment, hours, (a, b, c, place) => {
        const between = (from: Date, to: Date) => workingTimeBetween(from, to, place, calendar).milliseconds
        expect(between(a, b) + between(b, c)).toBe(between(a, c))
        expect(between(a, b) + between(b, a)).toBe(0)
      }),
    )
  })

  test('N working days hold exactly N working days after the first', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 60 }), (from, workingDays) => {
        const { at } = addWorkingTime(from, { workingDays }, defaultWorkingHours, calendar)
        const last = dayOf(at)
        expect(workingDaysBetween(addDays(dayOf(from), 1), last)).toBe(workingDays)
        expect(isWorkingDay(last, calendar).working).toBe(true)
      }),
    )
  })
})

describe('China’s clocks', () => {
  test('show the day that has begun there, and are read back to the same moment', () => {
    const moment = new Date('2026-12-31T16:20:30Z')
    expect(shownByClock(moment)).toBe('2027-01-01T00:20:30')
    expect(dayOf(moment)).toBe('2027-01-01')
    expect(atClock('2027-01-01', '00:20').toISOString()).toBe('2026-12-31T16:20:00.000Z')
  })
  test('show no time that is none', () => {
    expect(Number.isNaN(atClock('2027-01-01', '25:00').getTime())).toBe(true)
  })
})
