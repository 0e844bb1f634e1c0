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

/** A mail that was sent and came back: it ends as one that was not sent. Null where there is none, or nobody knows any more whom it went to. */
export async function messageReturned(
  database: QueryExecutorProvider,
  id: string,
  now: Date,
  reason: string,
): Promise<{ recipient: Buffer } | null> {
  const { rows } = await sql<{ recipient: Buffer }>`
    update outbox set state = 'dead', reason = ${reason}, ended_at = ${now}
    where id = ${id}::uuid and channel = 'mail' and state = 'sent' and recipient is not null returning recipient`.execute(
    database,
  )
  return rows[0] ?? null
}

/** Whom mails went to, by their ids; without those of whom nobody knows any more. */
export async function recipientsOf(
  database: QueryExecutorProvider,
  ids: readonly string[],
): Promise<{ id: string; recipient: Buffer }[]> {
  const { rows } = await sql<{ id: string; recipient: Buffer }>`
    select id, recipient from outbox where id = any (${ids}::uuid[]) and channel = 'mail' and recipient is not null`.execute(
    database,
  )
  return rows
}

/** Whether mail to an address came back for good. */
export async function isReturned(database: QueryExecutorProvider, address: Buffer): Promise<boolean> {
  const { rows } = await sql`select from mail_returned where address = ${address}`.execute(database)
  return rows.length > 0
}

export async function markReturned(
  database: QueryExecutorProvider,
  address: Buffer,
  status: string | null,
  now: Date,
): Promise<void> {
  await sql`insert into mail_returned (address, status, at) values (${address}, ${status}, ${now})
    on conflict (address) do update set status = excluded.status, at = excluded.at`.execute(database)
}

export async function unmarkReturned(database: QueryExecutorProvider, address: Buffer): Promise<void> {
  await sql`delete from mail_returned where address = ${address}`.execute(database)
}

/** Forgets addresses from which mail came back long ago: whose they are may have changed. */
export async function forgetReturned(database: QueryExecutorProvider, before: Date): Promise<void> {
  await sql`delete from mail_returned where at < ${before}`.execute(database)
}
