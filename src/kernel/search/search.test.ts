import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nameGrams, plain, queryGrams, toQuery, toQueryOfAny, toVectorText } from './index.ts'

describe('words of a text', () => {
  test.each([
    ['路灯不亮', "'路灯' '灯不' '不亮' '亮'"],
    ['灯', "'灯'"],
    ['灯，灯。路灯', "'灯' '路灯'"],
    ['WiFi坏了', "'wifi' '坏了' '了'"],
    ['３号楼ＬＥＤ灯', "'3' '号楼' '楼' 'led' '灯'"],
    ['since 2026-11-20', "'since' '2026' '11' '20'"],
    ['lamp broken lamp', "'lamp' 'broken'"],
    ['𠮷村', "'𠮷村' '村'"],
    ['二〇二六', "'二〇' '〇二' '二六' '六'"],
    ['བོད་སྐད', "'བོད' 'སྐད'"],
    ['☎️ ok', "'ok'"],
  ])('%s: pairs of Chinese characters, the last of a run alone, other words whole', (text, vector) => {
    expect(toVectorText(text)).toBe(vector)
  })

  test.each([
    ['nothing', ''],
    ['spaces', ' \t\n　'],
    ['signs', '，。！？…—·'],
    ['NUL', '\u0000'],
    ['a lone surrogate', '\ud83d'],
    ['zero-width marks', '\u200b\u200d\ufeff'],
    ['a mark without a letter', '\u0301'],
  ])('%s gives no words and no query', (_, text) => {
    expect(toVectorText(text)).toBe('')
    expect(toQuery(text)).toBeNull()
    expect(toQueryOfAny(text)).toBeNull()
  })

  test('NUL, lone surrogates and zero-width marks fall out, the words around them stay', () => {
    expect(toVectorText('路\u200b灯\u0000坏\ud800了')).toBe(toVectorText('路灯坏了'))
    expect(plain('a\nb\u0000c')).toBe('a bc')
  })

  test('quotes, backslashes and operators of PostgreSQL are never operators', () => {
    expect(toQuery(`路灯' | !* & (a <-> b) \\ :*`)).toBe("'路灯' & 'a' & 'b'")
  })

  test.each([
    ['street lam', "'street' & 'lam':*"],
    ['lam lam', "'lam':*"],
    ['a', "'a'"],
    ['11月', "'11' & '月':*"],
    ['灯', "'灯':*"],
    ['路灯', "'路灯'"],
    ['停车场', "'停车' & '车场'"],
    // Up to three characters are one word, though a dictionary knows only 路灯.
    ['路灯坏', "'路灯' & '灯坏'"],
    ['路灯 坏了', "'路灯' & '坏了'"],
    ['我家门口的路灯坏了', "'家门' & '门口' & '路灯' & '坏':*"],
    ['潇楚南路', "'潇楚' & '南路'"],
    ['楼道的灯坏了', "'楼道' & '灯坏'"],
    ['的的的的', "'的的'"],
    [`${' '.repeat(399)}路灯`, "'路':*"],
  ])('%s asks for %s', (typed, query) => {
    expect(toQuery(typed)).toBe(query)
  })

  test('of a title any word is enough, the one inside another too, and no single character', () => {
    expect(toQueryOfAny('路灯不亮')?.split(' | ').sort()).toEqual(["('灯不' & '不亮')", "('路灯')"])
    expect(toQueryOfAny('A 3号楼 WiFi坏了')).toBe("('号楼') | 'wifi' | ('坏了')")
    expect(toQueryOfAny('灯')).toBeNull()
  })

  test('a long text is cut within what a tsvector and a query hold', () => {
    expect(toVectorText('路灯坏了三天没人修 '.repeat(100_000)).length).toBeLessThan(100)
    const book = Array.from({ length: 40_000 }, (_, at) => `${at}`.padStart(60, 'w')).join(' ')
    expect(toVectorText(book).length).toBeLessThanOrEqual(300_000)
    expect(toVectorText(book).length).toBeGreaterThan(290_000)
    expect(toQuery('路灯'.repeat(100_000))).toBe("'路灯'")
    expect(toVectorText('x'.repeat(61))).toBe('')
    expect(toVectorText('x'.repeat(60))).not.toBe('')
    expect(toQuery(Array.from({ length: 40 }, (_, at) => `w${at}`).join(' '))?.split(' & ')).toHaveLength(12)
  })

  test('every text gives only quoted words of letters, digits and their marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(toVectorText(text)).toMatch(/^(?:'[\p{L}\p{N}\p{M}]+'(?: |$))*$/u)
        expect(toQuery(text) ?? '').toMatch(/^(?:'[\p{L}\p{N}\p{M}]+'(?::\*)?(?: & |$))*$/u)
      }),
      { numRuns: 500 },
    )
  })
})

describe('pieces of a name', () => {
  test('one and two characters', () => {
    expect(nameGrams('五里社区').sort()).toEqual(['五', '里', '社', '区', '五里', '里社', '社区'].sort())
    expect(nameGrams('Ｂ2 区')).toEqual(['b', 'b2', '2', '区'])
    expect(nameGrams('')).toEqual([])
  })

  test('a query asks for pairs, and for single characters only where they stand alone', () => {
    expect(queryGrams('五里社区')).toEqual(['五里', '里社', '社区'])
    expect(queryGrams('邗江 五里')).toEqual(['邗江', '五里'])
    expect(queryGrams('里')).toEqual(['里'])
    expect(queryGrams('，')).toEqual([])
  })

  test('characters beyond the first plane are whole', () => {
    expect(nameGrams('𠮷村')).toEqual(['𠮷', '𠮷村', '村'])
  })

  test('whatever part of a name is typed, its pieces are among those of the name', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'五里社区邗江街道a1 ·')),
        fc.nat(),
        fc.nat(),
        (characters, from, length) => {
          const name = characters.join('')
          const part = characters
            .slice(from % (characters.length + 1))
            .slice(0, length % 6)
            .join('')
          const grams = nameGrams(name)
          for (const gram of queryGrams(part)) expect(grams).toContain(gram)
        },
      ),
    )
  })
})
