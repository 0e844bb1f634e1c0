// A request as rows and as the facts that the rules know, read in one query. How it is written: writing.store.ts.
import { type RawBuilder, sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { BodyKind } from '#organise/bodies/bodies.api.ts'
import { depths, pathAt } from '#organise/places/index.ts'
import type { ExplanationKind } from './requests.api.ts'
import { type Asking, actorFacts, type Part, type RequestFacts, receiverOf } from './requests.rules.ts'

/** What the rules do not need but those who write and show do. */
export interface RequestRow {
  readonly id: string
  readonly number: number
  readonly version: number
  readonly title: string
  readonly body: string
  readonly spot: string | null
  readonly place: string
  readonly path: string
  readonly filed_path: string
  readonly channel: string
  readonly language: string
  readonly category: string | null
  readonly anonymous: boolean
  readonly reporter: string | null
  readonly entered_by: string | null
  readonly asked_for: string | null
  readonly responsible: string
  readonly about_request: string | null
  readonly split_from: string | null
  readonly faults: string[]
  readonly longitude: number | null
  readonly latitude: number | null
  readonly supervised_at: string | null
  readonly accepted_at: string | null
  readonly dispatched_at: string | null
  readonly acknowledged_at: string | null
  readonly reopened_at: string | null
}

export interface LoadedRequest {
  readonly row: RequestRow
  readonly facts: RequestFacts
  /** Whether the asking person took part in handling it. */
  readonly handled: boolean
  /** Whether the asking person wrote it down for the resident. */
  readonly entered: boolean
}

/** The district of a path (province, city, district), above which nothing is sent of itself; the path itself where it is shorter. */
export function districtOf(path: string): string {
  return pathAt(path, depths.district)
}

interface RawRequest extends RequestRow {
  holder: string
  holder_path: string
  first_receiver: string
  first_receiver_path: string
  state: RequestFacts['state']
  result: RequestFacts['result']
  urgency: RequestFacts['urgency']
  promised_days: number | null
  returns: number
  transfers: number
  reopened: number
  filed_at: string
  round_at: string
  step_at: string
  answered_at: string | null
  closed_at: string | null
  extended_at: string | null
  due_at: string | null
  due_kind: NonNullable<RequestFacts['due']>['kind'] | null
  due_provisional: boolean
  promised_at: string | null
  promised_provisional: boolean
  overdue_stage: RequestFacts['overdueStage']
  answer_kind: RequestFacts['answerKind']
  judged: boolean
  heard_at: string | null
  reopen_until: string | null
  senders: string[]
  supervised: RequestFacts['supervised']
  consent_public: boolean
  merged_into: string | null
  excluded_people: string[]
  excluded_bodies: string[]
  barred_places: string[]
  parts: { id: string; body: string; kind: BodyKind; path: string; role: Part['role']; state: Part['state'] }[]
  explanation: { kind: ExplanationKind; by: string | null; body: string | null } | null
  visit: RequestFacts['visit']
  call_back: { drawnAt: string; tries: number; triedAt: string | null } | null
  published: boolean
  handled: boolean
  entered: boolean
}

/** On what it is read, and for whom. */
interface Reading {
  readonly sql: Sql
  readonly actor: { readonly person: string | null }
}

/**
 * Reads a request with everything on which a rule depends.
 * @throws Refusal 404 where it does not exist or the actor may not see it
 */
export async function loadRequest(act: Reading, id: string): Promise<LoadedRequest> {
  const [loaded] = await loadWhere(act, sql`r.id = ${id}`)
  if (!loaded) throw new Refusal(404, 'not-found', 'http.not-found')
  return loaded
}

/** Reads many requests at once; those that do not exist are left out. */
export function loadRequests(act: Reading, ids: readonly string[]): Promise<LoadedRequest[]> {
  return loadWhere(act, sql`r.id = any (${[...ids]}::uuid[])`)
}

async function loadWhere(act: Reading, which: RawBuilder<unknown>): Promise<LoadedRequest[]> {
  const { rows } = await sql<RawRequest>`
    select r.id, r.number, r.version, r.title, r.body, r.spot, r.place, r.path, r.filed_path, r.channel, r.language, r.category, r.anonymous,
      r.reporter, r.entered_by, r.asked_for, r.responsible, r.about_request, r.split_from, r.faults, r.longitude, r.latitude, r.supervised_at,
      r.accepted_at, r.dispatched_at, r.acknowledged_at, r.reopened_at,
      r.holder, holder.path as holder_path, r.first_receiver, first.path as first_receiver_path, r.state, r.urgency,
      case when r.state = 'closed' then (select ended.result from request_results(array[r.id]) ended) end as result,
      category.promised_days, r.returns, r.transfers, r.reopened, r.filed_at, r.round_at, r.step_at, r.answered_at, r.closed_at,
      r.extended_at, r.due_at, r.due_kind, r.due_provisional, r.promised_at, r.promised_provisional, r.overdue_stage, r.answer_kind,
      r.judged, r.heard_at, r.reopen_until, r.senders, r.supervised, r.consent_public, r.merged_into, r.excluded_people, r.excluded_bodies,
      case when r.excluded_people = '{}' and r.excluded_bodies = '{}' then '{}'::text[] else places_barred(r.excluded_people, r.excluded_bodies) end as barred_places,
      -- An answer of an earlier round stays readable as one; in the present round nothing is answered by it.
      coalesce((select json_agg(json_build_object('id', p.id, 'body', p.body, 'kind', b.kind, 'path', b.path, 'role', p.role,
          'state', case when p.state = 'answered' and p.dispatched_at < r.reopened_at then 'ended' else p.state end)
        order by p.dispatched_at, p.id) from request_part p join body b on b.id = p.body where p.request = r.id), '[]') as parts,
      (select json_build_object('kind', a.ground, 'by', t.person, 'body', p.body) from request_answer a left join tenure t on t.id = a.author
          left join post p on p.id = t.post
        where a.request = r.id and a.kind = 'explanation' and a.state = 'proposed' order by a.created_at desc limit 1) as explanation,
      (select json_build_object('state', v.state, 'by', v.proposed_by,
          'body', (select p.body from tenure t join post p on p.id = t.post where t.id = v.tenure)) from visit v
        where v.request = r.id and v.state in ('proposed', 'agreed') order by v.created_at desc limit 1) as visit,
      (select json_build_object('drawnAt', coalesce(c.at, c.drawn_on::timestamptz), 'tries', c.tries,
          'triedAt', c.tried_at) from call_back c
        where c.request = r.id and c.state in ('waiting', 'not_reached') order by c.drawn_on desc limit 1) as call_back,
      exists (select from publication p where p.request = r.id and p.withdrawn_at is null) as published,
      coalesce(${act.actor.person}::uuid in (select request_handlers(r.id)), false) as handled,
      r.entered_by is not null and exists (select from tenure t where t.id = r.entered_by and t.person = ${act.actor.person}::uuid) as entered
    from request r
    join body holder on holder.id = r.holder
    join body first on first.id = r.first_receiver
    left join category on category.id = r.category
    where ${which}`.execute(act.sql)
  return rows.map((raw) => ({ row: raw, facts: factsOf(raw), handled: raw.handled, entered: raw.entered }))
}

/** Lets acts on a request follow one another: whoever comes second waits here and reads what the first made of it. */
export async function holdRequest(on: Sql, id: string): Promise<void> {
  await sql`select request_hold(${id})`.execute(on)
}

/** Working days promised where a request has no category yet. */
export const daysWithoutCategory = 5

function factsOf(raw: RawRequest): RequestFacts {
  return {
    id: raw.id,
    state: raw.state,
    result: raw.result,
    urgency: raw.urgency,
    promisedDays: raw.promised_days ?? daysWithoutCategory,
    path: raw.path,
    ceiling: districtOf(raw.path),
    holder: { body: raw.holder, path: raw.holder_path },
    firstReceiver: { body: raw.first_receiver, path: raw.first_receiver_path },
    parts: raw.parts.map((part) => ({
      id: part.id,
      body: part.body,
      path: part.path,
      receiver: receiverOf(part.kind),
      role: part.role,
      state: part.state,
    })),
    returns: raw.returns,
    transfers: raw.transfers,
    reopenings: raw.reopened,
    filedAt: raw.filed_at,
    roundAt: raw.round_at,
    stepAt: raw.step_at,
    dispatchedAt: raw.dispatched_at,
    answeredAt: raw.answered_at,
    closedAt: raw.closed_at,
    extendedAt: raw.extended_at,
    due: raw.due_at && raw.due_kind ? { kind: raw.due_kind, at: raw.due_at, provisional: raw.due_provisional } : null,
    promisedAt: raw.promised_at ?? raw.filed_at,
    promisedProvisional: raw.promised_provisional,
    overdueStage: raw.overdue_stage,
    explanation: raw.explanation,
    answerKind: raw.answer_kind,
    judged: raw.judged,
    callBack: raw.call_back && { ...raw.call_back, drawnAt: new Date(raw.call_back.drawnAt).toISOString() },
    supervised: raw.supervised,
    publicationPermitted: raw.consent_public,
    published: raw.published,
    visit: raw.visit,
    mergedInto: raw.merged_into,
    heardAt: raw.heard_at,
    reopenUntil: raw.reopen_until,
    senders: raw.senders,
    excludedPeople: raw.excluded_people,
    excludedBodies: raw.excluded_bodies,
    barredPlaces: raw.barred_places,
  }
}

/** The actor seen from this request. */
export function factsOfActor(asking: Asking, loaded: LoadedRequest) {
  return actorFacts(asking, loaded.facts, {
    reporter: loaded.row.reporter,
    handled: loaded.handled,
    entered: loaded.entered,
  })
}

/** Whether whoever asks sees a request. */
export async function isSeen(on: Sql, id: string): Promise<boolean> {
  const { rows } = await sql<{ seen: boolean }>`select exists (select from request where id = ${id}) as seen`.execute(
    on,
  )
  return rows[0]?.seen ?? false
}

/** The newest answer that was sent; null where none was. */
export async function readSentAnswer(on: Sql, id: string): Promise<string | null> {
  const { rows } = await sql<{ text: string }>`
    select text from request_answer
    where request = ${id} and kind = 'answer' and state = 'sent' order by created_at desc limit 1`.execute(on)
  return rows[0]?.text ?? null
}

/** Open requests that a body is responsible for, receives or has a part of, also those that the asker does not see. */
export async function countHeld(on: Sql, body: string): Promise<number> {
  const { rows } = await sql<{ held: number }>`select requests_held(${body}) as held`.execute(on)
  return rows[0]?.held ?? 0
}

/** Whether a message reaches the reporter by what they left and by what this installation sends with. */
export async function reporterReached(
  act: { readonly sql: Sql },
  kernel: Pick<Kernel, 'outbox'>,
  id: string,
): Promise<boolean> {
  const { sms, mail } = kernel.outbox.channels
  const { rows } = await sql<{ reached: boolean }>`
    select request_reaches(${id}, ${Boolean(sms)}, ${Boolean(mail)}) as reached`.execute(act.sql)
  return rows[0]?.reached ?? false
}
