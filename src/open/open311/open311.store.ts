// All SQL of the room. What is released is read beneath the policies that everybody's pages are read beneath.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import type { Closing, State } from '#listen/requests/requests.api.ts'
import { ancestorPaths } from '#organise/places/index.ts'
import type { UpdateKind, Window } from './open311.rules.ts'

export interface ServiceRow {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly name_en: string | null
  readonly group: string
  readonly group_en: string | null
  readonly subject: string
  readonly subject_en: string | null
  readonly promised_days: number
}

/** Most services of one list: the standard knows no pages of it. */
export const mostServices = 5_000

/**
 * What can be filed anywhere within a place: what holds at it, and what the places below it have in lists of their own. Without a
 * place, everything that stands in any list. Of a code that stands several times the list that holds at the place itself counts, the
 * nearest first, and then the first below it in the order of places.
 */
export async function readServices(on: Sql, path: string | null, code?: string): Promise<ServiceRow[]> {
  const named = code === undefined ? sql`` : sql`and code = ${code}`
  const above = path === null ? [] : ancestorPaths(path)
  // Which list counts is found by code and path alone: a province has a thousand lists with the same codes.
  const { rows } = await sql<ServiceRow>`
    with holds as (
      select code, max(path) as path from category where path = any (${above}::text[]) and retired_at is null ${named} group by code
    ), below as (
      select code, min(path) as path from category
      where retired_at is null ${named} ${path === null ? sql`` : sql`and path > ${path}::text collate "C" and path < ${path}::text || '~'`}
      group by code
    )
    select c.id, c.code, c.level3 as name, c.level3_en as name_en, c.level2 as "group", c.level2_en as group_en,
      c.level1 as subject, c.level1_en as subject_en, c.promised_days
    from (select code, coalesce(h.path, b.path) as path from holds h full join below b using (code)) listed
      join category c using (code, path)
    order by subject, "group", name, code limit ${mostServices}`.execute(on)
  return rows
}

/** The category by which a request at a place is filed under a code: that of the nearest list; null where none holds there. */
export async function serviceAt(on: Sql, path: string, code: string): Promise<{ readonly id: string } | null> {
  const { rows } = await sql<{ id: string }>`
    select id from category where code = ${code} and path = any (${ancestorPaths(path)}::text[]) and retired_at is null
    order by length(path) desc limit 1`.execute(on)
  return rows[0] ?? null
}

/** A place of an official code, for a jurisdiction; null where there is none. */
export async function readJurisdiction(on: Sql, code: string): Promise<{ id: string; path: string } | null> {
  const { rows } = await sql<{ id: string; path: string }>`
    select id, path from place where code = ${code} and abolished_at is null`.execute(on)
  return rows[0] ?? null
}

/** A request as it stands for other people's software. Words and spot only of what is released. */
export interface RequestRow {
  readonly request: string
  readonly number: number
  readonly title: string | null
  readonly body: string | null
  readonly answer: string | null
  readonly state: State
  readonly result: Closing | null
  readonly path: string
  readonly filed_at: string
  readonly promised_at: string | null
  readonly updated_at: string
  readonly me_too: number | null
  readonly service_code: string | null
  readonly service_name: string | null
  readonly service_name_en: string | null
  /** Of the community: where somebody stood is not released. */
  readonly longitude: number | null
  readonly latitude: number | null
}

export interface Asked {
  readonly path: string | null
  readonly numbers: readonly number[] | null
  readonly codes: readonly string[] | null
  /** Beside these codes also what has no category. */
  readonly uncategorised: boolean
  readonly status: 'open' | 'closed' | null
  readonly filed: Window | null
  readonly updated: { readonly after: Date | null; readonly before: Date | null }
  readonly most: number
  readonly skip: number
}

const updatedAt = (of: string) => sql`greatest(${sql.ref(`${of}.filed_at`)},
  (select max(u.at) from open311_update u where u.request = ${sql.ref(`${of}.request`)}))`
const beside = (of: string) => sql`
  left join category c on c.id = ${sql.ref(`${of}.category`)}
  left join place w on w.path = substring(${sql.ref(`${of}.path`)} from '^(?:[^/]*/){1,5}')`
const shown = sql`c.code as service_code, c.level3 as service_name, c.level3_en as service_name_en, w.longitude, w.latitude`

