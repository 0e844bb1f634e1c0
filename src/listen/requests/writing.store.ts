// What a decision of the rules changes in the rows of a request, within the transaction of whoever acts.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { record } from '#kernel/ledger/index.ts'
import { type Decision, isHeld, type Part, type RequestFacts, responsible } from './requests.rules.ts'
import type { LoadedRequest } from './requests.store.ts'

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
  const version = await changeRequest(writer.sql, row.id, expectedVersion, change)
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

/** Changes columns of a request from the version that was seen. Returns the new one; null where somebody else was faster. */
export async function changeRequest(
  on: Sql,
  id: string,
  version: number,
  change: Readonly<Record<string, unknown>>,
): Promise<number | null> {
  const { rows } = await sql<{ version: number | null }>`
    select request_change(${id}, ${version}, ${JSON.stringify(change)}::jsonb) as version`.execute(on)
  return rows[0]?.version ?? null
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
    // What was answered stays so when a later round begins: it can be read as an answer, and `loadRequest` knows it by its time.
    if (!was || was.state === part.state || was.state === 'answered') continue
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
