// What went elsewhere and is followed there. As the role of jobs.
import { type QueryExecutorProvider, sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'
import { type Target, targetColumns } from './forwarding.sending.store.ts'

export interface Following extends Target {
  readonly heardBy: 'updates' | 'requests'
  readonly heardUntil: string
  readonly failures: number
}

/** Takes the next forwarding whose news are due, for five minutes. */
export async function takeFollowing(on: QueryExecutorProvider, now: Date): Promise<Following | null> {
  const { rows } = await sql<Following>`
    update forwarding f set claimed_until = ${new Date(now.getTime() + 300_000)}
    where f.id = (
      select c.id from forwarding c where c.revoked_at is null and c.hear_at <= ${now} and (c.claimed_until is null or c.claimed_until <= ${now})
        and exists (select from forwarding_delivery d where d.forwarding = c.id and d.kind = 'request' and d.state = 'delivered')
      order by c.hear_at limit 1 for update skip locked)
    returning ${targetColumns}, f.heard_by as "heardBy", f.heard_until as "heardUntil", f.hear_failures as failures`.execute(
    on,
  )
  return rows[0] ?? null
}

/** How a round of following ended, and when the next begins. */
export async function noteFollowed(
  on: QueryExecutorProvider,
  forwarding: string,
  noted: {
    readonly at: Date
    readonly failures: number
    readonly reason: string | null
    readonly until?: Date
    readonly by?: 'requests'
  },
): Promise<void> {
  await sql`
    update forwarding set hear_at = ${noted.at}, hear_failures = ${noted.failures}, hear_reason = ${noted.reason}, claimed_until = null
      ${noted.until ? sql`, heard_until = ${noted.until}` : sql``} ${noted.by ? sql`, heard_by = ${noted.by}` : sql``}
    where id = ${forwarding}`.execute(on)
}

export interface Gone {
  readonly id: string
  readonly request: string
  readonly number: string
  readonly status: string | null
  readonly statusAt: string | null
}

const gone = sql`d.id, d.request, d.number, d.status, d.status_at as "statusAt"`

/** Of numbers there, those that are of ours. */
export async function readGone(
  on: QueryExecutorProvider,
  forwarding: string,
  numbers: readonly string[],
): Promise<Gone[]> {
  const { rows } = await sql<Gone>`
    select ${gone} from forwarding_delivery d
    where d.forwarding = ${forwarding} and d.number = any (${numbers}) and d.kind = 'request' and d.state = 'delivered'`.execute(
    on,
  )
  return rows
}

/** Those that were asked for longest ago, and are not over there. */
export async function readToAsk(on: QueryExecutorProvider, forwarding: string, most: number): Promise<Gone[]> {
  const { rows } = await sql<Gone>`
    select ${gone} from forwarding_delivery d
    where d.forwarding = ${forwarding} and d.kind = 'request' and d.state = 'delivered' and d.number is not null
      and lower(coalesce(d.status, '')) <> 'closed'
    order by d.asked_at nulls first limit ${most}`.execute(on)
  return rows
}

/** Writes down how it stands there. */
export async function noteStatus(
  on: QueryExecutorProvider,
  id: string,
  noted: { readonly status: string | null; readonly at: string | null; readonly asked: Date },
): Promise<void> {
  await sql`update forwarding_delivery set status = coalesce(${noted.status}, status), status_at = coalesce(${noted.at}, status_at),
    asked_at = ${noted.asked} where id = ${id}`.execute(on)
}

/** Whether this piece of news is new: in the transaction that enters it, once. */
export async function isNew(on: Sql, forwarding: string, request: string, news: string, now: Date): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into forwarding_heard (forwarding, request, news, at) values (${forwarding}, ${request}, ${news}, ${now})
    on conflict do nothing`.execute(on)
  return numAffectedRows > 0n
}
