import type { JobQueue } from '../jobs/index.ts'
import type { Kernel } from '../kernel.ts'

/** Every hour on the hour: the state of the register is signed and published. */
export function ledgerQueues(kernel: Pick<Kernel, 'publishing' | 'clock'>): JobQueue[] {
  return [
    {
      name: 'ledger.checkpoint',
      cron: '0 * * * *',
      handle: async () => {
        await kernel.publishing.publish(kernel.clock.now())
      },
    },
  ]
}
