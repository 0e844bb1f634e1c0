// A request as rows and as the facts that the rules know: read in one query, written in one transaction.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { record } from '#kernel/ledger/index.ts'
import type { BodyKind } from '#organise/bodies/bodies.api.ts'
import type { EntryKind, ExplanationKind } from './requests.api.ts'
import {
  type Asking,
  actorFacts,
  type Decision,
  isHeld,
  type Part,
  type RequestFacts,
  receiverOf,
  responsible,
} from './requests.rules.ts'

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

/** Lines of the timeline that make their writer one who handled the request: they may neither judge nor call back. */
export const handlingEntries: readonly EntryKind[] = [
  'accepted',
  'dispatched',
  'redispatched',
  'consented',
  'acknowledged',
  'returned',
  'assistance_asked',
  'part_acknowledged',
  'part_returned',
  'part_answered',
  'drafted',
  'answered',
  'explanation_proposed',
  'explanation_refused',
  'explained',
  'extended',
  'merged',
  'split',
  'transferred',
]

/** The district of a path (province, city, district), above which nothing is sent of itself; the path itself where it is shorter. */
export function districtOf(path: string): string {
  return `${path.split('/').slice(0, 3).join('/')}/`
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
  parts: { id: string; body: string; kind: BodyKind; path: string; role: Part['role']; state: Part['state'] }[]
  explanation: { kind: ExplanationKind; by: string | null } | null
  visit: RequestFacts['visit']
  call_back: { drawnAt: string; tries: number; triedAt: string | null } | null
  published: boolean
  handled: boolean
  entered: boolean
}

/**
 * Reads a request with everything on which a rule depends.
 * @throws Refusal 404 where it does not exist or the actor may not see it
 */
