import { dropOldDailyKeys } from '../encryption/index.ts'
import type { JobQueue } from '../jobs/index.ts'
import type { Kernel } from '../kernel.ts'
import { sweepLimits } from './limits.ts'

/** Every ten minutes what has run out; just after midnight the key under which yesterday's callers were hashed. */
export function limitsQueues(kernel: Pick<Kernel, 'jobsDatabase'>): JobQueue[] {
  return [
    {
      name: 'limits.sweep',
      cron: '*/10 * * * *',
      handle: async () => {
        await sweepLimits(kernel.jobsDatabase.sql)
      },
    },
    {
      name: 'limits.daily-key',
      cron: '0 0 * * *',
      handle: async () => {
        await dropOldDailyKeys(kernel.jobsDatabase.sql)
      },
    },
  ]
}
