// How often suggestions that the desk does not offer would have been right: on the matters of the demonstration, which are invented, and
// whose categories whoever invented them gave.
import { readPack } from '#app/demonstration/pack.ts'
import { type CategoryNamed, type Labelled, learn, leastOffered, Suggester } from '#listen/suggestions/index.ts'
import { note, tell } from './figures.ts'

const folds = 10
/** Scores between which it is asked how often a suggestion was right. */
const bands = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 1.01]

/** One suggestion as the desk would get it. */
interface Each {
  readonly row: number
  readonly score: number
  /** Whether a word led there. */
  readonly led: boolean
  readonly right: boolean
}

export function offeredSuggestions(): void {
  const pack = readPack()
  const categories: CategoryNamed[] = pack.categories.map(({ code, names }) => {
    const [level1 = '', level2 = '', level3 = ''] = names.map(([name]) => name)
    return { key: code, level1, level2, level3 }
  })
  const level1 = new Map(categories.map((one) => [one.key, one.level1]))
  const rows: Labelled[] = pack.requests.flatMap(({ title, text, category }) => {
    const level = category ? level1.get(category) : undefined
    return category && level ? [{ title: title ?? '', body: text, level1: level, key: category }] : []
  })
  const ask = (suggester: Suggester, row: number, apart: 'level1' | 'category'): Each[] =>
    suggester.suggest(rows[row] as Labelled, apart).map(({ category, score, because }) => ({
      row,
      score,
      led: because.length > 0,
      right: categories[category]?.key === rows[row]?.key,
    }))

  const untaught = new Suggester(categories)
  const byNames = [...rows.keys()].flatMap((row) => ask(untaught, row, 'level1'))
  const texts = rows.map(({ title, body }) => ({ title, body }))
  const taught = Array.from({ length: folds }, (_, out) => {
    const rest = rows.filter((_row, at) => at % folds !== out)
    const suggester = new Suggester(categories, learn(categories, rest, texts)?.learned)
    return [...rows.keys()].filter((at) => at % folds === out).flatMap((row) => ask(suggester, row, 'category'))
  }).flat()
  report('names', rows.length, byNames)
  report('learned', rows.length, taught)
}

function report(what: string, texts: number, all: readonly Each[]): void {
  for (const [at, least] of bands.slice(0, -1).entries()) {
    const below = bands[at + 1] ?? 1
    const band = all.filter(({ score }) => score >= least && score < below)
    const unled = band.filter(({ led }) => !led)
    note(`suggest.offered: ${what}, ${least} to ${below}: ${said(band)}; of these without a word ${said(unled)}`)
  }
  const offered = all.filter(({ score, led }) => score >= leastOffered && led)
  const left = all.filter((one) => !offered.includes(one))
  note(`suggest.offered: ${what}, left out ${said(left)}, offered ${said(offered)}`)
  tell(`suggest.offered.${what}.left-out.right`, left.filter(({ right }) => right).length / left.length, 'share')
  tell(`suggest.offered.${what}.right`, offered.filter(({ right }) => right).length / offered.length, 'share')
  const served = new Set(offered.map(({ row }) => row)).size
  tell(`suggest.offered.${what}.nothing`, 1 - served / texts, 'share')
}

const said = (some: readonly Each[]): string => `${some.filter(({ right }) => right).length} of ${some.length} right`
