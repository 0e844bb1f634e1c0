// What a list is narrowed by, as conditions: the same for a page of it, for its count and for its file.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { endOfDay, startOfDay } from '#kernel/calendar/index.ts'
import { firstIdOf } from '#kernel/database/identifiers.ts'
import { toQuery } from '#kernel/search/index.ts'
import { visibleResult } from '#listen/judgements/index.ts'
import { parseNumber } from '../number.ts'
import type { Closing } from '../requests.api.ts'
import { type Filter, noKind } from '../requests.lists.api.ts'
import { type Condition, dueOf, knowReach, outermost, queueCondition, under } from './concerns.ts'
import { isWide, knowWidths } from './width.store.ts'

const day = 86_400_000

/** The part of a list that is wanted: so many of the newest, before an id where a page went before. */
export interface Newest {
  readonly before: string | null
  readonly most: number
}

/**
 * The conditions of a filter, its queue among them.
 * @param newest where no more than that part of the list is wanted
 */
export async function conditionsOf(act: Act, filter: Filter, newest: Newest | null): Promise<Condition[]> {
  await knowReach(act)
  const queue = filter.queue ?? 'all'
  const conditions: Condition[] = queue === 'all' ? [] : [queueCondition(queue, act.actor, act.now)]
  // What ended is closed already.
  if (filter.state && !(filter.result && filter.state === 'closed')) conditions.push(sql`r.state = ${filter.state}`)
  if (filter.channel) conditions.push(sql`r.channel = ${filter.channel}`)
  if (filter.urgency) conditions.push(sql`r.urgency = ${filter.urgency}`)
  if (filter.category) conditions.push(sql`r.category = ${filter.category}`)
  if (filter.kind) conditions.push(ofKind(filter.kind))
  if (filter.answered) conditions.push(timely[filter.answered])
  if (filter.body)
    conditions.push(sql`r.id in (select p.request from request_part p
      where p.body = ${filter.body} and p.state in ('offered', 'dispatched', 'acknowledged', 'answered'))`)
  conditions.push(...filed(filter), ...due(act, filter))
  const place = filter.place ? await pathOf(act, filter.place) : ''
  if (place === null) return [sql`false`]
  // Where one thing alone narrows the list, only as many are looked for as are wanted.
  const alone = conditions.length === 0 && !filter.within && !filter.moved && !(filter.words && filter.result)
  if (filter.moved) conditions.push(moved(act, filter.moved, place, filter.within === 'itself'))
  else if (place) {
    await knowWidths(act, [place])
    conditions.push(filter.within ? sql`r.path = ${place}` : under('r.path', [place]))
  }
  if (filter.words) conditions.push(wordsCondition(act, filter.words, place, newest, alone))
  if (filter.result === 'said') conditions.push(said)
  else if (filter.result) conditions.push(...ended(act, filter.result, place, alone ? newest : null))
  return conditions
}

/** Held against the promise as the figures hold it (`figure_timely`): late once is late, and a merged one is answered when that is heard. */
const timely: Readonly<Record<NonNullable<Filter['answered']>, Condition>> = {
  late: sql`(r.answered_late or r.answered_at > r.promised_at
    or r.answered_late is null and r.answered_at is null and r.heard_at > r.promised_at)`,
  in_time: sql`r.answered_late is not true and (r.answered_at <= r.promised_at
    or r.answered_at is null and (r.heard_at <= r.promised_at or r.answered_late is false and r.heard_at is not null))`,
  missed: sql`r.missed and r.answered_late is not true and r.answered_at is null and r.heard_at is null`,
}

/** What was done with it somewhere in a place, wherever it lies now. */
function moved(act: Act, done: NonNullable<Filter['moved']>, place: string, itself: boolean): Condition {
  const found = below(act.actor.reach['request.read'] ?? [], place).map(
    (prefix) => sql`select request_moved(${done}, ${prefix}, ${itself})`,
  )
  return found.length > 0 ? sql`r.id in (${sql.join(found, sql` union `)})` : sql`false`
}

/** What of a reach lies below a place; all of it for ''. */
function below(reach: readonly string[], place: string): string[] {
  return outermost(
    reach
      .filter((prefix) => prefix.startsWith(place) || place.startsWith(prefix))
      .map((prefix) => (prefix.startsWith(place) ? prefix : place)),
  )
}

/** Where a place lies; null for one that is not there. */
async function pathOf(act: Act, place: string): Promise<string | null> {
  const { rows } = await sql<{ path: string }>`select path from place where id = ${place}`.execute(act.sql)
  return rows[0]?.path ?? null
}

