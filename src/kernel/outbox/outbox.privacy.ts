import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const outboxPrivacy = declareColumns('kernel/outbox', {
  mail_returned: [
    columns(
      'address at status',
      '哪个邮箱退过信，只存带密钥的摘要：不再往那里发信',
      'from which address mail came back, as a keyed digest alone: nothing more is sent to it',
      'year',
      'secret',
      'expires',
    ),
  ],
  outbox: [
    columns(
      'recipient content',
      '收件号码或邮箱与内容，加密',
      'address and text, encrypted',
      'week',
      'secret',
      'expires',
    ),
    columns(
      'id channel template language record once_key',
      '发的是哪一类消息、关于哪条记录',
      'which kind of message, about which record',
      'record',
      'none',
      'unlinked',
    ),
    columns(
      'state attempts next_attempt_at claimed_until good_until reason provider_reference',
      '发送的进展',
      'how sending goes',
      'record',
      'none',
      'none',
    ),
    columns(
      'created_at ended_at erased_at',
      '发送和清空的时间',
      'when it was sent and emptied',
      'record',
      'none',
      'none',
    ),
  ],
})
