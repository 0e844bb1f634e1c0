import type { JobQueue } from '../jobs/index.ts'
import type { Kernel } from '../kernel.ts'
import { sweepUses } from './keys.store.ts'

/** Every night: what keys were used for, thirty days later. */
export function keysQueues(kernel: Pick<Kernel, 'jobsDatabase' | 'clock'>): JobQueue[] {
  return [
    {
      name: 'keys.uses',
      cron: '45 3 * * *',
      handle: async () => {
        await sweepUses(kernel.jobsDatabase.sql, kernel.clock.now())
      },
    },
  ]
}
