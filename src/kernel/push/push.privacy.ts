import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const pushPrivacy = declareColumns('kernel/push', {
  push_device: [
    columns(
      'sealed digest',
      '设备的推送地址，加密；摘要用来辨认同一台',
      'where a device is reached, sealed; its digest, to know it again',
      'year',
      'secret',
      'deleted',
    ),
    columns(
      'id purpose owner session link_hash language failures',
      '这台设备要听哪件事或哪个人的消息，凭哪次登录或哪个链接（只存摘要），连着几次没送到；登录或链接失效即删除',
      'of which record or person a device is told, by which sign-in or link (its digest), how often in a row it was not reached; goes when that ends',
      'year',
      'none',
      'deleted',
    ),
    columns('created_at seen_at', '从何时起，最近何时', 'since when, and when last seen', 'year', 'copy', 'deleted'),
  ],
})
