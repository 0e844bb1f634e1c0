import { verdicts } from '../requests.api.ts'

/** What the receipt says, and the page on which an answer is judged. */
export const requestsJudgeWords = {
  'zh-CN': {
    'requests.receipt.title': '收到了，这是您的收据',
    'requests.receipt.link': '您的查询链接',
    'requests.receipt.link-text': '用它随时看进度、补充、更正、撤回。请现在就存好：拍照、收藏或打印。',
    'requests.receipt.qr': '查询链接的二维码',
    'requests.receipt.secret': '这个链接只给您，谁拿到都能看，不要发到群里。丢了可以用您留的电话找回。',
    'requests.receipt.secret-alone':
      '这个链接只给您，谁拿到都能看，不要发到群里。您没有留电话，链接丢了就找不回来，请一定存好。',
    'requests.receipt.secret-called':
      '这个链接只给您，谁拿到都能看，不要发到群里。您留的电话收不到短信，链接丢了不能靠它找回，请一定存好。',
    'requests.receipt.secret-mine':
      '这个链接只给您，谁拿到都能看，不要发到群里。丢了也不要紧，登录后在“我的”里能看到这件事。',
    'requests.receipt.secret-mailed':
      '这个链接只给您，谁拿到都能看，不要发到群里。我们也用邮件寄给了您，丢了请到邮箱里找那封信。',
    'requests.receipt.pictures': '照片、视频',
    'requests.receipt.who': '现在由谁负责',
    'requests.receipt.print': '要打印，请用浏览器的“打印”；没有打印机，社区窗口可以代打。',
    'requests.receipt.follow': '看进度',
    'requests.judge.title': '办得怎么样，您说了算',
    'requests.judge.verdict': '解决了吗？',
    'requests.judge.verdict-solved': '解决了',
    'requests.judge.verdict-partly': '解决了一部分',
    'requests.judge.verdict-not': '没有解决',
    'requests.judge.satisfaction': '办得让您满意吗？（可不选）',
    'requests.judge.satisfaction-5': '很满意',
    'requests.judge.satisfaction-4': '满意',
    'requests.judge.satisfaction-3': '一般',
    'requests.judge.satisfaction-2': '不满意',
    'requests.judge.satisfaction-1': '很不满意',
    'requests.judge.who-sees': '单份评价只有监督委员会和上级看得到；经办人要等到月底，满五份才看到合计。',
    'requests.judge.words': '还想说什么',
    'requests.judge.send': '交给监督委员会',
    'requests.judge.fault-verdict': '请选解决了没有',
    'requests.judge.unknown': '这个评价链接打不开。可能刚发出来，请过一分钟再试；也可能写错了，或已过了 30 天。',
    'requests.judge.soon-title': '解决了吗？马上请您来说',
    'requests.judge.soon': '评价的地方正在准备，过几秒再打开这一页就能评。',
    'requests.judge.by-message-title': '解决了吗？等您来说',
    'requests.judge.by-message':
      '这件事是工作人员替您写下的，所以评价的链接单独给您：发短信，或由没经手的回访员交给您一张纸条。替您写的人看不到。',
    'requests.judge.at-work-title': '这件事正在重新办',
    'requests.judge.at-work': '{{who}}负责。有了答复会再问您。',
    'requests.judge.earlier':
      '这件事又有了新的答复。这个链接评的是上一次的答复，已经停用。请用新答复那条消息里的链接评价，或打开您的进度页，在页上评价。',
    'requests.judge.at-work-again':
      '这件事正在重新办，这个评价链接已经停用。有了新的答复会再问您；办到哪一步，看您的进度页。',
    'requests.judge.slip-ended':
      '这张纸条已经停用：已经评过了，或者给了您新的纸条，或者有了新的答复，或者已过了 30 天。',
    'requests.judge.thanks-title': '谢谢，记下了',
    'requests.judge.to-matter': '看这件事的进度',
    'requests.judge.thanks': '已交给监督委员会。经办人看不到您这一份。',
  },
  en: {
    'requests.receipt.title': 'Received: this is your receipt',
    'requests.receipt.link': 'Your own link',
    'requests.receipt.link-text':
      'With it you can follow, add, correct and withdraw at any time. Please keep it now: a photo, a bookmark or a print.',
    'requests.receipt.qr': 'The link as a code to photograph',
    'requests.receipt.secret':
      'This link is yours alone: whoever has it can look, so please do not pass it on. If you lose it, we can send a new one to the number you left.',
    'requests.receipt.secret-alone':
      'This link is yours alone: whoever has it can look, so please do not pass it on. You left no number: if the link is lost, it cannot be brought back. Please keep it safe.',
    'requests.receipt.secret-called':
      'This link is yours alone: whoever has it can look, so please do not pass it on. The number you left takes no messages, so a lost link cannot be sent there. Please keep it safe.',
    'requests.receipt.secret-mine':
      'This link is yours alone: whoever has it can look, so please do not pass it on. If you lose it, you still find this under My page when you are signed in.',
    'requests.receipt.secret-mailed':
      'This link is yours alone: whoever has it can look, so please do not pass it on. We sent it to you by mail too; if you lose it, look for that mail.',
    'requests.receipt.pictures': 'Pictures, videos',
    'requests.receipt.who': 'Responsible now',
    'requests.receipt.print': 'To print, use the browser; without a printer, the community window prints it for you.',
    'requests.receipt.follow': 'Follow it',
    'requests.judge.title': 'Was it done well? That is for you to say',
    'requests.judge.verdict': 'Is it solved?',
    'requests.judge.verdict-solved': 'Solved',
    'requests.judge.verdict-partly': 'Partly',
    'requests.judge.verdict-not': 'Not solved',
    'requests.judge.satisfaction': 'How satisfied are you? (optional)',
    'requests.judge.satisfaction-5': 'Very satisfied',
    'requests.judge.satisfaction-4': 'Satisfied',
    'requests.judge.satisfaction-3': 'So-so',
    'requests.judge.satisfaction-2': 'Dissatisfied',
    'requests.judge.satisfaction-1': 'Very dissatisfied',
    'requests.judge.who-sees':
      'Only the supervision committee and the level above see what you say; those who handled it see totals after the month has ended, and only if there are five or more.',
    'requests.judge.words': 'Anything else',
    'requests.judge.send': 'Give it to the supervision committee',
    'requests.judge.fault-verdict': 'Please choose whether it is solved',
    'requests.judge.unknown':
      'This link does not open. If it was sent just now, try again in a minute; it may also be mistyped, or more than 30 days old.',
    'requests.judge.soon-title': 'Is it solved? In a moment you can say',
    'requests.judge.soon': 'The place to judge is being made. Open this page again in a few seconds.',
    'requests.judge.by-message-title': 'Is it solved? You are the one to say',
    'requests.judge.by-message':
      'A member of staff wrote this down for you. The code to judge it comes to you alone: by message, or on a slip of paper from whoever calls residents back and did not deal with it. Whoever wrote it down does not see it.',
    'requests.judge.at-work-title': 'This is being worked on again',
    'requests.judge.at-work': '{{who}} is responsible. You will be asked again when there is an answer.',
    'requests.judge.earlier':
      'There is a newer answer. This link was for the one before and has ended. Please judge by the link in the message about the newer answer, or open the page on which you follow it and judge there.',
    'requests.judge.at-work-again':
      'This matter has been taken up again, and this link has ended. You will be asked anew once there is an answer; until then the page on which you follow it shows how it goes.',
    'requests.judge.slip-ended':
      'This slip has ended: the answer has been judged, or there is a newer slip or a newer answer, or 30 days have passed.',
    'requests.judge.thanks-title': 'Thank you, noted',
    'requests.judge.to-matter': 'Follow this matter',
    'requests.judge.thanks': 'It went to the supervision committee. Those who handled it do not see it.',
  },
} as const

/** Keys that are put together from literals. */
export const requestsJudgeFamilies = {
  'requests.judge.verdict-': verdicts,
  'requests.judge.satisfaction-': ['5', '4', '3', '2', '1'],
} as const
