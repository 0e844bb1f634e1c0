// The parts of a place as a table for a spreadsheet: counts alone, so that whoever reckons with them reckons with the raw ones.
import { writeCsv } from '#kernel/csv/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { counts, type Figures } from './figures.api.ts'

/** A row for each part, with a header in the reader's language. What residents said is empty where it may not be told. */
export function csvOfFigures({ parts, from, until }: Figures, language: Language): string {
  const say = t(language)
  const cells = parts.map(({ place, figure }) => [
    place?.name ?? say('figures.csv.itself'),
    from,
    until,
    ...counts.map((count) => figure[count]),
    figure.overdue,
    figure.verdicts?.judged ?? '',
    figure.verdicts?.solved ?? '',
    figure.verdicts?.partly ?? '',
    figure.verdicts?.not ?? '',
  ])
  const columns = ['place', 'from', 'until', ...counts, 'overdue', 'judged', 'solved', 'partly', 'not']
  const header = columns.map((column) => say(`figures.csv.${column}`))
  return writeCsv([header, ...cells], { bom: true })
}
