// What is due, taken and ended. As the role of jobs.
import { type QueryExecutorProvider, sql } from 'kysely'
import type { UpdateKind } from '../open311/index.ts'
import type { Again, DeliveryKind, Format } from './forwarding.api.ts'

/** A service elsewhere, as it is asked. */
export interface Target {
  readonly forwarding: string
  readonly name: string
  readonly url: string
  readonly inner: boolean
  readonly jurisdiction: string | null
  readonly service: string
  readonly key: Buffer | null
  readonly format: Format
  readonly language: 'zh-CN' | 'en'
}

export const targetColumns = sql`f.id as forwarding, f.name, f.url, f.inner_network as inner, f.jurisdiction, f.service,
  f.key_sealed as key, f.format, f.language`

/** Forwardings for which something is due. */
export async function forwardingsDue(on: QueryExecutorProvider, now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select f.id from forwarding f where f.revoked_at is null and exists (
      select from forwarding_delivery d where d.forwarding = f.id and d.state = 'waiting' and d.next_attempt_at <= ${now})
    order by f.id`.execute(on)
  return rows.map(({ id }) => id)
}

export interface Taken extends Target {
  readonly id: string
  readonly request: string
  readonly kind: DeliveryKind
  readonly step: string | null
  readonly attempts: number
  readonly form: Readonly<Record<string, string>> | null
  readonly unsureSince: string | null
  /** When it was sent last. */
  readonly postedAt: string | null
  readonly token: string | null
  /** Its number there, where somebody has entered it. */
  readonly number: string | null
  readonly again: Again
}

/**
 * Takes the next delivery of a forwarding for a minute: a process that dies gives it back by doing nothing. What came earlier of the
 * same request goes first, however often it has to be tried.
 */
export async function takeDelivery(on: QueryExecutorProvider, forwarding: string, now: Date): Promise<Taken | null> {
  const until = new Date(now.getTime() + 60_000)
  const { rows } = await sql<Taken>`
    update forwarding_delivery d set attempts = d.attempts + 1, claimed_until = ${until}
    from forwarding f
    where f.id = d.forwarding and f.revoked_at is null and d.id = (
      select c.id from forwarding_delivery c
      where c.forwarding = ${forwarding} and c.state = 'waiting' and c.next_attempt_at <= ${now}
        and (c.claimed_until is null or c.claimed_until <= ${now})
        and not exists (select from forwarding_delivery e where e.forwarding = c.forwarding and e.request = c.request
          and e.state = 'waiting' and e.position < c.position)
      order by c.position limit 1 for update skip locked)
    returning d.id, d.request, d.kind, d.step, d.attempts, d.form, d.unsure_since as "unsureSince", d.posted_at as "postedAt", d.token, d.number,
      f.again, ${targetColumns}`.execute(on)
  return rows[0] ?? null
}

/** Whatever is known of an attempt so far. Only its holder writes it: `attempts` has moved on where another process took it. */
export interface Progress {
  readonly form?: Readonly<Record<string, string>>
  readonly unsureSince?: Date | null
  readonly postedAt?: Date
  readonly token?: string
}

type Holder = Pick<Taken, 'id' | 'attempts'>
const held = ({ id, attempts }: Holder) => sql`id = ${id} and attempts = ${attempts} and state = 'waiting'`

export async function noteProgress(on: QueryExecutorProvider, holder: Holder, progress: Progress): Promise<boolean> {
  const { form, unsureSince, postedAt, token } = progress
  const { numAffectedRows = 0n } = await sql`
    update forwarding_delivery set attempts = attempts
      ${form === undefined ? sql`` : sql`, form = ${JSON.stringify(form)}::jsonb`}
      ${unsureSince === undefined ? sql`` : sql`, unsure_since = ${unsureSince}`}
      ${postedAt === undefined ? sql`` : sql`, posted_at = ${postedAt}`}
      ${token === undefined ? sql`` : sql`, token = ${token}`}
    where ${held(holder)}`.execute(on)
  return numAffectedRows > 0n
}

export async function endDelivery(
  on: QueryExecutorProvider,
  holder: Holder,
  ended: { readonly state: 'delivered' | 'dead'; readonly reason: string; readonly number?: string | null },
  now: Date,
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update forwarding_delivery set state = ${ended.state}, ended_at = ${now}, reason = ${ended.reason}, number = ${ended.number ?? null},
      claimed_until = null, form = null where ${held(holder)}`.execute(on)
  return numAffectedRows > 0n
}

export async function postponeDelivery(
  on: QueryExecutorProvider,
  holder: Holder,
  reason: string,
  at: Date,
): Promise<void> {
  await sql`update forwarding_delivery set next_attempt_at = ${at}, reason = ${reason}, claimed_until = null
    where ${held(holder)}`.execute(on)
}

/** What may go out of a request: the released words, or its category and its community alone. */
export interface Goods {
  readonly number: number
  readonly title: string | null
  readonly body: string | null
  readonly state: string
  readonly category: string
  readonly path: string
  readonly longitude: number | null
  readonly latitude: number | null
  /** Whether the forwarding takes what is not released. */
  readonly outline: boolean
}

export async function readGoods(on: QueryExecutorProvider, delivery: string): Promise<Goods | null> {
  const { rows } = await sql<Goods>`
    select r.number, p.title, p.body, r.state, concat_ws(' / ', c.level1, c.level2, c.level3) as category,
      substring(r.path from '^(?:[^/]*/){1,5}') as path, w.longitude, w.latitude, f.outline
    from forwarding_delivery d join forwarding f on f.id = d.forwarding join request r on r.id = d.request
      join category c on c.id = f.category
      left join publication p on p.request = r.id and p.withdrawn_at is null
      left join place w on w.path = substring(r.path from '^(?:[^/]*/){1,5}')
    where d.id = ${delivery}`.execute(on)
  return rows[0] ?? null
}

export interface StepGone {
  readonly kind: UpdateKind
  readonly at: string
  readonly number: number
  /** The number of the request there; null where it never got there. */
  readonly there: string | null
  /** The released answer, where the step is the last by which one was given. */
  readonly answer: string | null
}

/** A step of what is released; null where it is not any more. */
export async function readStep(on: QueryExecutorProvider, forwarding: string, step: string): Promise<StepGone | null> {
  const { rows } = await sql<StepGone>`
    select u.kind, u.at, p.number, d.number as there,
      case when u.kind = 'answered' and u.at = (select max(l.at) from open311_update l where l.request = u.request and l.kind = 'answered')
        then p.answer end as answer
    from open311_update u join publication p on p.request = u.request and p.withdrawn_at is null
      join forwarding_delivery d on d.request = u.request and d.forwarding = ${forwarding} and d.kind = 'request'
    where u.id = ${step}`.execute(on)
  return rows[0] ?? null
}

/** Forgets steps that ended before a moment, and that news before another were heard. */
export async function forgetForwarded(on: QueryExecutorProvider, steps: Date, news: Date): Promise<void> {
  await sql`delete from forwarding_delivery where kind = 'step' and ended_at < ${steps}`.execute(on)
  await sql`delete from forwarding_heard where at < ${news}`.execute(on)
}
