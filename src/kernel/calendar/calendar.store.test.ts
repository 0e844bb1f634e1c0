import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import {
  addWorkingTime,
  defaultWorkingHours,
  importAnnouncement,
  importKnownYears,
  isWorkingDay,
  loadCalendar,
} from './index.ts'

const database = await testDatabase()

describe('the table of working days', () => {
  test('holds every day of the announced years and nothing beyond', async () => {
    const calendar = await loadCalendar(database.app.sql)
    expect(isWorkingDay('2026-02-14', calendar)).toEqual({ working: true, provisional: false })
    expect(isWorkingDay('2026-10-01', calendar)).toEqual({ working: false, provisional: false })
    expect(isWorkingDay('2024-02-29', calendar)).toEqual({ working: true, provisional: false })
    expect(isWorkingDay('2027-01-01', calendar).provisional).toBe(true)
    expect([...calendar.days.keys()].filter((day) => day.startsWith('2026')).length).toBe(365)
  })

  test('agrees with the package it was seeded from, which brings nothing new', async () => {
    expect(await importKnownYears(database.jobs.sql)).toEqual([])
  })

  test('an announced year makes its deadlines firm, and tells which days changed', async () => {
    const announcement = {
      year: 2027,
      free: Object.fromEntries(['2027-01-01', '2027-01-02', '2027-01-03'].map((day) => [day, '元旦'])),
      worked: { '2027-01-09': '元旦' },
    }
    expect(await importAnnouncement(database.jobs.sql, announcement)).toEqual(['2027-01-01', '2027-01-09'])
    expect(await importAnnouncement(database.jobs.sql, announcement)).toEqual([])
    const calendar = await loadCalendar(database.app.sql)
    const from = new Date('2026-12-31T10:00:00+08:00')
    expect(addWorkingTime(from, { workingDays: 1 }, defaultWorkingHours, calendar)).toEqual({
      at: new Date('2027-01-04T18:00:00+08:00'),
      provisional: false,
    })
    await sql`delete from calendar_day where day >= '2027-01-01'`.execute(database.jobs.sql)
  })

  test('a year that the package knows and the table lost comes back whole', async () => {
    await sql`delete from calendar_day where day >= '2026-01-01'`.execute(database.jobs.sql)
    const imported = await importKnownYears(database.jobs.sql)
    expect(imported.map(({ year }) => year)).toEqual([2026])
    expect(imported[0]?.changed).toContain('2026-02-14')
    expect(isWorkingDay('2026-02-14', await loadCalendar(database.app.sql)).working).toBe(true)
  })

  test('the application cannot change it', async () => {
    await expect(sql`update calendar_day set working = true`.execute(database.app.sql)).rejects.toThrow(/permission/)
  })
})
