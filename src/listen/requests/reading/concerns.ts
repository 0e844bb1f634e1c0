// What concerns whom: the reach of a reader and the queues of the desk, each as one condition that one index answers.
import { type RawBuilder, sql } from 'kysely'
import type { Act, Actor } from '#kernel/access/index.ts'
import { dayOf, endOfDay } from '#kernel/calendar/index.ts'
import type { Queue } from '../requests.lists.api.ts'
import { isWide, knowWidths } from './width.store.ts'

export type Condition = RawBuilder<unknown>

/** `path` under one of the prefixes, as a range that a b-tree serves; nothing where there is no prefix. */
export function under(column: string, prefixes: readonly string[] | undefined): Condition {
  return within(sql.ref(column), prefixes)
}

function within(path: Condition, prefixes: readonly string[] | undefined): Condition {
  const reach = outermost(prefixes ?? [])
  if (reach.length === 0) return sql`false`
  const ranges = reach.map((prefix) => sql`(${path} >= ${prefix} and ${path} < ${`${prefix}~`})`)
  return sql`(${sql.join(ranges, sql` or `)})`
}

/** Prefixes without those that lie inside another. */
export function outermost(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)]
    .filter((prefix) => !prefixes.some((other) => other !== prefix && prefix.startsWith(other)))
    .sort()
}

/** What is asked for a reader depends on how wide their reach is: to be called before it is written. */
export const knowReach = (act: Pick<Act, 'actor' | 'now' | 'sql'>): Promise<void> =>
  knowWidths(act, [...(act.actor.reach['request.read'] ?? []), ...(act.actor.reach['judgement.read'] ?? [])])

/** The deadline: to be read in its own order by whoever reaches far, and only to be tested by whoever reaches little. */
export const dueOf = (actor: Actor): Condition =>
  actor.reach['request.read']?.some(isWide) ? sql`r.due_at` : sql`(r.due_at + interval '0')`

export const heldStates = sql`('offered', 'dispatched', 'acknowledged')`

/** What concerns this person: what lies in their reach, and what their bodies hold. Each is served by an index of its own. */
export function concernsOf(actor: Actor): Condition[] {
  const units = handlingBodies(actor)
  const reach = actor.reach['request.read']
  const concerns: Condition[] = []
  // The plan of a statement is kept for everybody who asks it, so that it is the statement that says which index fits. A wide reach is
  // no range to look up, and to the planner keeps half of what it meets: it walks in the order of the list until a page is full.
  if (reach?.length) {
    const here = under('r.path', reach)
    concerns.push(reach.some(isWide) ? sql`(case when ${here} then true else false end)` : here)
  }
  if (units.length > 0)
    concerns.push(
      sql`r.id in (select p.request from request_part p where p.body = any(${units}) and p.state in ${heldStates})`,
    )
  return concerns.length > 0 ? concerns : [sql`r.reporter = ${actor.person}`]
}

export function handlingBodies(actor: Actor): string[] {
  return [
    ...new Set(actor.tenures.filter((tenure) => tenure.duties.includes('request.handle')).map((tenure) => tenure.body)),
  ]
}

const working = sql`r.state in ('received', 'accepted', 'dispatched', 'acknowledged')`

/** Queues over everything that concerns somebody; their conditions hold beside those of `concernsOf`. */
export const overConcerns: readonly Queue[] = ['due-today', 'overdue', 'supervised', 'all']

/** The condition of each queue. */
export function queueCondition(queue: Queue, actor: Actor, now: Date): Condition {
  const due = dueOf(actor)
  const tenures = actor.tenures.map((tenure) => tenure.tenure)
  switch (queue) {
    case 'to-accept':
      return sql`r.state = 'received' and ${under('r.level_path', actor.reach['request.accept'])}`
    case 'to-dispatch':
      return sql`r.state = 'accepted' and ${under('r.level_path', actor.reach['request.dispatch'])}`
    case 'returned':
      return sql`r.state = 'accepted' and r.returns > 0 and ${under('r.level_path', actor.reach['request.dispatch'])}`
    case 'mine':
      return sql`r.state <> 'closed' and r.id in (select h.request from request_hand h where h.tenure = any(${tenures}))`
    case 'unit':
      return sql`r.state in ('dispatched', 'acknowledged') and r.id in (select p.request from request_part p
        where p.body = any(${handlingBodies(actor)}) and p.state in ${heldStates})`
    case 'due-today':
      return sql`${working} and ${due} >= ${now} and ${due} < ${endOfDay(dayOf(now))}`
    case 'overdue':
      return sql`${working} and ${due} < ${now}`
    case 'to-explain':
      return sql`${working} and ${within(sql`(r.level_path || '')`, actor.reach['request.agree'])} and r.id in (select a.request from request_answer a
        where a.kind = 'explanation' and a.state = 'proposed')`
    case 'to-call-back':
      return sql`r.state = 'answered' and ${under('r.path', actor.reach['request.callback'])} and r.id in (select c.request from call_back c
        where c.state in ('waiting', 'not_reached') and ${under('c.path', actor.reach['request.callback'])})`
    case 'supervised':
      return sql`r.state <> 'closed' and r.supervised is not null`
    case 'all':
      return sql`true`
  }
}
