export const pushWords = {
  'zh-CN': {
    'push.refused.address': '这个浏览器的推送服务用不了，请换一个浏览器，或者留下手机号。',
    'push.refused.many': '已经有十台设备在接收提醒了，请先在别的设备上关掉一个。',
    'push.data.devices': '接收提醒的设备',
    'push.data.since': '开始时间',
    'push.offer.start': '在这台设备上提醒我',
    'push.offer.stop': '不再在这台设备上提醒',
    'push.offer.on': '这台设备会收到提醒。',
    'push.offer.start-work': '工作上的事也在这台设备上提醒我',
    'push.offer.stop-work': '工作上的事不再在这台设备上提醒',
    'push.offer.on-work': '工作上有事时，这台设备会收到提醒。',
    'push.offer.blocked': '这个浏览器不允许提醒，可以在它的设置里改。',
    'push.offer.failed': '没有办成，请稍后再试。',
    'push.offer.explain': '有新进展时弹出一句话，不含姓名、编号和内容。由浏览器厂商的推送服务转达，它读不到这句话。',
  },
  en: {
    'push.refused.address':
      'The push service of this browser cannot be used. Try another browser, or leave a telephone.',
    'push.refused.many': 'Ten devices are told already. Please stop one of them first.',
    'push.data.devices': 'Devices that are told',
    'push.data.since': 'Since',
    'push.offer.start': 'Tell me on this device',
    'push.offer.stop': 'Stop telling me here',
    'push.offer.on': 'This device is told when something happens.',
    'push.offer.start-work': 'Tell me of my work on this device too',
    'push.offer.stop-work': 'Stop telling me of my work here',
    'push.offer.on-work': 'This device is told when there is work.',
    'push.offer.blocked': 'This browser does not allow it; its settings can be changed.',
    'push.offer.failed': 'That did not work. Please try again later.',
    'push.offer.explain':
      'One sentence appears when something happens, with no name, number or content. It comes through the push service of the browser’s maker, which cannot read it.',
  },
} as const
