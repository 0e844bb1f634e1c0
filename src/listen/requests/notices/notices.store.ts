// Whom a notice goes to, read as the role of jobs.
import { type QueryExecutorProvider, sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'
import type { Channel, DueKind, PartRole, PartState, State } from '../requests.api.ts'

type Language = 'zh-CN' | 'en'

/** How a reporter can be reached, sealed. */
export interface Reachable {
  readonly language: Language
  readonly phone: Buffer | null
  readonly mail: Buffer | null
}

/** What a notice about a request needs to know of it. */
export interface Concerned extends Reachable {
  readonly number: number
  readonly channel: Channel
  /** Who told it signed in, if they did. */
  readonly reporter: string | null
  readonly path: string
  readonly state: State
  /** Where the matter is now. */
  readonly place: string
  readonly place_en: string | null
  readonly due_at: string | null
  readonly due_kind: DueKind | null
  readonly overdue_stage: string | null
  readonly promised_at: string | null
  readonly reopen_until: string | null
}

/** A request with how its reporter is reached; null where it is gone. */
export async function readConcerned(on: Sql, request: string): Promise<Concerned | null> {
  const { rows } = await sql<Concerned>`
    select r.number, r.channel, r.reporter, r.language, r.path, r.state, p.short_name as place, p.name_en as place_en, r.due_at,
      r.due_kind, r.overdue_stage, r.promised_at, r.reopen_until, c.phone_encrypted as phone, c.mail_encrypted as mail
    from request r join place p on p.id = coalesce((select h.id from place h where h.path = r.path), r.place)
      left join request_contact c on c.request = r.id where r.id = ${request}`.execute(on)
  return rows[0] ?? null
}

/** Makes a link by which a request is followed until a day. */
export async function grantFollowing(on: Sql, hash: Buffer, request: string, until: string | null): Promise<void> {
  await sql`select access.grant_token(${hash}, 'follow', ${request}, ${until}::timestamptz)`.execute(on)
}

/** Lets a mail about a request be answered until a day. */
export async function grantReplying(
  on: QueryExecutorProvider,
  hash: Buffer,
  request: string,
  until: Date,
): Promise<void> {
  await sql`select access.grant_reply(${hash}, ${request}, ${until}::timestamptz)`.execute(on)
}

/** Whether an act was done by staff for the reporter, or by a link that staff handed out: not by the reporter's hand alone. */
export async function isByStaff(on: Sql, act: string): Promise<boolean> {
  const { rows } = await sql<{ staff: boolean }>`
    select a.tenure is not null or a.facts ? 'handedBy' as staff from ledger.act a where a.id = ${act}::uuid`.execute(
    on,
  )
  return rows[0]?.staff ?? true
}

/** What a request was merged into as everybody may read it; null where that is not released. */
export async function readReleasedTarget(on: Sql, request: string): Promise<{ number: number; title: string } | null> {
  const { rows } = await sql<{ number: number; title: string }>`
    select p.number, p.title from request r join publication p on p.request = r.merged_into and p.withdrawn_at is null
    where r.id = ${request}`.execute(on)
  return rows[0] ?? null
}

/** Those who said "me too" and left a phone. */
export async function readMeToos(on: Sql, request: string): Promise<{ id: string; phone: Buffer }[]> {
  const { rows } = await sql<{ id: string; phone: Buffer }>`
    select id, phone_encrypted as phone from me_too where request = ${request} and phone_encrypted is not null`.execute(
    on,
  )
  return rows
}

/** Somebody who works here and left an address, sealed. */
export interface Colleague {
  readonly id: string
  readonly mail: Buffer
  readonly language: Language
}

/** Whoever reads no such request hears nothing of it either: nobody who is named, nobody of a body that is. */
const notExcluded = sql`not h.id = any (r.excluded_people) and not exists (
  select from tenure o join post q on q.id = o.post where o.person = h.id and o.during @> now() and q.body = any (r.excluded_bodies))`

/** Nobody is told what they did themselves. */
const notTheActor = (act: string | null) => sql`h.id is distinct from (
  select d.person from request_entry w join tenure d on d.id = w.tenure where w.request = r.id and w.act = ${act}::uuid limit 1)`

/** Holders of posts, as `h`, with their post `p` and its body `b`: those who left an address. */
const holders = sql`person h join tenure t on t.person = h.id and t.during @> now()
  join post p on p.id = t.post and p.abolished_at is null join body b on b.id = p.body and b.dissolved_at is null`
const reachable = sql`h.mail_encrypted is not null and h.erased_at is null`

/** Heads of the responsible body. */
export async function readHeads(on: Sql, request: string): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`
    select distinct h.id, h.mail_encrypted as mail, h.language from request r, ${holders}
    where r.id = ${request} and ${reachable} and ${notExcluded} and b.id = r.responsible and p.is_head`.execute(on)
  return rows
}

