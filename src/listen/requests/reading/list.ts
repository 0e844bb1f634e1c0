// The desk's lists: each queue is one condition, answered by one index and one query, page by page.
import { sql } from 'kysely'
import { type Act, type Actor, may } from '#kernel/access/index.ts'
import { readCursor, writeCursor } from '#kernel/http/index.ts'
import { visibleResult } from '#listen/judgements/index.ts'
import { formatNumber } from '../number.ts'
import type { Closing } from '../requests.api.ts'
import { type Filter, type Queue, type Row, sortOf } from '../requests.lists.api.ts'
import { isDecided, lifecycle } from '../requests.rules.ts'
import {
  type Condition,
  concernsOf,
  dueOf,
  handlingBodies,
  heldStates,
  knowReach,
  outermost,
  overConcerns,
  queueCondition,
} from './concerns.ts'
import { conditionsOf } from './filter.ts'
import { surroundingsAt } from './surroundings.ts'

/** A count beyond this is shown as "more than". */
export const mostCounted = 999

/** How many stand in each queue this person can have; queues that their duties never fill are left out. */
export async function countQueues(act: Act): Promise<Record<string, number>> {
  const queues = queuesOf(act.actor)
  if (queues.length === 0) return {}
  await knowReach(act)
  const most = sql`limit ${sql.lit(mostCounted + 1)}`
  const counts = queues.map((queue) => {
    const condition = queueCondition(queue, act.actor, act.now)
    const each = overConcerns.includes(queue)
      ? concernsOf(act.actor).map(
          (concern) => sql`(select r.id from request r where ${condition} and ${concern} ${most})`,
        )
      : [sql`select r.id from request r where ${condition}`]
    return sql`(select count(*) from (select from (${sql.join(each, sql` union `)}) found ${most}) counted) as ${sql.ref(queue)}`
  })
  const { rows } = await sql<Record<string, number>>`select ${sql.join(counts)}`.execute(act.sql)
  return rows[0] ?? {}
}

/** The queues that make sense for a person's duties. */
export function queuesOf(actor: Actor): Queue[] {
  const has = (duty: string) => (actor.reach[duty]?.length ?? 0) > 0
  const queues: Queue[] = []
  if (has('request.accept')) queues.push('to-accept')
  if (has('request.dispatch')) queues.push('to-dispatch')
  if (actor.tenures.length > 0) queues.push('mine')
  if (has('request.handle')) queues.push('unit')
  if (actor.tenures.length > 0) queues.push('due-today', 'overdue')
  if (has('request.dispatch')) queues.push('returned')
  if (has('request.agree')) queues.push('to-explain')
  if (has('request.callback')) queues.push('to-call-back')
  if (has('request.read')) queues.push('supervised')
  return queues
}

interface RawRow {
  id: string
  number: number
  title: string
  state: string
  result: Closing | null
  complaint: boolean
  urgency: string
  channel: string
  place_name: string
  category_name: string | null
  holder_name: string | null
  filed_at: string
  path: string
  level_path: string
  due_at: string | null
  due_kind: string | null
  step_at: string
  returns: number
  supervised: string | null
  version: number
  me_too: number | null
  supervised_at: string | null
  watch_reason?: string | null
  watch_who?: string | null
  watch_post?: string | null
  watch_body?: string | null
  part_role: string | null
  part_state: string | null
}

export interface Page {
  items: Row[]
  next: string | null
  estimate: number
}

/**
 * One page of a list.
 * @throws Refusal 400 for a cursor that is none
 */
