/** What the desk says about the register of acts. */
export const registerDeskWords = {
  'zh-CN': {
    'register.title': '登记簿',
    'register.explain': '谁的岗位在什么时候做了什么，只能往后加，不能改。这里看得到您有权查看的地方。',
    'register.find': '诉求编号或记录编码',
    'register.search': '查',
    'register.none': '没有登记',
    'register.none-explain': '换一个编号，或清空再查。',
    'register.more': '再看一些',
    'register.hash': '校验码 {{hash}}…',
  },
  en: {
    'register.title': 'Register',
    'register.explain':
      'What was done when and under which post. It is only ever added to. Shown is what lies where you may read it.',
    'register.find': 'Number of a request or id of a record',
    'register.search': 'Find',
    'register.none': 'Nothing in the register',
    'register.none-explain': 'Try another number, or leave it empty.',
    'register.more': 'Show more',
    'register.hash': 'hash {{hash}}…',
  },
} as const
