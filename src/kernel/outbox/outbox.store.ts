import { type QueryExecutorProvider, sql } from 'kysely'
import type { Channel } from './message.ts'

/** A row that this process has taken for delivery. */
export interface Claimed {
  id: string
  channel: Channel
  recipient: Buffer
  content: Buffer
  template: string
  language: string
  attempts: number
  goodUntil: string | null
}

/**
 * Beneath a policy that allows only new, waiting rows, and lets the application read none of them back. False where a message
 * with the same key was written before; a transaction that is writing one just now is waited for.
 */
export async function insertMessage(
  database: QueryExecutorProvider,
  row: {
    id: string
    channel: string
    recipient: Buffer
    content: Buffer
    template: string
    language: string
    record: string | null
    onceKey: Buffer | null
    at: Date
    goodUntil: Date | null
    now: Date
  },
): Promise<boolean> {
  // Without naming the index: the application may read no column, not even to compare.
  const { numAffectedRows } = await sql`
    insert into outbox (id, channel, recipient, content, template, language, record, once_key, next_attempt_at, good_until, created_at)
    values (${row.id}, ${row.channel}, ${row.recipient}, ${row.content}, ${row.template}, ${row.language}, ${row.record},
      ${row.onceKey}, ${row.at}, ${row.goodUntil}, ${row.now})
    ${row.onceKey ? sql`on conflict do nothing` : sql``}`.execute(database)
  return Number(numAffectedRows ?? 0) === 1
}

/**
 * Takes rows of a channel that are due, for so many seconds: a process that dies gives them back by doing nothing. Rows that another
 * process is taking are passed over, so that no two send the same. A clock that ran ahead for a while leaves times behind that nobody
 * would reach: a claim of more than an hour is none (the clocks of two processes may differ by less), an attempt put off for longer than the longest pause is due, and so is what was
 * written in the future.
 */
export async function claimMessages(
  database: QueryExecutorProvider,
  channel: Channel,
  now: Date,
  most: number,
  leaseSeconds: number,
  longestPauseSeconds: number,
): Promise<Claimed[]> {
  const until = new Date(now.getTime() + leaseSeconds * 1000)
  const noClaim = new Date(until.getTime() + 3_600_000)
  const farthest = new Date(now.getTime() + longestPauseSeconds * 1000)
  const { rows } = await sql<Claimed>`
    update outbox set claimed_until = ${until}, attempts = attempts + 1
    where id in (
      select id from outbox
      where state = 'waiting' and channel = ${channel}
        and (next_attempt_at <= ${now} or (next_attempt_at > ${farthest} and (attempts > 0 or created_at > ${farthest})))
        and (claimed_until is null or claimed_until <= ${now} or claimed_until > ${noClaim})
      order by next_attempt_at, id limit ${most} for update skip locked
    )
    returning id, channel, recipient, content, template, language, attempts, good_until as "goodUntil"`.execute(
    database,
  )
  return rows
}

/** Ends a row. Only its holder can: `attempts` has moved on if another process took it after the lease. */
export async function endMessage(
  database: QueryExecutorProvider,
  claimed: Claimed,
  state: 'sent' | 'dead',
  now: Date,
  detail: { reason?: string | null; reference?: string | null },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update outbox set state = ${state}, ended_at = ${now}, claimed_until = null, reason = ${detail.reason ?? null},
      provider_reference = ${detail.reference ?? null}
    where id = ${claimed.id} and state = 'waiting' and attempts = ${claimed.attempts}`.execute(database)
  return Number(numAffectedRows ?? 0) === 1
}

/** Puts a row back for another attempt. */
export async function postponeMessage(
  database: QueryExecutorProvider,
  claimed: Claimed,
  at: Date,
  reason: string,
): Promise<void> {
  await sql`
    update outbox set next_attempt_at = ${at}, claimed_until = null, reason = ${reason}
    where id = ${claimed.id} and state = 'waiting' and attempts = ${claimed.attempts}`.execute(database)
}

/** Erases whom ended messages went to and what they said, some days after. What remains tells that one was sent, and when. */
export async function eraseMessages(database: QueryExecutorProvider, now: Date, afterDays: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update outbox set recipient = null, content = null, erased_at = ${now}
    where erased_at is null and ended_at < ${new Date(now.getTime() - afterDays * 86_400_000)}`.execute(database)
  return Number(numAffectedRows ?? 0)
}

/** Erases the messages of a record at once; those still waiting are not sent any more. */
export async function eraseMessagesOf(database: QueryExecutorProvider, record: string, now: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    update outbox set recipient = null, content = null, erased_at = ${now}, claimed_until = null,
      ended_at = coalesce(ended_at, ${now}),
      reason = case when state = 'waiting' then 'erased' else reason end,
      state = case when state = 'waiting' then 'dead' else state end
    where record = ${record} and erased_at is null`.execute(database)
  return Number(numAffectedRows ?? 0)
}

/** Newest first, with their sealed content. */
export async function newestMessages(
  database: QueryExecutorProvider,
  most: number,
): Promise<(Claimed & { state: string; reason: string | null; createdAt: string })[]> {
  const { rows } = await sql<Claimed & { state: string; reason: string | null; createdAt: string }>`
    select id, channel, recipient, content, template, language, attempts, good_until as "goodUntil", state, reason,
      created_at as "createdAt"
    from outbox where erased_at is null order by id desc limit ${most}`.execute(database)
  return rows
}
