import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { SpokenRefusal } from '../config/index.ts'

/** Why a database cannot be prepared, in both languages. */
export class DatabaseRefusal extends SpokenRefusal {}

/** The addresses of one database, one for each role. */
export interface Addresses {
  databaseUrl: string
  ownerUrl: string
  jobsUrl: string
  authUrl: string
}

const migrationsDirectory = fileURLToPath(new URL('../../../migrations', import.meta.url))
const oldestPostgres = 18

/**
 * Makes the roles that are missing (with the passwords their addresses carry) and, given a superuser, the database itself.
 * Roles may sign in, bypass no policy, make nothing and own nothing, except the owner, who owns the database.
 * Repeatable; a role whose password has changed gets the new one where that is allowed.
 * @param superuserUrl null: the owner's own rights must do
 * @throws DatabaseRefusal with the statements to run by hand, when the rights do not reach
 */
export async function provision(addresses: Addresses, superuserUrl: string | null): Promise<void> {
  const owner = credentials(addresses.ownerUrl)
  const others = [addresses.databaseUrl, addresses.jobsUrl, addresses.authUrl].map(credentials)
  await using connection = await connect(superuserUrl ?? addresses.ownerUrl)
  const { client } = connection
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int / 10000 as version",
  )
  const version = rows[0]?.version ?? 0
  if (version < oldestPostgres) {
    throw new DatabaseRefusal({
      zh: `数据库是 PostgreSQL ${version}，邻里要 ${oldestPostgres} 或更新的。`,
      en: `The database is PostgreSQL ${version}; Linli needs ${oldestPostgres} or newer.`,
    })
  }
  const statements: string[] = []
  for (const { user, password } of superuserUrl ? [owner, ...others] : others) {
    const name = client.escapeIdentifier(user)
    const { rows: found } = await client.query<{ dangerous: boolean }>(
      'select rolsuper or rolbypassrls as dangerous from pg_roles where rolname = $1',
      [user],
    )
    const login = password === '' ? '' : ` password ${client.escapeLiteral(password)}`
    if (!found[0]) {
      statements.push(`create role ${name} login nosuperuser nocreatedb nocreaterole noinherit nobypassrls${login}`)
    } else if (found[0].dangerous && user !== owner.user) {
      throw new DatabaseRefusal({
        zh: `数据库用户 ${user} 能绕过行级权限（superuser 或 bypassrls），不可用来服务：请另建用户。`,
        en: `The database user ${user} passes by row-level security (superuser or bypassrls) and must not serve: make another.`,
      })
    } else if (superuserUrl) statements.push(`alter role ${name}${login || ' login'}`)
  }
  await runOrTell(client, statements)
  if (superuserUrl) {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [owner.database])
    const name = client.escapeIdentifier(owner.database)
    if (!rowCount) await client.query(`create database ${name} owner ${client.escapeIdentifier(owner.user)}`)
  }
  await using own = await connect(addresses.ownerUrl)
  const database = client.escapeIdentifier(owner.database)
  const roles = others.map(({ user }) => client.escapeIdentifier(user)).join(', ')
  await runOrTell(own.client, [
    `revoke all on database ${database} from public`,
    `grant connect on database ${database} to ${roles}`,
  ])
}

/** Any two processes that prepare a database wait for each other on this number. */
const preparing = 7_421_161
const patienceMilliseconds = 300_000

/**
 * Does the work alone: of several processes that find a database not ready, one makes it so and the others wait.
 * @param onWaiting called once where another process is at it
 * @throws DatabaseRefusal where the other is not done after five minutes
 */
export async function preparedAlone<T>(
  addresses: Addresses,
  superuserUrl: string | null,
  work: () => Promise<T>,
  options: { onWaiting?: () => void; milliseconds?: number } = {},
): Promise<T> {
  // With a superuser the database itself may still have to be made: the lock then lies in the one that is always there.
  await using connection = await connect(superuserUrl ?? addresses.ownerUrl)
  const { client } = connection
  const until = performance.now() + (options.milliseconds ?? patienceMilliseconds)
  for (let round = 0; ; round += 1) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [preparing])
    // Awaited here: the lock goes with the connection.
    if (rows[0]?.taken) return await work()
    if (round === 0) options.onWaiting?.()
    if (performance.now() > until) {
      const held = await client.query<{ pid: number; name: string }>(
        `select l.pid, coalesce(a.application_name, '') as name from pg_locks l join pg_stat_activity a using (pid)
         where l.locktype = 'advisory' and l.objid = $1 and l.granted and l.database = (select oid from pg_database where datname = current_database())`,
        [preparing],
      )
      const who = held.rows.map(({ pid, name }) => `${pid} (${name})`).join(', ')
      throw new DatabaseRefusal({
        zh: `另一个进程正在准备这个数据库，等了很久还没有好。占着它的数据库连接：${who}。没有动数据库。`,
        en: `Another process is preparing this database and has not come to its end. It is held by the connection ${who}. The database was left as it is.`,
      })
    }
    await sleep(100)
  }
}

