/** What the server says about settings. */
export const settingsWords = {
  'zh-CN': {
    'settings.refused.value': '这一项不能这样设：{{field}}。请看页面上的说明再改。',
    'settings.refused.category-there': '这里已经有同名的类别。',
    'settings.refused.list': '表读不懂：第一行应写明 一级,二级,三级（或 level1,level2,level3），最多 5000 行。',
    'settings.refused.template-field':
      '模板里有不认识的栏目：{{fields}}。可以用：姓名、编号、标题、地点、单位、岗位、经办人、日期、期限、电话。',
  },
  en: {
    'settings.refused.value': 'This cannot be set so: {{field}}. See the explanation on the page.',
    'settings.refused.category-there': 'There is a category of this name here already.',
    'settings.refused.list':
      'The list cannot be read: its first line names level1,level2,level3 (or 一级,二级,三级), and it has at most 5,000 lines.',
    'settings.refused.template-field':
      'The template has fields that nobody can fill: {{fields}}. There are: name, number, title, place, body, post, handler, date, deadline, telephone.',
  },
} as const
