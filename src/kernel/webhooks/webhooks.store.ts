import { type QueryExecutorProvider, sql } from 'kysely'
import type { Sql } from '../database/index.ts'
import type { DeliveryState } from './webhooks.api.ts'

export interface NewWebhook {
  readonly id: string
  readonly url: string
  readonly kinds: readonly string[]
  readonly place: string | null
  readonly path: string
  readonly inner: boolean
  readonly secret: Buffer
  readonly now: Date
}

/** As the owner of the tables. */
export async function insertWebhook(on: Sql, made: NewWebhook): Promise<void> {
  await sql`
    insert into webhook (id, url, kinds, place, path, inner_network, secret_sealed, created_at)
    values (${made.id}, ${made.url}, ${made.kinds}, ${made.place}, ${made.path}, ${made.inner}, ${made.secret}, ${made.now})`.execute(
    on,
  )
}

export interface WebhookListed {
  readonly id: string
  readonly url: string
  readonly kinds: readonly string[]
  readonly place: string | null
  readonly createdAt: string
  readonly revokedAt: string | null
  readonly waiting: number
  readonly dead: number
}

export async function readWebhooks(on: Sql): Promise<WebhookListed[]> {
  const { rows } = await sql<WebhookListed>`
    select w.id, w.url, w.kinds, p.code as place, w.created_at as "createdAt", w.revoked_at as "revokedAt",
      (select count(*)::integer from webhook_delivery d where d.webhook = w.id and d.state = 'waiting') as waiting,
      (select count(*)::integer from webhook_delivery d where d.webhook = w.id and d.state = 'dead') as dead
    from webhook w left join place p on p.id = w.place order by w.id desc`.execute(on)
  return rows
}

/** Ends one and what waits for it; null where there is none that stands. */
export async function endWebhook(on: QueryExecutorProvider, id: string, now: Date): Promise<{ path: string } | null> {
  const { rows } = await sql<{ path: string }>`
    update webhook set revoked_at = ${now} where id = ${id} and revoked_at is null returning path`.execute(on)
  if (rows[0])
    await sql`update webhook_delivery set state = 'dead', ended_at = ${now}, reason = 'revoked', claimed_until = null
      where webhook = ${id} and state = 'waiting'`.execute(on)
  return rows[0] ?? null
}

export interface DeliveryListed {
  readonly id: string
  readonly webhook: string
  readonly kind: string
  readonly subject: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly reason: string | null
  readonly createdAt: string
  readonly nextAttemptAt: string
  readonly endedAt: string | null
}

/** The newest deliveries, of all or of one. */
export async function readDeliveries(on: Sql, webhook: string | null, most: number): Promise<DeliveryListed[]> {
  const { rows } = await sql<DeliveryListed>`
    select id, webhook, kind, subject, state, attempts, reason, created_at as "createdAt", next_attempt_at as "nextAttemptAt",
      ended_at as "endedAt"
    from webhook_delivery ${webhook ? sql`where webhook = ${webhook}` : sql``} order by position desc limit ${most}`.execute(
    on,
  )
  return rows
}

/** Webhooks for which something is due. As the role of jobs, like all that follows. */
export async function webhooksDue(on: QueryExecutorProvider, now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select w.id from webhook w where w.revoked_at is null and exists (
      select from webhook_delivery d where d.webhook = w.id and d.state = 'waiting' and d.next_attempt_at <= ${now})
    order by w.id`.execute(on)
  return rows.map(({ id }) => id)
}

export interface Taken {
  readonly id: string
  readonly webhook: string
  readonly url: string
  readonly inner: boolean
  readonly secret: Buffer
  readonly kind: string
  readonly subject: string
  readonly data: Readonly<Record<string, unknown>>
  readonly attempts: number
  readonly createdAt: string
}

/**
 * Takes the next delivery of a webhook for a minute: a process that dies gives it back by doing nothing. What came earlier of the same
 * record goes first, however often it has to be tried.
 */
export async function takeDelivery(on: QueryExecutorProvider, webhook: string, now: Date): Promise<Taken | null> {
  const until = new Date(now.getTime() + 60_000)
  const { rows } = await sql<Taken>`
    update webhook_delivery d set attempts = d.attempts + 1, claimed_until = ${until}
    from webhook w
    where w.id = d.webhook and w.revoked_at is null and d.id = (
      select c.id from webhook_delivery c
      where c.webhook = ${webhook} and c.state = 'waiting' and c.next_attempt_at <= ${now}
        and (c.claimed_until is null or c.claimed_until <= ${now})
        and not exists (select from webhook_delivery e where e.webhook = c.webhook and e.record = c.record
          and e.state = 'waiting' and e.position < c.position)
      order by c.position limit 1 for update skip locked)
    returning d.id, d.webhook, w.url, w.inner_network as inner, w.secret_sealed as secret, d.kind, d.subject, d.data, d.attempts,
      d.created_at as "createdAt"`.execute(on)
  return rows[0] ?? null
}

/** Ends a delivery. Only its holder can: `attempts` has moved on where another process took it. */
export async function endDelivery(
  on: QueryExecutorProvider,
  { id, attempts }: Pick<Taken, 'id' | 'attempts'>,
  state: 'delivered' | 'dead',
  reason: string,
  now: Date,
): Promise<void> {
  await sql`update webhook_delivery set state = ${state}, ended_at = ${now}, reason = ${reason}, claimed_until = null
    where id = ${id} and attempts = ${attempts} and state = 'waiting'`.execute(on)
}

/** Puts a delivery back for another attempt. */
export async function postponeDelivery(
  on: QueryExecutorProvider,
  { id, attempts }: Pick<Taken, 'id' | 'attempts'>,
  reason: string,
  at: Date,
): Promise<void> {
  await sql`update webhook_delivery set next_attempt_at = ${at}, reason = ${reason}, claimed_until = null
    where id = ${id} and attempts = ${attempts} and state = 'waiting'`.execute(on)
}

/** Forgets what ended before a moment. */
export async function forgetDeliveries(on: QueryExecutorProvider, before: Date): Promise<void> {
  await sql`delete from webhook_delivery where ended_at < ${before}`.execute(on)
}