/** Released requests, newest first. */
export async function readReleased(act: Pick<Act, 'sql'>, asked: Asked): Promise<RequestRow[]> {
  const { path, numbers, codes, status, filed, updated } = asked
  const { rows } = await sql<RequestRow>`
    select * from (
      select p.request, p.number, p.title, p.body, p.answer, p.state, p.result, p.path, p.filed_at, p.promised_at, p.me_too,
        ${updatedAt('p')} as updated_at, ${shown}
      from publication p ${beside('p')}
      where p.withdrawn_at is null
        ${path === null ? sql`` : sql`and p.path >= ${path}::text collate "C" and p.path < ${path}::text || '~'`}
        ${numbers === null ? sql`` : sql`and p.number = any (${numbers}::bigint[])`}
        ${codes === null ? sql`` : sql`and (c.code = any (${codes}::text[]) or ${asked.uncategorised} and p.category is null)`}
        ${status === null ? sql`` : status === 'closed' ? sql`and p.state = 'closed'` : sql`and p.state <> 'closed'`}
        ${filed === null ? sql`` : sql`and p.filed_at >= ${filed.from} and p.filed_at <= ${filed.until}`}
    ) released
    where true ${updated.after === null ? sql`` : sql`and updated_at >= ${updated.after}`}
      ${updated.before === null ? sql`` : sql`and updated_at <= ${updated.before}`}
    order by filed_at desc, request desc limit ${asked.most} offset ${asked.skip}`.execute(act.sql)
  return rows
}

/** What came in by the key that is shown, by number: how it stands, and no words. */
export async function readOwn(act: Pick<Act, 'sql'>, numbers: readonly number[]): Promise<RequestRow[]> {
  const { rows } = await sql<RequestRow>`
    select o.request, o.number, null as title, null as body, null as answer, o.state, o.result, o.path, o.filed_at, o.promised_at,
      null as me_too, ${updatedAt('o')} as updated_at, ${shown}
    from open311_own(${numbers}::bigint[]) o ${beside('o')} order by o.filed_at desc, o.request desc`.execute(act.sql)
  return rows
}

/** The request of a number that came in by the key that is shown; null where it did not. */
export async function ownRequest(act: Pick<Act, 'sql'>, number: number): Promise<string | null> {
  const { rows } = await sql<{ request: string }>`select request from open311_own(${[number]}::bigint[])`.execute(
    act.sql,
  )
  return rows[0]?.request ?? null
}

export interface UpdateRow {
  readonly id: string
  readonly number: number
  readonly at: string
  readonly kind: UpdateKind
  /** The answer, where it is released, at the step by which it was given. */
  readonly answer: string | null
}

/** Steps within a time, oldest first: of what is released, and of what came in by the key that is shown. */
export async function readUpdates(
  act: Pick<Act, 'sql'>,
  asked: {
    readonly path: string | null
    readonly within: Window
    readonly numbers: readonly number[] | null
    readonly most: number
    readonly skip: number
  },
): Promise<UpdateRow[]> {
  const { path, within, numbers } = asked
  const { rows } = await sql<UpdateRow>`
    select * from (
      select u.id, coalesce(p.number, o.number) as number, u.at, u.kind, coalesce(p.path, o.path) as path,
        case when u.kind = 'answered' and u.at = (select max(l.at) from open311_update l where l.request = u.request and l.kind = 'answered')
          then p.answer end as answer
      from open311_update u
        left join publication p on p.request = u.request and p.withdrawn_at is null
        left join lateral open311_own_at(u.request) o on p.request is null
      where u.at >= ${within.from} and u.at <= ${within.until}
    ) told
    where number is not null ${path === null ? sql`` : sql`and path >= ${path}::text collate "C" and path < ${path}::text || '~'`}
      ${numbers === null ? sql`` : sql`and number = any (${numbers}::bigint[])`}
    order by at, id limit ${asked.most} offset ${asked.skip}`.execute(act.sql)
  return rows
}

/** Writes down by which key a request came. In the transaction that files it. */
export async function markFiled(act: Pick<Act, 'sql'>, request: string, key: string): Promise<void> {
  await sql`insert into open311_request (request, key) values (${request}, ${key})`.execute(act.sql)
}

/** The line by which the reporter added something last. */
export async function lastAdded(act: Pick<Act, 'sql'>, request: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from request_entry where request = ${request} and kind = 'added' order by at desc, id desc limit 1`.execute(
    act.sql,
  )
  const id = rows[0]?.id
  if (!id) throw new Error('an addition without its line')
  return id
}
