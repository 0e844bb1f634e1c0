import { all, declareArchive } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const calendarArchive = declareArchive('kernel/calendar', {
  calendar_day: all(),
})
