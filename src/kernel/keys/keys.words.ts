/** What is wrong with a key, for whoever programs against this. */
export const keysWords = {
  'zh-CN': {
    'keys.unknown': '没有这把密钥（api_key）。请核对有没有抄全；密钥由平台的运行者发给。',
    'keys.revoked': '这把密钥已被吊销，请向平台的运行者要一把新的。',
    'keys.expired': '这把密钥到 {{day}} 为止，已经过期，请向平台的运行者要一把新的。',
    'keys.scope': '这把密钥不能用于这件事；它可用于：{{scopes}}。',
    'keys.too-many': '这把密钥每分钟最多 {{most}} 次。请 {{seconds}} 秒后再试。',
  },
  en: {
    'keys.unknown':
      'There is no such key (api_key). Check that it was copied whole; keys are given by whoever runs this installation.',
    'keys.revoked': 'This key was revoked. Ask whoever runs this installation for another.',
    'keys.expired': 'This key was good until {{day}} and has expired. Ask whoever runs this installation for another.',
    'keys.scope': 'This key is not for this; it may be used for: {{scopes}}.',
    'keys.too-many': 'This key may be used {{most}} times a minute. Try again in {{seconds}} seconds.',
  },
} as const