/**
 * Brings the schema up to date: every file of migrations/ that has not run, in order, each in a transaction of its own.
 * Two processes at once wait for each other.
 * @param until the last that is to run; all where it is not given
 * @returns the names of those that ran
 * @throws DatabaseRefusal when the database has run migrations this program does not know, or one fails
 */
export async function migrate(ownerUrl: string, directory = migrationsDirectory, until?: string): Promise<string[]> {
  const known = knownMigrations(directory)
  await using connection = await connect(ownerUrl)
  const { client } = connection
  const run = await alreadyRun(client)
  const newer = run.filter((name) => !known.includes(name))
  if (newer.length > 0) {
    throw new DatabaseRefusal({
      zh: `数据库比程序新：它有本程序不认识的 ${newer.at(-1)}。请用新一些的程序，没有动数据库。`,
      en: `The database is newer than the program: it has ${newer.at(-1)}, unknown to this program. Use a newer program; the database was left as it is.`,
    })
  }
  const wanted = known.filter((name) => (until === undefined || name <= until) && !run.includes(name))
  if (wanted.length === 0) return []
  const { runner } = await import('node-pg-migrate')
  const notes: string[] = []
  const note = (text: string): void => void notes.push(text)
  try {
    const applied = await runner({
      dbClient: client,
      dir: directory,
      direction: 'up',
      count: wanted.length,
      migrationsTable: 'migration',
      singleTransaction: false,
      advisoryLockMode: 'wait',
      logger: { debug: () => undefined, info: () => undefined, warn: note, error: note },
    })
    return applied.map(({ name }) => name)
  } catch (error) {
    // The runner leaves the failed transaction open.
    await client.query('rollback').catch(() => undefined)
    const done = await alreadyRun(client).catch(() => run)
    const failed = known.find((name) => !done.includes(name)) ?? ''
    const reason = (error as Error).message
    throw new DatabaseRefusal({
      zh: `升级 ${failed} 没有成功，它的改动已全部退回：${reason}`,
      en: `Migration ${failed} failed and was rolled back whole: ${reason}`,
    })
  }
}

/** The names of the migrations that come with this program, in their order. */
export function knownMigrations(directory = migrationsDirectory): string[] {
  return readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .map((name) => name.replace(/\.(sql|js)$/, ''))
    .sort()
}

async function alreadyRun(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>("select to_regclass('public.migration') is not null as there")
  if (!rows[0]?.there) return []
  const names = await client.query<{ name: string }>('select name from public.migration order by run_on, id')
  return names.rows.map(({ name }) => name)
}

/** Who signs in with an address, and to what. */
export function credentials(url: string): { user: string; password: string; database: string } {
  const { username, password, pathname } = new URL(url)
  return {
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  }
}

/** One connection, let go with the block that uses it. @throws DatabaseRefusal where the database cannot be reached */
export async function connect(
  url: string,
  name = 'linli migrate',
): Promise<{ client: pg.Client; [Symbol.asyncDispose](): Promise<void> }> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: name,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    const { hostname, port, pathname, username } = new URL(url)
    const place = `${hostname}:${port || 5432}${pathname}`
    throw new DatabaseRefusal({
      zh: `以 ${username} 连不上数据库 ${place}：${(error as Error).message}`,
      en: `The database ${place} cannot be reached as ${username}: ${(error as Error).message}`,
    })
  }
  return { client, [Symbol.asyncDispose]: () => client.end() }
}

async function runOrTell(client: pg.Client, statements: string[]): Promise<void> {
  try {
    for (const statement of statements) await client.query(statement)
  } catch (error) {
    if ((error as pg.DatabaseError).code !== '42501') throw error
    const shown = statements.map((statement) => `${statement.replace(/ password '.*'$/, " password '…'")};`).join('\n')
    throw new DatabaseRefusal({
      zh: `数据库的主人没有权限做这些，请管理员执行一次：\n${shown}`,
      en: `The owner of the database may not do this; let its administrator run it once:\n${shown}`,
    })
  }
}
