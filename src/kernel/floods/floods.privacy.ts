import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const floodsPrivacy = declareColumns('kernel/floods', {
  flood_load: [
    columns(
      'process bucket taken',
      '每十秒收了多少件，用来判断是否拥堵',
      'how much came in within ten seconds, to tell a flood',
      'minutes',
      'none',
      'none',
    ),
  ],
  flood_pass: [
    columns(
      'id expires_at',
      '用过的通行凭据，防重复使用',
      'passes that were used, so that none serves twice',
      'minutes',
      'secret',
      'expires',
    ),
  ],
})
