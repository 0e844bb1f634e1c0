// What timers and the work of the night look for, as the role of jobs.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'

/** Those that ended by being merged into a request. */
export async function mergedInto(on: Sql, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from request where merged_into = ${id} and state = 'closed' and result = 'merged' order by id`.execute(on)
  return rows.map((row) => row.id)
}

/** An answer to be judged, and how its reporter is reached. */
export interface Asked {
  readonly answer: string
  /** How often the reporter's number was put right. */
  readonly round: number
  readonly path: string
  readonly number: number
  readonly title: string
  readonly language: 'zh-CN' | 'en'
  readonly phone: Buffer | null
  readonly mail: Buffer | null
  readonly may_call: boolean | null
}

/** The answer that a request now stands with; null where it is at work again. */
export async function readAsked(on: Sql, id: string): Promise<Asked | null> {
  const { rows } = await sql<Asked>`
    select a.id as answer, request_phone_round(r.id) as round, r.path, r.number, r.title, r.language, c.phone_encrypted as phone, c.mail_encrypted as mail, c.may_call
    from request r join request_answer a on a.request = r.id and a.state = 'sent' and a.kind in ('answer', 'explanation')
    left join request_contact c on c.request = r.id
    where r.id = ${id} and r.state = 'answered' order by a.sent_at desc limit 1`.execute(on)
  return rows[0] ?? null
}

/** Makes a judge token valid. False where it was made before. */
export async function grantJudge(on: Sql, hash: Buffer, id: string, until: string | Date): Promise<boolean> {
  const { rows } = await sql<{ made: boolean }>`
    select access.grant_token_once(${hash}, 'judge', ${id}, ${until}) as made`.execute(on)
  return rows[0]?.made ?? false
}

/** Those whom nobody judged within the time, and who wait for no call; of some only, where they are given. */
export async function readUnjudged(
  on: Sql,
  now: Date,
  among: readonly string[] | null = null,
): Promise<{ id: string; path: string }[]> {
  const { rows } = await sql<{ id: string; path: string }>`
    select r.id, r.path from request r where r.state = 'answered' and r.due_kind = 'judge' and r.due_at <= ${now}
      and (${among}::uuid[] is null or r.id = any (${among}::uuid[]))
      and not exists (select from call_back c where c.request = r.id and c.state in ('waiting', 'not_reached')) order by r.id`.execute(
    on,
  )
  return rows
}

/** The share that a place, or the nearest above it, has drawn for calls; null where none says. */
export async function readCallBackShare(on: Sql, path: string): Promise<number | null> {
  const { rows } = await sql<{ share: number }>`
    select (value #>> '{}')::float8 as share from place_setting
    where name = 'call_back_share' and starts_with(${path}, path) order by length(path) desc limit 1`.execute(on)
  return rows[0]?.share ?? null
}

/** Open requests with a deadline that rests on a calendar not yet announced. */
export async function readProvisional(on: Sql): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from request where state <> 'closed' and (due_provisional or promised_provisional) order by id`.execute(
    on,
  )
  return rows.map((row) => row.id)
}

/** Bodies that are not dissolved. */
export async function readStanding(on: Sql): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`select id from body where dissolved_at is null`.execute(on)
  return new Set(rows.map((row) => row.id))
}

/** Open requests after an id, so many. */
export async function readOpen(on: Sql, after: string, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from request where state <> 'closed' and id > ${after} order by id limit ${most}`.execute(on)
  return rows.map((row) => row.id)
}
