// `npm test`: everything that has to hold before a change goes in. Each step says its name, its outcome and its time; a
// step that fails does not keep the others from running. At the end stands what did not run, what failed and where, how long
// it took, and as the last line `N passed, N failed`.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildDesk } from '../src/app/commands/desk-build.ts'
import { browserAdvice, findOrInstallBrowser } from './browser.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = mkdtempSync(join(tmpdir(), 'linli-test-reports-'))
// Also where it is broken off.
process.on('exit', () => rmSync(reports, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

let passed = 0
let failed = 0
const notRun: string[] = []
const triedAgain: string[] = []
const failures: string[] = []
const brokenSteps: string[] = []
const begun = performance.now()
const secondsSince = (start: number): string => ((performance.now() - start) / 1000).toFixed(1)

/** Runs a program of the house. Where `heard` is given, what it writes goes there instead of to the terminal. */
function run(command: string, args: string[], heard?: Buffer[]): Promise<number> {
  return new Promise((resolve) => {
    const program = command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', command)
    const child = spawn(program, args, { cwd: root, stdio: heard ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
    child.stdout?.on('data', (chunk: Buffer) => heard?.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => heard?.push(chunk))
    child.once('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`)
      resolve(1)
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
}

async function step(name: string, work: () => Promise<boolean>): Promise<boolean> {
  process.stdout.write(`\n== ${name}\n`)
  const start = performance.now()
  return ended(name, await work(), start)
}

function ended(name: string, good: boolean, start: number): boolean {
  process.stdout.write(`== ${name}: ${good ? 'good' : 'NOT GOOD'}, ${secondsSince(start)} s\n`)
  if (!good) brokenSteps.push(name)
  return good
}

/** A step of programs that others run beside: what they write stands together under its name, once all have ended. */
async function stepBeside(name: string, ...programs: readonly (readonly [command: string, ...args: string[]])[]) {
  const start = performance.now()
  const heard: Buffer[] = []
  const codes: number[] = []
  for (const [command, ...args] of programs) codes.push(await run(command, args, heard))
  process.stdout.write(`\n== ${name}\n${Buffer.concat(heard).toString()}`)
  const good = codes.every((code) => code === 0)
  ended(name, good, start)
}

/** Notes a test that failed, with the first line of why. */
function failedIn(path: string, name: string, message = ''): void {
  failures.push(`${relative(root, path)}: ${name}\n    ${message.split('\n', 1)[0]?.slice(0, 200)}`)
}

async function vitest(...projects: readonly [string, ...string[]]): Promise<boolean> {
  const file = join(reports, `${projects[0]}.json`)
  const again = join(reports, `${projects[0]}.again.json`)
  process.env.LINLI_TRIED_AGAIN = again
  const code = await run('vitest', [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=dot',
    '--reporter=json',
    '--reporter=./scripts/tried-again.ts',
    `--outputFile.json=${file}`,
  ])
  if (!existsSync(file)) return false
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  if (existsSync(again)) triedAgain.push(...(JSON.parse(readFileSync(again, 'utf8')) as string[]))
  passed += report.numPassedTests
  failed += report.numFailedTests
  for (const { name, status, message, assertionResults } of report.testResults) {
    for (const test of assertionResults) {
      if (test.status === 'failed') failedIn(name, test.fullName, test.failureMessages[0])
      else if (test.status !== 'passed') notRun.push(test.fullName)
    }
    // A file that broke before its first test counts as one failure.
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
      failed += 1
      failedIn(name, 'could not be run', message)
    }
  }
  return code === 0
}

// Two at a time, as two cores take them.
const typesAndStyle = stepBeside('types', ['tsc', '-p', 'tsconfig.json'], ['tsc', '-p', 'tsconfig.web.json']).then(() =>
  stepBeside('style', ['biome', 'check', '--error-on-warnings', '.']),
)
const unusedAndTables = stepBeside('unused code', [
  'knip',
  '--no-progress',
  '--include',
  'files,dependencies,unlisted,unresolved',
]).then(() => stepBeside('types of the tables', ['node', 'scripts/schema.ts', '--verify']))
await Promise.all([typesAndStyle, unusedAndTables])
await step('unit tests', () => vitest('unit', 'alone'))
await step('build of the desk', () =>
  buildDesk().then(
    () => true,
    (error: Error) => {
      process.stderr.write(`${error.message}\n`)
      return false
    },
  ),
)
await step('HTTP tests', () => vitest('http'))
await step('the example of CONTRIBUTING', async () => (await run('node', ['scripts/example.ts'])) === 0)
await step('browser tests', async () => {
  const browser = findOrInstallBrowser()
  if (browser) return vitest('browser')
  process.stderr.write(`${browserAdvice}\n`)
  return false
})

process.stdout.write('\n')
const list = (title: string, lines: readonly string[]): void => {
  if (lines.length > 0)
    process.stdout.write(`${title}, ${lines.length}:\n${lines.map((line) => `  ${line}\n`).join('')}`)
}
list('Not run here', notRun)
list('Passed only when tried again', triedAgain)
list('Failed', failures)
list('Steps that are not good', brokenSteps)
process.stdout.write(`${secondsSince(begun)} s in all.\n`)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = brokenSteps.length > 0 || failed > 0 ? 1 : 0
