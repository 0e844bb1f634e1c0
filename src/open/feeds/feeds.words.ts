/** What feeds say of themselves. */
export const feedsWords = {
  'zh-CN': {
    'feeds.author': '邻里',
    'feeds.no-feed': '没有这个订阅地址。',
  },
  en: {
    'feeds.author': 'Linli',
    'feeds.no-feed': 'There is no such feed.',
  },
} as const
