import { declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const pushArchive = declareArchive('kernel/push', {
  push_device: wholeOnly(
    '手机上的订阅，只认发出它的系统的密钥',
    'a subscription in a browser, which knows the key of one installation alone',
  ),
})
