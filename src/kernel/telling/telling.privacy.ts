import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const tellingPrivacy = declareColumns('kernel/telling', {
  telling_choice: [
    columns('purpose owner', '谁的、哪一类的消息', 'whose news, and of what', 'account', 'none', 'deleted'),
    columns(
      'often changed_at',
      '多久收一次、何时选的',
      'how often, and when that was chosen',
      'account',
      'copy',
      'deleted',
    ),
  ],
  telling_held: [
    columns(
      'id purpose owner record what act at',
      '等着合在一封信里说的消息：哪件事的哪一类，不含文字',
      'news that waits to be told in one mail: which kind of which record, without words',
      'week',
      'none',
      'deleted',
    ),
  ],
})
