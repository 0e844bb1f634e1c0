// A request as its reporter follows it: the answer and the visit that stand, what it was divided into, who looked at the contact.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import { type Closing, type State, verdictClosings } from './requests.api.ts'
import type { LoadedRequest } from './requests.store.ts'

export interface AnswerShown {
  readonly id: string
  readonly kind: 'answer' | 'explanation'
  readonly text: string
  /** The law or policy that an explanation cites, and what it says in plain words. */
  readonly basis: string | null
  readonly plain: string | null
  readonly remedy: string | null
}

export interface VisitShown {
  readonly id: string
  readonly day: string
  readonly from: string
  readonly to: string
  readonly state: 'proposed' | 'agreed'
  readonly by: 'unit' | 'resident'
  readonly note: string | null
}

interface More {
  answer: AnswerShown | null
  visit: VisitShown | null
  /** What it was merged into, as everybody may read it; null where that is not released. */
  merged_into: { number: number; title: string } | null
  /** How often the reporter's number was put right. */
  round: number
  name: string | null
  phone: string | null
  mail: string | null
  has_contact: boolean
}

/** What a reporter sees beside the request itself. */
export async function readMore(act: Act, id: string): Promise<More> {
  const english = act.language === 'en'
  const { rows } = await sql<More>`
    select
      (select json_build_object('id', a.id, 'kind', a.kind, 'text', a.text, 'remedy', a.next_remedy,
          'basis', nullif(concat_ws(' ', ${english ? sql`coalesce(l.name_en, l.name)` : sql`l.name`}, l.article), ''),
          'plain', ${english ? sql`coalesce(l.plain_en, l.plain)` : sql`l.plain`})
        from request_answer a left join law l on l.id = a.law
        where a.request = r.id and a.state = 'sent' and a.kind in ('answer', 'explanation') order by a.sent_at desc limit 1) as answer,
      (select json_build_object('id', v.id, 'day', v.day, 'from', to_char(v.from_time, 'HH24:MI'), 'to', to_char(v.to_time, 'HH24:MI'),
          'state', v.state, 'by', v.proposed_by, 'note', v.note)
        from visit v where v.request = r.id and v.state in ('proposed', 'agreed') order by v.created_at desc limit 1) as visit,
      (select json_build_object('number', p.number, 'title', p.title) from publication p
        where p.request = r.merged_into and p.withdrawn_at is null) as merged_into,
      request_phone_round(r.id) as round,
      encode(c.name_encrypted, 'base64') as name, encode(c.phone_encrypted, 'base64') as phone,
      encode(c.mail_encrypted, 'base64') as mail, c.request is not null as has_contact
    from request r left join request_contact c on c.request = r.id where r.id = ${id}`.execute(act.sql)
  const row = rows[0]
  if (!row) throw new Error('a request vanished within its transaction')
  return row
}

/** The matter into which one was merged, as its reporter follows it there; the answer's columns are null until there is one. */
export interface MergedFollowed {
  readonly state: State
  readonly promised_at: string
  readonly promised_provisional: boolean
  readonly responsible: string
  readonly kind: 'answer' | 'explanation' | null
  readonly text: string | null
  readonly remedy: string | null
  readonly basis: string | null
  readonly plain: string | null
  readonly sent_at: string | null
  readonly who: string | null
  readonly post: string | null
  readonly body: string | null
}

/** How the matter stands into which this one was merged; null where it was merged into none. */
export async function readMerged(act: Act, id: string): Promise<MergedFollowed | null> {
  const english = act.language === 'en'
  const told = (column: string) =>
    english ? sql`coalesce(${sql.ref(`${column}_en`)}, ${sql.ref(column)})` : sql.ref(column)
  const { rows } = await sql<MergedFollowed>`
    select m.state, m.promised_at, m.promised_provisional, m.responsible, m.kind, m.text, m.remedy, m.sent_at, m.who,
      nullif(concat_ws(' ', ${told('l.name')}, l.article), '') as basis, ${told('l.plain')} as plain,
      ${told('m.post')} as post, ${told('m.body')} as body
    from request_merged_followed(${id}) m left join law l on l.id = m.law`.execute(act.sql)
  return rows[0] ?? null
}

