// The units that usually do this: who answered what is closed of the same category, here or in the next wider place. Shown, never acted on.
import { sql } from 'kysely'
import { type Act, allow } from '#kernel/access/index.ts'
import { bodyNames } from '#organise/bodies/index.ts'
import { depthOf, depths, pathAt } from '#organise/places/index.ts'
import type { UsualUnits } from '../requests.desk.api.ts'
import { loadRequest } from '../requests.store.ts'

/** Fewer closed requests than this say little of a place: the next wider one is asked. */
const fewestAnswered = 5
/** Beyond the district other units do the work. */
const levels = ['community', 'subdistrict', 'district'] as const

interface Row {
  body: string
  answered: number
}

/**
 * Up to three units that answered most of such matters and could be given this one. What residents said of it is told by body and month
 * alone, never by category or place: differences would tell what one person said.
 * @throws Refusal 404 where the request is not the reader's to see, 403 where it is not theirs to dispatch
 */
export async function usualFor(act: Act, id: string): Promise<UsualUnits> {
  const { row, facts } = await loadRequest(act, id)
  allow(act, 'request.dispatch', facts.holder.path)
  if (row.category === null) return { within: null, units: [] }
  let best: { within: UsualUnits['within']; rows: Row[] } = { within: null, rows: [] }
  for (const level of levels.filter((each) => depths[each] <= depthOf(facts.path))) {
    const { rows } = await sql<Row>`
      select body, answered from request_usual(${id}, ${pathAt(facts.path, depths[level])})`.execute(act.sql)
    if (rows.length > 0) best = { within: level, rows }
    if (rows.reduce((all, each) => all + each.answered, 0) >= fewestAnswered) break
  }
  const names = await bodyNames(
    act.sql,
    best.rows.map(({ body }) => body),
  )
  return {
    within: best.within,
    units: best.rows.map(({ body, answered }) => {
      const named = names.get(body)
      return { id: body, name: (act.language === 'en' && named?.nameEn) || named?.name || '', answered }
    }),
  }
}
