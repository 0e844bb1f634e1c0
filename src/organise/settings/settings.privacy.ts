import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const settingsPrivacy = declareColumns('organise/settings', {
  place_setting: [
    columns('path name value version', '一个地方的设置', 'the settings of a place', 'public', 'none', 'none'),
    columns(
      'changed_at changed_by',
      '何时、由哪个岗位改的',
      'when and under which post it was changed',
      'public',
      'none',
      'kept',
    ),
  ],
  category: [
    columns(
      'id path code level1 level2 level3 level1_en level2_en level3_en promised_days usual_body usual_kind retired_at version',
      '诉求类别和承诺时限',
      'categories of requests and promised times',
      'public',
      'none',
      'none',
    ),
  ],
  template: [
    columns(
      'id path name text language retired_at version',
      '答复模板',
      'templates of answers',
      'public',
      'none',
      'none',
    ),
  ],
})