/** The words in which it was told, as they stand and as they stood before they were put right: those that were registered are among them. */
export async function wordsEver(act: Act, id: string): Promise<{ title: string; body: string }[]> {
  const { rows } = await sql<{ title: string; body: string }>`
    select title, body from request where id = ${id}
    union all select title, body from request_version where request = ${id}`.execute(act.sql)
  return rows
}

/** What a request was divided into. */
export async function readDivided(
  act: Act,
  id: string,
): Promise<{ id: string; number: number; title: string; state: State; result: string | null }[]> {
  const { rows } = await sql<{ id: string; number: number; title: string; state: State; result: string | null }>`
    select d.id, d.number, d.title, d.state, d.result from request_divided(${id}) d`.execute(act.sql)
  return rows
}

/**
 * What the reporter said of each answer, by the line of the timeline that closed its round: for themselves, signed in or by a link of
 * their own. Where it was never taken up again, the last closing says it all.
 */
export async function readVerdicts(
  act: Act,
  { row, facts }: LoadedRequest,
  entries: readonly { readonly id: string; readonly kind: string }[],
): Promise<ReadonlyMap<string, Closing>> {
  const { person, link, handed_by } = act.actor
  const theirs = (row.reporter !== null && row.reporter === person) || (link === row.id && handed_by === null)
  if (!theirs) return new Map()
  if (facts.reopenings === 0) {
    const line = entries.findLast(({ kind }) => kind === 'closed')
    return new Map(line && facts.result && verdictClosings.includes(facts.result) ? [[line.id, facts.result]] : [])
  }
  const { rows } = await sql<{ entry: string; result: Closing }>`select * from request_verdicts(${row.id})`.execute(
    act.sql,
  )
  return new Map(rows.map(({ entry, result }) => [entry, result]))
}

/** A complaint of the reporter about this request, or the request that a complaint is about. */
export interface ComplaintLink {
  readonly id: string
  readonly number: number
  /** Null where it is not for whoever reads. */
  readonly title: string | null
  readonly filed_at: string
  readonly original: boolean
}

/** What joins a request and complaints about how it was handled, as far as its reporter may follow it. */
export async function readComplaints(act: Act, id: string): Promise<ComplaintLink[]> {
  const { rows } = await sql<ComplaintLink>`
    select c.id, c.number, c.title, c.filed_at, c.original from request_complaints_followed(${id}) c order by c.filed_at`.execute(
    act.sql,
  )
  return rows
}

export interface Looked {
  readonly at: string
  readonly what: string
  readonly purpose: string | null
  readonly who: string | null
  readonly title: string | null
  readonly title_en: string | null
  readonly body: string | null
  readonly body_en: string | null
}

/** Who looked at the contact behind a request, newest first. */
export async function readLooked(act: Act, id: string): Promise<Looked[]> {
  const { rows } = await sql<Looked>`
    select l.at, l.what, l.purpose, t.holder_name as who, p.title, p.title_en, b.name as body, b.name_en as body_en
    from access.log l left join tenure t on t.id = l.tenure left join post p on p.id = t.post left join body b on b.id = p.body
    where l.subject_record = ${id} and l.reader is distinct from ${act.actor.person}::uuid
    order by l.at desc limit 200`.execute(act.sql)
  return rows
}

/** One's own request as a line of a list. */
export interface Mine {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly state: State
  readonly result: string | null
  readonly filed_at: string
}

/** The requests of whoever asks, newest first, before an id for the next page. */
export async function readMine(act: Act, after: string | null, most: number): Promise<Mine[]> {
  const { rows } = await sql<Mine>`
    select id, number, title, state, (select ended.result from request_results(array[request.id]) ended) as result, filed_at from request
    where reporter = ${act.actor.person} ${after ? sql`and id < ${after}::uuid` : sql``} order by id desc limit ${most}`.execute(
    act.sql,
  )
  return rows
}

/** The request of a number that was told from this phone; null where there is none. */
export async function findFollowed(on: Sql, number: number, phoneIndex: Buffer): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`select follow_again(${number}, ${phoneIndex}) as id`.execute(on)
  return rows[0]?.id ?? null
}

/** Why a judge token ended; null for one that never was. */
export async function whyEnded(on: Sql, hash: Buffer): Promise<'earlier' | 'at-work-again' | 'slip' | null> {
  const { rows } = await sql<{
    why: 'earlier' | 'at-work-again' | 'slip' | null
  }>`select judge_ended(${hash}) as why`.execute(on)
  return rows[0]?.why ?? null
}
