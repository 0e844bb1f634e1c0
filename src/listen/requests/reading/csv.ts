// A list for a spreadsheet. Cells that a spreadsheet would run as formulas are escaped.
import { writeCsv } from '#kernel/csv/index.ts'
import { exactTime, type Language, t } from '#kernel/words/index.ts'
import type { Row } from '../requests.lists.api.ts'

const columns = [
  'number',
  'title',
  'state',
  'result',
  'urgency',
  'channel',
  'place',
  'category',
  'holder',
  'filed',
  'due',
] as const

/** An empty cell would say that nothing was said: what a resident judged is kept from whoever handled it, and the cell says so. */
function resultOf(row: Row, say: (key: string) => string): string {
  if (row.result) return say(`requests.closing.${row.result}`)
  return row.state === 'closed' ? say('requests.csv.withheld') : ''
}

/** Rows as CSV (RFC 4180) with a header in the reader's language and a byte order mark, which spreadsheets in China need. */
export function csvOf(rows: readonly Row[], language: Language): string {
  const say = t(language)
  const cells = rows.map((row) => [
    row.number,
    row.title,
    say(`requests.state.${row.state}`),
    resultOf(row, say),
    say(`requests.urgency.${row.urgency}`),
    say(`requests.channel.${row.channel}`),
    row.placeName,
    row.categoryName ?? '',
    row.holderName ?? '',
    exactTime(row.filedAt, language),
    row.deadline ? exactTime(row.deadline.at, language) : '',
  ])
  const header = columns.map((column) => say(`requests.csv.${column}`))
  return writeCsv([header, ...cells], { bom: true })
}
