import { describe, expect, test } from 'vitest'
import { chooseLanguage, exactTime, hasWords, registerWords, spokenDay, spokenTime, t } from './index.ts'
import { wordsWords } from './words.words.ts'

registerWords(wordsWords)
registerWords({
  'zh-CN': { 'sample.hello': '您好，{{name}}', 'sample.lamps_other': '{{count}} 盏灯' },
  en: {
    'sample.hello': 'Hello {{name}}',
    'sample.lamps_one': '{{count}} lamp',
    'sample.lamps_other': '{{count}} lamps',
  },
})

describe('words', () => {
  test('each language has its own, values are filled in as they are', () => {
    expect(t('zh-CN')('sample.hello', { name: '王<b>' })).toBe('您好，王<b>')
    expect(t('en')('sample.hello', { name: 'A & B' })).toBe('Hello A & B')
  })
  test('plurals', () => {
    expect(t('en')('sample.lamps', { count: 1 })).toBe('1 lamp')
    expect(t('en')('sample.lamps', { count: 3 })).toBe('3 lamps')
    expect(t('zh-CN')('sample.lamps', { count: 1 })).toBe('1 盏灯')
  })
  test('what is missing is not the word undefined, and what was typed is never read as a blank or a reference', () => {
    expect(t('en')('sample.hello', { name: null })).toBe('Hello ')
    expect(t('en')('sample.hello', { name: '{{secret}}' })).toBe('Hello {{secret}}')
    expect(t('en')('sample.hello', { name: '$t(sample.lamps)' })).toBe('Hello $t(sample.lamps)')
  })
  test('an unknown key shows itself', () => {
    expect(t('en')('sample.nothing')).toBe('sample.nothing')
    expect(hasWords('sample.nothing')).toBe(false)
    expect(hasWords('sample.hello')).toBe(true)
  })
  test('the same words twice are fine, another text under a taken key is not', () => {
    expect(() => registerWords(wordsWords)).not.toThrow()
    expect(() => registerWords({ 'zh-CN': { 'sample.hello': '别的' }, en: {} })).toThrow(/sample\.hello/)
  })
})

describe('the language of an answer', () => {
  test.each([
    [{}, 'zh-CN'],
    [{ acceptLanguage: 'en-GB,en;q=0.9' }, 'en'],
    [{ acceptLanguage: 'fr, en;q=0.3, zh-TW;q=0.8' }, 'zh-CN'],
    [{ acceptLanguage: 'en;q=0, zh;q=0.1' }, 'zh-CN'],
    [{ acceptLanguage: 'en, zh' }, 'en'],
    [{ acceptLanguage: 'de, fr' }, 'zh-CN'],
    [{ acceptLanguage: ';;;,,q=q' }, 'zh-CN'],
    [{ cookie: 'en', acceptLanguage: 'zh' }, 'en'],
    [{ query: 'zh', cookie: 'en', acceptLanguage: 'en' }, 'zh-CN'],
    [{ query: 'EN_us' }, 'en'],
    [{ query: 'xx', cookie: '<script>' }, 'zh-CN'],
    [{ query: ['en', 'zh'], cookie: 5, acceptLanguage: null }, 'zh-CN'],
    [{ acceptLanguage: 'en,'.repeat(100_000) }, 'en'],
  ])('%j → %s', (asked, language) => {
    expect(chooseLanguage(asked).language).toBe(language)
  })
  test('says whether the reader chose', () => {
    expect(chooseLanguage({ query: 'en' }).given).toBe(true)
    expect(chooseLanguage({ acceptLanguage: 'en' }).given).toBe(false)
  })
})

describe('times as people say them', () => {
  const now = new Date('2026-11-25T01:00:00Z') // Wednesday, 09:00 in China
  test.each([
    ['2026-11-25T02:20:00Z', '今天 10:20', 'today 10:20'],
    ['2026-11-24T07:05:00Z', '昨天 15:05', 'yesterday 15:05'],
    ['2026-11-24T15:59:00Z', '昨天 23:59', 'yesterday 23:59'],
    ['2026-11-24T16:00:00Z', '今天 00:00', 'today 00:00'],
    ['2026-11-26T00:30:00Z', '明天 08:30', 'tomorrow 08:30'],
    ['2026-11-23T02:20:00Z', '11月23日（周一）', 'Mon 23 Nov'],
    ['2026-11-27T02:20:00Z', '11月27日（周五）', 'Fri 27 Nov'],
    ['2025-11-24T02:20:00Z', '2025年11月24日', '24 Nov 2025'],
    ['2025-12-31T16:30:00Z', '1月1日（周四）', 'Thu 1 Jan'],
  ])('%s', (moment, zh, en) => {
    expect(spokenTime(moment, now, 'zh-CN').text).toBe(zh)
    expect(spokenTime(moment, now, 'en').text).toBe(en)
  })
  test('a promised time may keep its hour', () => {
    expect(spokenTime('2026-11-27T10:00:00Z', now, 'zh-CN', { clock: true }).text).toBe('11月27日（周五） 18:00')
    expect(spokenTime('2026-11-27T10:00:00Z', now, 'en', { clock: true }).text).toBe('Fri 27 Nov 18:00')
  })
  test('the exact time stands beside it', () => {
    const spoken = spokenTime('2026-11-24T02:20:00Z', now, 'zh-CN')
    expect(spoken.exact).toBe('2026年11月24日 10:20')
    expect(spoken.machine).toBe('2026-11-24T10:20:00+08:00')
    expect(exactTime('2026-11-24T02:20:00Z', 'en')).toBe('24 November 2026, 10:20')
  })
  test('a day alone', () => {
    expect(spokenDay('2026-11-24T02:20:00Z', now, 'zh-CN')).toBe('11月24日（周二）')
    expect(spokenDay('2027-01-04T02:20:00Z', now, 'zh-CN')).toBe('2027年1月4日')
    expect(spokenDay('2027-01-04T02:20:00Z', now, 'en')).toBe('4 Jan 2027')
  })
  test('no moment is no time', () => {
    expect(() => spokenTime('never', now, 'en')).toThrow(RangeError)
  })
})
