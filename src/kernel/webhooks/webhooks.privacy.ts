import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const webhooksPrivacy = declareColumns('kernel/webhooks', {
  webhook: [
    columns(
      'id url kinds place path inner_network created_at revoked_at',
      '公开的变化推送给哪个系统',
      'which other system is told of what is public',
      'installation',
      'none',
      'none',
    ),
    columns(
      'secret_sealed',
      '签名用的密钥，加密',
      'the secret that messages are signed with, sealed',
      'installation',
      'secret',
      'none',
    ),
  ],
  webhook_delivery: [
    columns(
      'id position webhook kind record subject data',
      '推送的是哪件公开的事走到哪一步，不含文字',
      'which released matter, and how it stands; without words',
      'month',
      'none',
      'expires',
    ),
    columns(
      'state attempts next_attempt_at claimed_until reason created_at ended_at',
      '推送的进展',
      'how sending goes',
      'month',
      'none',
      'none',
    ),
  ],
})
