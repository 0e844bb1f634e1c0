/** What the contact card says: it is printed, handed out and put up. */
export const requestsCardWords = {
  'zh-CN': {
    'requests.card.title': '联系卡',
    'requests.card.lead': '印出来交给居民，或贴在公告栏。扫一扫，地点和联系的人已经填好，直接说事。',
    'requests.card.choose': '先选大小，再用浏览器的“打印”。',
    'requests.card.one': 'A6 纸，一张',
    'requests.card.four': 'A4 纸，印四张裁开',
    'requests.card.call': '有事，扫一扫就能说',
    'requests.card.about': '不用注册。说了有编号，办到哪了随时看得到。',
    'requests.card.telephone': '电话',
    'requests.card.address': '地址',
    'requests.card.hours': '时间',
    'requests.card.typed': '或在浏览器里输入：',
    'requests.card.qr': '二维码：打开说事的表格，联系{{name}}',
  },
  en: {
    'requests.card.title': 'Contact card',
    'requests.card.lead':
      'Print it, hand it to residents or put it up. Whoever scans it finds the form with place and contact filled in.',
    'requests.card.choose': 'Choose the size, then use your browser’s Print.',
    'requests.card.one': 'A6 paper, one card',
    'requests.card.four': 'A4 paper, four cards to cut apart',
    'requests.card.call': 'Scan to tell us',
    'requests.card.about': 'No account needed. You get a number and can see at any time how far it is.',
    'requests.card.telephone': 'Telephone',
    'requests.card.address': 'Address',
    'requests.card.hours': 'Hours',
    'requests.card.typed': 'Or type into a browser:',
    'requests.card.qr': 'Code that opens the form for telling us, addressed to {{name}}',
  },
} as const
