export { type CalendarSource, registerCalendar } from './entries.ts'
export { sendCalendar } from './icalendar.routes.ts'
export { type CalendarEntry, type Invited, writeCalendar } from './writing.ts'
