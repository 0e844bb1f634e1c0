// Words that stand in few of the texts or in many, to be looked for.

/** What a search is asked for. */
export const sought = {
  // In one of 50,000, of 1,000 and of every third text; and two that rarely stand together, and often.
  rare: '锦鲤',
  middling: '充电宝',
  frequent: '路灯',
  'two-words': '充电宝 电梯',
  'two-frequent': '路灯 漏水',
  'one-character': '灯',
} as const

/** The sentence with a rarer word that stands in some requests. */
export function rareWords(index: number): string {
  if (index % 50_000 === 7) return '池子里的锦鲤也没人管。'
  if (index % 1_000 === 3) return '门口租充电宝的柜子挡路。'
  return ''
}
