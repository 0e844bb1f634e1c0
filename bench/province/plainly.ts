// What plain SQL does for the same answer: as the owner of the tables, by whom no policy is asked, without an application.
import type { Database } from '#kernel/database/index.ts'
import { toQuery } from '#kernel/search/index.ts'
import { percentile } from '../figures.ts'
import { provincePath } from './organisation.ts'
import { sought } from './words.ts'

/** Times of one question: so often, and begun no later than after so many seconds, since what reads everything takes minutes. */
const turns = 20
const mostSeconds = 20

/** Milliseconds of each, by the name of its question. */
export async function plainly(owner: Database): Promise<Record<string, number>> {
  const limits: Record<string, number> = {}
  const timed = async (name: string, statement: string, values: readonly unknown[]) => {
    const times: number[] = []
    const first = performance.now()
    for (let turn = 0; turn < turns && performance.now() - first < mostSeconds * 1_000; turn += 1) {
      const began = performance.now()
      await owner.pool.query({ name: `plain ${name}`, text: statement, values: [...values] })
      times.push(performance.now() - began)
    }
    limits[name] = percentile(times, 0.5)
  }
  try {
    const columns = 'id, number, title, state, urgency, channel, path, filed_at, due_at'
    for (const [name, words] of Object.entries(sought))
      await timed(
        `words.${name}.province`,
        `select ${columns} from request where words @@ $1::tsquery order by id desc limit 51`,
        [toQuery(words)],
      )
    await timed('list.all.province', `select ${columns} from request order by id desc limit 51`, [])
    await timed(
      'list.overdue.province',
      `select ${columns} from request where state in ('received', 'accepted', 'dispatched', 'acknowledged') and due_at < now() order by due_at, id limit 51`,
      [],
    )
    await timed(
      'narrowed.unsolved.province',
      `select ${columns} from request where result = 'unsolved' order by id desc limit 51`,
      [],
    )
    await timed(
      'home.province',
      `select count(*), percentile_cont(0.5) within group (order by extract(epoch from answered_at - filed_at)) from request
         where path >= $1 and path < $1 || '~' and answered_at >= date_trunc('month', now())`,
      [provincePath],
    )
    // Counted from the requests: what a figure costs where nothing is kept.
    for (const [name, months] of [
      ['figures.province', 0],
      ['figures.province-year', 11],
    ] as const)
      await timed(
        name,
        `select substring(path from '^[^/]+/[^/]+/') as part, state, result, count(*) from request
           where path >= $1 and path < $1 || '~' and filed_at >= date_trunc('month', now()) - $2 * interval '1 month' group by 1, 2, 3`,
        [provincePath, months],
      )
    return limits
  } finally {
    await owner.close()
  }
}
