// Tables written for spreadsheets (CSV, RFC 4180): every file of the house that holds cells is written here.
import { stringify } from 'csv-stringify/sync'

/** Every character at which some reader ends a line. One outside quotation marks would tear the row. */
const lineBreak = /[\n\v\f\r\u0085\u2028\u2029]/

/**
 * What a spreadsheet may run as a formula: the signs that begin one, as wide characters too, whatever blanks stand before them; and a
 * tab or a line break at the start, after which some look for one (OWASP, CSV Injection).
 */
const formula = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/
const marked = new RegExp(`^'(?=${formula.source.slice(1)})`)

/** A text that no spreadsheet runs: an apostrophe before what could be a formula marks it as text. */
const formulaSafe = (text: string): string => (formula.test(text) ? `'${text}` : text)

/** What was written in a cell, without the mark of a text that could be a formula. */
export const unmarked = (cell: string): string => cell.replace(marked, '')

/**
 * Rows as CSV. Texts cannot become formulas, and a line break within a cell stays within it; numbers stand as they are.
 * @param options.bom whether a byte order mark is put before them, without which spreadsheets in China misread the words
 */
export function writeCsv(
  rows: readonly (readonly (string | number)[])[],
  options: { readonly bom: boolean; readonly delimiter?: string },
): string {
  return stringify(
    rows.map((cells) => [...cells]),
    {
      ...options,
      cast: { string: formulaSafe },
      quoted_match: lineBreak,
      record_delimiter: '\r\n',
    },
  )
}
