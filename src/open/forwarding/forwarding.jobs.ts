import type { JobQueue } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { hearForwarded } from './forwarding.hearing.ts'
import { forgetForwarded } from './forwarding.sending.store.ts'
import { sendForwarded } from './forwarding.sending.ts'

const day = 86_400_000
const keptSteps = 30 * day
/** Longer than any window that is asked for. */
const keptNews = 400 * day

/** Sends on and listens every minute; at night what is over is forgotten. */
export function forwardingJobs(kernel: Kernel): JobQueue[] {
  return [
    { name: 'forwarding.send', cron: '* * * * *', handle: () => sendForwarded(kernel) },
    { name: 'forwarding.hear', cron: '* * * * *', handle: () => hearForwarded(kernel) },
    {
      name: 'forwarding.sweep',
      cron: '47 3 * * *',
      handle: () => {
        const now = kernel.clock.now().getTime()
        return forgetForwarded(kernel.jobsDatabase.sql, new Date(now - keptSteps), new Date(now - keptNews))
      },
    },
  ]
}