/** Whoever supervises at a level above the responsible body. */
export async function readAbove(on: Sql, request: string): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`
    select distinct h.id, h.mail_encrypted as mail, h.language from request r, ${holders}
    where r.id = ${request} and ${reachable} and ${notExcluded}
      and 'request.supervise' = any (p.duties) and starts_with(r.path, b.path) and b.id <> r.responsible`.execute(on)
  return rows
}

/** Heads of the bodies that transferred a request to another place. */
export async function readSenders(on: Sql, request: string): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`
    select distinct h.id, h.mail_encrypted as mail, h.language from request r, ${holders}
    where r.id = ${request} and ${reachable} and ${notExcluded} and b.id = any (r.senders) and p.is_head`.execute(on)
  return rows
}

/** Whoever accepts and dispatches in the body that holds a request; never whoever did the act. */
export async function readHolders(on: Sql, request: string, act: string | null): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`
    select distinct h.id, h.mail_encrypted as mail, h.language from request r, ${holders}
    where r.id = ${request} and ${reachable} and ${notExcluded} and ${notTheActor(act)} and b.id = r.holder
      and p.duties && array['request.accept', 'request.dispatch']`.execute(on)
  return rows
}

/** Somebody of a unit, with how the unit stands to the matter and to the act. */
export interface UnitColleague extends Colleague {
  readonly role: PartRole
  readonly state: PartState
  /** The part that was given by this act. */
  readonly given: boolean
  /** The act was done by this body. */
  readonly own: boolean
}

/** Whoever handles in the units that have a part, had one until this act, or answered what it takes up again; never whoever did it. */
export async function readUnits(on: Sql, request: string, act: string | null): Promise<UnitColleague[]> {
  const { rows } = await sql<UnitColleague>`
    select distinct on (h.id) h.id, h.mail_encrypted as mail, h.language, u.role, u.state,
      coalesce(u.id = e.part and u.dispatched_at = e.at, false) as given, coalesce(e.body = b.id, false) as own
    from request r join request_part u on u.request = r.id
      left join request_entry e on e.request = r.id and e.act = ${act}::uuid, ${holders}
    where r.id = ${request} and ${reachable} and ${notExcluded} and b.id = u.body and 'request.handle' = any (p.duties)
      and (u.state in ('offered', 'dispatched', 'acknowledged') or u.state = 'ended' and u.ended_at = e.at
        or u.state = 'answered' and e.kind = 'reopened')
      and ${notTheActor(act)}
    order by h.id, given desc, u.role desc`.execute(on)
  return rows
}

/** A request that was merged into another. */
export interface MergedOne extends Reachable {
  readonly id: string
  readonly number: number
  readonly version: number
  /** Whether this act's answer has been noted on it already. */
  readonly heard: boolean
}

/** All that was merged into a request, by however many steps, held until the transaction ends. */
export async function holdMerged(on: Sql, request: string, act: string | null): Promise<MergedOne[]> {
  const { rows } = await sql<MergedOne>`
    with recursive merged as (
      select id from request where merged_into = ${request}
      union select r.id from request r join merged m on r.merged_into = m.id
    )
    select r.id, r.number, r.version, r.language, c.phone_encrypted as phone, c.mail_encrypted as mail,
      coalesce(r.heard_at >= (select a.at from ledger.act a where a.id = ${act}::uuid), false) as heard
    from merged join request r on r.id = merged.id left join request_contact c on c.request = r.id
    where r.state = 'closed' and r.result = 'merged' for update of r`.execute(on)
  return rows
}

/** Notes when the reporter of a merged request heard of the answer: theirs may be reopened from then on, until a day that stands. */
export async function noteHeard(on: Sql, one: MergedOne, now: Date, until: Date): Promise<void> {
  await sql`select request_change(${one.id}, ${one.version}, ${JSON.stringify({ heard_at: now.toISOString(), reopen_until: until.toISOString() })}::jsonb)`.execute(
    on,
  )
}
