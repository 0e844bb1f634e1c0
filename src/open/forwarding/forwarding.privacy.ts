import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const forwardingPrivacy = declareColumns('open/forwarding', {
  forwarding: [
    columns(
      'id name url inner_network jurisdiction service format place path category outline steps again language created_at revoked_at',
      '哪个地方哪类诉求转给哪个平台、转什么',
      'which requests are sent on to which service, and what of them',
      'installation',
      'none',
      'none',
    ),
    columns(
      'key_sealed',
      '对方平台发给的密钥，加密',
      'the key that the service gave, sealed',
      'installation',
      'secret',
      'none',
    ),
    columns(
      'heard_by heard_until hear_at hear_failures hear_reason claimed_until',
      '跟进对方消息的进展',
      'how following its news goes',
      'installation',
      'none',
      'none',
    ),
  ],
  forwarding_delivery: [
    columns(
      'id position forwarding request kind step number status status_at asked_at token',
      '哪件诉求转到了哪里，对方的编号和状态',
      'which request went where, and its number and status there',
      'record',
      'none',
      'kept',
    ),
    columns(
      'form',
      '要转出的内容：公开过的文字，或只有类别和社区；转完即清空',
      'what is to be sent: released words, or category and community alone; emptied once it has ended',
      'record',
      'none',
      'expires',
    ),
    columns(
      'state attempts next_attempt_at claimed_until unsure_since posted_at reason created_at ended_at',
      '转出的进展',
      'how sending goes',
      'record',
      'none',
      'none',
    ),
  ],
  forwarding_heard: [
    columns(
      'forwarding request news at',
      '对方的哪条消息已记过一次，不含文字',
      'which news of a request was entered already',
      'record',
      'none',
      'kept',
    ),
  ],
})
