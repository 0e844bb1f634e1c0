// The plans of what is asked, as the application asked it: every question over HTTP through the real server, with PostgreSQL writing
// down what it did. Nothing is asked here that the product does not ask.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { data, port, requests, wanted } from '../context.ts'
import { note } from '../figures.ts'
import { type Running, start } from '../program.ts'
import { asSuperuser } from './bulk.ts'
import type { Question } from './questions.ts'
import { ask } from './reading.ts'

const folder = fileURLToPath(new URL('../plans/', import.meta.url))
/** Statements quicker than this say nothing that is worth reading. */
const milliseconds = 1
/** Lines of one plan that are kept. */
const mostLines = 90

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

/** Asks every question twice, and keeps the plans of the second time: bench/plans. */
export async function keepPlans(questions: Readonly<Record<string, readonly Question[]>>): Promise<void> {
  await tellRole((name, value) => `alter role linli_app set ${name} = '${value}'`)
  const running = await start(data, { port, empty: true })
  try {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const lines: string[] = []
    for (const [name, asked] of Object.entries(questions)) {
      if (!wanted(`plans.${name}`)) continue
      const found = await explained(running, asked[0] as Question)
      const [worst] = found
      lines.push(
        `${name.padEnd(36)} ${String(found.length).padStart(10)} ${sum(found.map((each) => each.milliseconds))
          .toFixed(1)
          .padStart(8)} ${String(sum(found.map(({ pages }) => pages))).padStart(8)}`,
      )
      if (worst && (worst.milliseconds > 5 || worst.pages > 500))
        writeFileSync(join(folder, `${name}.txt`), printed(name, asked[0] as Question, found))
    }
    writeFileSync(
      join(folder, 'all.txt'),
      `Statements of the application that took ${milliseconds} ms or more for each question, beside ${requests} requests: how many, their\nmilliseconds (with every node of the plan timed), and pages of 8 kB looked at. What looked at many has its plan beside this file.\n\n${'question'.padEnd(36)} ${'statements'.padStart(10)} ${'ms'.padStart(8)} ${'pages'.padStart(8)}\n${lines.join('\n')}\n`,
    )
    note(`plans of ${lines.length} questions in bench/plans`)
  } finally {
    await running.stop()
    await tellRole((name) => `alter role linli_app reset ${name}`)
  }
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

function printed(name: string, { method, path, body }: Question, found: readonly Explained[]): string {
  const shown = found.slice(0, 3).map(({ milliseconds: took, pages, statement, plan }) => {
    const kept = plan.filter((line) => !/^\s+(Planning|Worker)/.test(line))
    const rest = kept.length - mostLines
    return `${took.toFixed(1)} ms, ${pages} pages\n\n${statement.trim().slice(0, 1_500)}\n\n${kept.slice(0, mostLines).join('\n')}${rest > 0 ? `\n… ${rest} more lines` : ''}\n`
  })
  return `${name}: ${method} ${path.replace(/^\/r\/.*/, '/r/…')}${body ? ` ${JSON.stringify(body)}` : ''}, beside ${requests} requests, as the application\n\n${shown.join(`\n${'-'.repeat(100)}\n\n`)}`
}
