/** What feeds say of themselves. */
export const feedsWords = {
  'zh-CN': {
    'feeds.raised': '大家说的事',
    'feeds.raised-at': '大家说的事 · {{place}}',
    'feeds.raised-about': '经本人同意、去掉个人信息后公开的诉求，以及它们的答复。',
    'feeds.answer': '答复：',
    'feeds.author': '邻里',
    'feeds.no-feed': '没有这个订阅地址。',
  },
  en: {
    'feeds.raised': 'Raised here',
    'feeds.raised-at': 'Raised here · {{place}}',
    'feeds.raised-about':
      'Requests published with the consent of those who told them and without personal details, and their answers.',
    'feeds.answer': 'Answer:',
    'feeds.author': 'Linli',
    'feeds.no-feed': 'There is no such feed.',
  },
} as const