/**
 * Ended so. What a resident said is sought only where the reader has the duty to read it, and found only where `request_results`
 * tells it to them: a list that is narrowed says no more than its rows.
 * @param place the path below which it is sought; '' for everywhere
 */
function ended(act: Act, result: Closing, place: string, newest: Newest | null): Condition[] {
  const judged = visibleResult(result, true) === null
  const prefixes = act.actor.reach[judged ? 'judgement.read' : 'request.read'] ?? []
  const reach = below(prefixes, place)
  const found = reach.map(
    (prefix) =>
      sql`select request_ended(${result}, ${prefix}, ${isWide(prefix)}, ${newest?.before ?? null}::uuid, ${newest?.most ?? null}::int)`,
  )
  return [sql`r.state = 'closed'`, found.length > 0 ? sql`r.id in (${sql.join(found, sql` union `)})` : sql`false`]
}

/** Closed by what a resident said of the answer, whatever it was: a list of them tells no more than that each is closed. */
const said = sql`r.state = 'closed' and r.judged`

/** Of a category whose first level is called so, in either language. */
const ofKind = (name: string): Condition =>
  name === noKind
    ? sql`r.category is null`
    : sql`r.category in (select category.id from category where category.level1 = ${name} or category.level1_en = ${name})`

/**
 * Filed from one day to another, both included. Ids follow time: they are made up to two months before the filing, on a device
 * without network, and no later than a device's clock may be ahead, so that a range of ids bounds what is walked through.
 */
function filed({ filedFrom, filedUntil }: Filter): Condition[] {
  const conditions: Condition[] = []
  if (filedFrom) {
    const from = startOfDay(filedFrom)
    conditions.push(sql`r.filed_at >= ${from}`, sql`r.id >= ${firstIdOf(Math.max(0, from.getTime() - 61 * day))}::uuid`)
  }
  if (filedUntil) {
    const until = endOfDay(filedUntil)
    conditions.push(sql`r.filed_at < ${until}`, sql`r.id < ${firstIdOf(Math.max(0, until.getTime() + 2 * day))}::uuid`)
  }
  return conditions
}

/** Due from one day to another, both included. What is closed is not due: said, so that the indexes of open requests serve. */
function due(act: Act, { dueFrom, dueUntil }: Filter): Condition[] {
  if (!dueFrom && !dueUntil) return []
  const at = dueOf(act.actor)
  const conditions: Condition[] = [sql`r.state <> 'closed'`]
  if (dueFrom) conditions.push(sql`${at} >= ${startOfDay(dueFrom)}`)
  if (dueUntil) conditions.push(sql`${at} < ${endOfDay(dueUntil)}`)
  return conditions
}

/** So many last digits at least: three are read aloud together, and fewer would be on every page. */
const lastDigits = /^\d{3,14}$/
/** A number of another hotline is one piece with a digit in it. */
const outerNumber = /^(?=.*\d)[^\s~][^~]{0,59}$/

/** Words that are not all that narrows a list are looked for among so many of the newest that have them. */
const mostWithWords = 5_000

function wordsCondition(act: Act, words: string, place: string, newest: Newest | null, alone: boolean): Condition {
  const number = parseNumber(words)
  const typed = words.trim().replace(/\s+/g, ' ')
  const plain = typed.normalize('NFKC')
  const digits = plain.replace(/[\s·#-]/g, '')
  const end = number === null && lastDigits.test(digits) ? digits : null
  const outer = outerNumber.test(plain) ? [...new Set([typed, plain, plain.toUpperCase(), plain.toLowerCase()])] : []
  const found: Condition[] = []
  // A definer function, because neither `@@` nor what reads a number from its end is leak-proof: beneath the policy their indexes rest.
  if (outer.length > 0 || end !== null) found.push(sql`select request_find_number(${outer}::text[], ${end}, 500)`)
  if (number !== null) found.push(sql`select same.id from request same where same.number = ${number}`)
  const query = number === null ? toQuery(words) : null
  if (!query) return found.length > 0 ? sql`r.id in (${sql.join(found, sql` union `)})` : sql`true`
  const reach = act.actor.reach['request.read'] ?? []
  if (reach.length === 0) {
    const byWords = sql`r.words @@ ${query}::tsquery`
    return found.length > 0 ? sql`(${byWords} or r.id in (${sql.join(found, sql` union `)}))` : byWords
  }
  const prefixes = below(reach, place)
  const most = (alone && newest?.most) || mostWithWords
  const wide = prefixes.some(isWide)
  found.push(
    sql`select request_find(${query}::tsquery, ${prefixes}, ${wide}, ${newest?.before ?? null}::uuid, ${most}::int)`,
  )
  return sql`r.id in (${sql.join(found, sql` union `)})`
}
