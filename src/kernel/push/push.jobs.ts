import type { JobQueue } from '../jobs/index.ts'
import type { Kernel } from '../kernel.ts'
import { forgetOldDevices } from './push.store.ts'

const year = 365 * 86_400_000

/** Every night: devices whose sign-in or link has ended, and those that have not been seen for a year. */
export function pushQueues(kernel: Pick<Kernel, 'jobsDatabase' | 'clock'>): JobQueue[] {
  return [
    {
      name: 'push.sweep',
      cron: '44 3 * * *',
      handle: async () => {
        const now = kernel.clock.now()
        await forgetOldDevices(kernel.jobsDatabase.sql, now, new Date(now.getTime() - year))
      },
    },
  ]
}
