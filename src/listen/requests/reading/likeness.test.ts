import { expect, test } from 'vitest'
import { piecesOfText, plain } from '#kernel/search/index.ts'
import { labelled, texts, unseen } from './likeness.fixture.ts'
import { numberOf, numbersIn } from './likeness.said.ts'
import {
  leastLikeness,
  likeness as likenessOf,
  mostRead,
  nearnessOf,
  type Read,
  readThrough,
  type Shares,
  scoreOf,
  sharesOf,
  type Told,
} from './likeness.ts'
import { written, writtenTexts, writtenUnseen } from './likeness.written.fixture.ts'

/** How rare each piece is among the invented texts, as it is counted among those of a place. */
const shares: Shares = (() => {
  const all = [...texts, ...writtenTexts]
  const counts = new Map<string, number>()
  for (const text of all)
    for (const piece of new Set(piecesOfText(text))) counts.set(piece, (counts.get(piece) ?? 0) + 1)
  const held = [...counts].filter(([, count]) => count >= 3)
  return sharesOf(
    [],
    held.map(([word, count]) => ({ word, share: count / all.length })),
  )
})()

const likeness = (one: Told, other: Told, rare: Shares) => likenessOf(readThrough(one), readThrough(other), rare)

function scored(pairs: typeof labelled) {
  const read = new Map<Told, Read>(
    pairs.flatMap(({ one, other }) => [one, other]).map((told) => [told, readThrough(told)]),
  )
  const of = (told: Told) => read.get(told) ?? readThrough(told)
  return pairs.map(({ one, other, together }) => ({ score: scoreOf(of(one), of(other), shares), together }))
}

/** Of those that are shown, how many are right; of those that belong together, how many are shown. */
function told(pairs: ReturnType<typeof scored>, least: number) {
  const shown = pairs.filter(({ score }) => score >= least)
  const right = shown.filter(({ together }) => together).length
  const all = pairs.filter(({ together }) => together).length
  return { shown: shown.length, right, precision: right / shown.length, found: right / all }
}

test('pairs that no weight has seen: of those that are shown most are about one matter', () => {
  const sets = {
    unseen: scored(unseen),
    'fitted to': scored(labelled),
    'written otherwise, unseen': scored(writtenUnseen),
    'written otherwise, fitted to': scored(written),
  }
  for (const least of [0.5, 0.6, leastLikeness, 0.8]) {
    for (const [name, pairs] of Object.entries(sets)) {
      const { right, shown, precision, found } = told(pairs, least)
      console.info(
        `at ${least}, ${name}: ${right} of ${shown} right (${precision.toFixed(2)}), ${found.toFixed(2)} of all found`,
      )
    }
  }
  for (const pairs of Object.values(sets)) {
    const shown = told(pairs, leastLikeness)
    expect(shown.precision).toBeGreaterThanOrEqual(0.8)
    expect(shown.found).toBeGreaterThanOrEqual(0.5)
  }
})

const day = 24 * 3_600_000
const lamp: Told = {
  text: '3号楼门口路灯不亮，天黑看不见台阶',
  path: '32/10/03/001/001/001/003/',
  point: null,
  filedAt: 100 * day,
  category: 'lamp',
}

test('the score comes with its reasons: rare words that both hold, nearness, days, category', () => {
  const other = { ...lamp, text: '三号楼楼下的路灯不亮，台阶很黑', filedAt: 102 * day }
  const found = likeness(lamp, other, new Map([['不亮', 0.2]]))
  expect(found).toMatchObject({ nearness: 'building', metres: null, days: 2, sameCategory: true })
  expect(found.score).toBeGreaterThan(leastLikeness)
  expect(found.words).toContain('灯不亮')
  expect(found.words).toContain('台阶')
  expect(found.words.length).toBeLessThanOrEqual(3)
})

test('nothing is alike without a word in common, nor by courtesies alone', () => {
  expect(likeness(lamp, { ...lamp, text: '电梯停了' }, new Map()).score).toBe(0)
  const polite = (text: string) => ({ ...lamp, text: `尊敬的领导您好！${text}希望领导重视，尽快解决，谢谢！` })
  expect(likeness(polite('电梯停了。'), polite('物业费太贵。'), new Map()).score).toBe(0)
})

