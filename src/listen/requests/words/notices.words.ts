import { inTheirName, messaged } from '../notices/messaged.ts'

/** Messages that leave the house: short, plain, nothing personal beyond the number. */
export const requestsNoticesWords = {
  'zh-CN': {
    'requests.notice.entered':
      '您反映的事已登记（编号 {{number}}）。用这个链接看进度、补充、撤回，只有您有，不要给别人：{{link}}',
    'requests.notice.entered.subject': '您反映的事已登记',
    'requests.notice.withdraw':
      '编号 {{number}} 的事已按您的名义撤回。不是您的意思的话，30 天内用这个链接可以恢复办理：{{link}}',
    'requests.notice.withdraw.subject': '您反映的事已撤回',
    'requests.notice.permit-publication':
      '编号 {{number}} 的事已按您的名义同意公开。不是您的意思的话，可以在进度页上收回，或打社区电话。',
    'requests.notice.permit-publication.subject': '您反映的事已同意公开',
    'requests.notice.reopen': '编号 {{number}} 的事已按您的名义重新提起，由上一级再办。',
    'requests.notice.reopen.subject': '您反映的事已重新提起',
    'requests.notice.asked': '您反映的事（编号 {{number}}）有答复了。请看答复，并告诉我们解决了没有：{{link}}',
    'requests.notice.asked.subject': '您反映的事有答复了',
    'requests.push.news.subject': '邻里',
    'requests.push.news': '您反映的事有新进展，请打开看看。',
    'requests.push.answered.subject': '邻里',
    'requests.push.answered': '您反映的事有答复了，请打开看看。',
    'requests.notice.extend': '您反映的事（编号 {{number}}）需要多一些时间，原因和新的日期写在您的进度页上。',
    'requests.notice.extend.subject': '您反映的事需要多一些时间',
    'requests.notice.correct':
      '编号 {{number}} 的事，工作人员替您更正了登记的内容，改了什么、为什么改，写在您的进度页上。不对的话，可以在那里改回来。',
    'requests.notice.correct.subject': '您反映的事有更正',
    'requests.notice.merge':
      '您反映的事（编号 {{number}}）和另一件是同一回事，已并在一起办，答复时会一并告诉您。不是同一回事的话，答复以前和答复后 30 天内，都可以在进度页上请求单独办。',
    'requests.notice.merge.subject': '您反映的事已并在一起办',
    'requests.notice.merge-known':
      '您反映的事（编号 {{number}}）和编号 {{other}}“{{title}}”是同一回事，已并在一起办，答复时会一并告诉您。不是同一回事的话，答复以前和答复后 30 天内，都可以在进度页上请求单独办。',
    'requests.notice.merge-known.subject': '您反映的事已并在一起办',
    'requests.notice.merged-answered': '和您反映的事（编号 {{number}}）并在一起办的那件有答复了，请看您的进度页。',
    'requests.notice.merged-answered.subject': '您反映的事有答复了',
    'requests.notice.categorise': '您反映的事（编号 {{number}}）答复的日子推后了，原因和新的日期写在您的进度页上。',
    'requests.notice.categorise.subject': '答复的日子推后了',
    'requests.notice.set-urgency': '您反映的事（编号 {{number}}）由紧急改为一般，原因和答复的日子写在您的进度页上。',
    'requests.notice.set-urgency.subject': '您反映的事由紧急改为一般',
    'requests.notice.transfer': '您反映的事（编号 {{number}}）已转到事情所在的地方办理，原来说好的答复时间请看进度页。',
    'requests.notice.transfer.subject': '您反映的事已转办',
    'requests.notice.arrange-visit': '经办单位想为编号 {{number}} 的事上门，时间请看您的进度页，可以改，也可以谢绝。',
    'requests.notice.arrange-visit.subject': '经办单位想约时间上门',
    'requests.notice.agree-visit': '编号 {{number}} 的上门时间已说定，请看您的进度页。',
    'requests.notice.agree-visit.subject': '上门时间已说定',
    'requests.notice.move-visit': '编号 {{number}} 的上门时间有改动，请看您的进度页。',
    'requests.notice.move-visit.subject': '上门时间有改动',
    'requests.notice.cancel-visit': '编号 {{number}} 的上门已取消，原因请看您的进度页。',
    'requests.notice.cancel-visit.subject': '上门已取消',
    'requests.notice.unmerge':
      '和您反映的事（编号 {{number}}）并在一起的那件没有答复就撤回了，您的事恢复单独办理，答复的日子不变。',
    'requests.notice.unmerge.subject': '您反映的事恢复单独办理',
    'requests.notice.close-unconfirmed':
      '编号 {{number}} 的事没有等到您的评价，先按“未确认”办结。没解决的话，30 天内可以在进度页上重新提起。',
    'requests.notice.close-unconfirmed.subject': '没有等到您的评价',
    'requests.notice.me-too': '您也遇到的那件事（编号 {{number}}）有答复了：{{link}}',
    'requests.notice.me-too.subject': '您也遇到的事有答复了',
    'requests.notice.many': '还有别的诉求等您处理，这一小时里不再逐件写信，请到工作台看：{{link}}',
    'requests.notice.many.subject': '还有诉求等您处理',
    'requests.notice.mark-overdue': '编号 {{number}} 的诉求已超过期限：{{link}}',
    'requests.notice.mark-overdue.subject': '有一件诉求已超期',
    'requests.notice.supervise-by-itself': '编号 {{number}} 的诉求超期已久，已自动转为督办：{{link}}',
    'requests.notice.supervise-by-itself.subject': '有一件诉求已自动督办',
    'requests.notice.sent-on-answered': '您单位转出的诉求（编号 {{number}}）有答复了：{{link}}',
    'requests.notice.sent-on-answered.subject': '转出的诉求有答复了',
    'requests.notice.supervise': '编号 {{number}} 的诉求已被上级督办：{{link}}',
    'requests.notice.supervise.subject': '有一件诉求被督办',
    'requests.notice.turn-accept': '编号 {{number}} 的诉求（{{place}}）转到贵单位，请在 {{by}} 前受理：{{link}}',
    'requests.notice.turn-accept.subject': '有一件诉求等贵单位受理',
    'requests.notice.turn-dispatch': '编号 {{number}} 的诉求（{{place}}）等贵单位派单，请在 {{by}} 前派出：{{link}}',
    'requests.notice.turn-dispatch.subject': '有一件诉求等贵单位派单',
    'requests.notice.turn-acknowledge': '编号 {{number}} 的诉求（{{place}}）派到贵单位，请在 {{by}} 前签收：{{link}}',
    'requests.notice.turn-acknowledge.subject': '有一件诉求派到贵单位',
    'requests.notice.turn-answer': '编号 {{number}} 的诉求（{{place}}）由贵单位办理，请在 {{by}} 前答复：{{link}}',
    'requests.notice.turn-answer.subject': '有一件诉求等贵单位答复',
    'requests.notice.consent':
      '编号 {{number}} 的诉求（{{place}}）想请你们帮忙，愿意不愿意，都请在 {{by}} 前回一声：{{link}}',
    'requests.notice.consent.subject': '有一件事想请你们帮忙',
    'requests.notice.assist':
      '请贵单位协办编号 {{number}} 的诉求（{{place}}），要做什么写在页面上，这一步的期限是 {{by}}：{{link}}',
    'requests.notice.assist.subject': '有一件诉求请贵单位协办',
    'requests.notice.due-soon-accept': '编号 {{number}} 的诉求（{{place}}）快到期限，请在 {{by}} 前受理：{{link}}',
    'requests.notice.due-soon-accept.subject': '有一件诉求快到受理期限',
    'requests.notice.due-soon-dispatch': '编号 {{number}} 的诉求（{{place}}）快到期限，请在 {{by}} 前派出：{{link}}',
    'requests.notice.due-soon-dispatch.subject': '有一件诉求快到派单期限',
    'requests.notice.due-soon-acknowledge': '编号 {{number}} 的诉求（{{place}}）快到期限，请在 {{by}} 前签收：{{link}}',
    'requests.notice.due-soon-acknowledge.subject': '有一件诉求快到签收期限',
    'requests.notice.due-soon-answer': '编号 {{number}} 的诉求（{{place}}）快到期限，请在 {{by}} 前答复：{{link}}',
    'requests.notice.due-soon-answer.subject': '有一件诉求快到答复期限',
    'requests.notice.news': '贵单位参与办理的诉求（编号 {{number}}，{{place}}）有新情况，请看：{{link}}',
    'requests.notice.news.subject': '参与办理的诉求有新情况',
    'requests.id-exists': '这个编号（id）已经用过了。',
    'requests.outer-number-exists': '这里已经有一件诉求用了这个外部编号。',
    'requests.id-wrong': '这个编号（id）不是这些天里生成的（需要 UUID 第 7 版），请重新生成，或不带编号。',
    'requests.no-such-place': '没有这个地方，或它已撤销，请重新选择。',
    'requests.no-such-category': '这里没有这个类别，请重新选择。',
    'requests.no-such-body': '没有这个单位，或它已撤销，请重新选择。',
    'requests.no-such-basis': '依据库里没有这一条，或它已停用，请重新选择。',
    'requests.phone-wrong': '这个电话号码好像不对，请检查；也可以不留电话。',
    'requests.visit-window': '上门的结束时间要在开始时间之后。',
    'requests.visit-one-day': '上门的时间要在同一天里。',
    'requests.visit-past': '这个时间已经过去了，请另选。',
    'requests.visit-far': '上门时间请约在 90 天以内。',
  },
  en: {
    'requests.notice.entered':
      'What you raised is written down (number {{number}}). With this link you follow, add to or withdraw it. Only you have it; please pass it to no one: {{link}}',
    'requests.notice.entered.subject': 'What you raised is written down',
    'requests.notice.withdraw':
      'Number {{number}} was withdrawn in your name. If you did not mean it, this link takes it up again within 30 days: {{link}}',
    'requests.notice.withdraw.subject': 'What you raised was withdrawn',
    'requests.notice.permit-publication':
      'Number {{number}}: publication was permitted in your name. If you did not mean it, take it back on your page or call your community.',
    'requests.notice.permit-publication.subject': 'Publication was permitted',
    'requests.notice.reopen': 'Number {{number}} was reopened in your name and is handled again, one level up.',
    'requests.notice.reopen.subject': 'What you raised was reopened',
    'requests.notice.asked':
      'What you raised (number {{number}}) has been answered. Please read it and tell us whether it is solved: {{link}}',
    'requests.notice.asked.subject': 'What you raised has been answered',
    'requests.push.news.subject': 'Linli',
    'requests.push.news': 'There is news of what you reported. Please have a look.',
    'requests.push.answered.subject': 'Linli',
    'requests.push.answered': 'What you reported has an answer. Please have a look.',
    'requests.notice.extend':
      'What you raised (number {{number}}) needs more time. The reason and the new date are on your page.',
    'requests.notice.extend.subject': 'What you raised needs more time',
    'requests.notice.correct':
      'Number {{number}}: staff corrected for you what was written down. What was changed, and why, is on your page. If it is wrong, you can put it back there.',
    'requests.notice.correct.subject': 'What you raised was corrected',
    'requests.notice.merge':
      'What you raised (number {{number}}) is the same matter as another and is handled together with it. You will hear of the answer. If it is not the same, ask on your page, until 30 days after the answer, that yours be handled by itself.',
    'requests.notice.merge.subject': 'What you raised is handled together with another',
    'requests.notice.merge-known':
      'What you raised (number {{number}}) is the same matter as number {{other}}, “{{title}}”, and is handled together with it. You will hear of the answer. If it is not the same, ask on your page, until 30 days after the answer, that yours be handled by itself.',
    'requests.notice.merge-known.subject': 'What you raised is handled together with another',
    'requests.notice.merged-answered':
      'The matter with which yours (number {{number}}) is handled has been answered. Please see your page.',
    'requests.notice.merged-answered.subject': 'What you raised has been answered',
    'requests.notice.categorise':
      'The answer to what you raised (number {{number}}) will take longer. The reason and the new date are on your page.',
    'requests.notice.categorise.subject': 'Your answer will take longer',
    'requests.notice.set-urgency':
      'What you raised (number {{number}}) is no longer handled as urgent. The reason and the date are on your page.',
    'requests.notice.set-urgency.subject': 'No longer handled as urgent',
    'requests.notice.transfer':
      'What you raised (number {{number}}) went to the place where the matter is. The promised date is on your page.',
    'requests.notice.transfer.subject': 'What you raised was transferred',
    'requests.notice.arrange-visit':
      'The unit would like to come about number {{number}}. See the time on your page; you may change or decline it.',
    'requests.notice.arrange-visit.subject': 'The unit would like to come by',
    'requests.notice.agree-visit': 'The visit about number {{number}} is agreed. See your page.',
    'requests.notice.agree-visit.subject': 'The visit is agreed',
    'requests.notice.move-visit': 'The visit about number {{number}} was moved. See your page.',
    'requests.notice.move-visit.subject': 'The visit was moved',
    'requests.notice.cancel-visit': 'The visit about number {{number}} was cancelled. See your page for why.',
    'requests.notice.cancel-visit.subject': 'The visit was cancelled',
    'requests.notice.unmerge':
      'The matter with which yours (number {{number}}) was handled was withdrawn without an answer. Yours is open again by itself; its date stands.',
    'requests.notice.unmerge.subject': 'What you raised is open again',
    'requests.notice.close-unconfirmed':
      'Nobody told us how number {{number}} went, so it is closed as unconfirmed. If it is not solved, reopen it on your page within 30 days.',
    'requests.notice.close-unconfirmed.subject': 'We did not hear from you',
    'requests.notice.me-too': 'The matter you met too (number {{number}}) has been answered: {{link}}',
    'requests.notice.me-too.subject': 'The matter you met too has been answered',
    'requests.notice.many':
      'More requests wait for you. For the rest of this hour no letter is written for each; please see the desk: {{link}}',
    'requests.notice.many.subject': 'More requests wait for you',
    'requests.notice.mark-overdue': 'Request {{number}} is past its deadline: {{link}}',
    'requests.notice.mark-overdue.subject': 'A request is overdue',
    'requests.notice.supervise-by-itself': 'Request {{number}} is long overdue and is now supervised: {{link}}',
    'requests.notice.supervise-by-itself.subject': 'A request is now supervised',
    'requests.notice.sent-on-answered': 'Request {{number}}, which your body transferred, has been answered: {{link}}',
    'requests.notice.sent-on-answered.subject': 'A request that you transferred was answered',
    'requests.notice.supervise': 'Request {{number}} is supervised by a level above: {{link}}',
    'requests.notice.supervise.subject': 'A request is supervised from above',
    'requests.notice.turn-accept':
      'Request {{number}} ({{place}}) came to your body. Please accept it by {{by}}: {{link}}',
    'requests.notice.turn-accept.subject': 'A request waits for you to accept it',
    'requests.notice.turn-dispatch':
      'Request {{number}} ({{place}}) waits for your body to dispatch it. Please do so by {{by}}: {{link}}',
    'requests.notice.turn-dispatch.subject': 'A request waits to be dispatched',
    'requests.notice.turn-acknowledge':
      'Request {{number}} ({{place}}) was dispatched to your unit. Please acknowledge it by {{by}}: {{link}}',
    'requests.notice.turn-acknowledge.subject': 'A request was dispatched to your unit',
    'requests.notice.turn-answer':
      'Request {{number}} ({{place}}) is with your unit. Please answer it by {{by}}: {{link}}',
    'requests.notice.turn-answer.subject': 'A request waits for your answer',
    'requests.notice.consent':
      'Your help is asked for with request {{number}} ({{place}}). Please say yes or no by {{by}}: {{link}}',
    'requests.notice.consent.subject': 'Your help is asked for',
    'requests.notice.assist':
      'Your unit is asked to assist with request {{number}} ({{place}}). What to do is on the page; the present step is due by {{by}}: {{link}}',
    'requests.notice.assist.subject': 'Your unit is asked to assist',
    'requests.notice.due-soon-accept':
      'Request {{number}} ({{place}}) is due soon. Please accept it by {{by}}: {{link}}',
    'requests.notice.due-soon-accept.subject': 'A request is to be accepted soon',
    'requests.notice.due-soon-dispatch':
      'Request {{number}} ({{place}}) is due soon. Please dispatch it by {{by}}: {{link}}',
    'requests.notice.due-soon-dispatch.subject': 'A request is to be dispatched soon',
    'requests.notice.due-soon-acknowledge':
      'Request {{number}} ({{place}}) is due soon. Please acknowledge it by {{by}}: {{link}}',
    'requests.notice.due-soon-acknowledge.subject': 'A request is to be acknowledged soon',
    'requests.notice.due-soon-answer':
      'Request {{number}} ({{place}}) is due soon. Please answer it by {{by}}: {{link}}',
    'requests.notice.due-soon-answer.subject': 'A request is to be answered soon',
    'requests.notice.news': 'There is news of request {{number}} ({{place}}), in which your unit has a part: {{link}}',
    'requests.notice.news.subject': 'News of a request of your unit',
    'requests.id-exists': 'This id is in use already.',
    'requests.outer-number-exists': 'A request of this place has this outer number already.',
    'requests.id-wrong':
      'This id was not made in these days (it has to be a version 7 UUID). Make a new one, or send none.',
    'requests.no-such-place': 'There is no such place, or it was abolished. Please choose again.',
    'requests.no-such-category': 'There is no such category here. Please choose again.',
    'requests.no-such-body': 'There is no such body, or it was dissolved. Please choose again.',
    'requests.no-such-basis': 'The library has no such item, or it was retired. Please choose again.',
    'requests.phone-wrong': 'This phone number does not look right. Please check it, or leave it empty.',
    'requests.visit-window': 'A visit ends after it begins.',
    'requests.visit-one-day': 'A visit lies within one day.',
    'requests.visit-past': 'This time has passed. Please choose another.',
    'requests.visit-far': 'Please agree on a visit within 90 days.',
  },
} as const

/** A mail's subject is the key with `.subject` behind it; the outbox puts it together. */
const messages = [
  ...messaged,
  ...inTheirName,
  'entered',
  'asked',
  'merge-known',
  'merged-answered',
  'me-too',
  'mark-overdue',
  'supervise-by-itself',
  'supervise',
  'sent-on-answered',
  'turn-accept',
  'turn-dispatch',
  'turn-acknowledge',
  'turn-answer',
  'due-soon-accept',
  'due-soon-dispatch',
  'due-soon-acknowledge',
  'due-soon-answer',
  'consent',
  'assist',
  'news',
  'many',
] as const
export const requestsNoticesFamilies = {
  'requests.notice.': messages.flatMap((name) => [name, `${name}.subject`]),
  'requests.push.': ['news', 'answered'].flatMap((name) => [name, `${name}.subject`]),
  'requests.visit-': ['window', 'one-day', 'past', 'far'],
} as const
