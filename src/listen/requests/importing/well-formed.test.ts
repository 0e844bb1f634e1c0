import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type WellFormed, wellFormed } from './well-formed.ts'

async function* piecesOf(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function read(text: string, size = 7, delimiter = ',', longest = 1_000) {
  const rows: WellFormed[] = []
  const source = wellFormed(piecesOf(text, size), delimiter, longest)
  for (;;) {
    const next = await source.next()
    if (next.done) return { rows, before: next.value }
    rows.push(next.value)
  }
}

test('whatever was written by a program is read as it was, in pieces of any size', async () => {
  const cell = fc
    .string({ unit: fc.constantFrom(...'五里,;"\n\r a'), maxLength: 6 })
    .filter((text) => text.trim() !== '')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom(',', ';'),
      fc.constantFrom('\n' as const, '\r\n' as const),
      fc.boolean(),
      async (table, size, delimiter, lineEnd, ended) => {
        const written = stringify(table, { delimiter, record_delimiter: lineEnd, quoted_match: /[\r\n]/ })
        const { rows, before } = await read(ended ? written : written.slice(0, -lineEnd.length), size, delimiter)
        expect(before).toBeNull()
        expect(rows.map(({ cells }) => cells)).toEqual(table)
        let line = 1
        for (const row of rows) {
          expect(row.line).toBe(line)
          line += 1 + row.cells.join('').split('\n').length - 1
        }
      },
    ),
    { numRuns: 300 },
  )
})

test.each([
  ['a mark inside a bare cell', 'a,b\nc"d,e\nf,g\n', 1, 1],
  ['words behind a closed mark', 'a,b\n"c"d,e\n', 1, 1],
  ['a mark that is never closed', 'a,b\n"c\nd",e\nf,"g\nh,i\n', 2, 3],
  ['lines that end with a carriage return alone', 'a,b\rc,d\r', 0, 0],
])('%s is left to the parser that forgives more', async (_, text, rows, before) => {
  const found = await read(text)
  expect(found.rows).toHaveLength(rows)
  expect(found.before).toBe(before)
})

test('a record beyond the bound is not waited for', async () => {
  let given = 0
  async function* endless(): AsyncGenerator<string> {
    for (; given < 1_000; given += 1) yield given === 0 ? '"' : 'x'.repeat(100)
  }
  const source = wellFormed(endless(), ',', 1_000)
  expect(await source.next()).toEqual({ done: true, value: 0 })
  expect(given).toBeLessThan(20)
})
