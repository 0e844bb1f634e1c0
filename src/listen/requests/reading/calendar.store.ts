// Appointments and deadlines for calendars, read as the role of jobs: each question names whose they are.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'
import type { DueKind } from '../requests.api.ts'

/** An appointment: a visit with all that it was moved to. */
export interface Appointment {
  readonly request: string
  readonly number: number
  /** The first of its rows: the same however often it is moved. */
  readonly chain: string
  /** The row that holds now. */
  readonly visit: string
  readonly day: string
  readonly from: string
  readonly to: string
  readonly state: 'proposed' | 'agreed' | 'cancelled' | 'done'
  /** Rises with each change of any of its rows. */
  readonly sequence: number
  /** The sequence that invitations last went out for; null where none did. */
  readonly told: number | null
  /** Whether it was agreed to at any time. */
  readonly changed_at: string
  /** Who comes: the tenure that proposed it, or agreed to what the resident proposed. */
  readonly tenure: string | null
  readonly place: string
  readonly place_en: string | null
}

const chain = sql`coalesce(v.chain, v.id)`

/** Appointments of some requests, the row of each that holds now. */
const appointments = (requests: ReturnType<typeof sql>) => sql`
  select distinct on (v.request, ${chain}) v.request, r.number, ${chain} as chain, v.id as visit, v.day::text as day,
    to_char(v.from_time, 'HH24:MI') as from, to_char(v.to_time, 'HH24:MI') as to, v.state,
    (sum(v.version) over of_one)::integer as sequence, max(v.told) over of_one as told,
    greatest(v.created_at, (select max(e.at) from request_entry e where e.request = v.request and e.kind like 'visit\\_%'))
      as changed_at,
    coalesce(
      (select x.tenure from visit x where x.request = v.request and coalesce(x.chain, x.id) = ${chain} and x.tenure is not null
        order by x.created_at desc, x.id desc limit 1),
      (select e.tenure from request_entry e where e.request = v.request and e.kind = 'visit_agreed' and e.tenure is not null
        and e.at >= v.created_at order by e.at desc limit 1)) as tenure,
    p.short_name as place, p.name_en as place_en
  from visit v join request r on r.id = v.request
    join place p on p.id = coalesce((select h.id from place h where h.path = r.path), r.place)
  where v.request in (${requests})
  window of_one as (partition by v.request, ${chain})
  order by v.request, ${chain}, v.created_at desc, v.id desc`

/** The appointments of one request. */
export async function appointmentsOf(on: Sql, request: string): Promise<Appointment[]> {
  const { rows } = await sql<Appointment>`${appointments(sql`select ${request}::uuid`)}`.execute(on)
  return rows
}

/** Holds the visits of a request until the transaction ends, so that no two tell of the same. False where it never had one. */
export async function holdVisits(on: Sql, request: string): Promise<boolean> {
  const { rows } = await sql`select id from visit where request = ${request} order by id for update`.execute(on)
  return rows.length > 0
}

/** Notes for which sequence of an appointment invitations went out. */
export async function noteTold(on: Sql, { visit, sequence }: Appointment): Promise<void> {
  await sql`update visit set told = ${sequence} where id = ${visit}::uuid`.execute(on)
}

/** Tenures of a person that hold at a moment. */
const held = (person: string, now: Date) => sql`
  select t.id from tenure t join post q on q.id = t.post and q.abolished_at is null
    join body o on o.id = q.body and o.dissolved_at is null
  where t.person = ${person}::uuid and t.during @> ${now}::timestamptz`

/** Not where they are named, and not where a body of theirs is. */
const notExcluded = (person: string, now: Date) => sql`not ${person}::uuid = any (r.excluded_people) and not exists (
  select from tenure o join post q on q.id = o.post where o.person = ${person}::uuid and o.during @> ${now}::timestamptz
    and q.body = any (r.excluded_bodies))`

/** An appointment of one person, as the one who comes or the one who is called upon. */
export interface OwnAppointment extends Appointment {
  readonly comes: boolean
}

/** Appointments since a day: of the requests that a person told, and those to which they come under a post that they hold. */
export async function appointmentsOfPerson(on: Sql, person: string, now: Date, since: Date): Promise<OwnAppointment[]> {
  const { rows } = await sql<OwnAppointment>`
    with about as (
      select r.id from request r where r.reporter = ${person}::uuid and r.id in (select v.request from visit v where v.request = r.id)
      union
      select r.id from request_hand h join request r on r.id = h.request
      where h.tenure in (${held(person, now)}) and ${notExcluded(person, now)}
    )
    select a.*, coalesce(a.tenure in (${held(person, now)}), false) as comes
    from (${appointments(sql`select id from about`)}) a join request r on r.id = a.request
    where (r.reporter = ${person}::uuid or a.tenure in (${held(person, now)})) and a.day::date >= ${since}::date
      and (a.state in ('agreed', 'done') or a.told is not null)
    order by a.day, a.from limit 500`.execute(on)
  return rows
}

/** A deadline of a request. */
export interface Due {
  readonly request: string
  readonly number: number
  readonly version: number
  readonly at: string
  readonly kind: DueKind | 'promised'
  readonly changed_at: string
  readonly place: string
  readonly place_en: string | null
}

/**
 * Deadlines of what a person has in hand: they had a hand in it, and it still waits for a body of theirs. And what was promised to them
 * as a reporter, until it is answered.
 */
export async function duesOfPerson(on: Sql, person: string, now: Date): Promise<Due[]> {
  const { rows } = await sql<Due>`
    select d.request, d.number, d.version, d.at, d.kind, d.changed_at, p.short_name as place, p.name_en as place_en
    from (
      select r.id as request, r.number, r.version, r.due_at as at, r.due_kind as kind, r.step_at as changed_at, r.path, r.place
      from request_hand h join request r on r.id = h.request join tenure t on t.id = h.tenure join post w on w.id = t.post
      where h.tenure in (${held(person, now)}) and ${notExcluded(person, now)}
        and r.state in ('received', 'accepted', 'dispatched', 'acknowledged') and r.due_at is not null and r.due_kind <> 'judge'
        and (case when r.state in ('received', 'accepted') then r.holder = w.body
          else exists (select from request_part u where u.request = r.id and u.body = w.body
            and u.state in ('offered', 'dispatched', 'acknowledged')) end)
      union
      select r.id, r.number, r.version, r.promised_at, 'promised', r.step_at, r.path, r.place from request r
      where r.reporter = ${person}::uuid and r.promised_at is not null
        and r.state in ('received', 'accepted', 'dispatched', 'acknowledged')
    ) d join place p on p.id = coalesce((select h.id from place h where h.path = d.path), d.place)
    order by d.at limit 500`.execute(on)
  return rows
}
