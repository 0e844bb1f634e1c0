import { describe, expect, it } from 'vitest'
import { bodyOf, type Section, sections, treeOf, typedOf } from './sections.ts'

const categories = sections[0] as Section
const item = {
  id: '1',
  version: 1,
  inheritedFrom: null,
  name: '电梯',
  nameEn: null,
  parent: null,
  promiseMinutes: 480,
  usualBody: null,
  words: ['困人', '电梯'],
}

describe('settings forms', () => {
  it('shows days and words, and sends minutes and a list', () => {
    const typed = typedOf(categories, item)
    expect(typed).toMatchObject({ name: '电梯', promiseMinutes: 1, words: '困人、电梯' })
    expect(bodyOf(categories, { ...typed, promiseMinutes: '0.25', words: '困人, 电梯；困人' })).toEqual({
      name: '电梯',
      nameEn: null,
      parent: null,
      promiseMinutes: 120,
      usualBody: null,
      words: ['困人', '电梯'],
    })
  })
  it('orders a tree and loses nobody whose parent is not in the list', () => {
    const child = { ...item, id: '2', parent: '1' }
    const stray = { ...item, id: '3', parent: 'elsewhere' }
    expect(treeOf([child, stray, item]).map((one) => [one.item.id, one.level])).toEqual([
      ['3', 1],
      ['1', 1],
      ['2', 2],
    ])
  })
})
