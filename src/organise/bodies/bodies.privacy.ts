import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const bodiesPrivacy = declareColumns('organise/bodies', {
  body: [
    columns('id kind name name_en place path', '机构及所在', 'a body and where it stands', 'public', 'none', 'none'),
    columns('telephone address hours', '居民怎样找到它', 'how residents reach it', 'public', 'none', 'none'),
    columns(
      'created_at dissolved_at dissolved_basis version',
      '设立和撤销',
      'when it was founded and dissolved',
      'public',
      'none',
      'none',
    ),
  ],
  post: [
    columns(
      'id body title title_en duties seats is_head shown',
      '岗位、职责和编制',
      'a post, its duties and seats',
      'public',
      'none',
      'none',
    ),
    columns(
      'abolished_at created_at version',
      '设立和撤销',
      'when it was made and abolished',
      'public',
      'none',
      'none',
    ),
  ],
  tenure: [
    columns(
      'id post seat kind during basis',
      '谁在何时任何职，是公务事实',
      'who held which post and when, a fact of public office',
      'office',
      'copy',
      'kept',
    ),
    columns(
      'person',
      '任职的人；注销后编号不再对应任何账号',
      'the holder; after deletion the id leads to no account',
      'office',
      'copy',
      'unlinked',
    ),
    columns(
      'holder_name',
      '任职时的姓名：办过的事要有名有姓',
      'the name under which it was held: what was done keeps a name',
      'office',
      'copy',
      'kept',
    ),
    columns(
      'appointed_by ended_by created_at version',
      '谁任命、谁结束',
      'who appointed and who ended it',
      'office',
      'none',
      'kept',
    ),
  ],
  invitation: [
    columns('id post', '邀请担任的岗位', 'the post somebody is invited to', 'month', 'none', 'expires'),
    columns(
      'name mail_encrypted',
      '被邀请人的姓名和邮箱（加密）',
      'name and address (encrypted) of the invited person',
      'month',
      'shown',
      'expires',
    ),
    columns('token_hash', '邀请链接的摘要', 'digest of the link', 'month', 'secret', 'expires'),
    columns(
      'invited_by created_at expires_at accepted_at withdrawn_at',
      '谁邀请、何时、结果',
      'who invited, when, and what came of it',
      'month',
      'none',
      'expires',
    ),
  ],
})
