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
 * `/healthz`: the process answers. `/readyz`: the database answers in time, has run every migration this program knows, and the
 * data directory, and S3 where files are kept there, take a file; otherwise 503 with a problem document that says which of these.
 */
export function addHealth(app: FastifyInstance, kernel: Kernel): void {
  const known = knownMigrations()
  app.get('/healthz', hidden, async (_request, reply) =>
    reply.header('Cache-Control', 'no-store').send({ status: 'alive' }),
  )
  app.get('/readyz', hidden, async (_request, reply) => {
    const asked = kernel.database.pool.query<{ run: string[] }>('select migrations_run() as run')
    // One that hangs does not refuse: whoever watches must hear of it in time.
    const answer = await Promise.race([asked, sleep(patience, null, { ref: false })])
    if (answer === null) {
      asked.catch(() => undefined)
      throw new Refusal(503, 'database-away', 'http.database-away')
    }
    const run = new Set(answer.rows[0]?.run)
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
