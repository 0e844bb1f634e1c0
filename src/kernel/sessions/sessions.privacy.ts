import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. The schema belongs to sign-in alone. */
export const sessionsPrivacy = declareColumns('kernel/sessions', {
  'auth.user': [
    columns('id', '登录账号的编号', 'identifier of the account', 'account', 'secret', 'deleted'),
    columns(
      'name image',
      '随机占位，不含姓名和头像',
      'placeholders without name or picture',
      'account',
      'secret',
      'deleted',
    ),
    columns(
      'email emailVerified phoneNumber phoneNumberVerified',
      '登录名的密钥摘要，不可还原',
      'keyed digests of what one signs in with; cannot be turned back',
      'account',
      'secret',
      'deleted',
    ),
    columns(
      'attached createdAt updatedAt',
      '是否已连到本人、何时开户',
      'whether it is joined to a person, and since when',
      'account',
      'none',
      'deleted',
    ),
  ],
  'auth.account': [
    columns('id accountId providerId userId', '登录方式', 'the way of signing in', 'account', 'secret', 'deleted'),
    columns('password', '密码的慢速摘要', 'slow digest of the password', 'account', 'secret', 'deleted'),
    columns(
      'accessToken accessTokenExpiresAt idToken refreshToken refreshTokenExpiresAt scope',
      '留给统一认证，现为空',
      'for single sign-on; empty',
      'account',
      'secret',
      'deleted',
    ),
    columns('createdAt updatedAt', '何时设置', 'when it was set', 'account', 'none', 'deleted'),
  ],
  'auth.session': [
    columns(
      'id userId createdAt updatedAt expiresAt',
      '打开着的登录，本人看得到、可以结束',
      'open sessions, which the person sees and can end',
      'session',
      'shown',
      'deleted',
    ),
    columns('token', '登录凭据', 'proof of the session', 'session', 'secret', 'deleted'),
    columns(
      'userAgent',
      '浏览器和设备的种类，供本人辨认',
      'kind of browser and device, for the person to recognise',
      'session',
      'shown',
      'deleted',
    ),
    columns('ipAddress', '不记录，始终为空', 'not recorded, always empty', 'session', 'none', 'deleted'),
  ],
  'auth.verification': [
    columns(
      'id identifier value createdAt updatedAt expiresAt',
      '验证码和号码的摘要',
      'digests of a code and of the number',
      'minutes',
      'secret',
      'expires',
    ),
  ],
  'auth.invitation': [
    columns(
      'id tokenHash reference userId createdAt expiresAt',
      '设密码的一次性凭据，只存摘要',
      'single-use proof for setting a password; digest only',
      'week',
      'secret',
      'expires',
    ),
  ],
})
