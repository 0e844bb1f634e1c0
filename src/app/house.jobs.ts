// What falls to the house as a whole at night.
import { sql } from 'kysely'
import { importKnownYears } from '#kernel/calendar/index.ts'
import { filesQueues } from '#kernel/files/files.jobs.ts'
import { floodsQueues } from '#kernel/floods/floods.jobs.ts'
import type { JobQueue } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { limitsQueues } from '#kernel/limits/limits.jobs.ts'
import { outboxQueues } from '#kernel/outbox/outbox.jobs.ts'

/** Queues of the kernel's rooms, and what none of them does by itself. */
export function houseJobs(kernel: Kernel): JobQueue[] {
  return [
    ...filesQueues(kernel),
    ...floodsQueues(kernel),
    ...limitsQueues(kernel),
    ...outboxQueues(kernel),
    {
      name: 'house.sessions',
      cron: '25 3 * * *',
      handle: async () => {
        await kernel.sessions.prune()
      },
    },
    {
      name: 'house.calendar',
      cron: '35 3 * * *',
      handle: async () => {
        await importKnownYears(kernel.jobsDatabase.sql)
      },
    },
    {
      name: 'house.idempotency',
      cron: '40 3 * * *',
      handle: async () => {
        await sql`delete from idempotency where at < now() - interval '3 days'`.execute(kernel.jobsDatabase.sql)
      },
    },
  ]
}
