// The figures of a province as a table of the docs: a line for each, a column for each size that was measured.
import type { Figure } from '../figures.ts'

/** Every figure that has a target, or is asked for by its beginning. */
const shown = [
  'start.',
  'import.places',
  'search.places.p95',
  'page.',
  'alone.words.',
  'alone.counts.',
  'alone.home.',
  'alone.figures.',
  'rollup.',
  'grid.',
  'intake.',
  'night.',
  'memory.',
  'database.bytes',
  'load.requests',
]
/** What is told beside these, and would make the table twice as long. */
const leftOut = /processor-time|\.p50$|\.processor|\.longest$/

/** Markdown, as it stands in docs/performance.md. */
export function table(figures: readonly Figure[]): string {
  const sizes = [...new Set(figures.flatMap(({ rows }) => rows ?? []))].sort((one, other) => one - other)
  const names = [...new Set(figures.map(({ figure }) => figure))].filter(
    (name) => shown.some((beginning) => name.startsWith(beginning)) && !leftOut.test(name),
  )
  const lines = names.map((name) => {
    const measured = figures.filter(({ figure }) => figure === name)
    const last = measured.at(-1) as Figure
    const values = sizes.map((size) => {
      const found = measured.find(({ rows }) => rows === size)
      return found ? `${found.value} ${found.unit}${missedBy(found)}` : ''
    })
    const target = last.target === null ? '' : `${last.good} ${last.target}`
    // What plain SQL does in the middle stands beside the middle of ours.
    const limit = last.limit ?? figures.findLast(({ figure }) => figure === name.replace(/p95$/, 'p50'))?.limit
    return [`\`${name}\``, ...values, target, limit ? `${limit}` : '']
  })
  const rows = [['Figure', ...sizes.map((size) => size.toLocaleString('en')), 'Target', 'Plain SQL'], ...lines]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n')
}

const missedBy = ({ value, target, good }: Figure): string =>
  target !== null && (good === 'at most' ? value > target : value < target) ? ' (missed)' : ''
