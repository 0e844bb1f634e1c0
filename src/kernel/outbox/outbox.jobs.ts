import type { JobQueue } from '../jobs/index.ts'
import type { Kernel } from '../kernel.ts'

/** Every night: whom messages went to and what they said, once a week has passed. Delivery itself is `outbox.start`. */
export function outboxQueues(kernel: Pick<Kernel, 'outbox'>): JobQueue[] {
  return [
    {
      name: 'outbox.erase',
      cron: '41 3 * * *',
      handle: async () => {
        await kernel.outbox.erase()
      },
    },
  ]
}
