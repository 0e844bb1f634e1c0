// The port: what a room puts into the calendar of a person.
import type { Sql } from '../database/index.ts'
import type { Language } from '../words/index.ts'
import type { CalendarEntry } from './writing.ts'

/** For whom entries are wanted, and how they are said. */
export interface CalendarOf {
  readonly person: string
  readonly language: Language
  readonly now: Date
  /** The address of the installation, without a slash behind it. */
  readonly publicUrl: string
}

/** What a room adds to a calendar. */
export interface CalendarSource {
  readonly room: string
  /** Entries of one person, as the role of jobs, which sees everything: it asks for what is this person's and nothing else. */
  entriesOf(on: Sql, of: CalendarOf): Promise<readonly CalendarEntry[]>
}

const sources = new Map<string, CalendarSource>()

/** Port: a room has dates of people. The roof calls it once for each room. */
export function registerCalendar(source: CalendarSource): void {
  sources.set(source.room, source)
}

/** No program shows more, and no person has more before them. */
const mostEntries = 2_000

/** All dates of a person, of every room, in the order of time. */
export async function entriesOf(on: Sql, of: CalendarOf): Promise<CalendarEntry[]> {
  const all = await Promise.all([...sources.values()].map((source) => source.entriesOf(on, of)))
  return all
    .flat()
    .sort((one, other) => one.from.getTime() - other.from.getTime() || (one.uid < other.uid ? -1 : 1))
    .slice(0, mostEntries)
}
