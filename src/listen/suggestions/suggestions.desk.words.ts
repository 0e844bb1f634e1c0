/** What the desk says about learning categories. */
export const suggestionsDeskWords = {
  'zh-CN': {
    'suggestions.learned': '类别建议学得怎么样',
    'suggestions.explain':
      '每天夜里用本地已办结、由工作人员分好类的诉求学一遍，不含居民已删除的内容。下面是拿没学过的诉求检验，建议对了多少。',
    'suggestions.names-alone':
      '现在只按类别的名称建议。要学，得有 20 件工作人员分好类的已办结诉求，分属两个以上的一级分类；哪夜没有学成，前一夜学的也不留。',
    'suggestions.first-night': '还没有数字：每天夜里 3:20 学一次，够数后的第二天早上，这里就有第一行。',
    'suggestions.from': '学的是{{place}}的诉求。',
    'suggestions.offered': '按内容推测的类别，选哪个由您定：',
    'suggestions.none': '没有把握的建议，类别由您来选。',
    'suggestions.likely': '可能性 {{share}}',
    'suggestions.because': '因为 {{words}}',
    'suggestions.night': '哪天夜里',
    'suggestions.rows': '学了几件',
    'suggestions.share.level-first': '一级分类，第一个就对',
    'suggestions.share.level-three': '一级分类，三个里有对的',
    'suggestions.share.category-first': '具体类别，第一个就对',
    'suggestions.share.category-three': '具体类别，三个里有对的',
  },
  en: {
    'suggestions.learned': 'How suggested categories are learned',
    'suggestions.explain':
      'Learned anew every night from closed matters here that staff put into categories, without what residents have erased. Below: how often suggestions were right for matters that had not been learned from.',
    'suggestions.names-alone':
      'For now the names of the categories alone decide. To learn, it takes 20 closed matters that staff put into categories, of two first levels or more; where a night brings nothing, what the night before had learned goes as well.',
    'suggestions.first-night':
      'There are no figures yet: it learns every night at 3:20, and the morning after there are enough, the first line stands here.',
    'suggestions.from': 'Learned from the matters of {{place}}.',
    'suggestions.offered': 'Categories that the text suggests; which it is, you decide:',
    'suggestions.none': 'No confident suggestion; the category is yours to choose.',
    'suggestions.likely': '{{share}} likely',
    'suggestions.because': 'because of {{words}}',
    'suggestions.night': 'Night of',
    'suggestions.rows': 'Matters',
    'suggestions.share.level-first': 'First level, first suggestion right',
    'suggestions.share.level-three': 'First level, one of three right',
    'suggestions.share.category-first': 'Category, first suggestion right',
    'suggestions.share.category-three': 'Category, one of three right',
  },
} as const

/** Shares that were right, in the order of the table. */
export const suggestionsShareFamilies = {
  'suggestions.share.': ['level-first', 'level-three', 'category-first', 'category-three'],
} as const
