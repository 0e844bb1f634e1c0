/** What calendars and invitations say. */
export const calendarWords = {
  'zh-CN': {
    'requests.calendar.visits': '上门',
    'requests.calendar.dues': '期限',
    'requests.calendar.visit': '上门：诉求 {{number}}',
    'requests.calendar.visit-agreed': '时间已说定。要改或要取消：{{link}}',
    'requests.calendar.visit-proposed': '提出了新的时间，等另一方答应：{{link}}',
    'requests.calendar.visit-cancelled': '这次上门已取消：{{link}}',
    'requests.calendar.see': '详情：{{link}}',
    'requests.calendar.due-accept': '受理到期：诉求 {{number}}',
    'requests.calendar.due-dispatch': '派单到期：诉求 {{number}}',
    'requests.calendar.due-acknowledge': '签收到期：诉求 {{number}}',
    'requests.calendar.due-answer': '答复到期：诉求 {{number}}',
    'requests.calendar.due-promised': '应收到答复：我的诉求 {{number}}',
    'requests.calendar.file': '放进日历（.ics 文件）',
    'requests.mine.calendar': '放进我的日历',
    'requests.mine.telling': '新进展怎么告诉我',
    'requests.mine.telling-work': '工作上的新情况怎么告诉我',
    'requests.invitation.agreed':
      '编号 {{number}}（{{place}}）的上门时间已说定：{{from}} 至 {{until}}。\n\n附上日历邀请，可以直接放进日历。要改或要取消，请到：{{link}}',
    'requests.invitation.agreed.subject': '上门时间已说定：{{from}}',
    'requests.invitation.moved':
      '编号 {{number}}（{{place}}）的上门提出了新的时间：{{from}} 至 {{until}}。\n\n日历里的原定时间随之更改，等另一方答应后才算说定。请到：{{link}}',
    'requests.invitation.moved.subject': '上门提出了新的时间：{{from}}',
    'requests.invitation.cancelled':
      '编号 {{number}}（{{place}}）原定 {{from}} 的上门不再进行，日历里的这一项随之取消。原因请看：{{link}}',
    'requests.invitation.cancelled.subject': '上门已取消：{{from}}',
  },
  en: {
    'requests.calendar.visits': 'Visit',
    'requests.calendar.dues': 'Deadline',
    'requests.calendar.visit': 'Visit: request {{number}}',
    'requests.calendar.visit-agreed': 'The time is agreed. To change or cancel it: {{link}}',
    'requests.calendar.visit-proposed': 'Another time is proposed and waits for the other side: {{link}}',
    'requests.calendar.visit-cancelled': 'This visit is cancelled: {{link}}',
    'requests.calendar.see': 'See {{link}}',
    'requests.calendar.due-accept': 'To be accepted: request {{number}}',
    'requests.calendar.due-dispatch': 'To be dispatched: request {{number}}',
    'requests.calendar.due-acknowledge': 'To be acknowledged: request {{number}}',
    'requests.calendar.due-answer': 'To be answered: request {{number}}',
    'requests.calendar.due-promised': 'Answer promised: my request {{number}}',
    'requests.calendar.file': 'Into my calendar (.ics file)',
    'requests.mine.calendar': 'Into my calendar',
    'requests.mine.telling': 'How I am told of news',
    'requests.mine.telling-work': 'How I am told of news at work',
    'requests.invitation.agreed':
      'The visit about number {{number}} ({{place}}) is agreed: {{from}} to {{until}}.\n\nAn invitation for your calendar comes with this letter. To change or cancel it: {{link}}',
    'requests.invitation.agreed.subject': 'The visit is agreed: {{from}}',
    'requests.invitation.moved':
      'Another time is proposed for the visit about number {{number}} ({{place}}): {{from}} to {{until}}.\n\nYour calendar changes with it; it holds once the other side agrees. See {{link}}',
    'requests.invitation.moved.subject': 'Another time for the visit: {{from}}',
    'requests.invitation.cancelled':
      'The visit about number {{number}} ({{place}}) at {{from}} does not take place; the entry in your calendar goes with it. For why see {{link}}',
    'requests.invitation.cancelled.subject': 'The visit is cancelled: {{from}}',
  },
} as const

/** Put together from a state of a visit, or a kind of deadline. */
export const calendarWordFamilies = {
  'requests.calendar.visit-': ['agreed', 'proposed', 'cancelled'],
  'requests.calendar.due-': ['accept', 'dispatch', 'acknowledge', 'answer', 'promised'],
  'requests.invitation.': ['agreed', 'moved', 'cancelled'].flatMap((name) => [name, `${name}.subject`]),
} as const
