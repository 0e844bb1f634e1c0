/** The page for those who write software. */
export const programmersWords = {
  'zh-CN': {
    'home.programmers.title': '给程序员',
    'home.programmers.lead': '别的软件可以照公开的标准和这里说话：上报、跟进、取数据、核对，不用先和我们商量。',
    'home.programmers.first': '三分钟，第一次调用',
    'home.programmers.read': '读，不用密钥。这一句列出可以反映哪些事，每一类有自己的 service_code：',
    'home.programmers.key': '上报要有密钥，向这里的管理员要（{{contact}}）；他这样给您一把（只显示一次）：',
    'home.programmers.trial': '先在试用的地址上报一件，什么都不会存下来：',
    'home.programmers.description': '楼下路灯不亮。',
    'home.programmers.real':
      '答案里有 service_request_id，就成了。把地址里的 test/ 去掉，就是真的：有人会去办。之后用同一把密钥，按编号跟进。',
    'home.programmers.nobody': '没有另外写明，请问所在的社区或街道',
    'home.programmers.then': '接下来',
    'home.programmers.picture': '带图片上报。图片字段叫什么都行，最多九张：',
    'home.programmers.follow':
      '按编号跟进，换上您的编号。没有公开的，只有上报时的那把密钥看得到办到哪一步，看不到内容：',
    'home.programmers.steps': '办了哪些步骤，按时间。不写编号，就是这把密钥上报的和公开的全部：',
    'home.programmers.add': '补充一句，也可以带图片：',
    'home.programmers.added': '今晚还是不亮。',
    'home.programmers.webhook':
      '不想一遍遍来问，就请管理员登记一个网址，公开的诉求有变化就推给它（CloudEvents 1.0，带签名，会重试）：',
    'home.programmers.client': '用 TypeScript 写的，可以直接用这里的客户端和接口定义，参数和答案都有类型：',
    'home.programmers.mail': '邮件',
    'home.programmers.mail-text': '写信到下面的地址，就成为一件诉求；在 @ 前加 +地方代码，直接到那个地方。{{address}}',
    'home.programmers.mail-none': '这里没有开收信的地址。',
    'home.programmers.what': '有些什么',
    'home.programmers.open311': '上报诉求，带图片；看公开的诉求和办到哪一步。端点和联系人：',
    'home.programmers.data': '开放数据',
    'home.programmers.data-text': '公开的诉求、各月件数、单位和岗位；CSV、JSON，带 Frictionless 说明，不用密钥：',
    'home.programmers.feeds': '订阅',
    'home.programmers.feeds-text':
      '按地方，Atom 和 JSON Feed（.atom、.json）；只要一类，加 ?category= 和类别的 id，就是“大家说的事”页选了类别以后网址里的那个：',
    'home.programmers.register': '办事记录',
    'home.programmers.register-text': '记录是一棵公开的哈希树，谁都能核对没有少一条：',
    'home.programmers.api': '工作台用的全部接口，要登录：',
    'home.programmers.manners': '相处之道',
    'home.programmers.manner.limits': '每个地址、每把密钥每分钟的次数有限；429 时，Retry-After 写明几秒以后再来。',
    'home.programmers.manner.faults':
      '办不成时，应答写明哪里不对：接口用 RFC 9457 的问题文档，Open311 用它自己的错误列表。',
    'home.programmers.manner.repeats':
      '断了线就原样再发一次：同一把密钥、同样的内容（或同一个 Idempotency-Key）只算一件。',
    'home.programmers.manner.private': '没有公开的诉求，在这里就像没有；密钥只放在请求里，不要写进网页和日志。',
  },
  en: {
    'home.programmers.title': 'For programmers',
    'home.programmers.lead':
      'Other software may speak with this installation by open standards: file, follow, take data, check. Nobody has to be asked first.',
    'home.programmers.first': 'A first call in three minutes',
    'home.programmers.read': 'Reading needs no key. This lists what can be told, each kind with its service_code:',
    'home.programmers.key':
      'Filing needs a key. Ask whoever runs this installation ({{contact}}), who makes one like this (it is shown once):',
    'home.programmers.trial': 'File one at the address for trials first; nothing of it is kept:',
    'home.programmers.description': 'The street lamp downstairs is out.',
    'home.programmers.real':
      'A service_request_id in the answer, and it works. Without test/ in the address it is real: somebody will go and see to it. The same key then follows it by its number.',
    'home.programmers.nobody': 'nobody is named here: ask at the community or subdistrict',
    'home.programmers.then': 'And then',
    'home.programmers.picture': 'File with a picture. The field of a picture may have any name; nine at most:',
    'home.programmers.follow':
      'Follow by its number; put yours. What is not released shows how far it has come to the key that filed it alone, without its words:',
    'home.programmers.steps':
      'What was done, by time. Without a number: all that this key filed, and all that is released:',
    'home.programmers.add': 'Add a line, with pictures if you like:',
    'home.programmers.added': 'Still dark tonight.',
    'home.programmers.webhook':
      'Rather than ask again and again, have an address registered, which is told when something released changes (CloudEvents 1.0, signed, retried):',
    'home.programmers.client':
      'In TypeScript take the client and the endpoints of this program itself: what goes in and out is typed.',
    'home.programmers.mail': 'Mail',
    'home.programmers.mail-text':
      'Mail to this address becomes a request; with + and the code of a place before the @ it goes there. {{address}}',
    'home.programmers.mail-none': 'No mail is taken in here.',
    'home.programmers.what': 'What there is',
    'home.programmers.open311':
      'File requests, with pictures; see released ones and how far they have come. Endpoints and contact:',
    'home.programmers.data': 'Open data',
    'home.programmers.data-text':
      'Released requests, counts by month, bodies and posts; CSV and JSON with a Frictionless description, no key:',
    'home.programmers.feeds': 'Feeds',
    'home.programmers.feeds-text':
      'By place, Atom and JSON Feed (.atom, .json). For one category add ?category= and its id, as it stands in the address of the page “Raised here” once a category is chosen:',
    'home.programmers.register': 'Register of acts',
    'home.programmers.register-text': 'A public tree of hashes, by which anybody can check that nothing was removed:',
    'home.programmers.api': 'Every interface that the desk uses, signed in:',
    'home.programmers.manners': 'Manners',
    'home.programmers.manner.limits':
      'Calls of an address and of a key are limited by the minute; at 429, Retry-After says in how many seconds to come again.',
    'home.programmers.manner.faults':
      'What cannot be done is said: problem documents of RFC 9457 by the API, the standard’s own list of errors by Open311.',
    'home.programmers.manner.repeats':
      'After a broken line send the same again: from one key the same content (or the same Idempotency-Key) counts once.',
    'home.programmers.manner.private':
      'What was not released is not there for others. A key belongs into the request alone, not into pages or logs.',
  },
} as const

export const programmersFamilies = { 'home.programmers.manner.': ['limits', 'faults', 'repeats', 'private'] } as const
