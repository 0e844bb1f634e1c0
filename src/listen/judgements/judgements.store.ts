// Judgements as they may be read: single ones by supervision, totals by those who were judged.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { readCursor, writeCursor } from '#kernel/http/index.ts'
import { formatNumber, knowWidths, outermost, shareOf, under } from '#listen/requests/index.ts'
import type { JudgementRow } from './judgements.api.ts'

interface Raw {
  id: string
  request: string
  number: number
  title: string
  place_name: string
  bodies: string[]
  solved: string
  satisfaction: number | null
  words: string | null
  given_by: string
  at: string
}

/** From this share of everything on, the newest of all judgements hold a page sooner than it is found by its places. */
const wideFrom = 0.004

/** One page, newest first. Row-level security keeps out whoever handled the request. */
export async function pageOfJudgements(
  act: Act,
  filter: { verdict?: string | undefined; after?: string | undefined; limit?: number | undefined },
): Promise<{ items: JudgementRow[]; next: string | null }> {
  const limit = filter.limit ?? 50
  const after = filter.after ? readCursor(filter.after) : null
  const english = act.language === 'en'
  const reach = outermost(act.actor.reach['judgement.read'] ?? [])
  if (reach.length === 0) return { items: [], next: null }
  await knowWidths(act, reach)
  // In the order of the page for whoever reaches far, by the path for whoever reaches little.
  const here = under('j.path', reach)
  const below = reach.some((prefix) => shareOf(prefix) >= wideFrom)
    ? sql`case when ${here} then true else false end`
    : here
  const { rows } = await sql<Raw>`
    -- A page is found first and looked up then; of a matter that the reader does not see there is no judgement either.
    with page as materialized (
      select j.* from judgement j
      where ${below} and exists (select from request seen where seen.id = j.request)
        ${filter.verdict ? sql`and j.solved = ${filter.verdict}` : sql``}
        ${after ? sql`and (j.at, j.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql``}
      order by j.at desc, j.id desc limit ${sql.lit(limit + 1)}
    )
    select j.id, j.request, r.number, r.title, ${english ? sql`coalesce(p.name_en, p.short_name)` : sql`p.short_name`} as place_name, j.solved, j.satisfaction, j.words, j.given_by, j.at,
      coalesce((select array_agg(${english ? sql`coalesce(b.name_en, b.name)` : sql`b.name`} order by b.name) from body b where b.id = any (j.handler_bodies)), '{}') as bodies
    from page j join request r on r.id = j.request
      join place p on p.id = coalesce((select here.id from place here where here.path = r.path), r.place)
    order by j.at desc, j.id desc`.execute(act.sql)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => ({
      id: row.id,
      request: row.request,
      number: formatNumber(row.number),
      title: row.title,
      placeName: row.place_name,
      bodies: row.bodies,
      verdict: row.solved,
      satisfaction: row.satisfaction,
      words: row.words,
      way: row.given_by,
      at: row.at,
    })),
    next: rows.length > limit && last ? writeCursor(last) : null,
  }
}

export interface BodyTotals {
  readonly judgements: number
  readonly solved: number
  readonly partly: number
  readonly not: number
  readonly satisfaction: number | null
}

/** Totals of one body and month, null where they are not to be seen. @param month its first day */
export async function totalsOf(act: Act, body: string, month: string): Promise<BodyTotals | null> {
  const { rows } = await sql<{
    judgements: number
    solved: number
    partly: number
    unsolved: number
    satisfaction_mean: string | null
  }>`
    select * from judgement_totals(${body}, ${month}::date)`.execute(act.sql)
  const row = rows[0]
  if (!row) return null
  return {
    judgements: row.judgements,
    solved: row.solved,
    partly: row.partly,
    not: row.unsolved,
    satisfaction: row.satisfaction_mean === null ? null : Number(row.satisfaction_mean),
  }
}
