// Released requests by the month in which they were told, for those who take them all away.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import type { OpenAsked, OpenPart } from '#kernel/opendata/index.ts'
import { type PlaceKind, spokenName } from '#organise/places/index.ts'
import { under } from './reading/concerns.ts'
import type { State } from './requests.api.ts'

/** Rows of a part: so many stand in memory at once. */
const most = 2_000

/** The month in which the first of all released requests was told; null where there is none. */
export async function firstReleased(act: Act): Promise<string | null> {
  const { rows } = await sql<{ month: string }>`
    select to_char(filed_at at time zone 'Asia/Shanghai', 'YYYY-MM') as month from publication
    where withdrawn_at is null order by filed_at, request limit 1`.execute(act.sql)
  return rows[0]?.month ?? null
}

interface ReleasedRow {
  readonly request: string
  readonly number: number
  readonly code: string | null
  readonly place: string
  readonly kind: PlaceKind
  readonly filed_at: string
  readonly level1: string | null
  readonly level2: string | null
  readonly level3: string | null
  readonly title: string
  readonly body: string
  readonly state: State
  readonly promised_at: string | null
  readonly answered_at: string | null
  readonly closed_at: string | null
  readonly answer: string | null
  readonly me_too: number
}

/** A part of a month's released requests, by the time at which they were told. Where one lies is told no closer than its community. */
export async function readReleasedOfMonth(act: Act, { path, month, after, address }: OpenAsked): Promise<OpenPart> {
  const start = sql`(${`${month}-01`}::timestamp at time zone 'Asia/Shanghai')`
  const end = sql`((${`${month}-01`}::timestamp + interval '1 month') at time zone 'Asia/Shanghai')`
  const [time, request] = after?.split(' ') ?? []
  const { rows } = await sql<ReleasedRow>`
    select p.request, p.number, c.code, c.name as place, c.kind, p.filed_at, k.level1, k.level2, k.level3, p.title, p.body, p.state,
      p.promised_at, p.answered_at, p.closed_at, p.answer, p.me_too
    from publication p
      join place c on c.path = substring(p.path from '^(?:[^/]+/){1,5}') collate "C"
      left join category k on k.id = p.category
    where p.withdrawn_at is null and ${under('p.path', [path])} and p.filed_at >= ${start} and p.filed_at < ${end}
      ${time && request ? sql`and (p.filed_at, p.request) > (${time}::timestamptz, ${request}::uuid)` : sql``}
    order by p.filed_at, p.request limit ${sql.lit(most)}`.execute(act.sql)
  const last = rows.length === most ? rows.at(-1) : undefined
  return {
    rows: rows.map((row) => [
      String(row.number),
      row.code,
      spokenName(row.place, row.kind),
      row.filed_at,
      row.level1,
      row.level2,
      row.level3,
      row.title,
      row.body,
      row.state,
      row.promised_at,
      row.answered_at,
      row.closed_at,
      row.answer,
      row.me_too,
      `${address}/raised/${row.number}`,
    ]),
    next: last ? `${last.filed_at} ${last.request}` : null,
  }
}
