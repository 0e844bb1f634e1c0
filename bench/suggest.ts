// How often suggested categories are right on messages that were not learned from, and what one suggestion costs. Needs the labelled
// messages (LINLI_TEST_MESSAGES, or the folder beside the repository): they are people's own words, are read in place, and stay there.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from '#kernel/decoding/index.ts'
import { readTexts } from '#listen/requests/index.ts'
import {
  type CategoryNamed,
  type Heard,
  type Labelled,
  labelFinder,
  learn,
  Suggester,
} from '#listen/suggestions/index.ts'
import { readCategories } from '#organise/settings/index.ts'
import { note, percentile, tell } from './figures.ts'
import { seeded } from './invented.ts'

const folder = process.env.LINLI_TEST_MESSAGES ?? join(import.meta.dirname, '..', '..', 'shared', 'data', 'messages')
const official = join(import.meta.dirname, '..', 'packs', 'categories', 'official.csv')
const folds = 10
const rounds = 5

/** Whether the three suggestions for a text had the right first level at first, and among them. */
interface Outcome {
  readonly first: boolean
  readonly three: boolean
}

export async function suggestions(): Promise<void> {
  if (!existsSync(join(folder, 'labelled.ndjson'))) {
    note(`suggest: left out, there is no labelled.ndjson in ${folder}`)
    return
  }
  const categories: CategoryNamed[] = readCategories(textOf(readFileSync(official))).rows.map(
    ({ level1, level2, level3 }) => ({ key: `${level1}/${level2}/${level3}`, level1, level2, level3 }),
  )
  const find = labelFinder(categories)
  const labelled: Labelled[] = (await textsIn('labelled.ndjson')).flatMap(({ title, body, category }) => {
    const label = find(category ?? '')
    return label ? [{ title, body, level1: label.level1, key: null }] : []
  })
  const unlabelled: Heard[] = [...(await textsIn('messages.ndjson')), ...(await textsIn('answered.ndjson'))]
  note(`suggest: ${labelled.length} labelled rows, ${unlabelled.length} others, ${rounds} × ${folds} folds`)

  // By the names alone, as on an empty installation: nothing is counted, nothing is fitted to these rows but one constant of the scores.
  const untaught = new Suggester(categories)
  report('names', [labelled.map((row) => outcome(untaught, categories, row))], { first: 0.8, three: 0.96 })

  const taught: Outcome[][] = []
  const guesses: { score: number; right: boolean }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const part = cut(labelled, round + 1)
    const outcomes: Outcome[] = []
    for (let out = 0; out < folds; out += 1) {
      const rest = labelled.filter((_, row) => part[row] !== out)
      const tested = labelled.filter((_, row) => part[row] === out)
      // Of what is tested only the words are counted, as the command does with the file it is given; what people made of it is unknown.
      const texts = [...unlabelled, ...tested.map(({ title, body }) => ({ title, body }))]
      const suggester = new Suggester(categories, learn(categories, rest, texts)?.learned)
      for (const row of tested) {
        outcomes.push(outcome(suggester, categories, row))
        const [first] = suggester.suggest(row)
        if (first) guesses.push({ score: first.score, right: categories[first.category]?.level1 === row.level1 })
      }
    }
    taught.push(outcomes)
    note(`suggest: round ${round + 1} of ${rounds}`)
  }
  report('learned', taught, { first: 0.88, three: 0.99 })
  tell('suggest.learned.calibration', calibration(guesses), 'share')
  cost(categories, labelled, unlabelled)
}

async function textsIn(name: string) {
  return (await readTexts(join(folder, name))).rows
}

function outcome(suggester: Suggester, categories: readonly CategoryNamed[], row: Labelled): Outcome {
  const levels = suggester.suggest(row).map(({ category }) => categories[category]?.level1)
  return { first: levels[0] === row.level1, three: levels.includes(row.level1) }
}

/** Cuts the rows into folds, each with its share of every first level. Copies of one text stay together. */
function cut(labelled: readonly Labelled[], seed: number): number[] {
  const random = seeded(seed)
  const part: number[] = []
  let next = 0
  for (const rows of Map.groupBy(labelled.keys(), (row) => labelled[row]?.level1).values()) {
    const copies = [...Map.groupBy(rows, (row) => labelled[row]?.body).values()]
    const drawn = copies.map((own) => ({ own, lot: random() })).sort((a, b) => a.lot - b.lot)
    for (const { own } of drawn) {
      for (const row of own) part[row] = next % folds
      next += 1
    }
  }
  return part
}

/** Shares right over all rounds. The standard error is that of so many rows; repeating the folds makes no more of them. */
function report(what: string, rounds: readonly (readonly Outcome[])[], least: { first: number; three: number }): void {
  for (const which of ['first', 'three'] as const) {
    const shares = rounds.map((rows) => rows.filter((row) => row[which]).length / rows.length)
    const share = shares.reduce((sum, one) => sum + one, 0) / shares.length
    tell(`suggest.${what}.${which}`, share, 'share', { atLeast: least[which] })
    tell(`suggest.${what}.${which}.error`, Math.sqrt((share * (1 - share)) / (rounds[0]?.length ?? 1)), 'share')
    if (shares.length > 1) tell(`suggest.${what}.${which}.worst-round`, Math.min(...shares), 'share')
  }
}

/** By how much the score of the first suggestion differs from the share that was right, on average over ten groups by score. */
function calibration(guesses: readonly { score: number; right: boolean }[]): number {
  const sorted = [...guesses].sort((a, b) => a.score - b.score)
  const size = Math.ceil(sorted.length / 10)
  let sum = 0
  for (let from = 0; from < sorted.length; from += size) {
    const group = sorted.slice(from, from + size)
    const said = group.reduce((total, { score }) => total + score, 0) / group.length
    const was = group.filter(({ right }) => right).length / group.length
    sum += (Math.abs(said - was) * group.length) / sorted.length
  }
  return sum
}

/** So often each text is asked about, for a time that can be measured. */
const tries = 5

/** Processor time for one text, with a model of these messages, and to learn it: not the clock, which others on the machine hold up. */
function cost(categories: readonly CategoryNamed[], labelled: readonly Labelled[], texts: readonly Heard[]): void {
  const before = process.cpuUsage()
  const lesson = learn(categories, labelled, texts)
  tell('suggest.learning.processor-time', since(before) / 1_000_000, 's')
  const begun = process.cpuUsage()
  const suggester = new Suggester(categories, lesson?.learned)
  tell('suggest.making-ready.processor-time', since(begun) / 1_000, 'ms')
  const samples = labelled.map((row) => {
    const start = process.cpuUsage()
    for (let turn = 0; turn < tries; turn += 1) suggester.suggest(row)
    return since(start) / 1_000 / tries
  })
  tell('suggest.one-text.processor-time.p50', percentile(samples, 0.5), 'ms')
  tell('suggest.one-text.processor-time.p95', percentile(samples, 0.95), 'ms')
}

/** Microseconds of this process. */
function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return user + system
}
