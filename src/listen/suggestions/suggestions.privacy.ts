import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const suggestionsPrivacy = declareColumns('listen/suggestions', {
  category_model: [
    columns(
      'id path made_at rows texts level_first level_three category_first category_three',
      '类别建议从多少诉求学来、有多准',
      'from how many requests suggestions of categories were learned, and how often they are right',
      'public',
      'none',
      'none',
    ),
    columns(
      'model',
      '学到的词和权重：只有至少五人（按账号或电话区分，分不清是谁的不算）诉求里都有的词，每夜用仍然保留的诉求重新生成，居民删除的不在其中',
      'words and weights learned: only words that requests of five people or more share, told apart by account or telephone, those of nobody known not counted; made anew every night from what still stands, so that nothing a resident has erased is in it',
      'public',
      'none',
      'none',
    ),
  ],
})
