import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const databasePrivacy = declareColumns('kernel/database', {
  installation: [
    columns(
      'only_one begun_at demonstration id',
      '何时开始、是否演示、哪一套系统',
      'when it began, whether it is a demonstration, and which it is',
      'installation',
      'none',
      'none',
    ),
  ],
  migration: [
    columns('id name run_on', '数据库已升级到哪一步', 'which migrations have run', 'installation', 'none', 'none'),
  ],
})
