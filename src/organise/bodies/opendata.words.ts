/** Bodies as open data. */
export const bodiesOpendataWords = {
  'zh-CN': {
    'opendata.bodies.title': '单位和岗位',
    'opendata.bodies.about': '这里和往下两级的单位，居民看得到的岗位，以及今天由谁担任；格式是 Popolo。',
  },
  en: {
    'opendata.bodies.title': 'Bodies and posts',
    'opendata.bodies.about':
      'The bodies of this place and of two levels below, the posts that residents see, and who holds them today; as Popolo.',
  },
} as const
