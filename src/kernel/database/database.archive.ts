import { all, declareArchive, leftOut } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const databaseArchive = declareArchive('kernel/database', {
  // The id tells the store of one installation from that of another: each makes its own.
  installation: all({ without: ['id'] }),
  migration: leftOut(
    '导入时由数据库迁移自己写；档案包的清单里列着',
    'written by the migrations themselves as an import runs them; the archive lists them',
  ),
})
