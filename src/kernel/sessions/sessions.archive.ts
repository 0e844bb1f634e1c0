import { declareArchive, leftOut, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const sessionsArchive = declareArchive('kernel/sessions', {
  'auth.session': leftOut(
    '后来结束的登录会又打开：导入后人人重新登录',
    'a sign-in that was ended since would be open again: after an import everybody signs in anew',
  ),
  'auth.verification': leftOut('几分钟的验证码', 'codes of some minutes'),
  ...Object.fromEntries(
    ['user', 'account', 'invitation', 'authenticator', 'recoveryCode', 'passkey', 'securityEvent'].map((table) => [
      `auth.${table}`,
      wholeOnly(
        '密码和登录方式留在原处；导入后用手机验证码登录，就还是同一个人',
        'passwords and ways to sign in stay; whoever signs in with a code by phone is the same person again',
      ),
    ]),
  ),
})
