import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const httpPrivacy = declareColumns('kernel/http', {
  idempotency: [
    columns(
      'key_hash body_hash',
      '同一请求重复发来时认得出，只存摘要',
      'recognises a repeated request; digests only',
      'week',
      'secret',
      'expires',
    ),
    columns(
      'status answer',
      '第一次的回答，用请求自带的钥匙加密',
      'the first answer, sealed under the key of the request itself',
      'week',
      'secret',
      'expires',
    ),
    columns('at', '到期清理', 'when it may go', 'week', 'none', 'expires'),
  ],
})
