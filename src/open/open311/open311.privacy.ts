import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const open311Privacy = declareColumns('open/open311', {
  open311_request: [
    columns(
      'request key at',
      '哪件诉求是由哪个系统的密钥提交的',
      'which request came in by the key of which system',
      'record',
      'none',
      'kept',
    ),
  ],
  open311_update: [
    columns(
      'id request at kind',
      '公开的诉求走到哪一步，不含文字',
      'steps of what is released, without words',
      'record',
      'none',
      'kept',
    ),
  ],
})
