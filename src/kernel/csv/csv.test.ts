import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unmarked, writeCsv } from './index.ts'

const breaks = ['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029']
const signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠']
const delimiters = [',', ';', '\t', '|']
const unit = fc.constantFrom(...breaks, ...signs, ...delimiters, ' ', '\u3000', '"', "'", '五', 'a', '1')
const text = fc.string({ unit, maxLength: 8 })
const table = fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })

test('what is written is read back, by whatever sign a reader ends a line', () => {
  fc.assert(
    fc.property(table, fc.constantFrom(...delimiters), fc.boolean(), (rows, delimiter, bom) => {
      const written = writeCsv(rows, { bom, delimiter })
      const read = (ends?: string[]): string[][] =>
        parse(written, { bom, delimiter, relax_column_count: true, ...(ends ? { record_delimiter: ends } : {}) })
      for (const ends of [undefined, ['\r\n', ...breaks]]) {
        expect(read(ends).map((cells) => cells.map(unmarked))).toEqual(rows.map((cells) => cells.map(unmarked)))
      }
    }),
    { numRuns: 1_000 },
  )
})

test('no cell begins as a formula, and outside quotation marks no line does', () => {
  fc.assert(
    fc.property(table, fc.constantFrom(...delimiters), (rows, delimiter) => {
      const written = writeCsv(rows, { bom: false, delimiter })
      for (const cell of (parse(written, { delimiter, relax_column_count: true }) as string[][]).flat()) {
        expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/)
      }
      const outside = written.replaceAll(/"(?:[^"]|"")*"/g, 'quoted')
      expect(outside.replaceAll('\r\n', '')).not.toMatch(/[\n\v\f\r\u0085\u2028\u2029]/)
      for (const line of outside.split('\r\n')) expect(line).not.toMatch(/^\s*[=+\-@＝＋－＠]/)
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['a lone line feed', '灯坏了\n=1+1', '"灯坏了\n=1+1"'],
  ['a lone carriage return', '灯坏了\r@SUM(A1)', '"灯坏了\r@SUM(A1)"'],
  ['a paragraph sign', 'a\u2029-1', '"a\u2029-1"'],
  ['a formula', '=1+1', "'=1+1"],
  ['a formula behind a blank', ' =1+1', "' =1+1"],
  ['a formula behind a line feed', '\n=1+1', `"'\n=1+1"`],
  ['a number below nothing', -1, '-1'],
  ['plain words', '五里', '五里'],
])('%s', (_, cell, written) => {
  expect(writeCsv([[cell, 'b']], { bom: false })).toBe(`${written},b\r\n`)
})

test('the mark of a text is taken off once, and only where it is one', () => {
  expect(["'=1", "''=1", "'quoted'", "' -1", '-1'].map(unmarked)).toEqual(['=1', "''=1", "'quoted'", ' -1', '-1'])
})
