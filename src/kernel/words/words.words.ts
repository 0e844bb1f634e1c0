export const wordsWords = {
  'zh-CN': {
    'words.today': '今天 {{clock}}',
    'words.yesterday': '昨天 {{clock}}',
    'words.tomorrow': '明天 {{clock}}',
  },
  en: {
    'words.today': 'today {{clock}}',
    'words.yesterday': 'yesterday {{clock}}',
    'words.tomorrow': 'tomorrow {{clock}}',
  },
} as const
