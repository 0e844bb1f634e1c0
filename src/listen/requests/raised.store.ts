// What others raised, as their reporters let it be seen and a member of staff released it.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { toQuery } from '#kernel/search/index.ts'
import { under } from './reading/concerns.ts'
import { isWide, knowWidths } from './reading/width.store.ts'
import type { State } from './requests.api.ts'

/** What can have happened within a month, by its column. */
export const withins = { told: 'filed_at', answered: 'answered_at', closed: 'closed_at' } as const
export type Within = keyof typeof withins

/** A released request as a line of a list. */
export interface Raised {
  readonly request: string
  readonly number: number
  readonly title: string
  readonly state: State
  readonly filed_at: string
  readonly promised_at: string | null
  readonly answered_at: string | null
  readonly me_too: number
  readonly category: string | null
}

/** What a list of released requests is asked for. */
export interface Asked {
  readonly path: string
  readonly words?: string
  readonly category?: string
  readonly state?: string
  /** Told, answered or closed within a month, as `2026-11`. */
  readonly within?: { readonly what: Within; readonly month: string }
  /** Newer or older than this request. */
  readonly after?: string
  readonly before?: string
  readonly limit: number
}

/** So many that hold the words are narrowed further. */
const mostWithWords = 5_000

/** Released requests at a path and below, newest first. */
export async function readRaised(act: Act, asked: Asked): Promise<Raised[]> {
  const english = act.language === 'en'
  const query = toQuery(asked.words ?? '')
  const states = asked.state === 'answered' || asked.state === 'closed' ? [asked.state] : null
  const { within } = asked
  await knowWidths(act, [asked.path])
  // Of a wide place the newest are found in their order: by its path, all that was ever released there would be sorted.
  const here = under('p.path', [asked.path])
  const below = isWide(asked.path) ? sql`case when ${here} then true else false end` : here
  const start = within && sql`${`${within.month}-01`}::timestamp`
  // With nothing else to narrow them, as many as the page shows are enough.
  const most = asked.category || asked.state || within ? mostWithWords : asked.limit
  const at = within && sql`(${sql.ref(`p.${withins[within.what]}`)} at time zone 'Asia/Shanghai')`
  const { rows } = await sql<Raised>`
    select p.request, p.number, p.title, p.state, p.filed_at, p.promised_at, p.answered_at, p.me_too,
      ${english ? sql`coalesce(c.level3_en, c.level3)` : sql`c.level3`} as category
    from publication p left join category c on c.id = p.category
    where p.withdrawn_at is null and ${below}
      ${query ? sql`and p.request in (select publication_find(${query}::tsquery, ${asked.path}, ${isWide(asked.path)}, ${asked.after ?? null}::uuid, ${asked.before ?? null}::uuid, ${most}::int))` : sql``}
      ${asked.category ? sql`and p.category = ${asked.category}::uuid` : sql``}
      ${states ? sql`and p.state = any(${states})` : sql``}
      ${within ? sql`and ${at} >= ${start} and ${at} < ${start} + interval '1 month'` : sql``}
      ${asked.state === 'open' ? sql`and p.state not in ('answered', 'closed')` : sql``}
      ${asked.after ? sql`and p.request < ${asked.after}::uuid` : sql``}
      ${asked.before ? sql`and p.request > ${asked.before}::uuid` : sql``}
    order by ${asked.before ? sql`p.request asc` : sql`p.request desc`} limit ${sql.lit(asked.limit)}`.execute(act.sql)
  return asked.before ? rows.reverse() : rows
}

/** A released request with when it last had news: released, answered or closed. */
export interface RaisedNews {
  readonly number: number
  readonly title: string
  readonly body: string
  readonly answer: string | null
  readonly category: string | null
  readonly released_at: string
  readonly changed_at: string
}

/** What had news last of released requests at a path and below, within half a year: what is older is no news. */
export async function readRaisedNews(
  act: Act,
  asked: { readonly path: string; readonly category: string | null; readonly limit: number },
): Promise<RaisedNews[]> {
  const changed = sql`greatest(p.released_at, p.answered_at, p.closed_at)`
  await knowWidths(act, [asked.path])
  // As in the list: of a wide place the newest are found in their order.
  const here = under('p.path', [asked.path])
  const below = isWide(asked.path) ? sql`case when ${here} then true else false end` : here
  const { rows } = await sql<RaisedNews>`
    select p.number, p.title, p.body, p.answer, p.released_at, ${changed} as changed_at,
      ${act.language === 'en' ? sql`coalesce(c.level3_en, c.level3)` : sql`c.level3`} as category
    from publication p left join category c on c.id = p.category
    where p.withdrawn_at is null and ${below} and ${changed} > ${act.now}::timestamptz - interval '180 days'
      ${asked.category ? sql`and p.category = ${asked.category}::uuid` : sql``}
    order by ${changed} desc, p.request limit ${sql.lit(asked.limit)}`.execute(act.sql)
  return rows
}

/** A released request as it is read by itself. */
export interface Released extends Raised {
  readonly body: string
  readonly answer: string | null
  readonly path: string
}

/** The released request of a number; null where there is none. */
export async function readReleased(act: Act, number: number): Promise<Released | null> {
  const english = act.language === 'en'
  const { rows } = await sql<Released>`
    select p.request, p.number, p.title, p.body, p.answer, p.path, p.state, p.filed_at, p.promised_at, p.answered_at, p.me_too,
      ${english ? sql`coalesce(c.level3_en, c.level3)` : sql`c.level3`} as category
    from publication p left join category c on c.id = p.category where p.number = ${number} and p.withdrawn_at is null`.execute(
    act.sql,
  )
  return rows[0] ?? null
}
