/** The slip on paper by which an answer is judged, and what is said to whoever prints it. */
export const requestsSlipWords = {
  'zh-CN': {
    'requests.slip.title': '评价纸条',
    'requests.slip.lead':
      '请现在打印，只交给反映这件事的居民本人，您自己不要留。这一页关掉就再也看不到；再印一张，这一张就作废。',
    'requests.slip.print': '用浏览器的“打印”，A6 纸一张。时间线上已记下：这张纸条由您的岗位交出。',
    'requests.slip.ask': '您反映的事有了答复，解决了吗？',
    'requests.slip.number': '编号',
    'requests.slip.about':
      '这张纸条用来评价这次答复：扫码，或在浏览器里输入下面的网址。只能用一次，{{until}}前有效；只给您本人，经办的人看不到您怎么评。',
    'requests.slip.qr': '评价网址的二维码',
  },
  en: {
    'requests.slip.title': 'Slip to judge by',
    'requests.slip.lead':
      'Print it now, hand it only to the resident who told us, and keep no copy. Once this page is closed it cannot be shown again; printing another ends this one.',
    'requests.slip.print':
      'Use your browser’s Print, one sheet of A6. The timeline already says that your post handed out a slip.',
    'requests.slip.ask': 'There is an answer to what you told us. Is it solved?',
    'requests.slip.number': 'No.',
    'requests.slip.about':
      'With this slip you judge that answer: scan the code or type the address below. It works once, until {{until}}, and is for you alone; those who handled it do not see what you say.',
    'requests.slip.qr': 'Code that opens the page for judging',
  },
} as const
