export const icalendarWords = {
  'zh-CN': {
    'icalendar.title': '放进我的日历',
    'icalendar.lead': '把约好的上门和答复期限放进手机或电脑的日历，时间改了会自己跟着改。',
    'icalendar.private': '这个地址只给您自己用：谁拿到它，谁就看得到您的这些日期。里面没有姓名、电话，也没有您说的话。',
    'icalendar.made-title': '您的日历地址',
    'icalendar.made':
      '请现在复制，离开这一页就不再显示。在日历程序里选“添加订阅日历”（或“通过网址添加”），把它贴进去。',
    'icalendar.open': '在这台设备的日历里打开',
    'icalendar.since': '您有一个日历地址，{{when}}起可用。它不会再显示；要换一台设备，请另做一个，原来的随即作废。',
    'icalendar.holds': '里面现在有 {{count}} 个日期。',
    'icalendar.empty':
      '里面现在还没有日期，这不是坏了：您登录以后说的事，约好上门、定下答复的日子，会自己出现。没登录时说的事不在这个日历里；约好上门以后，那件事的页面上有一份日历文件。',
    'icalendar.none': '您还没有日历地址。',
    'icalendar.make': '做一个日历地址',
    'icalendar.anew': '作废旧的，另做一个',
    'icalendar.revoke': '作废，不再使用',
    'icalendar.revoked': '日历地址已作废，谁也不能再用它看您的日期。',
    'icalendar.back': '返回我的页面',
    'icalendar.gone': '这个日历地址不存在，或已经作废。',
    'icalendar.name': '邻里',
    'icalendar.data.feed': '日历地址',
    'icalendar.data.since': '从何时起',
  },
  en: {
    'icalendar.title': 'Into my calendar',
    'icalendar.lead':
      'Agreed visits and promised dates in the calendar of your telephone or computer. When a time changes, so does the entry.',
    'icalendar.private':
      'This address is yours alone: whoever has it sees these dates of yours. No name, telephone or word of yours is in it.',
    'icalendar.made-title': 'Your calendar address',
    'icalendar.made':
      'Copy it now: it is not shown again once you leave this page. In your calendar choose to subscribe to a calendar (or to add one by its address) and paste it there.',
    'icalendar.open': 'Open in the calendar of this device',
    'icalendar.since':
      'You have had a calendar address since {{when}}. It is not shown again; for another device make a new one, which ends the former.',
    'icalendar.holds': 'Dates in it now: {{count}}.',
    'icalendar.empty':
      'There are no dates in it yet, which is no fault: what you told us while signed in appears by itself once a visit is agreed or an answer is due. What you told us without signing in is not in this calendar; once a visit is agreed, its page has a calendar file.',
    'icalendar.none': 'You have no calendar address yet.',
    'icalendar.make': 'Make a calendar address',
    'icalendar.anew': 'End the former and make a new one',
    'icalendar.revoke': 'End it',
    'icalendar.revoked': 'The calendar address has ended. Nobody sees your dates by it any more.',
    'icalendar.back': 'Back to my page',
    'icalendar.gone': 'There is no such calendar address, or it has ended.',
    'icalendar.name': 'Linli',
    'icalendar.data.feed': 'Calendar address',
    'icalendar.data.since': 'Since',
  },
} as const
