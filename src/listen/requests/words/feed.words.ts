/** What the feed of released requests says. */
export const requestFeedWords = {
  'zh-CN': {
    'feeds.raised': '大家说的事',
    'feeds.raised-at': '大家说的事 · {{place}}',
    'feeds.raised-about': '经本人同意、去掉个人信息后公开的诉求，以及它们的答复。',
    'feeds.raised-answer': '答复：',
  },
  en: {
    'feeds.raised': 'Raised here',
    'feeds.raised-at': 'Raised here · {{place}}',
    'feeds.raised-about':
      'Requests published with the consent of those who told them and without personal details, and their answers.',
    'feeds.raised-answer': 'Answer:',
  },
} as const

/** Keys put together from the name of the feed. */
export const requestFeedFamilies = { 'feeds.': ['raised', 'raised-at', 'raised-about'] }
