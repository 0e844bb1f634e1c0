// The database: one pool for each role, rows shaped as they go over the wire, and transactions on one connection.
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresIntrospector,
  type PostgresPool,
  type PostgresPoolClient,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import pg from 'pg'
import type { DB } from './schema.ts'

export type { DB } from './schema.ts'

/** What a transaction's SQL is written with. */
export type Sql = Kysely<DB>

/** A pool of connections of one role, and queries outside any transaction. */
export interface Database {
  readonly pool: pg.Pool
  readonly sql: Sql
  /** Every transaction that somebody enters says that it only reads. */
  readonly readOnly: boolean
  close(): Promise<void>
}

const builtins = pg.types.builtins

/** timestamptz as ISO 8601 in UTC, date as it stands, bigint as a number where it is exact: a row has the shape of the wire. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === builtins.TIMESTAMPTZ) return (text: string) => timestampToIso(text)
      if (oid === builtins.DATE || oid === builtins.INTERVAL || oid === builtins.TIME) return (text: string) => text
      if (oid === builtins.INT8) return (text: string) => exactNumber(text)
    }
    return pg.types.getTypeParser(oid, format as 'text')
  }) as typeof pg.types.getTypeParser,
}

function timestampToIso(text: string): string {
  if (text === 'infinity' || text === '-infinity') return text
  return new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString()
}

function exactNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint beyond 2^53')
  return value
}

/**
 * Opens a pool. Nothing is connected before the first query.
 * @param options.connections at most so many at once
 * @param options.statementSeconds a statement longer than this is ended by PostgreSQL (0: never)
 * @param options.silentSeconds a connection that owes an answer and has been silent for so long is thrown away; as a rule a little
 * after PostgreSQL would have ended the statement itself
 * @param options.readOnly for a replica: what is entered here says that it only reads
 * @param options.keepsPlans statements outside transactions are prepared once for each connection too
 */
export function openDatabase(
  url: string,
  options: {
    connections?: number
    statementSeconds?: number
    silentSeconds?: number
    name?: string
    keepsPlans?: boolean
    readOnly?: boolean
  } = {},
): Database {
  const statementSeconds = options.statementSeconds ?? 15
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    types,
    application_name: options.name ?? 'linli',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementSeconds * 1_000,
    idle_in_transaction_session_timeout: 60_000,
    pipeline: true,
  } as pg.PoolConfig)
  // A connection that dies while idle must not end the process; the next query says so to its caller.
  pool.on('error', () => undefined)
  // Nor one that dies while it is lent out and between two statements: then the pool does not listen, and nobody else would.
  pool.on('connect', (client) => client.on('error', () => undefined))
  endSilent(pool, options.silentSeconds ?? (statementSeconds > 0 ? statementSeconds + 5 : 0))
  const sql = new Kysely<DB>({ dialect: new PostgresDialect({ pool: options.keepsPlans ? keepingPlans(pool) : pool }) })
  return { pool, sql, readOnly: options.readOnly ?? false, close: () => pool.end() }
}

/** A connection was cut because it owed an answer: whether what was asked has been done, nobody knows. */
export class DatabaseSilent extends Error {
  readonly code = 'ETIMEDOUT'

  constructor() {
    super('the database did not answer in time')
    this.name = 'DatabaseSilent'
  }
}

/**
 * A database that hangs refuses nothing and would hold whoever asks for ever. A connection of the pool that owes an answer and has
 * said nothing for so long is cut: its callers are told (DatabaseSilent), and the pool makes another.
 * @param seconds 0: never
 */
export function endSilent(pool: pg.Pool, seconds: number): void {
  if (seconds <= 0) return
  pool.on('connect', (client) => {
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
    // The socket's own clock begins anew with every byte, and costs a statement nothing of its own.
    stream.setTimeout(seconds * 1_000, () => {
      const { readyForQuery } = client as unknown as { readyForQuery: boolean }
      if (!readyForQuery) stream.destroy(new DatabaseSilent())
    })
  })
}

/**
 * What is asked of this connection until the end of this turn leaves in one packet: each packet of its own costs both sides a call of
 * the operating system, which is more than a small statement costs by itself.
 */
export function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection
  if (gathering.has(stream)) return
  gathering.add(stream)
  stream.cork()
  setImmediate(() => {
    gathering.delete(stream)
    stream.uncork()
  })
}

/** Connections whose packet of this turn has not left yet. */
const gathering = new WeakSet<Duplex>()