test('another building by its number is another matter, the same in other words the same', () => {
  const of = (text: string) =>
    likeness(lamp, { ...lamp, path: '32/10/03/001/001/', category: null, text }, new Map()).score
  expect(of('三栋门口路灯不亮，看不见台阶')).toBeGreaterThan(leastLikeness)
  expect(of('5号楼门口路灯不亮，看不见台阶')).toBeLessThan(leastLikeness)
  // A number that could be no number is compared as it was written.
  expect(of('十十十栋门口路灯不亮')).toBeLessThan(leastLikeness)
})

test('a long run of digits names no building and no line, and of a long text only the beginning is read', () => {
  const read = (text: string) => readThrough({ ...lamp, text })
  const named = (text: string) => Object.values(read(text).numbers).flatMap((numbers) => [...numbers])
  // ㊿ is two digits where texts are compared: 1,996 in a row here, and a word that would make a number of them.
  for (const run of ['㊿'.repeat(998), '1'.repeat(1996), '十'.repeat(1996), '三'.repeat(1996)])
    for (const after of ['', '号楼', '栋', '路', '号线']) expect(named(run + after)).toEqual([])
  expect(named(`building ${'7'.repeat(900)} bus ${'7'.repeat(900)}`)).toEqual([])
  for (const text of [
    '㊿',
    'ﷺ',
    '㍿',
    '路灯不亮，',
    '1 ',
    '三栋',
    '请',
    '好几',
    '一直没有',
    '能不能你们',
    '打电话',
    '1-1',
  ]) {
    const long = read(text.repeat(2_500))
    expect(long.text.length).toBeLessThanOrEqual(mostRead)
    expect(long.matter.size).toBeLessThanOrEqual(mostRead)
  }
  // Whatever lies beyond what is read changes nothing.
  const far = `${'㊿'.repeat(2_500)}3号楼门口路灯不亮`
  expect(read(far)).toEqual(read('㊿'.repeat(2_500)))
  expect(likeness(lamp, { ...lamp, text: far }, new Map()).score).toBe(0)
})

test.each([
  [
    '西苑2栋',
    '西苑 2 栋',
    '西苑二栋',
    '西苑２栋',
    '2号楼',
    '2 号 楼',
    '2#楼',
    '2＃ 楼',
    '2#',
    '二号楼',
    '第二幢',
    '2座',
    'Building 2',
    'block no. 2',
  ],
  ['12栋', '十二栋', '12 号楼', '十二号楼', '12#楼'],
  ['102栋', '一百零二栋', '一〇二号楼'],
  ['A座', 'a栋', 'Ａ 座'],
])('one building, however it is written: %s, %s, %s …', (...written) => {
  const [first, ...rest] = written.map((each) => [...numbersIn(plain(each)).building])
  expect(first).toHaveLength(1)
  for (const each of rest) expect(each).toEqual(first)
})

test.each([
  ['三栋二单元 501 室，六楼也听得见', { building: ['3'], unit: ['2'], room: ['501'], floor: ['6'] }],
  ['3-2-501 漏水', { building: ['3'], unit: ['2'], room: ['501'] }],
  ['9 幢 502 往下漏', { building: ['9'], room: ['502'] }],
  ['2026-3-15 报的', {}],
  ['河上三座桥', {}],
  ['65路、三号线、bus 104', { line: ['65', '3', '104'] }],
  ['路上一路都是沙子', {}],
  ['unit 3, flat 12, 4th floor', { unit: ['3'], room: ['12'], floor: ['4'] }],
])('%s', (text, found) => {
  const numbers = Object.entries(numbersIn(plain(text))).filter(([, each]) => each.size > 0)
  expect(Object.fromEntries(numbers.map(([kind, each]) => [kind, [...each]]))).toEqual(found)
})

