import { type QueryExecutorProvider, sql } from 'kysely'
import type { Calendar } from './calendar.rules.ts'
import { addDays, type Day, startOfDay, weekdayOf } from './days.ts'

/** What a year's announcement changes: days that are free beyond weekends, and weekend days that are worked. */
export interface Announcement {
  year: number
  free: Record<Day, string>
  worked: Record<Day, string>
}

/** All announced days, some thousands; keep the result and load it anew after an import. */
export async function loadCalendar(database: QueryExecutorProvider): Promise<Calendar> {
  // As text, so that no zone of the machine or the driver touches a day.
  const { rows } = await sql<{ day: Day; working: boolean }>`
    select day::text as day, working from calendar_day`.execute(database)
  return { days: new Map(rows.map(({ day, working }) => [day, working])) }
}

/**
 * Reads an announcement given as data: `{holidays: {"2027-01-01": "元旦"}, workdays: {…}}`, the form in which the package
 * `chinese-days` publishes a year. Throws RangeError, naming the first mistake, for anything that is not one year's.
 */
export function readAnnouncement(year: number, data: unknown): Announcement {
  if (!Number.isInteger(year) || year < 2000 || year > 2100) throw new RangeError(`Not a year: ${year}`)
  if (typeof data !== 'object' || data === null) throw new RangeError('Holidays and workdays are missing.')
  const given = data as Record<string, unknown>
  const free = readDays(year, given.holidays, 'holidays')
  const worked = readDays(year, given.workdays, 'workdays')
  for (const day of Object.keys(worked)) {
    if (day in free) throw new RangeError(`${day} cannot be both free and worked.`)
    if (weekdayOf(day) < 6) throw new RangeError(`${day} is no weekend day and needs no make-up work.`)
  }
  // Every year has New Year's Day, spring festival, labour day and national day: fewer is a file cut short.
  if (Object.keys(free).length < 7) throw new RangeError(`Only ${Object.keys(free).length} free days for ${year}.`)
  return { year, free, worked }
}

function readDays(year: number, given: unknown, what: string): Record<Day, string> {
  if (typeof given !== 'object' || given === null) throw new RangeError(`${what} are missing.`)
  const days: Record<Day, string> = {}
  for (const [day, name] of Object.entries(given)) {
    startOfDay(day)
    // The package writes "New Year's Day,元旦,1"; a bare name is taken as well.
    const parts = String(name).split(',')
    if (day.startsWith(`${year}-`)) days[day] = (parts[1] ?? parts[0] ?? '').slice(0, 60)
  }
  return days
}

/**
 * Writes a year's announcement, all of it in the caller's transaction, and returns the days whose working changed
 * (all that differ from what was known or assumed): deadlines that cross one of them are to be computed anew.
 */
export async function importAnnouncement(database: QueryExecutorProvider, announcement: Announcement): Promise<Day[]> {
  const days: { day: Day; working: boolean; name: string | null }[] = []
  for (let day = `${announcement.year}-01-01`; day.startsWith(`${announcement.year}`); day = addDays(day, 1)) {
    const free = announcement.free[day]
    const worked = announcement.worked[day]
    const working = worked !== undefined || (free === undefined && weekdayOf(day) < 6)
    days.push({ day, working, name: worked ?? free ?? null })
  }
  const { rows } = await sql<{ day: Day; changed: boolean }>`
    merge into calendar_day as known
    using (
      select day::date, working, name
      from jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as given (day text, working boolean, name text)
    ) as given
    on known.day = given.day
    when matched and (known.working, known.name) is distinct from (given.working, given.name) then
      update set working = given.working, name = given.name
    when not matched then insert (day, working, name) values (given.day, given.working, given.name)
    returning new.day::text as day,
      new.working is distinct from coalesce(old.working, extract(isodow from new.day) < 6) as changed`.execute(database)
  return rows
    .filter((row) => row.changed)
    .map((row) => row.day)
    .sort()
}

/**
 * Adds the years that the installed package knows and the table does not, so that an upgraded package brings the next
 * year by itself. Returns those years with the days that changed. Run as the role of jobs, at start and nightly.
 */
export async function importKnownYears(database: QueryExecutorProvider): Promise<{ year: number; changed: Day[] }[]> {
  const { default: known } = await import('chinese-days/dist/chinese-days.json', { with: { type: 'json' } })
  const years = [...new Set(Object.keys(known.holidays).map((day) => Number(day.slice(0, 4))))].sort()
  const { rows } = await sql<{ year: number }>`
    select distinct extract(year from day)::integer as year from calendar_day`.execute(database)
  const present = new Set(rows.map((row) => row.year))
  const imported: { year: number; changed: Day[] }[] = []
  for (const year of years) {
    if (present.has(year)) continue
    // A year that so far holds only the New Year's Day of another year's announcement has not been announced.
    let announcement: Announcement
    try {
      announcement = readAnnouncement(year, known)
    } catch {
      continue
    }
    imported.push({ year, changed: await importAnnouncement(database, announcement) })
  }
  return imported
}
