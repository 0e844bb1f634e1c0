import { oftens } from './telling.api.ts'

export const tellingWords = {
  'zh-CN': {
    'telling.title': '新进展怎么告诉您',
    'telling.about.record': '这里说的是您反映的一件事。',
    'telling.about.own': '这里说的是您登录后反映的事；某一件单独选过的，照那一件的。',
    'telling.about.work': '这里说的是您工作上经手的事。',
    'telling.legend': '有新进展时',
    'telling.often.now': '马上告诉我',
    'telling.often.daily': '每天早上合在一起说',
    'telling.often.weekly': '每周一早上合在一起说',
    'telling.often.never': '不用告诉我',
    'telling.hint.work': '合在一起的只在工作日发；每周的在当周第一个工作日发。',
    'telling.always.record':
      '不管怎么选，这些都会马上告诉您：有答复了请您看、上门的约定、结案、以您的名义办的事，还有您自己要的链接。',
    'telling.always.own':
      '不管怎么选，这些都会马上告诉您：有答复了请您看、上门的约定、结案、以您的名义办的事，还有您自己要的链接。',
    'telling.always.work': '不管怎么选，有期限要办的、督办和快到期的提醒都会马上告诉您。',
    'telling.devices': '邮件和设备上的提醒都照这个选择；短信不受影响。',
    'telling.save': '就这样',
    'telling.saved': '记下了，现在起照这样。',
    'telling.stopped': '记下了，新进展不再告诉您，等着发的也不发了。随时可以在这里改回来。',
    'telling.gone': '这个地址不对或不完整。请从我们来信的最下面再打开一次。',
    'telling.footer': '想少收或不收这类信：{{link}}',
    'telling.data.choices': '新进展怎么告诉您',
    'telling.data.own': '反映的事',
    'telling.data.work': '经手的事',
  },
  en: {
    'telling.title': 'How you are told of news',
    'telling.about.record': 'This is about one matter that you raised.',
    'telling.about.own': 'This is about what you raise while signed in; where you chose for one matter, that counts.',
    'telling.about.work': 'This is about what you work on.',
    'telling.legend': 'When there is news',
    'telling.often.now': 'Tell me at once',
    'telling.often.daily': 'Tell me once a day, in the morning',
    'telling.often.weekly': 'Tell me once a week, on Monday morning',
    'telling.often.never': 'Do not tell me',
    'telling.hint.work': 'Together only on working days; weekly on the first working day of the week.',
    'telling.always.record':
      'Whatever you choose, you are told of these at once: an answer that waits for your word, appointments, closing, what was done in your name, and links that you ask for.',
    'telling.always.own':
      'Whatever you choose, you are told of these at once: an answer that waits for your word, appointments, closing, what was done in your name, and links that you ask for.',
    'telling.always.work':
      'Whatever you choose, you are told at once of what is asked of you by a date, of supervision, and of what is due soon.',
    'telling.devices': 'Mail and devices follow this choice; text messages do not.',
    'telling.save': 'Keep this',
    'telling.saved': 'Noted; from now on it is like this.',
    'telling.stopped':
      'Noted. You are told of no more news, and what was waiting is not sent. You can change it here at any time.',
    'telling.gone': 'This address is wrong or not whole. Please open it again from the end of our mail.',
    'telling.footer': 'To get fewer mails like this, or none: {{link}}',
    'telling.data.choices': 'How you are told of news',
    'telling.data.own': 'What you raised',
    'telling.data.work': 'What you work on',
  },
} as const

const purposes = ['record', 'own', 'work'] as const
export const tellingFamilies = {
  'telling.often.': oftens,
  'telling.about.': purposes,
  'telling.always.': purposes,
} as const
