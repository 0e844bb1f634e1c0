// What is declared, and what whoever runs the installation sees of it.
import { type QueryExecutorProvider, sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'
import type { Again, DeliveryKind, DeliveryState, Format } from './forwarding.api.ts'

export interface NewForwarding {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly inner: boolean
  readonly jurisdiction: string | null
  readonly service: string
  readonly key: Buffer | null
  readonly format: Format
  readonly place: string
  readonly path: string
  readonly category: string
  readonly outline: boolean
  readonly steps: boolean
  readonly again: Again
  readonly language: 'zh-CN' | 'en'
  readonly now: Date
}

/** The category of a code in the list that stands nearest to a place; null where none holds there. */
export async function categoryAt(on: Sql, path: string, code: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from category where code = ${code} and retired_at is null and starts_with(${path}, path)
    order by length(path) desc limit 1`.execute(on)
  return rows[0]?.id ?? null
}

/** Places below one in whose own lists a code stands, by their official codes; five at most. */
export async function placesWithCategory(on: Sql, path: string, code: string): Promise<string[]> {
  const { rows } = await sql<{ place: string }>`
    select p.code as place from category c join place p on p.path = c.path
    where c.code = ${code} and c.retired_at is null and p.code is not null
      and c.path > ${path}::text collate "C" and c.path < ${path}::text || '~'
    order by c.path limit 5`.execute(on)
  return rows.map(({ place }) => place)
}

/** As the owner of the tables. */
export async function insertForwarding(on: Sql, made: NewForwarding): Promise<void> {
  await sql`
    insert into forwarding (id, name, url, inner_network, jurisdiction, service, key_sealed, format, place, path, category, outline, steps,
      again, language, created_at, heard_until, hear_at)
    values (${made.id}, ${made.name}, ${made.url}, ${made.inner}, ${made.jurisdiction}, ${made.service}, ${made.key}, ${made.format},
      ${made.place}, ${made.path}, ${made.category}, ${made.outline}, ${made.steps}, ${made.again}, ${made.language}, ${made.now},
      ${made.now}, ${made.now})`.execute(on)
}

export interface ForwardingListed {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly jurisdiction: string | null
  readonly service: string
  readonly place: string | null
  readonly category: string
  readonly outline: boolean
  readonly steps: boolean
  readonly again: Again
  readonly createdAt: string
  readonly revokedAt: string | null
  readonly waiting: number
  readonly delivered: number
  readonly dead: number
  readonly heardBy: string
  readonly heardUntil: string
  /** Why nothing could be heard the last time; null where all is well. */
  readonly hearReason: string | null
}

export async function readForwardings(on: Sql): Promise<ForwardingListed[]> {
  const { rows } = await sql<ForwardingListed>`
    select f.id, f.name, f.url, f.jurisdiction, f.service, p.code as place, c.code as category, f.outline, f.steps, f.again,
      f.created_at as "createdAt", f.revoked_at as "revokedAt", counted.waiting, counted.delivered, counted.dead,
      f.heard_by as "heardBy", f.heard_until as "heardUntil", f.hear_reason as "hearReason"
    from forwarding f join place p on p.id = f.place join category c on c.id = f.category,
      lateral (select count(*) filter (where d.state = 'waiting')::integer as waiting,
          count(*) filter (where d.state = 'delivered')::integer as delivered, count(*) filter (where d.state = 'dead')::integer as dead
        from forwarding_delivery d where d.forwarding = f.id) counted
    order by f.id desc`.execute(on)
  return rows
}

/** Ends one and what waits for it; null where there is none that stands. */
export async function endForwarding(
  on: QueryExecutorProvider,
  id: string,
  now: Date,
): Promise<{ path: string } | null> {
  const { rows } = await sql<{ path: string }>`
    update forwarding set revoked_at = ${now} where id = ${id} and revoked_at is null returning path`.execute(on)
  if (rows[0])
    await sql`update forwarding_delivery set state = 'dead', ended_at = ${now}, reason = 'revoked', claimed_until = null, form = null
      where forwarding = ${id} and state = 'waiting'`.execute(on)
  return rows[0] ?? null
}

export interface DeliveryListed {
  readonly id: string
  readonly forwarding: string
  readonly name: string
  /** Our number of the request. */
  readonly request: string
  readonly kind: DeliveryKind
  readonly state: DeliveryState
  readonly attempts: number
  readonly reason: string | null
  /** Whether it may stand there although its answer was lost. */
  readonly unsure: boolean
  /** Its number there, and how it stood there last. */
  readonly number: string | null
  readonly status: string | null
  readonly createdAt: string
  readonly nextAttemptAt: string
  readonly endedAt: string | null
}

/** The newest deliveries, of all or of one. */
export async function readDeliveries(on: Sql, forwarding: string | null, most: number): Promise<DeliveryListed[]> {
  const { rows } = await sql<DeliveryListed>`
    select d.id, d.forwarding, f.name, r.number::text as request, d.kind, d.state, d.attempts, d.reason,
      d.unsure_since is not null and d.state <> 'delivered' as unsure, d.number, d.status, d.created_at as "createdAt",
      d.next_attempt_at as "nextAttemptAt", d.ended_at as "endedAt"
    from forwarding_delivery d join forwarding f on f.id = d.forwarding join request r on r.id = d.request
    ${forwarding ? sql`where d.forwarding = ${forwarding}` : sql``} order by d.position desc limit ${most}`.execute(on)
  return rows
}

/**
 * What was found out by hand of a request whose answer was lost, or that was given up: its number there, or that it is to be sent
 * again. What follows is done by the next round. False where there is no such one.
 */
export async function settleDelivery(on: Sql, id: string, number: string | null, now: Date): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update forwarding_delivery d set state = 'waiting', next_attempt_at = ${now}, claimed_until = null, ended_at = null, token = null,
      unsure_since = null, attempts = 0, number = ${number}, reason = 'settled by hand'
    from forwarding f
    where d.id = ${id} and f.id = d.forwarding and f.revoked_at is null and d.kind = 'request' and d.state <> 'delivered'`.execute(
    on,
  )
  return numAffectedRows > 0n
}
