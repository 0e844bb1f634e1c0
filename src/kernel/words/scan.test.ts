// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source to be scanned
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compareLanguages, compareUse, type Families, loadSources, loadWords, type WordsFile } from './scan.ts'

const src = fileURLToPath(new URL('../../', import.meta.url))

function file(zh: Record<string, string>, en: Record<string, string>, ...families: Families[]): WordsFile {
  return { path: 'a.words.ts', words: [{ 'zh-CN': zh, en }], families }
}
const use = (zh: Record<string, string>, text: string, ...families: Families[]) =>
  compareUse([file(zh, zh, ...families)], [{ path: 'a.ts', text }])

describe('the words of the whole project', async () => {
  const files = await loadWords(src)
  const sources = await loadSources(src)

  test('some were found', () => {
    expect(files.length).toBeGreaterThan(2)
    expect(sources.length).toBeGreaterThan(20)
  })
  test('both languages say the same things', () => {
    expect(compareLanguages(files)).toEqual([])
  })
  test('no key is asked for that nobody wrote', () => {
    expect(compareUse(files, sources).missing).toEqual([])
  })
  test('every family of keys is declared', () => {
    expect(compareUse(files, sources).undeclared).toEqual([])
  })
  test('no key was written that nobody uses', () => {
    expect(compareUse(files, sources).unused).toEqual([])
  })
})

describe('the check itself', () => {
  test.each([
    ['a key missing in English', { 'a.b': '一', 'a.c': '二' }, { 'a.b': 'one' }],
    ['a key missing in Chinese', { 'a.b': '一' }, { 'a.b': 'one', 'a.c': 'two' }],
    ['another blank', { 'a.b': '{{name}}' }, { 'a.b': '{{nam}}' }],
    ['a blank forgotten', { 'a.b': '{{name}}' }, { 'a.b': 'somebody' }],
    ['an empty text', { 'a.b': '一' }, { 'a.b': ' ' }],
    ['a key without room', { b: '一' }, { b: 'one' }],
  ])('notices %s', (_, zh, en) => {
    expect(compareLanguages([file(zh as Record<string, string>, en as Record<string, string>)])).toHaveLength(1)
  })
  test('notices one key that says different things in two files, and lets a file be made of others', () => {
    const one = file({ 'a.b': '一' }, { 'a.b': 'one' })
    const other = { ...file({ 'a.b': '壹' }, { 'a.b': 'one' }), path: 'b.words.ts' }
    expect(compareLanguages([one, other])).toHaveLength(1)
    expect(compareLanguages([one, { ...one, path: 'b.words.ts' }])).toEqual([])
  })
  test('allows plural forms that only one language has', () => {
    const zh = { 'a.b_other': '{{count}} 件' }
    expect(compareLanguages([file(zh, { 'a.b_one': 'one request', 'a.b_other': '{{count}} requests' })])).toEqual([])
    expect(use(zh, `t('a.b', { count })`)).toEqual({ missing: [], undeclared: [], unused: [] })
  })

  test.each([
    [`t('a.gone')`],
    [`tr("a.gone")`],
    [`say(\n  'a.gone',\n)`],
    [`t(language)('a.gone', { x })`],
    [`throw new Refusal(404, 'gone', 'a.gone')`],
    [`return { key: 'a.gone' }`],
  ])('notices a key that nobody wrote in %s', (text) => {
    expect(use({}, text).missing).toEqual(['a.gone (a.ts)'])
  })
  test('takes no other dotted text for a key', () => {
    expect(
      use({}, `import x from './a.words.ts'; enqueue(act, 'a.timer', {}); const name = 'report.csv'`).missing,
    ).toEqual([])
  })
  test('notices what nobody uses', () => {
    expect(use({ 'a.b': '一', 'a.c': '二' }, `t('a.b')`).unused).toEqual(['a.c'])
  })
  test.each(['t(`a.kind.${kind}`)', 't(language)(`a.kind.${kind}`)', `tr('a.kind.' + kind)`])(
    'wants the family of %s to be declared',
    (text) => {
      expect(use({ 'a.kind.x': '一' }, text).undeclared).toHaveLength(1)
      expect(use({ 'a.kind.x': '一' }, text, ['a.kind.'])).toEqual({ missing: [], undeclared: [], unused: [] })
    },
  )
  test('wants every member of a closed family, and no more', () => {
    const result = use({ 'a.kind.x': '一', 'a.kind.z': '三' }, 't(`a.kind.${kind}`)', { 'a.kind.': ['x', 'y'] })
    expect(result.missing).toEqual(['a.kind.y (family in a.words.ts)'])
    expect(result.unused).toEqual(['a.kind.z'])
  })
  test('an open family may stand around a closed one', () => {
    const zh = { 'a.kind.x': '一', 'a.other': '二' }
    const text = 't(`a.${name}`); t(`a.kind.${kind}`)'
    expect(use(zh, text, ['a.'], { 'a.kind.': ['x'] })).toEqual({ missing: [], undeclared: [], unused: [] })
  })
  test('notices a family that is put together nowhere', () => {
    expect(use({ 'a.kind.x': '一' }, '', ['a.kind.']).undeclared).toHaveLength(1)
  })
})