export async function loadRequest(
  act: { readonly sql: Sql; readonly actor: { readonly person: string | null } },
  id: string,
): Promise<LoadedRequest> {
  const { rows } = await sql<RawRequest>`
    select r.id, r.number, r.version, r.title, r.body, r.spot, r.place, r.path, r.filed_path, r.channel, r.language, r.category, r.anonymous,
      r.reporter, r.entered_by, r.asked_for, r.responsible, r.about_request, r.split_from, r.faults, r.longitude, r.latitude, r.supervised_at,
      r.accepted_at, r.dispatched_at, r.acknowledged_at, r.reopened_at,
      r.holder, holder.path as holder_path, r.first_receiver, first.path as first_receiver_path, r.state, r.urgency,
      case when r.state = 'closed' then (select ended.result from request_results(array[r.id]) ended) end as result,
      category.promised_days, r.returns, r.transfers, r.reopened, r.filed_at, r.round_at, r.step_at, r.answered_at, r.closed_at,
      r.extended_at, r.due_at, r.due_kind, r.due_provisional, r.promised_at, r.promised_provisional, r.overdue_stage, r.answer_kind,
      r.judged, r.heard_at, r.reopen_until, r.senders, r.supervised, r.consent_public, r.merged_into, r.excluded_people, r.excluded_bodies,
      coalesce((select json_agg(json_build_object('id', p.id, 'body', p.body, 'kind', b.kind, 'path', b.path, 'role', p.role, 'state', p.state)
        order by p.dispatched_at, p.id) from request_part p join body b on b.id = p.body where p.request = r.id), '[]') as parts,
      (select json_build_object('kind', a.ground, 'by', t.person) from request_answer a left join tenure t on t.id = a.author
        where a.request = r.id and a.kind = 'explanation' and a.state = 'proposed' order by a.created_at desc limit 1) as explanation,
      (select json_build_object('state', v.state, 'by', v.proposed_by) from visit v
        where v.request = r.id and v.state in ('proposed', 'agreed') order by v.created_at desc limit 1) as visit,
      (select json_build_object('drawnAt', coalesce(c.at, c.drawn_on::timestamptz), 'tries', c.tries,
          'triedAt', c.tried_at) from call_back c
        where c.request = r.id and c.state in ('waiting', 'not_reached') order by c.drawn_on desc limit 1) as call_back,
      exists (select from publication p where p.request = r.id and p.withdrawn_at is null) as published,
      exists (select from request_entry e join tenure t on t.id = e.tenure
        where e.request = r.id and t.person = ${act.actor.person}::uuid and e.kind = any(${handlingEntries as string[]})) as handled,
      r.entered_by is not null and exists (select from tenure t where t.id = r.entered_by and t.person = ${act.actor.person}::uuid) as entered
    from request r
    join body holder on holder.id = r.holder
    join body first on first.id = r.first_receiver
    left join category on category.id = r.category
    where r.id = ${id}`.execute(act.sql)
  const raw = rows[0]
  if (!raw) throw new Refusal(404, 'not-found', 'http.not-found')
  return { row: raw, facts: factsOf(raw), handled: raw.handled, entered: raw.entered }
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

/** Words and ids that go with a decision and that no rule depends on. */
export interface Told {
  /** The text of the line (a reason, a note, what was added). */
  readonly text?: string | null
  /** The tenure under which it was done; null for residents and timers. */
  readonly tenure: string | null
  /** The tenure that handed out the link by which it was done; null for a link that went to the reporter alone. */
  readonly handedBy?: string | null
  readonly body?: string | null
  /** What a new part is asked to do. */
  readonly ask?: string | null
  readonly returnReason?: string | null
  readonly belongsTo?: string | null
  /** Further columns of the request (words, category, title …). */
  readonly columns?: Readonly<Record<string, unknown>>
}

/** Whoever writes: a resident's or staff member's act, or a timer as the jobs' role. */
export type Writer = Pick<Act, 'sql' | 'client' | 'now'> & { readonly actor: { readonly person: string | null } }

/** The columns of a request as facts say them. */
export function columnsOf(facts: RequestFacts): Record<string, unknown> {
  const seen = new Set<string>([facts.holder.body, facts.firstReceiver.body])
  // A unit that returned it no longer sees it; one that answered still does.
  for (const part of facts.parts) if (part.state !== 'returned') seen.add(part.body)
  for (const sender of facts.senders) seen.add(sender)
  for (const excluded of facts.excludedBodies) seen.delete(excluded)
  return {
    state: facts.state,
    result: facts.result,
    urgency: facts.urgency,
    path: facts.path,
    level_path: facts.holder.path,
    holder: facts.holder.body,
    first_receiver: facts.firstReceiver.body,
    responsible: responsible(facts).body,
    bodies: [...seen],
    excluded_people: facts.excludedPeople,
    excluded_bodies: facts.excludedBodies,
    returns: facts.returns,
    transfers: facts.transfers,
    reopened: facts.reopenings,
    round_at: facts.roundAt,
    step_at: facts.stepAt,
    dispatched_at: facts.dispatchedAt,
    answered_at: facts.answeredAt,
    closed_at: facts.closedAt,
    extended_at: facts.extendedAt,
    due_at: facts.due?.at ?? null,
    due_kind: facts.due?.kind ?? null,
    due_provisional: facts.due?.provisional ?? false,
    promised_at: facts.promisedAt,
    promised_provisional: facts.promisedProvisional,
    overdue_stage: facts.overdueStage,
    answer_kind: facts.answerKind,
    judged: facts.judged,
    heard_at: facts.heardAt,
    reopen_until: facts.reopenUntil,
    senders: facts.senders,
    supervised: facts.supervised,
    consent_public: facts.publicationPermitted,
    merged_into: facts.mergedInto,
  }
}

/** When a state was first reached in this round. */
function stamps(before: RequestFacts, after: RequestFacts, now: string): Record<string, string | null> {
  const entered = (state: RequestFacts['state']) => after.state === state && before.state !== state
  return {
    ...(entered('accepted') && !before.parts.some(isHeld) ? { accepted_at: now } : {}),
    ...(entered('acknowledged') ? { acknowledged_at: now } : {}),
    ...(after.reopenings > before.reopenings ? { reopened_at: now } : {}),
    ...(after.supervised && after.supervised !== before.supervised ? { supervised_at: now } : {}),
  }
}

/**
 * Writes what a decision says: lines of the timeline, parts, the request itself, the register of acts; in that order, since the
 * change may take the request out of the writer's sight. Only `decide` makes a Decision, so nothing unchecked is written.
 * @throws Refusal 409 where somebody else was faster
 * @returns the new version and the id of the last act in the register
 */
export async function writeDecision(
  writer: Writer,
  loaded: LoadedRequest,
  decision: Decision,
  said: Told,
  expectedVersion: number = loaded.row.version,
): Promise<{ version: number; act: string }> {
  const { row, facts } = loaded
  const now = writer.now.toISOString()
  let act = ''
  for (const fact of decision.acts) {
    act = await record(writer, {
      kind: fact.kind,
      record: row.id,
      path: facts.path,
      category: row.category,
      result: fact.result,
      times: fact.times,
      facts: said.handedBy ? { ...fact.facts, handedBy: said.handedBy } : fact.facts,
      tenure: said.tenure,
      ...(said.text ? { personal: { text: said.text } } : {}),
    })
  }
  await writeParts(writer, row.id, facts.parts, decision.next.parts, said)
  for (const entry of decision.entries) {
    await writer.sql
      .insertInto('request_entry')
      .values({
        id: newId(),
        request: row.id,
        act: act || null,
        kind: entry.kind,
        at: now,
        tenure: said.tenure,
        handed_by: said.handedBy ?? null,
        body: said.body ?? null,
        part: entry.part,
        internal: entry.audience === 'staff',
        text: said.text ?? null,
        facts: JSON.stringify(entry.facts),
      })
      .execute()
  }
  const change = { ...columnsOf(decision.next), ...stamps(facts, decision.next, now), ...said.columns }
  const { rows } = await sql<{ version: number | null }>`
    select request_change(${row.id}, ${expectedVersion}, ${JSON.stringify(change)}::jsonb) as version`.execute(
    writer.sql,
  )
  const version = rows[0]?.version
  if (!version) {
    const { rows: present } = await sql<{ version: number }>`select version from request where id = ${row.id}`.execute(
      writer.sql,
    )
    throw new Refusal(409, 'version-conflict', 'http.version-conflict', {
      extra: { version: present[0]?.version ?? row.version },
    })
  }
  return { version, act }
}

async function writeParts(
  writer: Writer,
  request: string,
  before: readonly Part[],
  after: readonly Part[],
  said: Told,
): Promise<void> {
  const now = writer.now.toISOString()
  const known = new Map(before.map((part) => [part.id, part]))
  // Those that end first: a request has one lead at a time, and the database sees to it.
  for (const part of after) {
    const was = known.get(part.id)
    if (!was || was.state === part.state) continue
    await writer.sql
      .updateTable('request_part')
      .set((eb) => ({
        state: part.state,
        version: eb('version', '+', 1),
        ...(part.state === 'acknowledged' ? { acknowledged_at: now } : {}),
        ...(part.state === 'answered' ? { answered_at: now } : {}),
        ...(part.state === 'ended' ? { ended_at: now } : {}),
        ...(part.state === 'returned'
          ? { returned_at: now, return_reason: said.returnReason ?? null, return_belongs_to: said.belongsTo ?? null }
          : {}),
      }))
      .where('id', '=', part.id)
      .execute()
  }
  for (const part of after) {
    if (known.has(part.id)) continue
    await insertPart(writer, request, part, said.ask ?? null)
  }
}

/** A part given to a body. */
export async function insertPart(writer: Writer, request: string, part: Part, ask: string | null): Promise<void> {
  await writer.sql
    .insertInto('request_part')
    .values({
      id: part.id,
      request,
      body: part.body,
      role: part.role,
      state: part.state,
      ask,
      dispatched_at: writer.now.toISOString(),
    })
    .execute()
}
