// The secret link of a request that staff wrote down goes to the reporter alone, by what they left: a job makes it, so that nobody
// who works in the house ever holds it.
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { transaction } from '#kernel/database/index.ts'
import { hashToken, newToken, normalisePhone } from '#kernel/encryption/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { exactTime } from '#kernel/words/index.ts'
import { readConcerned } from '../notices/notices.store.ts'
import { messageTo } from '../notices/notices.ts'
import { writeToReporter } from '../notices/written.ts'
import { formatNumber } from '../number.ts'

/** By what a reporter can be sent a message here: a phone that takes texts first, else an address; null where neither. */
export function reachedBy(
  outbox: Pick<Kernel['outbox'], 'channels'>,
  left: { readonly phone?: string | null; readonly mail?: string | null },
): 'sms' | 'mail' | null {
  const kind = left.phone?.trim() ? normalisePhone(left.phone)?.kind : undefined
  if (outbox.channels.sms && (kind === 'mobile' || kind === 'abroad')) return 'sms'
  return outbox.channels.mail && left.mail?.trim() ? 'mail' : null
}

/**
 * The secret link of a part of what was divided: computed from the installation's secret, so that the page of the whole leads to
 * each, and stored nowhere in clear.
 */
export function partToken(kernel: Pick<Kernel, 'encryption'>, request: string): string {
  return createHmac('sha256', kernel.encryption.key('part')).update(request).digest('base64url').slice(0, 22)
}

const dayOfMilliseconds = 24 * 3_600_000

/**
 * Makes a link and sends it to what stands in the record. `again`: it was asked for by number and phone, and is good for a day.
 * Worked twice, it makes one link: the message is the only one of its asking.
 */
export async function sendLink(
  kernel: Pick<Kernel, 'jobsDatabase' | 'clock' | 'outbox' | 'encryption' | 'config'>,
  ids: Readonly<Record<string, string>>,
): Promise<void> {
  const { request = '', again } = ids
  await transaction(kernel.jobsDatabase, async (database) => {
    const found = await readConcerned(database, request)
    if (!found) return
    const token = newToken()
    const now = kernel.clock.now()
    const expiry = again ? new Date(now.getTime() + dayOfMilliseconds) : null
    const values = {
      number: formatNumber(found.number),
      link: `${kernel.config.publicUrl}/r/${token}`,
      promised: found.promised_at ? exactTime(found.promised_at, found.language) : '',
    }
    const mailed = found.channel === 'mail' && found.promised_at !== null
    const message = messageTo(
      kernel,
      request,
      found,
      again ? 'requests.again.message' : mailed ? 'requests.notice.mailed' : 'requests.notice.entered',
      values,
    )
    const written =
      message &&
      (await writeToReporter(
        kernel,
        { sql: database, now },
        {
          ...message,
          once: ['link', request, again ?? 'entered'],
          ...(expiry ? { goodUntil: expiry } : {}),
          // They wrote from there just now: one letter goes, and by its answer the others again.
          ...(mailed && !again ? { though: 'returned' as const } : {}),
        },
      ))
    if (written)
      await sql`select access.grant_token(${hashToken(token)}, 'follow', ${request}, ${expiry})`.execute(database)
  })
}
