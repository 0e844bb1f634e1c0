export const floodsWords = {
  'zh-CN': {
    'floods.needed': '现在交的人特别多。请等一分钟再交一次，写的都还在。',
    'floods.wrong': '请再等一分钟再交一次，写的都还在。',
    'floods.expired': '放得太久了。请再等一分钟再交一次，写的都还在。',
    'floods.used': '请再等一分钟再交一次，写的都还在。',
    'floods.early': '还没到一分钟。请再等一会儿，再按一次，写的都还在。',
  },
  en: {
    'floods.needed':
      'Very many people are writing right now. Please wait a minute and send it once more. Nothing you typed is lost.',
    'floods.wrong': 'Please wait another minute and send it once more. Nothing you typed is lost.',
    'floods.expired':
      'That was too long ago. Please wait another minute and send it once more. Nothing you typed is lost.',
    'floods.used': 'Please wait another minute and send it once more. Nothing you typed is lost.',
    'floods.early': 'Please wait a little longer before sending. Nothing you typed is lost.',
  },
} as const
