// The house's own nightly sweeps: what has served its purpose goes.
import { sql } from 'kysely'
import { importKnownYears } from '#kernel/calendar/index.ts'
import { dropOldDailyKeys } from '#kernel/encryption/index.ts'
import { sweepFloods } from '#kernel/floods/index.ts'
import type { JobQueue } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { sweepLimits } from '#kernel/limits/index.ts'

export function houseJobs(kernel: Kernel): JobQueue[] {
  const { jobsDatabase } = kernel
  return [
    {
      name: 'house.files',
      cron: '15 * * * *',
      handle: () => kernel.files.sweep(jobsDatabase.sql, kernel.clock.now()).then(() => undefined),
    },
    { name: 'house.limits', cron: '5 * * * *', handle: () => sweepLimits(jobsDatabase.sql).then(() => undefined) },
    { name: 'house.floods', cron: '6 * * * *', handle: () => sweepFloods(jobsDatabase.sql).then(() => undefined) },
    {
      name: 'house.daily-keys',
      cron: '1 0 * * *',
      handle: () => dropOldDailyKeys(jobsDatabase.sql).then(() => undefined),
    },
    { name: 'house.outbox', cron: '20 3 * * *', handle: () => kernel.outbox.erase().then(() => undefined) },
    { name: 'house.sessions', cron: '25 3 * * *', handle: () => kernel.sessions.prune().then(() => undefined) },
    {
      name: 'house.calendar',
      cron: '35 3 * * *',
      handle: () => importKnownYears(jobsDatabase.sql).then(() => undefined),
    },
    {
      name: 'house.idempotency',
      cron: '40 3 * * *',
      handle: async () => {
        await sql`delete from idempotency where at < now() - interval '3 days'`.execute(jobsDatabase.sql)
      },
    },
  ]
}
