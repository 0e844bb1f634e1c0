import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { prepareDatabase } from '#app/prepare.ts'
import { startCluster } from '#kernel/embedded/index.ts'

/** What a test file needs to know of the PostgreSQL of the run. */
export interface TestPostgres {
  port: number
  password: string
  /** Database with every migration applied, cloned for each test file. */
  template: string
}

/** The address of a role at a database of the run; every role has the same password there. */
export function testAddress(postgres: TestPostgres, role: string, database: string): string {
  return `postgres://${role}:${postgres.password}@127.0.0.1:${postgres.port}/${database}`
}

/** The four addresses of a database of the run. */
export function testAddresses(postgres: TestPostgres, database: string) {
  return {
    databaseUrl: testAddress(postgres, 'linli_app', database),
    ownerUrl: testAddress(postgres, 'linli_owner', database),
    jobsUrl: testAddress(postgres, 'linli_jobs', database),
    authUrl: testAddress(postgres, 'linli_auth', database),
  }
}

const prefix = 'linli-test-'

/** Starts a PostgreSQL for one run of tests, in a directory of its own that goes with it. Not safe against power cuts: fast. */
export async function startTestPostgres(): Promise<{ postgres: TestPostgres; stop(): Promise<void> }> {
  await sweep()
  const dataDirectory = mkdtempSync(join(tmpdir(), prefix))
  // PostgreSQL runs as another user where the tests run as root, and has to pass through.
  chmodSync(dataDirectory, 0o755)
  writeFileSync(join(dataDirectory, 'run.pid'), String(process.pid))
  const password = 'of-this-run-only'
  const cluster = await startCluster({ dataDirectory, password, durable: false })
  const postgres = { port: cluster.port, password, template: 'linli_template' }
  const stop = async (): Promise<void> => {
    await cluster.stop()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
  try {
    await prepareDatabase(testAddresses(postgres, postgres.template), testAddress(postgres, 'postgres', 'postgres'))
    return { postgres, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Stops and removes what earlier runs left behind because they were killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const directory = join(tmpdir(), name)
    const read = (file: string): number =>
      existsSync(join(directory, file)) ? Number(readFileSync(join(directory, file), 'utf8').split('\n')[0]) : 0
    try {
      const run = read('run.pid')
      if (run === 0 || runs(run)) continue
      const orphan = read('postgres/postmaster.pid')
      if (orphan > 0 && existsSync(`/proc/${orphan}`)) {
        process.kill(orphan, 'SIGQUIT')
        for (let waited = 0; runs(orphan) && waited < 5_000; waited += 50) {
          await new Promise((done) => setTimeout(done, 50))
        }
      }
      rmSync(directory, { recursive: true, force: true })
    } catch {
      // Of another user, or being removed by another run just now.
    }
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Runs statements at a database of the run as its superuser. */
export async function asSuperuser<T>(
  postgres: TestPostgres,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: testAddress(postgres, 'postgres', database) })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
