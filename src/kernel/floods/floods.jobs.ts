import type { JobQueue } from '../jobs/index.ts'
import type { Kernel } from '../kernel.ts'
import { sweepFloods } from './load.ts'

/** Every ten minutes: counts and used proofs that have run out. */
export function floodsQueues(kernel: Pick<Kernel, 'jobsDatabase'>): JobQueue[] {
  return [{ name: 'floods.sweep', cron: '*/10 * * * *', handle: () => sweepFloods(kernel.jobsDatabase.sql) }]
}
