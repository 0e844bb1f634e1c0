/** Kinds of items in the library. */
export const lawsWords = {
  'zh-CN': {
    'laws.kind.law': '法律',
    'laws.kind.regulation': '行政法规',
    'laws.kind.rule': '规章',
    'laws.kind.policy': '政策文件',
    'laws.kind.standard': '标准',
  },
  en: {
    'laws.kind.law': 'Law',
    'laws.kind.regulation': 'Regulation',
    'laws.kind.rule': 'Departmental rule',
    'laws.kind.policy': 'Policy document',
    'laws.kind.standard': 'Standard',
  },
} as const

/** Named by the kind of an item. */
export const lawsFamilies = { 'laws.kind.': ['law', 'regulation', 'rule', 'policy', 'standard'] } as const
