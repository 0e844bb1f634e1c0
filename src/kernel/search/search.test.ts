import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutWords, nameGrams, plain, queryGrams, toQuery, toVectorText } from './index.ts'

describe('words of a text', () => {
  test('Chinese is cut into words, with the shorter words inside', () => {
    const words = cutWords('五里社区居民委员会门口的路灯坏了')
    expect(words).toEqual(expect.arrayContaining(['社区', '居民', '委员会', '路灯']))
  })

  test('Chinese, English and digits stand side by side, in lower case and normal width', () => {
    const words = cutWords('３号楼ＬＥＤ灯 Broken since 2026-11-20, WiFi也没有')
    expect(words).toEqual(expect.arrayContaining(['3', 'led', 'broken', 'since', '2026', '11', '20', 'wifi', '没有']))
    expect(words.join('')).not.toMatch(/[\s,-]/)
  })

  test('positions follow the text and a word appears once', () => {
    expect(toVectorText('lamp broken lamp')).toBe("'lamp':1,3 'broken':2")
  })

  test.each([
    ['nothing', ''],
    ['spaces', ' \t\n　'],
    ['signs', '，。！？…—·'],
    ['NUL', '\u0000'],
    ['a lone surrogate', '\ud83d'],
    ['zero-width marks', '\u200b\u200d\ufeff'],
  ])('%s gives no words and no query', (_, text) => {
    expect(toVectorText(text)).toBe('')
    expect(toQuery(text)).toBeNull()
  })

  test('NUL, lone surrogates and zero-width marks fall out, the words around them stay', () => {
    expect(cutWords('路\u200b灯\u0000坏\ud800了')).toEqual(cutWords('路灯坏了'))
    expect(plain('a\nb\u0000c')).toBe('a bc')
  })

  test('quotes, backslashes and operators of PostgreSQL are never operators', () => {
    expect(toQuery(`路灯' | !* & (a <-> b) \\ :*`)).toBe("'路灯' & 'a' & 'b'")
  })

  test('the last Latin word may be a beginning, a Chinese one is whole', () => {
    expect(toQuery('street lam')).toBe("'street' & 'lam':*")
    expect(toQuery('路灯')).toBe("'路灯'")
  })

  test('a megabyte is cut within what a tsvector holds', () => {
    const text = toVectorText('路灯坏了三天没人修 '.repeat(100_000))
    expect(text.length).toBeLessThan(200_000)
    expect(toQuery('路灯'.repeat(100_000))).toBe("'路灯'")
    expect(toVectorText('x'.repeat(1_000_000))).toBe('')
  })

  test('every text gives only quoted words of letters and digits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(toVectorText(text)).toMatch(/^(?:'[\p{L}\p{N}]+':[\d,]+(?: |$))*$/u)
        expect(toQuery(text) ?? '').toMatch(/^(?:'[\p{L}\p{N}]+'(?::\*)?(?: & |$))*$/u)
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
