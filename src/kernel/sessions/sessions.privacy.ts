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
    columns(
      'id accountId providerId userId',
      '登录方式；统一认证的身份只存密钥摘要',
      'the way of signing in; an identity of single sign-on as a keyed digest alone',
      'account',
      'secret',
      'deleted',
    ),
    columns('password', '密码的慢速摘要', 'slow digest of the password', 'account', 'secret', 'deleted'),
    columns(
      'accessToken accessTokenExpiresAt idToken refreshToken refreshTokenExpiresAt scope',
      '不保存统一认证的令牌，始终为空',
      'tokens of single sign-on are not kept; always empty',
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
      '验证码和号码的摘要；登录到一半等待的事（加密）',
      'digests of a code and of the number; what waits halfway through signing in (encrypted)',
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
  'auth.authenticator': [
    columns(
      'id userId secret lastStep createdAt',
      '动态码应用的密钥（加密）和最后用过的时段',
      'the secret of an app for one-time codes (encrypted) and the last half minute used',
      'account',
      'secret',
      'deleted',
    ),
  ],
  'auth.recoveryCode': [
    columns(
      'id userId digest createdAt',
      '备用码的密钥摘要',
      'keyed digests of recovery codes',
      'account',
      'secret',
      'deleted',
    ),
  ],
  'auth.passkey': [
    columns(
      'id userId credentialId publicKey counter transports',
      '通行密钥的公钥；私钥、指纹和面容不离开本人的设备',
      "public keys of passkeys; the private key, finger and face never leave the person's device",
      'account',
      'secret',
      'deleted',
    ),
    columns(
      'name createdAt lastUsedAt',
      '本人给通行密钥起的名字，何时添加和使用',
      'what the person calls a passkey, when it was added and used',
      'account',
      'shown',
      'deleted',
    ),
  ],
  'auth.securityEvent': [
    columns(
      'id userId told',
      '登录方式的变动属于谁、是否已通知',
      'whose sign-in was changed, and whether they were told',
      'half-year',
      'none',
      'deleted',
    ),
    columns(
      'kind device createdAt',
      '登录方式何时、在哪种设备上有何变动，供本人核对',
      'what was changed about a sign-in, when and on what kind of device, for the person to check',
      'half-year',
      'shown',
      'deleted',
    ),
  ],
})
