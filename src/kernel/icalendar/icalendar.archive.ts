import { declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const icalendarArchive = declareArchive('kernel/icalendar', {
  calendar_feed: wholeOnly('各人自己的订阅，跟着账号走', 'a feed of one person, which goes with their account'),
})
