import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const accessPrivacy = declareColumns('kernel/access', {
  'access.key': [
    columns(
      'only_one secret',
      '给事务里的身份加封',
      'seals who acts within a transaction',
      'installation',
      'none',
      'none',
    ),
  ],
  'access.log': [
    columns(
      'id at what record_kind subject_record',
      '哪一条资料在何时被查阅',
      'which data were read, and when',
      'accountability',
      'copy',
      'kept',
    ),
    columns(
      'reader tenure',
      '谁、以哪个岗位查阅',
      'who read them, under which post',
      'accountability',
      'shown',
      'kept',
    ),
    columns(
      'subject_person',
      '查阅的是谁的资料，供本人查看',
      'whose data they were, so that the person sees it',
      'accountability',
      'copy',
      'unlinked',
    ),
    columns('purpose', '查阅的事由', 'the purpose of reading', 'accountability', 'copy', 'kept'),
  ],
  'access.token': [
    columns(
      'hash',
      '秘密链接的摘要，原文不存',
      'digest of a secret link, never the link',
      'record',
      'secret',
      'expires',
    ),
    columns(
      'kind record created_at expires_at used_at sent',
      '链接打开哪条记录、何时失效',
      'what a link opens, and until when',
      'record',
      'none',
      'expires',
    ),
    columns(
      'handed_by',
      '链接由哪个岗位交到本人手里',
      'the post that handed a link to its holder',
      'accountability',
      'none',
      'expires',
    ),
  ],
})
