/** Why a filter is not saved. */
export const requestsFiltersWords = {
  'zh-CN': {
    'requests.refusal.filter-unknown': '这不是清单能用的筛选，没有存下。',
    'requests.refusal.filter-personal': '筛选里像是有电话、姓名等个人信息，不能存。请去掉再存。',
    'requests.refusal.filters-full': '最多存 {{most}} 个筛选，请先删去不用的。',
  },
  en: {
    'requests.refusal.filter-unknown': 'No list can be asked for that, so it was not saved.',
    'requests.refusal.filter-personal':
      'There seems to be a telephone, a name or the like in it, which is not saved. Leave it out and save again.',
    'requests.refusal.filters-full': 'At most {{most}} filters are kept. Please delete one that you do not need.',
  },
} as const
