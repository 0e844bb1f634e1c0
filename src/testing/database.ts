import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeEach, inject } from 'vitest'
import { type Database, openDatabase } from '#kernel/database/index.ts'
import { asSuperuser, type TestPostgres, testAddress, testAddresses } from './postgres.ts'

/** A database of one test file. */
export interface TestDatabase {
  /** Addresses by role, as in Config. */
  databaseUrl: string
  ownerUrl: string
  jobsUrl: string
  authUrl: string
  /** Superuser: for setting up and for looking past every policy. */
  superuserUrl: string
  app: Database
  owner: Database
  jobs: Database
  /** Empties every table that is empty after the migrations; seeded tables stay. Runs before each test by itself. */
  empty(): Promise<void>
}

/**
 * Gives a test file a database of its own, cloned from the migrated template (about 0.1 s), emptied before each test and
 * dropped after the last. Call it at the top of the file: `const database = await testDatabase()`.
 * @param options.keep rows stay from test to test
 * @param options.on another PostgreSQL than that of the run
 * @param options.bare no table is there yet, as in a database that its administrator has just made
 */
export async function testDatabase(
  options: { keep?: boolean; on?: TestPostgres; bare?: boolean } = {},
): Promise<TestDatabase> {
  const postgres = options.on ?? inject('postgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  await clone(name)
  const urls = testAddresses(postgres, name)
  const superuserUrl = testAddress(postgres, 'postgres', name)
  const app = openDatabase(urls.databaseUrl)
  const owner = openDatabase(urls.ownerUrl, { connections: 4 })
  const jobs = openDatabase(urls.jobsUrl, { connections: 6 })
  const cleaner = new pg.Client({ connectionString: superuserUrl })
  cleaner.on('error', () => undefined)
  await cleaner.connect()
  // Deletes where something is; triggers and references rest meanwhile, so that append-only tables can be emptied too.
  await cleaner.query('set session_replication_role = replica; set statement_timeout = 20000')
  const empty = await cleanerOf(cleaner)
  const database: TestDatabase = { ...urls, superuserUrl, app, owner, jobs, empty }
  if (!options.keep) beforeEach(empty)
  afterAll(async () => {
    await Promise.all([app.close(), owner.close(), jobs.close(), cleaner.end()])
    await asSuperuser(postgres, 'postgres', (client) => client.query(`drop database if exists ${name} with (force)`))
  })
  return database

  async function clone(target: string): Promise<void> {
    await asSuperuser(postgres, 'postgres', async (client) => {
      const template = options.bare ? 'template0' : postgres.template
      await client.query(`create database ${target} template ${template} owner linli_owner strategy file_copy`)
      await client.query(`revoke all on database ${target} from public`)
      await client.query(`grant connect on database ${target} to linli_app, linli_jobs, linli_auth`)
    })
  }
}

async function cleanerOf(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`)
  const tables: string[] = []
  for (const { name } of rows) {
    const { rowCount } = await client.query(`select from ${name} limit 1`)
    if (rowCount === 0) tables.push(name)
  }
  const { rows: sequences } = await client.query<{ name: string; start: string }>(
    `select format('%I.%I', schemaname, sequencename) as name, start_value as start from pg_sequences
     where last_value is null`,
  )
  const statements = [
    ...tables.map((name) => `if exists (select from ${name}) then delete from ${name}; end if;`),
    ...sequences.map(({ name, start }) => `perform setval('${name}', ${start}, false);`),
  ]
  if (statements.length === 0) return async () => undefined
  await client.query(
    `create function pg_temp.empty_all() returns void language plpgsql as $empty$ begin ${statements.join('\n')} end $empty$`,
  )
  return async () => void (await client.query('select pg_temp.empty_all()'))
}
