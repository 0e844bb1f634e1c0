import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const lawsPrivacy = declareColumns('organise/laws', {
  law: [
    columns(
      'id path kind name name_en article plain plain_en valid_from retired_at version',
      '法律和政策依据',
      'laws and policies that are cited',
      'public',
      'none',
      'none',
    ),
  ],
})
