import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const calendarPrivacy = declareColumns('kernel/calendar', {
  calendar_day: [
    columns(
      'day working name english_name',
      '全国工作日历',
      'the national calendar of working days',
      'public',
      'none',
      'none',
    ),
  ],
})
