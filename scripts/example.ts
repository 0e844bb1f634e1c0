// Follows the example of CONTRIBUTING.md to the letter, in a copy of the house: what the guide tells newcomers to write must be
// right by its types and its style, run, and pass the house's own tests. A block that names a file is that file; one marked
// `add to` is put into a file that exists, its imports at the top and the rest behind the line that stands below.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Behind which line of a file its new lines are put. */
const behind: Readonly<Record<string, string>> = {
  'package.json': '  "imports": {',
  'src/app/rooms.ts': '  signInRoutes(app, kernel)',
  'src/app/home/place.ts': "  { text: say('home.follow'), href: '/follow', kind: 'plain' },",
  'src/app/desk/router.tsx': '  shell.addChildren([',
  'src/app/desk/rail.tsx': "      <h2>{t('desk.rail.place')}</h2>",
  'src/app/desk/language.ts': '        ...deskWords[language],',
  'src/app/refusals.table.ts': 'export const table: readonly TableRow[] = [',
  'src/app/literals.http.test.ts': 'const declared: Readonly<Record<string, readonly string[]>> = {',
}

function added(path: string, text: string, block: string): string {
  const anchor = behind[path]
  const lines = text.split('\n')
  const at = anchor === undefined ? -1 : lines.indexOf(anchor)
  if (at < 0)
    throw new Error(`CONTRIBUTING.md adds to ${path}, where scripts/example.ts knows no line to put it behind.`)
  const isImport = (line: string) => line.startsWith('import ')
  const rest = block.split('\n').filter((line) => !isImport(line))
  lines.splice(at + 1, 0, ...rest)
  const first = lines.findIndex(isImport)
  lines.splice(Math.max(first, 0), 0, ...block.split('\n').filter(isImport))
  return lines.join('\n')
}

const blocks = [
  ...readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(
    /^```\w+ (add to )?(\S+\/\S+|package\.json)\n([\s\S]*?)^```$/gm,
  ),
].map(([, add, path = '', text = '']) => ({ add: add !== undefined, path, text }))

const copy = mkdtempSync(join(tmpdir(), 'linli-example-'))
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))

async function run(command: string, ...args: string[]): Promise<void> {
  const program = command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', command)
  const child = spawn(program, args, { cwd: copy, stdio: 'inherit' })
  const status = await new Promise((resolve) => child.once('error', () => resolve(1)).once('close', resolve))
  if (status !== 0) {
    process.stderr.write(`The example of CONTRIBUTING.md does not hold: ${command} ${args.join(' ')}\n`)
    process.exit(1)
  }
}

const left = ['node_modules', 'dist', 'data', '.git', '.test'].map((name) => join(root, name))
cpSync(root, copy, { recursive: true, filter: (source) => !left.includes(source) })
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
for (const { add, path, text } of blocks) {
  const file = join(copy, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, add ? added(path, readFileSync(file, 'utf8'), text.trimEnd()) : text)
}
const files = blocks.filter(({ add, path }) => !add && /\.tsx?$/.test(path)).map(({ path }) => path)
if (files.length < 10) throw new Error(`Only ${files.length} files of the example were found in CONTRIBUTING.md.`)

// The refusals of the house's own endpoints are asked in the house; here those of the new room.
const urls = blocks.flatMap(({ text }) => [...text.matchAll(/^ {2}url: '(\/api\/\w+)/gm)].map(([, url]) => url))
if (urls.length === 0) throw new Error('The example of CONTRIBUTING.md has no endpoint.')
const asked = `^(?!(GET|POST|PUT|PATCH|DELETE) (?!(${[...new Set(urls)].join('|')})\\b)/)`

await run('node', 'scripts/schema.ts')
await run('node', 'scripts/privacy.ts')
await Promise.all([
  run('tsc', '-p', 'tsconfig.json'),
  run('tsc', '-p', 'tsconfig.web.json'),
  run('biome', 'check', '--error-on-warnings', '--vcs-enabled=false', ...files),
])
await run(
  'vitest',
  'run',
  '--reporter=dot',
  '--testNamePattern',
  asked,
  '--project',
  'unit',
  '--project',
  'http',
  'src/imports.test.ts',
  'src/kernel/words',
  'src/kernel/privacy',
  'src/kernel/archive/declaring.test.ts',
  'src/act/',
  'src/app/literals.http.test.ts',
  'src/app/refusals.http.test.ts',
)
