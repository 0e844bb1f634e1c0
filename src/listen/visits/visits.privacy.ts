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
    columns('created_at version', '何时约的', 'when it was agreed', 'record', 'none', 'kept'),
  ],
})
