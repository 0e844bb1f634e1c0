/** What the server says about bodies and posts: refusals and the letter of invitation. */
export const bodiesWords = {
  'zh-CN': {
    'bodies.refused.post-full': '这个岗位的编制已满，先结束一位的任期再任命。',
    'bodies.refused.holds-already': '这位已经在这个岗位上，或那段时间里已有安排。',
    'bodies.refused.seats-held': '在岗的人比这个编制多，先结束任期再减编制。',
    'bodies.refused.last-appointer': '这是这里最后一位能任命岗位的人，不能离任：请先任命另一位。',
    'bodies.refused.own-duty': '不能给自己任职，也不能给自己的岗位加职责：请另一位有任命权的人来办。',
    'bodies.refused.oversight':
      '复核、延期、督办、回访、看评价、查台账是监督别人办事的职责：要由上一级（街道、区县及以上）来给。',
    'bodies.refused.oversight-stands':
      '这个岗位或机构负责监督别人办事：任免、改动、改名、撤销都要由上一级（街道、区县及以上）来办。',
    'bodies.refused.body-holds': '这个机构手上还有 {{count}} 件没办完，先转交再撤销。',
    'bodies.refused.past': '日期已经过去，请填今天或以后的日子。',
    'bodies.refused.ends-before': '最后一天早于第一天。',
    'bodies.refused.unknown-person': '没有找到这个人，可能已注销。请改用邀请。',
    'bodies.refused.no-receiver': '这里和上级都还没有人受理诉求，请打当地热线。',
    'bodies.refused.mail': '这个邮箱寄不到，请检查后再填。',
    'bodies.refused.invitation-over': '这个邀请已经用过、撤回或过期，请向邀请您的人要一个新的。',
    'bodies.refused.help-self': '自己的登录请到“登录安全”里改，或请上面的人帮忙。',
    'bodies.refused.help-beyond':
      '这位担任的岗位里，有您不能任命的，或有要由上级来给的监督职责。请能任命其全部岗位的上级来办。',
    'bodies.refused.help-often': '今天已经给这位寄过三次链接了，请让对方先查收邮件，明天再试。',
    'bodies.refused.help-no-mail': '这里不发邮件，或没有这位的邮箱，不能寄链接。',
    'bodies.help-mail.subject': '重新设置您的登录',
    'bodies.help-mail':
      '您好：\n\n有任命权的人应您的请求，请您重新设置登录。请打开下面的链接设新密码，24 小时内有效，只能用一次：\n\n{{link}}\n\n用过以后，旧密码、两步登录、通行密钥都作废。如果不是您提出的，不要打开，并请告诉您的负责人：不打开，什么都不会变。',
    'bodies.invitation-mail.subject': '{{body}}邀请您担任{{post}}',
    'bodies.invitation-mail':
      '{{name}}，您好：\n\n{{body}}邀请您在邻里平台担任{{post}}。请打开下面的链接，设一个密码就可以开始：\n\n{{link}}\n\n链接 {{days}} 天内有效，只能用一次，请不要转给别人。如果您不知道这件事，不用理会。',
  },
  en: {
    'bodies.refused.post-full': 'Every seat of this post is taken. End a tenure first, then appoint.',
    'bodies.refused.holds-already': 'This person holds the post already, or is to hold it within that time.',
    'bodies.refused.seats-held': 'More people hold the post than that. End tenures before you reduce the seats.',
    'bodies.refused.last-appointer':
      'This is the last person here who may appoint to posts, and cannot leave: appoint another one first.',
    'bodies.refused.own-duty':
      'Nobody appoints themselves or adds duties to a post of their own: ask another person who may appoint.',
    'bodies.refused.oversight':
      'To agree, extend, supervise, call back, read judgements and read the register is to look after the work of others: such a duty is given from a level above: the subdistrict, the district or higher.',
    'bodies.refused.oversight-stands':
      'This post or body looks after the work of others: it is changed, renamed, emptied or ended from a level above: the subdistrict, the district or higher.',
    'bodies.refused.body-holds': 'This body still has {{count}} matters in hand. Hand them over before dissolving it.',
    'bodies.refused.past': 'This day has passed. Give today or a later one.',
    'bodies.refused.ends-before': 'The last day lies before the first.',
    'bodies.refused.unknown-person': 'This person was not found and may have left. Send an invitation instead.',
    'bodies.refused.no-receiver': 'Nobody here or above takes requests in yet. Please call the hotline of your city.',
    'bodies.refused.mail': 'No mail can be sent to this address. Please check it.',
    'bodies.refused.invitation-over':
      'This invitation has been used or withdrawn or is too old. Please ask whoever invited you for a new one.',
    'bodies.refused.help-self': 'For yourself, use “Sign-in and security”, or ask somebody above you.',
    'bodies.refused.help-beyond':
      'They hold a post to which you do not appoint, or a duty of oversight that is given from above. It is for somebody above who appoints to all of their posts.',
    'bodies.refused.help-often':
      'Three links were sent to them today. Please have them look for the letter first, and try again tomorrow.',
    'bodies.refused.help-no-mail':
      'This installation sends no mail, or knows no address of theirs, so no link can be sent.',
    'bodies.help-mail.subject': 'Set up your sign-in anew',
    'bodies.help-mail':
      'Hello,\n\nat your request, somebody who appoints in your unit asks you to set up your sign-in anew. Open this link and set a new password; it works once and for 24 hours:\n\n{{link}}\n\nWith it the old password, two steps and passkeys end. If you did not ask for this, do not open it and tell the head of your unit: unless it is opened, nothing changes.',
    'bodies.invitation-mail.subject': '{{body}} invites you to serve as {{post}}',
    'bodies.invitation-mail':
      'Dear {{name}},\n\n{{body}} invites you to serve as {{post}} on Linli. Open this link and choose a password to begin:\n\n{{link}}\n\nIt is good for {{days}} days and for one use; please pass it to no one. If you do not know what this is about, ignore this letter.',
  },
} as const

/** Keys put together in the code: each refusal by its type. */
export const bodiesFamilies = {
  // The outbox puts the subject of a letter together from its template.
  'bodies.invitation-mail.': ['subject'],
  'bodies.help-mail.': ['subject'],
  'bodies.refused.': [
    'post-full',
    'help-self',
    'help-beyond',
    'help-no-mail',
    'help-often',
    'holds-already',
    'seats-held',
    'last-appointer',
    'own-duty',
    'oversight',
    'oversight-stands',
    'body-holds',
    'past',
    'ends-before',
    'unknown-person',
    'no-receiver',
    'mail',
    'invitation-over',
  ],
} as const