test.each([
  ['十', '10'],
  ['二十', '20'],
  ['二十一', '21'],
  ['一百零二', '102'],
  ['三〇一', '301'],
  ['三零一', '301'],
  ['012', '12'],
  ['十十十', '十十十'],
  ['百', '百'],
])('%s is %s', (said, number) => {
  expect(numberOf(said)).toBe(number)
})

test('equal buildings raise the likeness, others and other units lower it, other floors and rooms do not', () => {
  const here = (text: string): Told => ({ ...lamp, path: '32/10/03/001/001/', text })
  const score = (one: string, other: string) => likeness(here(one), here(other), new Map()).score
  const none = score('电梯坏了，门关不上', '电梯坏了，老人下不来')
  const same = score('二栋电梯坏了，门关不上', '２＃楼电梯坏了，老人下不来')
  expect(same).toBeGreaterThan(none)
  expect(score('二栋电梯坏了，门关不上', '12栋电梯坏了，老人下不来')).toBeLessThan(none)
  expect(score('2栋1单元电梯坏了，门关不上', '2栋二单元电梯坏了，老人下不来')).toBeLessThan(none)
  expect(score('2栋八楼，电梯坏了，门关不上', '2栋302室，电梯坏了，老人下不来')).toBe(same)
  expect(likeness(here('二栋电梯坏了'), here('２＃楼电梯停了'), new Map()).named).toEqual({
    kind: 'building',
    number: '2',
  })
})

test.each([
  ['一个月了一直没有人来修，请尽快处理', '已经一个月，一直没有人管，麻烦你们尽快处理一下'],
  ['打了很多次电话都没有人接', '昨天打了好几次电话也没人接，请马上派人来看'],
  ['反映过很多次，到现在还没有解决', '投诉了三次，至今没有得到答复'],
  ['拖了半年，希望有关部门管一管', '都半年多了，请相关部门管一管'],
  ['I have called many times, nobody came, for three weeks', 'Nobody came for three weeks, I called many times'],
])('what is said of everything is no likeness and no reason: %s', (one, other) => {
  const [here, there] = [`井盖响，${one}`, `纸箱堆满，${other}`].map((text) => ({ ...lamp, text })) as [Told, Told]
  expect(likeness(here, there, new Map()).score).toBe(0)
  expect(
    likeness({ ...here, text: `${here.text}，台阶` }, { ...there, text: `${there.text}，台阶` }, new Map()).words,
  ).toEqual(['台阶'])
})

test('a word that many around hold weighs less, yet a few who tell of one matter do not make its words worthless', () => {
  const at = (share: number) => sharesOf([{ word: '路灯', share: 0.01 }], [{ word: '路灯', share }]).get('路灯')
  expect([at(0.001), at(0.03), at(0.9)]).toEqual([0.01, 0.03, 0.05])
})

test('the longer ago and the farther, the less alike', () => {
  const score = (changes: Partial<Told>) => likeness(lamp, { ...lamp, ...changes }, new Map()).score
  expect(score({ filedAt: 130 * day })).toBeLessThan(score({ filedAt: 101 * day }))
  expect(score({ path: '32/10/03/001/002/001/003/' })).toBeLessThan(score({}))
  const at = (metres: number) => ({ longitude: 119.4, latitude: 32.4 + metres / 111_200 })
  const apart = likeness({ ...lamp, point: at(0) }, { ...lamp, point: at(400) }, new Map())
  expect(apart.metres).toBeGreaterThan(395)
  expect(apart.metres).toBeLessThan(405)
  expect(apart.score).toBeLessThan(likeness({ ...lamp, point: at(0) }, { ...lamp, point: at(5) }, new Map()).score)
})

test.each([
  ['32/10/03/001/001/001/003/', '32/10/03/001/001/001/003/', 'building'],
  ['32/10/03/001/001/001/003/', '32/10/03/001/001/001/', 'grid'],
  ['32/10/03/001/001/001/', '32/10/03/001/001/002/', 'community'],
  ['32/10/03/001/001/', '32/10/03/001/0011/', 'subdistrict'],
  ['32/10/03/001/', '32/10/03/002/', 'farther'],
] as const)('%s and %s lie in one %s', (one, other, nearness) => {
  expect(nearnessOf(one, other)).toBe(nearness)
})
