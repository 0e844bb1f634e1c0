/** What is said to whoever wrote to us, and of their mails to those who work on them. */
export const mailWords = {
  'zh-CN': {
    'mail.see-pictures': '（信里没有文字，请看照片。）',
    'mail.not-taken': '（随信的“{{name}}”没有收下：{{reason}}）',
    'mail.nameless': '没有名称的附件',
    'mail.by-mail': '（用邮件回复的）',
    'mail.by-other-mail': '（用邮件回复的，寄自另一个邮箱，不是我们写信去的那个）',
    'mail.more-parts': '还有 {{count}} 个附件，太多了',
    'mail.ended.subject': '您的回信没有记上',
    'mail.ended':
      '您的回信寄到的地址已经停用，没有记到那件事里。请打开我们来信里的链接补充；或者把您写的话寄到 {{address}}，作为一件新的事。',
    'mail.refused.subject': '您的回信没有记上',
    'mail.refused':
      '您的回信没有记到那件事里：{{reason}}\n请打开我们来信里的链接看现在能做什么；或者把您写的话寄到 {{address}}，作为一件新的事。',
    'mail.answers-us.subject': '您的回信没有记上',
    'mail.answers-us':
      '您回复的是我们发出的一封信，但寄到了只收新事情的地址，所以没有记上。请把它寄到那封信的回信地址，或打开信里的链接补充。如果说的是一件新的事，请另写一封信寄到 {{address}}。',
  },
  en: {
    'mail.see-pictures': '(The mail has no text; please look at the pictures.)',
    'mail.not-taken': '(“{{name}}”, sent along, was not taken: {{reason}})',
    'mail.nameless': 'a part without a name',
    'mail.by-mail': '(answered by mail)',
    'mail.by-other-mail': '(answered by mail, from another address than the one we wrote to)',
    'mail.more-parts': '{{count}} parts more, which are too many',
    'mail.ended.subject': 'Your answer was not added',
    'mail.ended':
      'The address that you answered to has ended, so your answer was not added. Please open the link in our mail and add it there; or send what you wrote to {{address}}, as a new matter.',
    'mail.refused.subject': 'Your answer was not added',
    'mail.refused':
      'Your answer was not added to the matter: {{reason}}\nPlease open the link in our mail to see what can be done now; or send what you wrote to {{address}}, as a new matter.',
    'mail.answers-us.subject': 'Your answer was not added',
    'mail.answers-us':
      'You answered a mail of ours, but to the address for new matters, so it was not added. Please send it to the address for answers in that mail, or open its link. If it is a new matter, please write a new mail to {{address}}.',
  },
} as const

export const mailFamilies = {
  'mail.': ['ended', 'refused', 'answers-us'].flatMap((name) => [name, `${name}.subject`]),
} as const
