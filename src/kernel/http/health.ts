// For whoever watches the process from outside: does it live, can it serve. No internals are shown.
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { knownMigrations } from '../database/migrate.ts'
import { noRoom } from '../disk/index.ts'
import type { Kernel } from '../kernel.ts'
import { Refusal } from './refusal.ts'

const hidden = { schema: { hide: true } as object, logLevel: 'silent' as const }

/**
 * `/healthz`: the process answers. `/readyz`: the database answers in time, is not being restored into, has run every migration this
 * program knows, its clock and ours are less than a day apart, and the data directory, and S3 where files are kept there, take a file;
 * otherwise 503 with a problem document that says which of these.
 */
export function addHealth(app: FastifyInstance, kernel: Kernel): void {
  const known = knownMigrations()
  let kept: { until: number; refusal: Promise<Refusal | null> } | null = null
  // A database that is away at the start is told of elsewhere.
  app.addHook('onListen', () => warnOfClocks(kernel).catch(() => undefined))
  app.get('/healthz', hidden, async (_request, reply) =>
    reply.header('Cache-Control', 'no-store').send({ status: 'alive' }),
  )
  app.get('/readyz', hidden, async (_request, reply) => {
    const asked = stateOf(kernel)
    // One that hangs does not refuse: whoever watches must hear of it in time.
    const answer = await Promise.race([asked, sleep(patience, null, { ref: false })])
    if (answer === null) {
      asked.catch(() => undefined)
      throw new Refusal(503, 'database-away', 'http.database-away')
    }
    if (answer.restoring) throw new Refusal(503, 'restoring', 'http.restoring')
    const run = new Set(answer.run)
    if (known.some((name) => !run.has(name))) throw new Refusal(503, 'not-migrated', 'http.not-migrated')
    // Further apart, the database takes no act for one of the present (`is_present`).
    if (answer.apart > day) throw new Refusal(503, 'clocks-apart', 'http.clocks-apart')
    await tryDisk(kernel.config.dataDirectory)
    if (kept === null || performance.now() >= kept.until)
      kept = { until: performance.now() + keptMilliseconds, refusal: storeRefusal(kernel) }
    const refusal = await kept.refusal
    if (refusal) throw refusal
    return reply.header('Cache-Control', 'no-store').send({ status: 'ready' })
  })
}

interface State {
  readonly restoring: boolean
  readonly run: readonly string[]
  /** Milliseconds between the clock of the database and that of the program; none in a demonstration, which lives at other times. */
  readonly apart: number
}

/** Asked apart: a database that is being restored into may not have come to its migrations. */
async function stateOf({ database: { pool }, clock }: Pick<Kernel, 'database' | 'clock'>): Promise<State> {
  const { rows: marked } = await pool.query<{ restoring: boolean }>(
    "select to_regclass('public.restoring') is not null as restoring",
  )
  if (marked[0]?.restoring) return { restoring: true, run: [], apart: 0 }
  const { rows } = await pool.query<{ run: string[]; here: number | null }>(
    `select migrations_run() as run,
       case when clock_is_real() then extract(epoch from clock_timestamp())::float8 * 1000 end as here`,
  )
  const { run, here } = rows[0] ?? { run: [], here: null }
  return { restoring: false, run, apart: here === null ? 0 : Math.abs(here - clock.now().getTime()) }
}

/** Tells whoever reads the log, at the start, that one of the two clocks is wrong. */
export async function warnOfClocks(kernel: Pick<Kernel, 'database' | 'clock' | 'log'>): Promise<void> {
  const { apart } = await stateOf(kernel)
  if (apart > minute) kernel.log.warn({ seconds: Math.round(apart / 1_000) }, 'the clock of the database is another')
}

const minute = 60_000
const day = 86_400_000
/** The store is written to no more often, however many ask. Counted by a clock that nobody sets. */
const keptMilliseconds = 5_000

/** What would refuse a file now. */
function storeRefusal({ files }: Kernel): Promise<Refusal | null> {
  return Promise.race([
    files.refusal(),
    sleep(patience, new Refusal(503, 'files-away', 'files.store.away'), { ref: false }),
  ])
}

/** Milliseconds that the database, and S3, may take to say that they are there. */
const patience = 5_000

async function tryDisk(directory: string): Promise<void> {
  const file = join(directory, `.readyz-${randomUUID()}`)
  try {
    await writeFile(file, 'linli')
  } catch (error) {
    throw noRoom.includes((error as NodeJS.ErrnoException).code ?? '')
      ? new Refusal(503, 'disk-full', 'http.disk-full')
      : new Refusal(503, 'disk-unwritable', 'http.disk-unwritable')
  } finally {
    await rm(file, { force: true }).catch(() => undefined)
  }
}
