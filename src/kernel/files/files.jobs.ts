import type { JobQueue } from '../jobs/index.ts'
import type { Kernel } from '../kernel.ts'

/** Every hour: what forms no longer hold, and bytes that never belonged to anything. */
export function filesQueues(kernel: Pick<Kernel, 'files' | 'jobsDatabase' | 'clock'>): JobQueue[] {
  return [
    {
      name: 'files.sweep',
      cron: '17 * * * *',
      handle: async () => {
        await kernel.files.sweep(kernel.jobsDatabase.sql, kernel.clock.now())
      },
    },
  ]
}
