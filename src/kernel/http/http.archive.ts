import { declareArchive, leftOut } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const httpArchive = declareArchive('kernel/http', {
  idempotency: leftOut(
    '一天之内防重复提交，只对当时的浏览器有用',
    'keeps a form from being sent twice within a day, for the browser that it was sent from',
  ),
})
