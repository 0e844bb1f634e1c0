import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const visitsPrivacy = declareColumns('listen/visits', {
  visit: [
    columns(
      'id request day from_time to_time state proposed_by',
      '约定的上门时间',
      'an agreed visit',
      'record',
      'copy',
      'kept',
    ),
    columns('tenure', '由谁上门', 'who comes', 'record', 'copy', 'kept'),
    columns('note', '约定时的话', 'what was said in agreeing', 'record', 'copy', 'kept'),
    columns(
      'chain told',
      '改期后仍是同一次约定；日历邀请发到第几次改动',
      'which appointment it is after it was moved, and up to which change invitations went out',
      'record',
      'none',
      'kept',
    ),
    columns('created_at version', '何时约的', 'when it was agreed', 'record', 'none', 'kept'),
  ],
})
