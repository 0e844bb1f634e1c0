/** Figures as open data: the table and its columns. */
export const figuresOpendataWords = {
  'zh-CN': {
    'opendata.figures.title': '各街道各月收到的诉求',
    'opendata.figures.about':
      '月份结束以后，每个街道（乡镇）按类别第一级的件数：收到多少、办结多少、答复是否按时。一件到四件的不列（空格）；能从别的数减出来的，也不列。',
    'opendata.figures.column.place_code': '街道（乡镇）的统计区划代码',
    'opendata.figures.column.place': '街道（乡镇）',
    'opendata.figures.column.month': '收到的月份',
    'opendata.figures.column.category_level1': '类别，第一级；空格是还没有归类',
    'opendata.figures.column.told': '收到的件数',
    'opendata.figures.column.closed': '其中已办结；办结不等于解决',
    'opendata.figures.column.answered_in_time': '其中按承诺的时间答复',
    'opendata.figures.column.answered_late': '其中晚于承诺的时间答复',
  },
  en: {
    'opendata.figures.title': 'Requests of subdistricts by month',
    'opendata.figures.about':
      'Of months that are over, for each subdistrict and first level of category: how many requests were told, how many are closed, whether answers came in time. One to four are left out (empty), and so is what could be taken from the others by subtraction.',
    'opendata.figures.column.place_code': 'Statistical code of the subdistrict',
    'opendata.figures.column.place': 'Subdistrict',
    'opendata.figures.column.month': 'Month in which they were told',
    'opendata.figures.column.category_level1': 'Category, first level; empty: none yet',
    'opendata.figures.column.told': 'Requests told',
    'opendata.figures.column.closed': 'Of these closed; closed is not solved',
    'opendata.figures.column.answered_in_time': 'Of these answered by the time promised',
    'opendata.figures.column.answered_late': 'Of these answered later than promised',
  },
} as const
