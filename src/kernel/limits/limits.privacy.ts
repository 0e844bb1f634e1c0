import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const limitsPrivacy = declareColumns('kernel/limits', {
  rate: [
    columns(
      'name key full_at',
      '防滥用的计数；地址和人只以当日密钥的摘要出现',
      'counts against abuse; addresses and people only as digests under the key of the day',
      'day',
      'secret',
      'expires',
    ),
  ],
  daily_key: [
    columns(
      'day key',
      '当日密钥，次日删除，不进备份',
      'the key of the day, gone the next, in no backup',
      'day',
      'secret',
      'expires',
    ),
  ],
})
