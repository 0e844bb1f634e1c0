import { about, declareArchive, leftOut } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const accessArchive = declareArchive('kernel/access', {
  'access.key': leftOut(
    '封住一次事务里的身份；每个数据库自己生成，档案包里没有密钥',
    'seals the context of a transaction while it lasts; every database makes its own, and an archive holds no keys',
  ),
  'access.log': about('subject_record'),
  'access.token': about('record'),
})
