/** Headers of lists for a spreadsheet. */
export const requestsCsvWords = {
  'zh-CN': {
    'requests.csv.number': '编号',
    'requests.csv.title': '标题',
    'requests.csv.state': '办到哪了',
    'requests.csv.result': '结果',
    'requests.csv.urgency': '缓急',
    'requests.csv.channel': '来路',
    'requests.csv.place': '地点',
    'requests.csv.category': '类别',
    'requests.csv.holder': '在谁手里',
    'requests.csv.filed': '提出时间',
    'requests.csv.due': '期限',
    'requests.csv.withheld': '居民已评价，不给经办方看',
  },
  en: {
    'requests.csv.number': 'Number',
    'requests.csv.title': 'Title',
    'requests.csv.state': 'State',
    'requests.csv.result': 'Result',
    'requests.csv.urgency': 'Urgency',
    'requests.csv.channel': 'Channel',
    'requests.csv.place': 'Place',
    'requests.csv.category': 'Category',
    'requests.csv.holder': 'With whom',
    'requests.csv.filed': 'Filed',
    'requests.csv.due': 'Due',
    'requests.csv.withheld': 'judged by the resident, not shown to handlers',
  },
} as const

export const requestsCsvFamilies = ['requests.csv.'] as const
