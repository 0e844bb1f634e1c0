import { describe, expect, test } from 'vitest'
import { Suggester } from './suggest.ts'
import { partsOf } from './text.ts'

const names: [string, string, string][] = [
  ['城乡建设', '市政管理', '路灯照明'],
  ['城乡建设', '市政管理', '自来水供应'],
  ['城乡建设', '物业服务', '电梯维修'],
  ['环境保护', '环境污染', '噪音污染'],
  ['环境保护', '环境污染', '其他'],
  ['交通运输', '公路管理', '公路收费'],
  ['教育文体', '考试招生', '招生录取'],
]
const categories = names.map(([level1, level2, level3]) => ({ key: level3, level1, level2, level3 }))
const suggester = new Suggester(categories)
const trail = (index: number | undefined): string => names[index ?? -1]?.join('/') ?? ''

describe('from the names alone', () => {
  test.each([
    ['巷口路灯三盏不亮', '晚上一点照明都没有，老人不敢出门。', '城乡建设/市政管理/路灯照明'],
    ['夜里打桩', '工地的噪音到凌晨两点，请管一管。', '环境保护/环境污染/噪音污染'],
    ['孩子今年上小学', '想知道招生的范围，录取看户口还是看房子？', '教育文体/考试招生/招生录取'],
    // The title says what it is about, the text how it came to it.
    ['电梯要维修', '前几天路灯也坏过，照明的事已经好了。', '城乡建设/物业服务/电梯维修'],
  ])('%s', (title, body, wanted) => {
    const [first] = suggester.suggest({ title, body })
    expect(trail(first?.category)).toBe(wanted)
    expect(first?.score).toBeGreaterThan(1 / 4)
  })

  test('three of different first levels, or the likeliest three wherever they stand; their chances add up to one at most', () => {
    const told = { title: '路灯不亮', body: '市政管理的路灯和自来水都没人管。' }
    const apart = suggester.suggest(told).map(({ category }) => names[category]?.[0])
    expect(new Set(apart).size).toBe(3)
    const any = suggester.suggest(told, 'category')
    const likeliest = any.slice(0, 2).map(({ category }) => trail(category))
    expect(likeliest.toSorted()).toEqual(['城乡建设/市政管理/自来水供应', '城乡建设/市政管理/路灯照明'])
    for (const list of [suggester.suggest(told), any]) {
      expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).toSorted((a, b) => b - a))
      expect(list.reduce((sum, { score }) => sum + score, 0)).toBeLessThanOrEqual(1.01)
    }
  })

  test('says why in whole words of the text', () => {
    const [first] = suggester.suggest({
      title: '楼下很吵',
      body: '烧烤店的噪音整夜不停，污染也重，住在3号楼的都睡不着。',
    })
    expect(first?.because).toEqual(['噪音', '污染'])
  })

  test('a text that says nothing has no reasons, and no category is likelier than another', () => {
    for (const body of ['', '！！！', '12345', '\ud800']) {
      const found = suggester.suggest({ title: '', body })
      expect(found).toHaveLength(3)
      for (const { score, because } of found) {
        expect(score).toBeCloseTo(1 / 4, 2)
        expect(because).toEqual([])
      }
    }
  })

  test('names in another language lead to the same category', () => {
    const both = new Suggester(
      categories.map((one) =>
        one.key === '噪音污染' ? { ...one, elsewhere: ['Environment', 'Pollution', 'Noise at night'] } : one,
      ),
    )
    const [first] = both.suggest({ title: 'Noise every night', body: 'The building site goes on until two.' })
    expect(trail(first?.category)).toBe('环境保护/环境污染/噪音污染')
    expect(first?.because).toContain('noise')
  })

  test('fewer than three categories give fewer suggestions', () => {
    expect(new Suggester(categories.slice(0, 1)).suggest({ title: '路灯', body: '路灯' })).toHaveLength(1)
  })
})

test('a sign that stands for many makes no text longer than is read', () => {
  for (const sign of ['㍿', 'ﷺ', '㊿']) {
    const [, body] = partsOf({ title: '', body: sign.repeat(5_000) })
    expect(body?.text.length).toBeLessThanOrEqual(4_000)
  }
})
