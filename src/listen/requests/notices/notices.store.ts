// Whom a notice goes to, read as the role of jobs.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'

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
  readonly path: string
  readonly responsible: string
  readonly promised_at: string | null
  readonly reopen_until: string | null
}

/** A request with how its reporter is reached; null where it is gone. */
export async function readConcerned(on: Sql, request: string): Promise<Concerned | null> {
  const { rows } = await sql<Concerned>`
    select r.number, r.language, r.path, r.responsible, r.promised_at, r.reopen_until, c.phone_encrypted as phone, c.mail_encrypted as mail
    from request r left join request_contact c on c.request = r.id where r.id = ${request}`.execute(on)
  return rows[0] ?? null
}

/** Makes a link by which a request is followed until a day. */
export async function grantFollowing(on: Sql, hash: Buffer, request: string, until: string | null): Promise<void> {
  await sql`select access.grant_token(${hash}, 'follow', ${request}, ${until}::timestamptz)`.execute(on)
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

/** Heads of the responsible body, and whoever supervises at a level above it, where they left an address. */
export async function readHeads(
  on: Sql,
  { path, responsible }: Pick<Concerned, 'path' | 'responsible'>,
): Promise<{ id: string; mail: Buffer; language: Language }[]> {
  const { rows } = await sql<{ id: string; mail: Buffer; language: Language }>`
    select distinct h.id, h.mail_encrypted as mail, h.language
    from person h join tenure t on t.person = h.id and t.during @> now() join post p on p.id = t.post join body b on b.id = p.body
    where h.mail_encrypted is not null and h.erased_at is null and b.dissolved_at is null
      and ((b.id = ${responsible} and p.is_head)
           or ('request.supervise' = any(p.duties) and starts_with(${path}, b.path) and b.id <> ${responsible}))`.execute(
    on,
  )
  return rows
}

/** Heads of the bodies that transferred a request to another place, where they left an address. */
export async function readSenders(
  on: Sql,
  request: string,
): Promise<{ id: string; mail: Buffer; language: Language }[]> {
  const { rows } = await sql<{ id: string; mail: Buffer; language: Language }>`
    select distinct h.id, h.mail_encrypted as mail, h.language
    from request r join body b on b.id = any (r.senders) and b.dissolved_at is null and not b.id = any (r.excluded_bodies)
      join post p on p.body = b.id and p.is_head join tenure t on t.post = p.id and t.during @> now()
      join person h on h.id = t.person and h.mail_encrypted is not null and h.erased_at is null
    where r.id = ${request} and not h.id = any (r.excluded_people)`.execute(on)
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
