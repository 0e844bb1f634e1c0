// Telling other software, every minute: at least once, in order for each record, for a day.
import { mostAttempts, pauseMinutes } from '../elsewhere/index.ts'
import type { JobQueue } from '../jobs/index.ts'
import type { Kernel } from '../kernel.ts'
import { bodyOf, send } from './sending.ts'
import {
  endDelivery,
  endWebhook,
  forgetDeliveries,
  postponeDelivery,
  type Taken,
  takeDelivery,
  webhooksDue,
} from './webhooks.store.ts'

const keptDays = 30
/** So many receivers at once: one that hangs holds up nobody else for long. */
const together = 8
const secondsPerAttempt = 10
/** What is begun in one minute's round ends before the queue takes it for dead. */
const roundSeconds = 120

type Doors = Pick<Kernel, 'jobsDatabase' | 'clock' | 'config' | 'encryption'>

export function webhooksQueues(kernel: Doors): JobQueue[] {
  return [
    { name: 'webhooks.deliver', cron: '* * * * *', handle: () => deliverWebhooks(kernel) },
    {
      name: 'webhooks.sweep',
      cron: '46 3 * * *',
      handle: () =>
        forgetDeliveries(kernel.jobsDatabase.sql, new Date(kernel.clock.now().getTime() - keptDays * 86_400_000)),
    },
  ]
}

/** Delivers what is due. Any number of processes may: each delivery is taken by one. */
export async function deliverWebhooks(kernel: Doors, seconds = secondsPerAttempt): Promise<void> {
  const webhooks = (await webhooksDue(kernel.jobsDatabase.sql, kernel.clock.now())).values()
  const end = performance.now() + roundSeconds * 1000
  await Promise.all(
    Array.from({ length: together }, async () => {
      for (const webhook of webhooks) {
        // After the first failure the others wait for the next round: a receiver that is away is not asked a thousand times.
        while (performance.now() < end && (await deliverNext(kernel, webhook, seconds)));
      }
    }),
  )
}

/** The next delivery of a webhook. False where there is none, or it did not arrive. */
async function deliverNext(kernel: Doors, webhook: string, seconds: number): Promise<boolean> {
  const { jobsDatabase, clock, config, encryption } = kernel
  const taken = await takeDelivery(jobsDatabase.sql, webhook, clock.now())
  if (!taken) return false
  const secret = secretOf(encryption, taken)
  if (secret === null) {
    await endDelivery(jobsDatabase.sql, taken, 'dead', 'cannot be decrypted', clock.now())
    return true
  }
  const message = { id: taken.id, body: bodyOf(taken, config.publicUrl) }
  const attempt = await send({ ...taken, secret }, message, clock.now(), seconds)
  const now = clock.now()
  if (attempt.delivered) {
    await endDelivery(jobsDatabase.sql, taken, 'delivered', attempt.reason, now)
    return true
  }
  if (attempt.gone) {
    await endDelivery(jobsDatabase.sql, taken, 'dead', attempt.reason, now)
    await endWebhook(jobsDatabase.sql, webhook, now)
    return false
  }
  if (taken.attempts >= mostAttempts) {
    await endDelivery(jobsDatabase.sql, taken, 'dead', attempt.reason, now)
    return false
  }
  const pause = Math.max(pauseMinutes(taken.attempts) * 60, attempt.afterSeconds ?? 0)
  await postponeDelivery(jobsDatabase.sql, taken, attempt.reason, new Date(now.getTime() + pause * 1000))
  return false
}

function secretOf(encryption: Doors['encryption'], { webhook, secret }: Taken): string | null {
  try {
    return encryption.decrypt('webhook.secret', secret, webhook)
  } catch {
    return null
  }
}
