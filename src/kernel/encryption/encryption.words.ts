export const encryptionWords = {
  'zh-CN': {
    'encryption.password.short': '密码太短，请至少用 {{least}} 个字符。几个不相干的词连起来，好记也难猜。',
    'encryption.password.long': '密码太长，最多 {{most}} 个字符。',
    'encryption.password.common': '这个密码太常见，很容易被猜到，请换一个。',
    'encryption.password.personal': '密码里几乎都是您的姓名、电话或单位，别人容易猜到，请换一个。',
    'encryption.password.unreadable': '密码里有无法输入的字符，请重新输入。',
  },
  en: {
    'encryption.password.short':
      'This password is too short: use at least {{least}} characters. A few unrelated words are easy to keep and hard to guess.',
    'encryption.password.long': 'This password is too long: use at most {{most}} characters.',
    'encryption.password.common': 'This password is too common and easily guessed. Please choose another.',
    'encryption.password.personal':
      'This password is mostly your own name, phone or workplace, which others can guess. Please choose another.',
    'encryption.password.unreadable': 'This password holds characters that cannot be typed. Please enter it again.',
  },
} as const

/** The reasons of passwordProblem, which hands its key on. */
export const encryptionFamilies = {
  'encryption.password.': ['short', 'long', 'common', 'personal', 'unreadable'],
} as const
