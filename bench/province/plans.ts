// The plans of what is asked, as the application asked it: every question over HTTP through the real server, with PostgreSQL writing
// down what it did. Nothing is asked here that the product does not ask.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { data, port, requests, root, wanted } from '../context.ts'
import { note } from '../figures.ts'
import { type Running, start } from '../program.ts'
import { asSuperuser } from './bulk.ts'
import { ask, type Question } from './questions.ts'

/** What each question costs, and the plans of those that look at most. */
const file = fileURLToPath(new URL('../plans-province.txt', import.meta.url))
/** Every plan whole, beside the data. */
const folder = join(root, 'plans')
/** Statements quicker than this say nothing that is worth reading. */
const milliseconds = 1
/** Questions whose plan is kept beside the figures, and lines of each plan there. */
const most = { questions: 15, lines: 45 }

const settings = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': `${milliseconds}ms`,
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_parameter_max_length': '0',
}

interface Explained {
  readonly milliseconds: number
  /** Pages of eight kilobytes that the statement looked at, from memory or from the disk. */
  readonly pages: number
  readonly statement: string
  readonly plan: readonly string[]
}

/** Asks every question twice, and keeps the plans of the second time. */
export async function keepPlans(questions: Readonly<Record<string, readonly Question[]>>): Promise<void> {
  await tellRole((name, value) => `alter role linli_app set ${name} = '${value}'`)
  const running = await start(data, { port, empty: true })
  try {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const told: Told[] = []
    for (const [name, [question]] of Object.entries(questions)) {
      if (!question || !wanted(`plans.${name}`)) continue
      const found = await explained(running, question)
      told.push({ name, question, found, pages: sum(found.map(({ pages }) => pages)) })
      writeFileSync(join(folder, `${name}.txt`), printed(name, question, found))
    }
    writeFileSync(file, summary(told))
    note(`plans of ${told.length} questions in ${file}`)
  } finally {
    await running.stop()
    await tellRole((name) => `alter role linli_app reset ${name}`)
  }
}

interface Told {
  readonly name: string
  readonly question: Question
  readonly found: readonly Explained[]
  readonly pages: number
}

/** A line for each question, and below them the costliest statement of those that looked at most. */
function summary(told: readonly Told[]): string {
  const lines = told.map(
    ({ name, found, pages }) =>
      `${name.padEnd(36)} ${String(found.length).padStart(10)} ${sum(found.map((each) => each.milliseconds))
        .toFixed(1)
        .padStart(8)} ${String(pages).padStart(8)}`,
  )
  const plans = [...told]
    .sort((one, other) => other.pages - one.pages)
    .slice(0, most.questions)
    .map(({ name, question, found }) => printed(name, question, found.slice(0, 1), most.lines))
  return `Statements of the application that took ${milliseconds} ms or more for each question, beside ${requests} requests: how many, their
milliseconds (with every node of the plan timed), and pages of 8 kB looked at. Below are the plans of those that looked at most, without
what was never executed.

${'question'.padEnd(36)} ${'statements'.padStart(10)} ${'ms'.padStart(8)} ${'pages'.padStart(8)}
${lines.join('\n')}

${'='.repeat(100)}

${plans.join(`\n${'='.repeat(100)}\n\n`)}`
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** Settings of the application's role, for the connections that it opens from now on. */
async function tellRole(statement: (name: string, value: string) => string): Promise<void> {
  await asSuperuser(async (client) => {
    for (const [name, value] of Object.entries(settings)) await client.query(statement(name, value))
  })
}

/** What the application asked of the database for one question, the costliest first. */
async function explained(running: Running, question: Question): Promise<Explained[]> {
  const log = join(data, 'postgres.log')
  const written = async () => {
    // Who answers first and writes down afterwards.
    await new Promise((done) => setTimeout(done, 150))
    return statSync(log).size
  }
  await ask(running, question)
  const from = await written()
  await ask(running, question)
  await written()
  const told = readFileSync(log).subarray(from).toString('utf8')
  return told
    .split(/^(?=\S)/m)
    .flatMap((entry): Explained[] => {
      const took = /LOG:\s+duration: ([\d.]+) ms\s+plan:\n/.exec(entry)
      if (!took) return []
      const [statement = '', plan = ''] = split(entry.slice(took.index + took[0].length))
      const [, hit = '0'] = /shared hit=(\d+)/.exec(plan) ?? []
      const [, read = '0'] = /Buffers: shared(?: hit=\d+)? read=(\d+)/.exec(plan) ?? []
      return [{ milliseconds: Number(took[1]), pages: Number(hit) + Number(read), statement, plan: plan.split('\n') }]
    })
    .sort((one, other) => other.pages - one.pages || other.milliseconds - one.milliseconds)
}

/** The statement, and its plan from the first node on. */
function split(told: string): [string, string] {
  const lines = told.split('\n').map((line) => line.replace(/^\t/, ''))
  const first = lines.findIndex((line) => /^\S.*\(cost=/.test(line))
  return [
    lines
      .slice(0, first)
      .join('\n')
      .replace(/^Query Text: /, ''),
    lines.slice(first).join('\n').trimEnd(),
  ]
}

function printed(
  name: string,
  { method, path, body }: Question,
  found: readonly Explained[],
  lines = Number.POSITIVE_INFINITY,
): string {
  const shown = found.map(({ milliseconds: took, pages, statement, plan }) => {
    const kept = lines === Number.POSITIVE_INFINITY ? plan : executed(plan)
    const rest = Math.max(0, kept.length - lines)
    return `${took.toFixed(1)} ms, ${pages} pages\n\n${statement.trim().slice(0, 1_500)}\n\n${kept.slice(0, lines).join('\n')}${rest > 0 ? `\n… ${rest} more lines` : ''}\n`
  })
  return `${name}: ${method} ${path.replace(/^\/r\/.*/, '/r/…')}${body ? ` ${JSON.stringify(body)}` : ''}, beside ${requests} requests, as the application\n\n${shown.join(`\n${'-'.repeat(100)}\n\n`)}`
}

/** A plan without the branches that were never executed, and without who is asking, which every statement looks up. */
function executed(plan: readonly string[]): string[] {
  const depthOf = (line: string) => line.length - line.trimStart().length
  const kept: string[] = []
  let without: number | null = null
  for (const line of plan) {
    if (without !== null && depthOf(line) > without) continue
    without = /\(never executed\)$/.test(line) ? depthOf(line) : null
    if (without === null && !/^\s+(Planning|Worker|Buffers|InitPlan \d+$|->\s+Result {2}\(cost=0\.00)/.test(line))
      kept.push(line)
  }
  return kept
}
