/** What the pieces of the public pages say of themselves. */
export const pagesWords = {
  'zh-CN': {
    'pages.errors.title': '还差一点：请改一改下面 {{count}} 处',
    'pages.error': '请改：',
    'pages.optional': '（可不填）',
    'pages.timeline': '经过',
    'pages.next': '接下来',
    'pages.turn': '翻页',
    'pages.newer': '← 较新的',
    'pages.older': '较早的 →',
    'pages.step': '第 {{now}} 步，共 {{all}} 步',
    'pages.step.done': '过了',
  },
  en: {
    'pages.errors.title': 'Almost there: please correct {{count}} below',
    'pages.error': 'Please correct: ',
    'pages.optional': ' (optional)',
    'pages.timeline': 'What happened',
    'pages.next': 'Next',
    'pages.turn': 'Pages',
    'pages.newer': '← Newer',
    'pages.older': 'Older →',
    'pages.step': 'Step {{now}} of {{all}}',
    'pages.step.done': 'done',
  },
} as const
