// How long a list is, told exactly as far as that is cheap.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { sqlState } from '#kernel/database/index.ts'
import type { Counted, Filter } from '../requests.lists.api.ts'
import { concernsOf, overConcerns } from './concerns.ts'
import { conditionsOf } from './filter.ts'

/** Beyond this a count says "more than". */
const most = 1000

/** A count that takes longer than this is given up: nobody waits for a number beside a list that stands already. */
const milliseconds = 700

/**
 * The length of a list. Two bounds keep it cheap however much there is: it stops at the thousandth, and it stops in time where a
 * rare condition would make it walk through everything. Null: it was not found out.
 * @throws Refusal 400 for a day that no calendar has
 */
export async function countRequests(act: Act, filter: Filter): Promise<Counted> {
  const conditions = await conditionsOf(act, filter, { before: null, most: most + 1 })
  const concerns = overConcerns.includes(filter.queue ?? 'all') ? concernsOf(act.actor) : [sql`true`]
  const limit = sql`limit ${sql.lit(most + 1)}`
  const each = concerns.map(
    (concern) => sql`(select r.id from request r where ${sql.join([concern, ...conditions], sql` and `)} ${limit})`,
  )
  await sql`savepoint counting`.execute(act.sql)
  try {
    await sql`set local statement_timeout = ${sql.lit(milliseconds)}`.execute(act.sql)
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from (select from (${sql.join(each, sql` union `)}) found ${limit}) counted`.execute(
      act.sql,
    )
    const count = rows[0]?.count ?? 0
    return { count: Math.min(count, most), more: count > most }
  } catch (error) {
    if (sqlState(error) !== '57014') throw error
    await sql`rollback to savepoint counting`.execute(act.sql)
    return { count: null, more: true }
  }
}
