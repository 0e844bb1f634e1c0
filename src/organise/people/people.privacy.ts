import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const peoplePrivacy = declareColumns('organise/people', {
  person: [
    columns('id', '编号', 'identifier', 'account', 'copy', 'unlinked'),
    columns('auth_user', '对应的登录账号', 'the account of the sign-in', 'account', 'secret', 'erased'),
    columns('name', '称呼本人', 'how to address the person', 'account', 'copy', 'erased'),
    columns(
      'phone_encrypted mail_encrypted',
      '联系本人，加密',
      'to reach the person, encrypted',
      'account',
      'copy',
      'erased',
    ),
    columns(
      'phone_index',
      '登录时比对号码，不可还原',
      'finds the number at sign-in, cannot be turned back',
      'account',
      'secret',
      'erased',
    ),
    columns('language', '用哪种语言', 'which language', 'account', 'copy', 'kept'),
    columns('home_path', '本人选定的地方', 'the place the person chose', 'account', 'copy', 'erased'),
    columns(
      'created_at erased_at version',
      '账号的起止',
      'when the account began and ended',
      'account',
      'copy',
      'kept',
    ),
  ],
})
