// The table of docs/faults.md: one row for each fault of bench/faults.json, with every figure as it was found.
import type { Told } from './fault.ts'

/** The order of the columns. */
export const heading = ['Fault', 'What is done', 'What held', 'Works again after', 'Took']

/** `{"read 200":16}` is read as `read 200 × 16`. */
function said(value: string | number | boolean): string {
  const text = String(value)
  if (!text.startsWith('{')) return text
  return Object.entries(JSON.parse(text) as Record<string, number>)
    .map(([name, times]) => `${name} × ${times}`)
    .join(', ')
}

const cell = (text: string) => text.replaceAll('|', '/').replace(/\s+/g, ' ').replaceAll('*', '').trim()

/** The rows, each as its cells. */
export function rowsOf(all: readonly Told[]): string[][] {
  return all.map(({ fault, what, held, limits, secondsUntilAgain, seconds, ok }) => [
    `\`${fault}\``,
    cell(what),
    cell(
      [
        ok ? '' : '**does not hold**',
        ...held.map((each) => (each.value === true ? each.what : `${each.what}: ${said(each.value)}`)),
        ...limits.map((each) => `limit: ${each}`),
      ]
        .filter(Boolean)
        .join('; '),
    ),
    secondsUntilAgain === null ? '' : `${secondsUntilAgain} s`,
    `${Math.round(seconds)} s`,
  ])
}

/** The same as lines of Markdown, in columns. */
export function tableOf(all: readonly Told[]): string {
  const rows = [heading, ...rowsOf(all)]
  const widths = heading.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)].join('\n')
}

/** Puts the table between its two marks in a document. @throws where the marks are not there */
export function withTable(document: string, all: readonly Told[]): string {
  const marks = /(<!-- figures -->)[\s\S]*?(<!-- end of figures -->)/
  if (!marks.test(document)) throw new Error('the marks of the table are not there')
  return document.replace(marks, (_, before: string, after: string) => `${before}\n\n${tableOf(all)}\n\n${after}`)
}
