// The real server on a test database: started as the program starts it, listening, with a clock that tests move.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll } from 'vitest'
import { allJobs } from '#app/rooms.ts'
import { type RunningServer, startServer } from '#app/server.ts'
import { type Called, createClient } from '#kernel/client/index.ts'
import { type SettableClock, settableClock } from '#kernel/clock/index.ts'
import type { Config } from '#kernel/config/index.ts'
import type { Answer, Endpoint } from '#kernel/http/index.ts'
import { sequence } from '#kernel/ledger/index.ts'
import { forgetSurroundings } from '#listen/requests/reading/surroundings.ts'
import type { TestDatabase } from './database.ts'

export type { Called } from '#kernel/client/index.ts'

/** How a test calls the server. */
export interface Asking {
  /** The cookie of a session. */
  readonly as?: string | null
  /** The clear token of a secret link. */
  readonly link?: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: unknown
  /** The version that was seen. */
  readonly version?: number
  readonly key?: string
  readonly language?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestServer extends RunningServer {
  readonly clock: SettableClock
  readonly database: TestDatabase
  /** Looks past every policy. */
  readonly superuser: pg.Pool
  /** Asks an endpoint over the wire. */
  call<E extends Pick<Endpoint, 'method' | 'url'>>(
    endpoint: E,
    asking?: Asking,
  ): Promise<Called<E extends Endpoint ? Answer<E> : unknown>>
  /** Any request, as it is. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Does the jobs that are due by the clock, and those that they cause. Returns the names of the queues worked. */
  workJobs(): Promise<string[]>
  /** Places what waits into the chain of the ledger. */
  order(): Promise<void>
  /** One value of one row, as superuser. */
  one<T>(text: string, values?: unknown[]): Promise<T>
}

/**
 * Starts the server on a free port and stops it after the last test of the file. Jobs and the order of the ledger are driven by
 * hand (`workJobs`, `order`), so that nothing happens between two lines of a test.
 */
export async function testServer(
  database: TestDatabase,
  changes: Partial<Config> = {},
  start: Date = new Date(),
): Promise<TestServer> {
  // What was kept for the seconds after another file of this process is of another database.
  forgetSurroundings()
  const dataDirectory = mkdtempSync(join(tmpdir(), 'linli-server-'))
  const clock = settableClock(start)
  const config: Config = {
    port: 0,
    host: '127.0.0.1',
    publicUrl: 'http://127.0.0.1:3230',
    dataDirectory,
    embedded: false,
    databaseUrl: database.databaseUrl,
    ownerUrl: database.ownerUrl,
    jobsUrl: database.jobsUrl,
    authUrl: database.authUrl,
    connections: 8,
    replicaUrl: null,
    replicaLag: 10,
    // On loopback the messages of a demonstration can be read, so that a test finds the code and the link that were sent.
    demonstration: true,
    loopback: true,
    trustedProxies: [],
    secret: Buffer.alloc(32, 11),
    files: null,
    sms: null,
    oidc: null,
    smtp: null,
    mailbox: null,
    push: { loopback: true },
    openDataLicence: { name: 'CC-BY-4.0' },
    contact: 'developers@linli.example',
    witnesses: [],
    metricsToken: null,
    logLevel: 'silent',
    limitFactor: 1_000,
    ...changes,
  }
  const server = await startServer(config, { clock, works: false }).catch((error: unknown) => {
    rmSync(dataDirectory, { recursive: true, force: true })
    throw error
  })
  const superuser = new pg.Pool({ connectionString: database.superuserUrl, max: 2 })
  superuser.on('error', () => undefined)
  afterAll(async () => {
    await server.stop()
    await superuser.end()
    rmSync(dataDirectory, { recursive: true, force: true })
  })
  // No key of its own: whether a call carries one is for the test to say.
  const client = createClient({ base: server.address, newKey: () => null })
  const jobs = new Map(allJobs(server.kernel).map((queue) => [queue.name, queue]))

  return {
    ...server,
    clock,
    database,
    superuser,
    async call(endpoint, asking = {}) {
      const { as, link, language, headers, body, ...others } = asking
      const input = typeof body === 'string' ? { ...others, text: body } : { ...others, body }
      return (await client.ask(endpoint, input as never, {
        ...(as ? { Cookie: as } : {}),
        ...(link ? { 'Linli-Link': link } : {}),
        ...(language ? { 'Accept-Language': language } : {}),
        ...headers,
      })) as never
    },
    fetch: (path, init) => fetch(`${server.address}${path}`, { redirect: 'manual', ...init }),
    async workJobs() {
      const worked: string[] = []
      for (let round = 0; round < 50; round += 1) {
        const { rows } = await superuser.query<{ id: string; name: string; data: Record<string, string> | null }>(
          "select id, name, data from pgboss.job where state in ('created', 'retry') and start_after <= greatest($1, now()) order by start_after, created_on, id",
          [clock.now()],
        )
        const known = rows.filter((row) => jobs.has(row.name))
        if (known.length === 0) break
        for (const { id, name, data } of known) {
          await jobs.get(name)?.handle(data ?? {}, { id, retryCount: 0 })
          await superuser.query("update pgboss.job set state = 'completed', completed_on = now() where id = $1", [id])
          worked.push(name)
        }
      }
      return worked
    },
    async order() {
      while ((await sequence(server.kernel.jobsDatabase)) > 0);
    },
    async one<T>(text: string, values: unknown[] = []) {
      const { rows } = await superuser.query({ text, values, rowMode: 'array' })
      return (rows[0] as unknown[] | undefined)?.[0] as T
    },
  }
}