export async function listRequests(act: Act, filter: Filter): Promise<Page> {
  const limit = filter.limit ?? 50
  const queue = filter.queue ?? 'all'
  const sort = sortOf(filter)
  const cursor = filter.after ? readCursor(filter.after) : null
  const newest = sort === 'newest' ? { before: cursor?.id ?? null, most: limit + 1 } : null
  const conditions = await conditionsOf(act, filter, newest)
  const due = dueOf(act.actor)
  if (cursor) {
    // Without a deadline last, as an index on (due_at, id) has them.
    if (sort === 'due')
      conditions.push(
        cursor.at === null
          ? sql`r.due_at is null and r.id > ${cursor.id}::uuid`
          : sql`(${due} > ${cursor.at}::timestamptz or ${due} = ${cursor.at}::timestamptz and r.id > ${cursor.id}::uuid or r.due_at is null)`,
      )
    else conditions.push(sort === 'newest' ? sql`r.id < ${cursor.id}::uuid` : sql`r.id > ${cursor.id}::uuid`)
  }
  const order = sort === 'due' ? sql`${due}, r.id` : sort === 'newest' ? sql`r.id desc` : sql`r.id`
  const units = handlingBodies(act.actor)
  const english = act.language === 'en'
  const found = newestOf(act.actor, queue, sort, conditions.length > (cursor ? 1 : 0), cursor?.id ?? null, limit + 1)
  // How matters ended is found below the reader's own reach already.
  const concerns =
    overConcerns.includes(queue) && (!filter.result || filter.result === 'said') ? concernsOf(act.actor) : []
  const { rows } = await sql<RawRow>`
    with page as materialized (
      ${pageOf(found ?? concerns, conditions, order, limit + 1)}
    )
    select r.id, r.number, r.title, r.state, ended.result, about.id is not null as complaint, r.urgency, r.channel, ${said(english, 'place.name_en', 'place.short_name')} as place_name,
      ${said(english, 'category.level3_en', 'category.level3')} as category_name,
      coalesce(${said(english, 'unit.name_en', 'unit.name')}, ${said(english, 'holder.name_en', 'holder.name')}) as holder_name, r.filed_at, r.path, r.level_path, r.due_at, r.due_kind, r.step_at, r.returns,
      r.supervised, r.supervised_at, r.version, publication.me_too,${queue === 'supervised' ? sql` watch.reason as watch_reason, watch.who as watch_who, watch.post as watch_post, watch.body as watch_body,` : sql``} own.role as part_role, own.state as part_state
    from page r
    -- Where it is now: one that was transferred was told elsewhere.
    join place on place.id = coalesce((select here.id from place here where here.path = r.path), r.place)
    join body holder on holder.id = r.holder
    left join category on category.id = r.category
    left join publication on publication.request = r.id and publication.withdrawn_at is null
    left join request_results(array(select page.id from page where page.state = 'closed')) ended on ended.id = r.id
    -- Only where the reader sees what is complained about.
    left join request about on about.id = r.about_request
    left join lateral (select p.body from request_part p where p.request = r.id and p.role = 'lead'
        -- Who answered an earlier round has it no more.
        and (p.state in ${heldStates} or p.state = 'answered' and (r.reopened_at is null or p.dispatched_at >= r.reopened_at))
      order by p.dispatched_at desc limit 1) lead on true
    left join body unit on unit.id = lead.body
    ${queue === 'supervised' ? watchOf(english) : sql``}
    left join lateral (select p.role, p.state from request_part p where p.request = r.id and p.body = any(${units})
      and p.state in ${heldStates} limit 1) own on true
    order by ${order}`.execute(act.sql)
  const shown = rows.slice(0, limit)
  const items = await Promise.all(shown.map((row) => toRow(act, row, queue)))
  const last = shown.at(-1)
  const next =
    rows.length > limit && last ? writeCursor({ at: sort === 'due' ? last.due_at : null, id: last.id }) : null
  return { items, next, estimate: shown.length + (next ? 1 : 0) }
}

/** Who took it under supervision last, and why: a line of its timeline, seen by whoever sees that. */
const watchOf = (english: boolean): Condition => sql`left join lateral (
  select e.text as reason, h.holder_name as who, ${said(english, 'o.title_en', 'o.title')} as post, ${said(english, 'b.name_en', 'b.name')} as body
  from request_entry e left join tenure h on h.id = e.tenure left join post o on o.id = h.post left join body b on b.id = coalesce(o.body, e.body)
  where r.supervised = 'above' and e.request = r.id and e.kind = 'supervised' order by e.at desc limit 1) watch on true`

function supervisionOf(row: RawRow): Row['supervision'] {
  if (row.supervised === null) return null
  const by = [row.watch_body, row.watch_post, row.watch_who].filter(Boolean).join(' · ')
  return { by: by || null, reason: row.watch_reason ?? null, at: row.supervised_at }
}

