import { promiseClasses, residentsRights, stepTimes } from './settings.api.ts'

/** What the server says about settings. */
export const settingsWords = {
  'zh-CN': {
    'settings.refused.value': '这一项不能这样设：{{field}}。请看页面上的说明再改。',
    'settings.refused.at-most': '{{what}}：可以比上面定得短，不能更长，最多 {{limit}}。',
    'settings.refused.at-least': '{{what}}：这是居民的权利，可以多给，不能少给，至少 {{limit}}。',
    'settings.refused.hours': '办公时间每周不能少于 20 小时（每个工作日 4 小时）：答应的时间只在办公时间里走。',
    'settings.refused.share': '回访的份额不能低于上面定的 {{limit}}%。',
    'settings.refused.category-days': '承诺的天数不能比上面同类的长，最多 {{limit}} 个工作日。',
    'settings.limit.hours': '{{count}} 小时（工作时间）',
    'settings.limit.clock-hours': '{{count}} 小时（钟点）',
    'settings.limit.working-days': '{{count}} 个工作日',
    'settings.limit.accept': '受理',
    'settings.limit.dispatch': '派单',
    'settings.limit.acknowledge': '签收',
    'settings.limit.urgent': '急件答复',
    'settings.limit.farOverdue': '超时多久自动督办',
    'settings.limit.farOverdueUrgent': '急件超时多久自动督办',
    'settings.limit.longestExtension': '最长延期',
    'settings.limit.judgeDays': '等居民评价几天',
    'settings.limit.callBackDays': '回访几天内做完',
    'settings.limit.callBackTries': '回访最多打几次',
    'settings.limit.reopenDays': '几天内可以重新办',
    'settings.limit.reopenLimit': '最多重新办几次',
    'settings.limit.prompt': '简单的几个工作日答复',
    'settings.limit.common': '一般的几个工作日答复',
    'settings.limit.complex': '复杂的几个工作日答复',
    'settings.refused.category-there': '这里已经有同名的类别。',
    'settings.refused.list': '表读不懂：第一行应写明 一级,二级,三级（或 level1,level2,level3），最多 5000 行。',
    'settings.refused.template-brace': '有一个花括号没有配成对。要填的地方写成 {日期} 这样，一处不超过 30 个字。',
  },
  en: {
    'settings.refused.value': 'This cannot be set so: {{field}}. See the explanation on the page.',
    'settings.refused.at-most':
      '{{what}}: a place may be quicker than what is set above it, not slower. At most {{limit}}.',
    'settings.refused.at-least':
      '{{what}}: this is a right of residents; a place may give more of it, not less. At least {{limit}}.',
    'settings.refused.hours':
      'Working hours are at least 20 a week (4 on each working day): promised time runs within them alone.',
    'settings.refused.share': 'The share called back is not below the {{limit}} % set above.',
    'settings.refused.category-days':
      'The days promised are not more than those of the same kind above: at most {{limit}} working days.',
    'settings.limit.hours': '{{count}} hours of working time',
    'settings.limit.clock-hours': '{{count}} hours by the clock',
    'settings.limit.working-days': '{{count}} working days',
    'settings.limit.accept': 'Time to accept',
    'settings.limit.dispatch': 'Time to dispatch',
    'settings.limit.acknowledge': 'Time to acknowledge',
    'settings.limit.urgent': 'Time to answer what is urgent',
    'settings.limit.farOverdue': 'When what is late is supervised',
    'settings.limit.farOverdueUrgent': 'When what is urgent and late is supervised',
    'settings.limit.longestExtension': 'Longest extension',
    'settings.limit.judgeDays': 'Days to wait for the judgement',
    'settings.limit.callBackDays': 'Days for a call back',
    'settings.limit.callBackTries': 'Calls tried',
    'settings.limit.reopenDays': 'Days in which it can be reopened',
    'settings.limit.reopenLimit': 'Times it can be reopened',
    'settings.limit.prompt': 'Working days for what is simple',
    'settings.limit.common': 'Working days for what is usual',
    'settings.limit.complex': 'Working days for what is complex',
    'settings.refused.category-there': 'There is a category of this name here already.',
    'settings.refused.list':
      'The list cannot be read: its first line names level1,level2,level3 (or 一级,二级,三级), and it has at most 5,000 lines.',
    'settings.refused.template-brace':
      'A brace opens or closes nothing. What is to be filled in is written like {date}, in 30 characters at most.',
  },
} as const

/** Keys put together in the code: a bound by its name and its side. */
export const settingsFamilies = {
  'settings.refused.': ['at-most', 'at-least'],
  'settings.limit.': [
    ...stepTimes,
    ...(Object.keys(residentsRights) as (keyof typeof residentsRights)[]),
    ...promiseClasses,
  ],
} as const
