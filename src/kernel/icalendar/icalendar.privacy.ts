import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const icalendarPrivacy = declareColumns('kernel/icalendar', {
  calendar_feed: [
    columns('person', '谁的日历地址', 'whose calendar address it is', 'account', 'none', 'deleted'),
    columns(
      'token_hash',
      '日历地址的摘要，用来认出它',
      'the digest of a calendar address, to know it again',
      'account',
      'secret',
      'deleted',
    ),
    columns(
      'language created_at',
      '用哪种语言，从何时起',
      'in which language, and since when',
      'account',
      'copy',
      'deleted',
    ),
  ],
})