/** All of a place, newest first and without any filter: the index alone says which they are. Null for every other list. */
function newestOf(
  actor: Actor,
  queue: Queue,
  sort: string,
  filtered: boolean,
  before: string | null,
  most: number,
): Condition[] | null {
  const reach = outermost(actor.reach['request.read'] ?? [])
  const [only] = reach
  if (queue !== 'all' || sort !== 'newest' || filtered || reach.length !== 1 || only === undefined) return null
  const units = concernsOf(actor).slice(1)
  return [sql`r.id in (select request_newest(${only}, ${before}::uuid, ${sql.lit(most)}))`, ...units]
}

/** A name in the reader's language; in Chinese where it has no other. */
function said(english: boolean, inEnglish: string, name: string): Condition {
  return english ? sql`coalesce(${sql.ref(inEnglish)}, ${sql.ref(name)})` : sql`${sql.ref(name)}`
}

const rowColumns = sql`r.id, r.number, r.title, r.state, r.urgency, r.channel, r.place, r.category, r.holder, r.filed_at, r.path, r.level_path,
  r.due_at, r.due_kind, r.step_at, r.returns, r.reopened_at, r.supervised, r.supervised_at, r.about_request, r.version`

/**
 * The rows of one page. Several concerns are read apart, each by its index up to a whole page, and put together then: with an
 * `or` between them PostgreSQL walks through everybody's newest requests until it has found enough of this person's.
 */
function pageOf(concerns: Condition[], conditions: Condition[], order: Condition, most: number): Condition {
  const where = (all: Condition[]) => (all.length > 0 ? sql`where ${sql.join(all, sql` and `)}` : sql``)
  const page = (columns: Condition, all: Condition[]) =>
    sql`select ${columns} from request r ${where(all)} order by ${order} limit ${sql.lit(most)}`
  if (concerns.length <= 1) return page(rowColumns, [...concerns, ...conditions])
  const ids = concerns.map((concern) => sql`(${page(sql`r.id`, [concern, ...conditions])})`)
  return page(rowColumns, [sql`r.id in (${sql.join(ids, sql` union all `)})`])
}

async function toRow(act: Act, row: RawRow, queue: Queue): Promise<Row> {
  return {
    id: row.id,
    number: formatNumber(row.number),
    title: row.title,
    state: row.state,
    result: visibleResult(row.result, !may(act.actor, 'judgement.read', row.path)),
    complaint: row.complaint,
    urgency: row.urgency,
    channel: row.channel,
    placeName: row.place_name,
    path: row.path,
    categoryName: row.category_name,
    holderName: row.holder_name,
    filedAt: row.filed_at,
    deadline:
      row.due_at && row.due_kind ? await deadlineOf(act, row.path, row.due_kind, row.due_at, row.step_at) : null,
    meToo: row.me_too ?? 0,
    returns: row.returns,
    supervised: row.supervised !== null,
    ...(queue === 'supervised' ? { supervision: supervisionOf(row) } : {}),
    can: quickActs(act.actor, row),
    version: row.version,
  }
}

/** The deadline clock of a request: the step, its moment, and the working minutes left (negative when late). */
export async function deadlineOf(act: Act, path: string, step: string, at: string, since: string) {
  const { workingMinutes } = await surroundingsAt(act.sql, path, act.now)
  const due = new Date(at)
  // What the resident may still say is nobody's delay.
  return { step, at, since, workingMinutes: workingMinutes(act.now, due), late: due < act.now && step !== 'judge' }
}

/** What a list offers at a key press: from the table of the lifecycle, by duty and own part; guards are asked when it is done. */
function quickActs(actor: Actor, row: RawRow): string[] {
  const offered = new Set<string>()
  for (const each of lifecycle) {
    if (each.from === 'none' || !(each.from as readonly string[]).includes(row.state)) continue
    if (!['accept', 'dispatch', 'redispatch', 'acknowledge', 'answer', 'return', 'categorise'].includes(each.act))
      continue
    if (each.act === (isDecided(row) ? 'dispatch' : 'redispatch')) continue
    if (each.act === 'acknowledge' && row.part_state !== 'dispatched') continue
    const mine = each.who.some((who) =>
      who === 'lead' || who === 'assistant'
        ? row.part_role === (who === 'lead' ? 'lead' : 'assisting')
        : (actor.reach[who] ?? []).some((prefix) => row.level_path.startsWith(prefix)),
    )
    if (mine) offered.add(each.act)
  }
  return [...offered]
}
