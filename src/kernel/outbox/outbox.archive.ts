import { declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const outboxArchive = declareArchive('kernel/outbox', {
  outbox: wholeOnly(
    '写好还没发出的消息由原来的系统发，不发两遍',
    'what was written and not yet sent is sent by whoever wrote it, and not twice',
  ),
  mail_returned: wholeOnly(
    '哪些邮箱退过信，按一把密钥算的摘要，别的系统用不上',
    'which addresses sent mail back, as digests under one key, of no use elsewhere',
  ),
})
