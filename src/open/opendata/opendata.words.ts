/** The page of open data, and what its description says to people. */
export const opendataWords = {
  'zh-CN': {
    'opendata.title': '开放数据',
    'opendata.title-of': '{{place}}的开放数据',
    'opendata.lead':
      '这里公开的，是人人都能看的内容，做成表格，供任何人取用：居民同意公开、工作人员发布的诉求，各地各月收到多少、办得怎样，有哪些单位、由谁负责。不含任何人的姓名、电话和账号；不足五件的不列。撤回公开的，文件里随即没有。',
    'opendata.licence': '许可证：{{licence}}。',
    'opendata.package': '给程序看的说明（Frictionless Data Package）',
    'opendata.spreadsheet': '表格软件',
    'opendata.made': '每份文件都是有人来取时现写的，所以不附大小、校验值和生成日期。',
    'opendata.programmers': '给程序员',
    'opendata.columns': '各列是什么意思',
    'opendata.older': '更早的 {{count}} 个月',
    'opendata.nothing': '还没有数据',
    'opendata.nothing-text': '有诉求发布以后，这里每月一份。',
    'opendata.no-file': '没有这份数据。请回到开放数据页，从那里打开。',
  },
  en: {
    'opendata.title': 'Open data',
    'opendata.title-of': 'Open data of {{place}}',
    'opendata.lead':
      'What everybody may read, as tables that anybody may take: requests whose reporters let them be seen and that staff released, how many each place was told of in a month and what became of them, which bodies there are and who answers for them. No name, telephone or account of anybody who told us; nothing of fewer than five. What is withdrawn is gone from the files at once.',
    'opendata.licence': 'Licence: {{licence}}.',
    'opendata.package': 'Description for programs (Frictionless Data Package)',
    'opendata.spreadsheet': 'Spreadsheet',
    'opendata.made': 'Every file is written when it is asked for, and so has no size, digest or day of its own.',
    'opendata.programmers': 'For programmers',
    'opendata.columns': 'What the columns mean',
    'opendata.older': '{{count}} earlier months',
    'opendata.nothing': 'No data yet',
    'opendata.nothing-text': 'Once a request is released there is a file for each month.',
    'opendata.no-file': 'There is no such file. Please open it from the page of open data.',
  },
} as const

/** What each table and document says of itself stands in the words of its room. */
export const opendataFamilies = ['opendata.'] as const
