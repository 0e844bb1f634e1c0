/** What the server says about settings. */
export const settingsWords = {
  'zh-CN': {
    'settings.refused.value': '这一项不能这样设：{{field}}。请看页面上的说明再改。',
    'settings.refused.category-there': '这里已经有同名的类别。',
    'settings.refused.list': '表读不懂：第一行应写明 一级,二级,三级（或 level1,level2,level3），最多 5000 行。',
    'settings.refused.template-brace': '有一个花括号没有配成对。要填的地方写成 {日期} 这样，一处不超过 30 个字。',
  },
  en: {
    'settings.refused.value': 'This cannot be set so: {{field}}. See the explanation on the page.',
    'settings.refused.category-there': 'There is a category of this name here already.',
    'settings.refused.list':
      'The list cannot be read: its first line names level1,level2,level3 (or 一级,二级,三级), and it has at most 5,000 lines.',
    'settings.refused.template-brace':
      'A brace opens or closes nothing. What is to be filled in is written like {date}, in 30 characters at most.',
  },
} as const
