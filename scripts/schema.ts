// Writes src/kernel/database/schema.ts, the types of every table, from a database with all migrations applied.
// `node scripts/schema.ts`; with `--verify` it only tells whether the file is up to date.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTestPostgres, testAddress } from '../src/testing/postgres.ts'

const target = fileURLToPath(new URL('../src/kernel/database/schema.ts', import.meta.url))
const bin = (name: string): string => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url))

const { postgres, stop } = await startTestPostgres()
const directory = mkdtempSync(join(tmpdir(), 'linli-schema-'))
try {
  const draft = join(directory, 'schema.ts')
  const result = spawnSync(
    bin('kysely-codegen'),
    [
      '--dialect=postgres',
      `--url=${testAddress(postgres, 'postgres', postgres.template)}`,
      `--out-file=${draft}`,
      // Sign-in and the job queue keep their tables to themselves.
      '--exclude-pattern=(auth|pgboss|pg_temp*).*',
      // Rows have the shape of the wire: see the parsers of openDatabase.
      '--date-parser=string',
      '--numeric-parser=string',
      '--type-mapping={"timestamptz":"string","timestamp":"string","int8":"number","interval":"string","time":"string"}',
      '--log-level=error',
    ],
    { encoding: 'utf8' },
  )
  if (result.status !== 0) throw new Error(`kysely-codegen: ${result.stderr || result.stdout}`)
  const text = readFileSync(draft, 'utf8')
  const formatted = execFileSync(bin('biome'), ['format', `--stdin-file-path=${target}`], {
    input: text,
    encoding: 'utf8',
  })
  let present = ''
  try {
    present = readFileSync(target, 'utf8')
  } catch {
    // The first time there is none.
  }
  if (formatted === present) console.log('The types of the tables are up to date.')
  else if (process.argv.includes('--verify')) {
    console.error('src/kernel/database/schema.ts is not what the migrations make: run `node scripts/schema.ts`.')
    process.exitCode = 1
  } else {
    writeFileSync(target, formatted)
    console.log('Wrote src/kernel/database/schema.ts.')
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
  await stop()
}
