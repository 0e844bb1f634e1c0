// `npm test`: everything that has to hold before a change goes in. Each step says its name, its outcome and its time; a
// step that fails does not keep the others from running. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { browserAdvice, findOrInstallBrowser } from './browser.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = mkdtempSync(join(tmpdir(), 'linli-test-reports-'))
// Also where it is broken off.
process.on('exit', () => rmSync(reports, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[]
}

let passed = 0
let failed = 0
const notRun: string[] = []
const brokenSteps: string[] = []

function run(command: string, args: string[], environment: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const program = command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', command)
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
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
  const good = await work()
  process.stdout.write(
    `== ${name}: ${good ? 'good' : 'NOT GOOD'}, ${((performance.now() - start) / 1000).toFixed(1)} s\n`,
  )
  if (!good) brokenSteps.push(name)
  return good
}

async function vitest(project: string): Promise<boolean> {
  const file = join(reports, `${project}.json`)
  const code = await run('vitest', [
    'run',
    '--project',
    project,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  if (!existsSync(file)) return false
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  passed += report.numPassedTests
  failed += report.numFailedTests
  for (const { name, status, assertionResults } of report.testResults) {
    for (const test of assertionResults) {
      if (['pending', 'skipped', 'todo', 'disabled'].includes(test.status)) notRun.push(test.fullName)
    }
    // A file that broke before its first test counts as one failure.
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
      failed += 1
      process.stderr.write(`${name} could not be run.\n`)
    }
  }
  return code === 0
}

await step('types', async () => {
  const server = await run('tsc', ['-p', 'tsconfig.json'])
  const web = await run('tsc', ['-p', 'tsconfig.web.json'])
  return server === 0 && web === 0
})
await step('style', async () => (await run('biome', ['check', '--error-on-warnings', '.'])) === 0)
await step(
  'unused code',
  async () => (await run('knip', ['--no-progress', '--include', 'files,dependencies,unlisted,unresolved'])) === 0,
)
await step('types of the tables', async () => (await run('node', ['scripts/schema.ts', '--verify'])) === 0)
await step('unit tests', () => vitest('unit'))
await step('HTTP tests', () => vitest('http'))
await step('the example of CONTRIBUTING', async () => (await run('node', ['scripts/example.ts'])) === 0)
await step('build of the desk', async () => (await run('vite', ['build', '--logLevel', 'warn'])) === 0)
await step('browser tests', async () => {
  const browser = findOrInstallBrowser()
  if (browser) return vitest('browser')
  process.stderr.write(`${browserAdvice}\n`)
  return false
})

process.stdout.write('\n')
if (notRun.length > 0)
  process.stdout.write(`Not run here, ${notRun.length}:\n${notRun.map((name) => `  ${name}\n`).join('')}`)
if (brokenSteps.length > 0) process.stdout.write(`Steps that are not good: ${brokenSteps.join(', ')}.\n`)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = brokenSteps.length > 0 || failed > 0 ? 1 : 0
