import { expect, test } from 'vitest'
import { piecesOfText } from '#kernel/search/index.ts'
import { labelled, texts, unseen } from './likeness.fixture.ts'
import {
  leastLikeness,
  likeness as likenessOf,
  mostRead,
  nearnessOf,
  type Read,
  readThrough,
  type Shares,
  scoreOf,
  type Told,
} from './likeness.ts'

/** How rare each piece is among the invented texts, as PostgreSQL counts it among those of a place. */
const shares: Shares = (() => {
  const counts = new Map<string, number>()
  for (const text of texts)
    for (const piece of new Set(piecesOfText(text))) counts.set(piece, (counts.get(piece) ?? 0) + 1)
  return new Map([...counts].filter(([, count]) => count >= 3).map(([piece, count]) => [piece, count / texts.length]))
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
  const [fresh, fitted] = [scored(unseen), scored(labelled)]
  const said = (name: string, { right, shown, precision, found }: ReturnType<typeof told>) =>
    `${name}: ${right} of ${shown} right (${precision.toFixed(2)}), ${found.toFixed(2)} of all found`
  for (const least of [0.5, 0.6, leastLikeness, 0.8])
    console.info(`at ${least}: ${said('unseen', told(fresh, least))}; ${said('fitted to', told(fitted, least))}`)
  const shown = told(fresh, leastLikeness)
  expect(shown.precision).toBeGreaterThanOrEqual(0.85)
  expect(shown.found).toBeGreaterThanOrEqual(0.5)
  expect(told(fitted, leastLikeness).precision).toBeGreaterThanOrEqual(0.85)
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
  const named = (text: string) => read(text).numbers.map((numbers) => [...numbers])
  // ㊿ is two digits where texts are compared: 1,996 in a row here, and a word that would make a number of them.
  for (const run of ['㊿'.repeat(998), '1'.repeat(1996), '十'.repeat(1996), '三'.repeat(1996)])
    for (const after of ['', '号楼', '栋', '路', '号线']) expect(named(run + after)).toEqual([[], [], [], []])
  expect(named(`building ${'7'.repeat(900)} bus ${'7'.repeat(900)}`)).toEqual([[], [], [], []])
  for (const text of ['㊿', 'ﷺ', '㍿', '路灯不亮，', '1 ', '三栋']) {
    const long = read(text.repeat(2_500))
    expect(long.text.length).toBeLessThanOrEqual(mostRead)
    expect(long.pieces.size).toBeLessThanOrEqual(mostRead)
  }
  // Whatever lies beyond what is read changes nothing.
  const far = `${'㊿'.repeat(2_500)}3号楼门口路灯不亮`
  expect(read(far)).toEqual(read('㊿'.repeat(2_500)))
  expect(likeness(lamp, { ...lamp, text: far }, new Map()).score).toBe(0)
  // Numbers as people say them are found as ever, each way of naming apart.
  expect(named('二十一栋旁边，12路和3号线之间，3號 Building 7, block 12, bus 104')).toEqual([
    ['21'],
    ['7', '12'],
    ['12', '3'],
    ['104'],
  ])
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
