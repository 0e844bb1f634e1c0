// For whoever watches the process from outside: does it live, can it serve. No internals are shown.
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { knownMigrations } from '../database/migrate.ts'
import type { Kernel } from '../kernel.ts'
import { Refusal } from './refusal.ts'

const hidden = { schema: { hide: true } as object, logLevel: 'silent' as const }

/**
 * `/healthz`: the process answers. `/readyz`: the database answers in time, is not being restored into, has run every migration this
 * program knows, and the data directory, and S3 where files are kept there, take a file; otherwise 503 with a problem document that says which of these.
 */
export function addHealth(app: FastifyInstance, kernel: Kernel): void {
  const known = knownMigrations()
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
    await tryDisk(kernel.config.dataDirectory)
    const refusal = await Promise.race([
      kernel.files.refusal(),
      sleep(patience, new Refusal(503, 'files-away', 'files.store.away'), { ref: false }),
    ])
    if (refusal) throw refusal
    return reply.header('Cache-Control', 'no-store').send({ status: 'ready' })
  })
}

/** Asked apart: a database that is being restored into may not have come to its migrations. */
async function stateOf({ database: { pool } }: Kernel): Promise<{ restoring: boolean; run: readonly string[] }> {
  const { rows: marked } = await pool.query<{ restoring: boolean }>(
    "select to_regclass('public.restoring') is not null as restoring",
  )
  if (marked[0]?.restoring) return { restoring: true, run: [] }
  const { rows } = await pool.query<{ run: string[] }>('select migrations_run() as run')
  return { restoring: false, run: rows[0]?.run ?? [] }
}

/** Milliseconds that the database, and S3, may take to say that they are there. */
const patience = 5_000

async function tryDisk(directory: string): Promise<void> {
  const file = join(directory, `.readyz-${randomUUID()}`)
  try {
    await writeFile(file, 'linli')
  } catch (error) {
    const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
    throw full
      ? new Refusal(503, 'disk-full', 'http.disk-full')
      : new Refusal(503, 'disk-unwritable', 'http.disk-unwritable')
  } finally {
    await rm(file, { force: true }).catch(() => undefined)
  }
}
