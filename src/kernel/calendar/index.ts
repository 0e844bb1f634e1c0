export {
  type Allowance,
  addWorkingTime,
  type Calendar,
  type Deadline,
  isWorkingDay,
  workingTimeBetween,
} from './calendar.rules.ts'
export {
  type Announcement,
  importAnnouncement,
  importKnownYears,
  loadCalendar,
  readAnnouncement,
} from './calendar.store.ts'
export { addDays, atClock, atMinute, type Day, dayOf, endOfDay, shownByClock, startOfDay, weekdayOf } from './days.ts'
export { defaultWorkingHours, type Interval, minutesOf, type WorkingHours } from './hours.ts'
