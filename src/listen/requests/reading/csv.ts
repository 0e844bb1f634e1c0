// A list for a spreadsheet. Cells that a spreadsheet would run as formulas are escaped.
import { stringify } from 'csv-stringify/sync'
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

/** Rows as CSV (RFC 4180) with a header in the reader's language and a byte order mark, which spreadsheets in China need. */
export function csvOf(rows: readonly Row[], language: Language): string {
  const say = t(language)
  const cells = rows.map((row) => [
    row.number,
    row.title,
    say(`requests.state.${row.state}`),
    row.result ? say(`requests.closing.${row.result}`) : '',
    say(`requests.urgency.${row.urgency}`),
    say(`requests.channel.${row.channel}`),
    row.placeName,
    row.categoryName ?? '',
    row.holderName ?? '',
    exactTime(row.filedAt, language),
    row.deadline ? exactTime(row.deadline.at, language) : '',
  ])
  const header = columns.map((column) => say(`requests.csv.${column}`))
  return stringify([header, ...cells], { bom: true, escape_formulas: true, record_delimiter: '\r\n' })
}
