import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { learn } from './learn.ts'
import { packModel, unpackModel } from './model.bytes.ts'
import { Suggester } from './suggest.ts'
import { categories, madeUp, unlabelled } from './suggestions.fixture.ts'

const lesson = learn(categories, madeUp(12), unlabelled)
if (lesson === null) throw new Error('nothing was learned')
const untaught = new Suggester(categories)
const taught = new Suggester(categories, lesson.learned)
const keyOf = (at: number | undefined): string | undefined => categories[at ?? -1]?.key

const told = [
  ['整条街漆黑', '老人摸黑摔跤，求修。', '城乡建设/市政管理/路灯照明'],
  ['三楼水压小', '拧开龙头没有动静。', '城乡建设/市政管理/自来水供应'],
  ['电钻响个不停', '夜里也打桩，睡不着。', '环境保护/环境污染/噪音污染'],
  ['学区怎么划', '孩子转学，名额还有吗？', '教育文体/考试招生/招生录取'],
] as const

describe('what people have said of texts', () => {
  test.each(told)('%s', (title, body, key) => {
    const [first] = taught.suggest({ title, body }, 'category')
    expect(keyOf(first?.category)).toBe(key)
    expect(first?.score).toBeGreaterThan(untaught.suggest({ title, body }, 'category')[0]?.score ?? 1)
  })

  test('says why in words that no name has', () => {
    const [first] = taught.suggest({ title: '整条街漆黑', body: '老人摸黑摔跤，求修。' })
    expect(first?.because).toContain('漆黑')
    expect(first?.because.every((word) => '整条街漆黑老人摸黑摔跤求修'.includes(word))).toBe(true)
  })

  test('what none of the rows bore stays possible, where its name stands in the text', () => {
    const first = (suggester: Suggester) =>
      suggester.suggest({ title: '农村低保', body: '低保的社会救助怎么申请？' }).map(({ category }) => keyOf(category))
    expect(first(untaught)[0]).toBe('民政/社会救助/农村低保')
    expect(first(taught)).toContain('民政/社会救助/农村低保')
  })

  test('is measured on rows that were left out, and adds up', () => {
    expect(lesson.levels.rows).toBe(48)
    expect(lesson.levels.first).toBeGreaterThan(0.9)
    expect(lesson.levels.three).toBeGreaterThanOrEqual(lesson.levels.first)
    expect(lesson.categories?.rows).toBe(48)
    expect(lesson.categories?.first).toBeGreaterThan(0.8)
  })

  test('rows whose categories are mere chance are not found to be right', () => {
    const mixed = madeUp(12)
    const levels = mixed.map(({ level1 }) => level1)
    // Each text is said to be of the first level of one that has nothing to do with it.
    const wrong = mixed.map((row, at) => ({ ...row, level1: levels[(at * 7) % levels.length] ?? '', key: null }))
    expect(learn(categories, wrong, [])?.levels.first).toBeLessThan(0.7)
  })

  test('the same rows teach the same', () => {
    const again = learn(categories, madeUp(12), unlabelled)
    expect([...(again?.learned.linear.weight ?? [])]).toEqual([...lesson.learned.linear.weight])
    expect(again?.learned.levelBlend).toEqual(lesson.learned.levelBlend)
  })

  test('a model that was packed suggests the same; one of another kind is not read', () => {
    const again = new Suggester(categories, unpackModel(packModel(lesson.learned)))
    for (const [title, body] of told) expect(again.suggest({ title, body })).toEqual(taught.suggest({ title, body }))
    const text = inflateRawSync(packModel(lesson.learned)).toString('latin1').replace('"format":1', '"format":0')
    expect(unpackModel(deflateRawSync(Buffer.from(text, 'latin1')))).toBeNull()
  })

  test('a first level alone can be learned too', () => {
    const levels = learn(
      categories,
      madeUp(12).map((row) => ({ ...row, key: null })),
      [],
    )
    expect(levels?.categories).toBeNull()
    expect(levels?.learned.leaves).toEqual([])
    const [first] = new Suggester(categories, levels?.learned).suggest({ title: '电钻', body: '打桩睡不着' })
    expect(categories[first?.category ?? -1]?.level1).toBe('环境保护')
  })

  test('too few rows, or all of one first level, teach nothing', () => {
    expect(learn(categories, madeUp(4), unlabelled)).toBeNull()
    expect(learn(categories, madeUp(40).slice(0, 30), unlabelled)).toBeNull()
  })
})

describe('words that are rare', () => {
  const named = madeUp(12).map((row, at) => (at < 6 ? { ...row, body: `${row.body}我是欧阳翠花。` } : row))

  test('are not learned when one person says them, however often', () => {
    const same = named.map((row, at) => (at < 6 ? { ...row, by: '同一个人' } : row))
    const pieces = learn(categories, same, [])?.learned.pieces
    expect(pieces?.has('翠花')).toBe(false)
    expect(pieces?.has('欧阳')).toBe(false)
    expect(pieces?.has('电钻')).toBe(true)
  })

  test('are not learned from texts of which nobody knows who told them, which may all be one person’s', () => {
    const nobody = named.map((row, at) => (at < 6 ? { ...row, by: null } : row))
    const lesson = learn(categories, nobody, [])
    expect(lesson?.learned.pieces.has('翠花')).toBe(false)
    expect(lesson?.learned.pieces.has('电钻')).toBe(true)
    // Nor do four known people and one of whom nobody knows make five.
    const four = named.map((row, at) => (at < 6 ? { ...row, by: at < 4 ? row.by : null } : row))
    expect(learn(categories, four, [])?.learned.pieces.has('翠花')).toBe(false)
    // Such a row teaches its category all the same, in the words of others.
    expect(lesson?.learned.rows).toBe(named.length)
    expect(
      learn(
        categories,
        named.map((row) => ({ ...row, by: null })),
        [],
      ),
    ).toBeNull()
  })

  test('are learned when several do', () => {
    expect(learn(categories, named, [])?.learned.pieces.has('翠花')).toBe(true)
  })
})
