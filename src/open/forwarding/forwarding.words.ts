/** Statuses that other cities' servers say, for whoever reads the line of a request. */
export const forwardingWords = {
  'zh-CN': {
    'forwarding.status.open': '待办',
    'forwarding.status.closed': '已关闭',
    'forwarding.status.fixed': '已修好',
    'forwarding.status.investigating': '在查看',
    'forwarding.status.in_progress': '在办理',
    'forwarding.status.planned': '已排上计划',
    'forwarding.status.action_scheduled': '已定时间',
    'forwarding.status.no_further_action': '不再处理',
    'forwarding.status.not_councils_responsibility': '不归他们管',
    'forwarding.status.internal_referral': '转给内部其他单位',
    'forwarding.status.duplicate': '与已有的重复',
  },
  en: {
    'forwarding.status.open': 'open',
    'forwarding.status.closed': 'closed',
    'forwarding.status.fixed': 'fixed',
    'forwarding.status.investigating': 'being looked into',
    'forwarding.status.in_progress': 'being worked on',
    'forwarding.status.planned': 'planned',
    'forwarding.status.action_scheduled': 'a date is set',
    'forwarding.status.no_further_action': 'nothing more is done',
    'forwarding.status.not_councils_responsibility': 'not theirs to do',
    'forwarding.status.internal_referral': 'passed on within their house',
    'forwarding.status.duplicate': 'known to them already',
  },
} as const

/** Keys that code puts together. */
export const forwardingFamilies = ['forwarding.status.'] as const