/** Statements are named once per text, so that PostgreSQL parses and plans the frequent ones once per connection. */
const names = new Map<string, string>()
const mostNames = 400

/** The name under which a statement's plan is kept, or undefined once so many texts were seen that naming would only fill memory. */
export function statementName(text: string): string | undefined {
  const known = names.get(text)
  if (known) return known
  if (names.size >= mostNames) return undefined
  const name = `s${names.size}`
  names.set(text, name)
  return name
}

/** The pool with every statement named: what is asked at each request would else be parsed and planned at each request. */
function keepingPlans(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect()
      return {
        query: named(client) as unknown as PostgresPoolClient['query'],
        release: () => client.release(),
      }
    },
    end: () => pool.end(),
  }
}

const named = (client: pg.PoolClient) => (text: string, values: readonly unknown[]) =>
  client.query({ name: statementName(text), text, values: values as unknown[] })

class ClientConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient
  constructor(client: pg.PoolClient) {
    this.#client = client
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // A page asks several things at once.
    sendTogether(this.#client)
    const result = await this.#client.query({
      name: statementName(query.sql),
      text: query.sql,
      values: query.parameters as unknown[],
    })
    return {
      rows: result.rows as R[],
      numAffectedRows: result.rowCount === null ? undefined : BigInt(result.rowCount),
    }
  }
  // biome-ignore lint/correctness/useYield: what is long is read page by page; nothing streams within a transaction
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('a transaction does not stream: read page by page')
  }
}

class ClientDriver implements Driver {
  readonly #connection: ClientConnection
  constructor(client: pg.PoolClient) {
    this.#connection = new ClientConnection(client)
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }
  async beginTransaction(): Promise<void> {
    throw new Error('already in a transaction')
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

/** Kysely upon one connection whose transaction somebody else begins and ends. */
export function sqlOn(client: pg.PoolClient): Sql {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new ClientDriver(client),
    createIntrospector: (sql) => new PostgresIntrospector(sql),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  return new Kysely<DB>({ dialect })
}

/**
 * Ends a transaction for good.
 * @throws where PostgreSQL took it back instead, since a statement of it had failed and nobody told
 */
export async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit')
  if (command !== 'COMMIT') throw new Error('a transaction in which a statement had failed was taken back')
}

/**
 * One transaction of the owner's or the jobs' role, which no session enters.
 * @throws whatever the work throws, after rollback
 */
export async function transaction<T>(
  database: Database,
  work: (sql: Sql, client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const answer = await work(sqlOn(client), client)
    await commit(client)
    return answer
  } catch (error) {
    await client.query('rollback').catch((reason: Error) => {
      broken = reason
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** The SQLSTATE of a PostgreSQL error, or null. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null
}

const noConnection = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT'])

/**
 * Whether the database is away, or is starting, stopping or full of others, and nobody who asked is at fault: by its own codes (PostgreSQL
 * manual, appendix A: classes 08 and 57P, 53300), by those of the system, or by what a connection says that was cut.
 */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  // A socket that is not there any more is a missing file too.
  if (code !== undefined)
    return /^(08...|57P..|53300)$/.test(code) || noConnection.has(code) || (code === 'ENOENT' && syscall === 'connect')
  return /timeout exceeded when trying to connect|Connection terminated|not queryable/.test(error.message)
}

/** The constraint that a PostgreSQL error names, or null. */
export function violatedConstraint(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.constraint ?? null) : null
}

/** Whether PostgreSQL can read and not write: its disk is full, or it is a standby. */
export function isUnwritable(error: unknown): boolean {
  return ['53100', '25006'].includes(sqlState(error) ?? '')
}

/**
 * What PostgreSQL says where a file or an index of its own is damaged (XX001, XX002): the file or the index, and no value of a row.
 * Null for any other error.
 */
export function damageOf(error: unknown): string | null {
  return ['XX001', 'XX002'].includes(sqlState(error) ?? '') ? (error as Error).message : null
}

/** The table or index that a told damage lies in, by name; null where the sentence names no file or the file is unknown. */
export async function damagedRelation(database: Database, damage: string): Promise<string | null> {
  const file = /base\/\d+\/(\d+)/.exec(damage)?.[1]
  if (!file) return /index "([^"]+)"/.exec(damage)?.[1] ?? null
  const { rows } = await database.pool.query<{ name: string | null }>(
    'select pg_filenode_relation(0, $1::oid)::regclass::text as name',
    [file],
  )
  return rows[0]?.name ?? null
}
