import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const keysPrivacy = declareColumns('kernel/keys', {
  api_key: [
    columns(
      'id name scopes place per_minute created_at expires_at last_used_at revoked_at',
      '别的系统的密钥：叫什么、能做什么、管哪里、到何时',
      'keys of other systems: what they are called, what they may do, where and until when',
      'installation',
      'none',
      'none',
    ),
    columns(
      'secret_hash',
      '密钥的摘要，原文不存',
      'digest of the key, never the key',
      'installation',
      'secret',
      'none',
    ),
  ],
  api_key_use: [
    columns(
      'key hour what status times',
      '密钥一小时里用了几次、用在哪里、结果如何；不含内容和个人',
      'how often a key was used in an hour, where and with which status; no content, no people',
      'month',
      'none',
      'none',
    ),
  ],
})
