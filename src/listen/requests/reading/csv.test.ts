import { parse } from 'csv-parse/sync'
import { beforeAll, expect, test } from 'vitest'
import { registerWords } from '#kernel/words/index.ts'
import { requestsDeskWords } from '../requests.desk.words.ts'
import type { Row } from '../requests.lists.api.ts'
import { requestsCsvWords } from '../words/csv.words.ts'
import { csvOf } from './csv.ts'

beforeAll(() => {
  registerWords(requestsCsvWords)
  registerWords(requestsDeskWords)
})

const row: Row = {
  id: '01900000-0000-7000-8000-000000000000',
  number: '1 000 017',
  title: '=HYPERLINK("http://example.org")',
  state: 'received',
  result: null,
  complaint: false,
  urgency: 'ordinary',
  channel: 'web',
  placeName: '五里, "东"\n苑',
  path: '32/',
  categoryName: '@SUM(A1)',
  holderName: '-1+1',
  filedAt: '2026-11-20T02:00:00.000Z',
  deadline: null,
  meToo: 0,
  returns: 0,
  supervised: false,
  can: [],
  version: 1,
}

test.each(['\n', '\r', '\r\n'])('a text of two lines tears no row (%j)', (lineBreak) => {
  const title = `灯坏了${lineBreak}=1+1`
  // A spreadsheet ends a row at whichever comes.
  const rows = parse(csvOf([{ ...row, title }], 'en'), { bom: true, record_delimiter: ['\r\n', '\n', '\r'] })
  expect(rows).toHaveLength(2)
  expect((rows as string[][])[1]?.[1]).toBe(title)
})

test.each(['zh-CN', 'en'] as const)('no cell begins as a formula, and every cell comes back (%s)', (language) => {
  const text = csvOf([row], language)
  const [header, cells] = parse(text, { bom: true }) as string[][]
  expect(header).toHaveLength(11)
  expect(cells).toHaveLength(11)
  for (const cell of cells ?? []) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
  expect(cells?.[6]).toBe(row.placeName)
  expect(cells?.[1]).toContain('HYPERLINK')
})
