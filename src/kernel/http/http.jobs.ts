import type { JobQueue } from '../jobs/index.ts'
import type { Kernel } from '../kernel.ts'
import { forgetKeys } from './idempotency.ts'

/** Every night: keys of answers that nobody will ask for again. */
export function httpQueues(kernel: Pick<Kernel, 'jobsDatabase'>): JobQueue[] {
  return [{ name: 'house.idempotency', cron: '40 3 * * *', handle: () => forgetKeys(kernel.jobsDatabase.sql) }]
}
