export const floodsWords = {
  'zh-CN': {
    'floods.needed': '现在提交的人特别多，需要稍等一下再提交，您填写的内容都还在。',
    'floods.wrong': '等候凭证不对，请重新取一个，您填写的内容都还在。',
    'floods.expired': '等候凭证已经过期，请重新取一个，您填写的内容都还在。',
    'floods.used': '这个等候凭证已经用过，请重新取一个，您填写的内容都还在。',
    'floods.early': '请再等一会儿再提交，您填写的内容都还在。',
  },
  en: {
    'floods.needed':
      'Very many people are writing right now: please wait a moment and send again. Nothing you typed is lost.',
    'floods.wrong': 'The waiting ticket is not right: please take a new one. Nothing you typed is lost.',
    'floods.expired': 'The waiting ticket has run out: please take a new one. Nothing you typed is lost.',
    'floods.used': 'The waiting ticket has been used: please take a new one. Nothing you typed is lost.',
    'floods.early': 'Please wait a little longer before sending. Nothing you typed is lost.',
  },
} as const
