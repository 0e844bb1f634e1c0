// What surrounds a decision: the time, the settings of the place, its working hours, the national calendar.
import {
  addWorkingTime,
  type Calendar,
  defaultWorkingHours,
  loadCalendar,
  workingTimeBetween,
} from '#kernel/calendar/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import { firstReceiver, type Receiver } from '#organise/bodies/index.ts'
import { effectiveSettings, forgetSettings } from '#organise/settings/index.ts'
import { defaultRequestSettings, type RequestSettings, type WorkingCalendar } from '../requests.rules.ts'

export interface Surroundings {
  readonly now: Date
  readonly settings: RequestSettings
  readonly calendar: WorkingCalendar
  /** Working minutes from one moment to another, negative where it lies before. */
  readonly workingMinutes: (from: Date, to: Date) => number
}

/**
 * Who receives changes seldom: it is read again after five seconds, so that every process follows without being told. Counted by a
 * clock that nobody sets.
 */
const keptMilliseconds = 5_000
let keptCalendar: { until: number; calendar: Promise<Calendar> } | null = null

/** Kept for a minute. The promise itself is kept, so that many who ask at once read it once; a failed reading is not kept. */
function nationalCalendar(database: Sql): Promise<Calendar> {
  if (keptCalendar && keptCalendar.until > performance.now()) return keptCalendar.calendar
  const reading = { until: performance.now() + 60_000, calendar: loadCalendar(database) }
  keptCalendar = reading
  reading.calendar.catch(() => {
    if (keptCalendar === reading) keptCalendar = null
  })
  return reading.calendar
}

const keptReceivers = new Map<string, { until: number; receiver: Receiver }>()

/**
 * Who receives what is filed at a path, kept as settings are. A body that ends meanwhile still hands on what it gets.
 * @throws Refusal 409 as `firstReceiver`
 */
export async function receiverAt(database: Sql, path: string): Promise<Receiver> {
  const kept = keptReceivers.get(path)
  if (kept && kept.until > performance.now()) return kept.receiver
  const receiver = await firstReceiver(database, path)
  if (keptReceivers.size > 5_000) keptReceivers.clear()
  keptReceivers.set(path, { until: performance.now() + keptMilliseconds, receiver })
  return receiver
}

/** Forgets what was kept, for tests that change settings or the calendar: they do not wait the seconds that the program does. */
export function forgetSurroundings(): void {
  keptReceivers.clear()
  forgetSettings()
  keptCalendar = null
}

/** The surroundings of a place at a moment. */
export async function surroundingsAt(database: Sql, path: string, now: Date): Promise<Surroundings> {
  const [calendar, effective] = await Promise.all([nationalCalendar(database), effectiveSettings(database, path)])
  const hours = effective.working_hours ?? defaultWorkingHours
  return {
    now,
    settings: { ...defaultRequestSettings, ...effective.deadlines },
    calendar: { addWorkingTime: (from, amount) => addWorkingTime(from, amount, hours, calendar) },
    workingMinutes: (from, to) => Math.round(workingTimeBetween(from, to, hours, calendar).milliseconds / 60_000),
  }
}
