// What falls to the house as a whole at night.
import { importKnownYears } from '#kernel/calendar/index.ts'
import { filesQueues } from '#kernel/files/files.jobs.ts'
import { floodsQueues } from '#kernel/floods/floods.jobs.ts'
import { httpQueues } from '#kernel/http/http.jobs.ts'
import type { JobQueue } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { keysQueues } from '#kernel/keys/keys.jobs.ts'
import { ledgerQueues } from '#kernel/ledger/ledger.jobs.ts'
import { limitsQueues } from '#kernel/limits/limits.jobs.ts'
import { outboxQueues } from '#kernel/outbox/outbox.jobs.ts'
import { pushQueues } from '#kernel/push/push.jobs.ts'
import { webhooksQueues } from '#kernel/webhooks/webhooks.jobs.ts'

/** Queues of the kernel's rooms, and what none of them does by itself. */
export function houseJobs(kernel: Kernel): JobQueue[] {
  return [
    ...filesQueues(kernel),
    ...floodsQueues(kernel),
    ...httpQueues(kernel),
    ...keysQueues(kernel),
    ...ledgerQueues(kernel),
    ...limitsQueues(kernel),
    ...outboxQueues(kernel),
    ...pushQueues(kernel),
    ...webhooksQueues(kernel),
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
  ]
}
