import { declareArchive, leftOut } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const limitsArchive = declareArchive('kernel/limits', {
  rate: leftOut('几分钟的计数', 'counts of some minutes'),
  daily_key: leftOut('当天的密钥，过夜即删', 'the key of one day, gone the next'),
})
