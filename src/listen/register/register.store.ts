// The register of acts, read beneath its policy: whoever holds `ledger.read` sees what was done where they hold it.

import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { writeCsv } from '#kernel/csv/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import { exactTime, hasWords, type Language, t } from '#kernel/words/index.ts'
import { formatNumber, isBySystem, parseNumber } from '#listen/requests/index.ts'
import type { KeptPositions, RegisterRow } from './register.api.ts'
import { inOrder } from './register.rules.ts'

interface Raw {
  id: string
  kind: string
  record: string
  number: number | null
  place_name: string | null
  at: string
  tenure: string | null
  post: string | null
  body: string | null
  position: number | null
}

export interface Asked {
  readonly place?: string | undefined
  readonly record?: string | undefined
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

export interface RegisterPage {
  readonly items: RegisterRow[]
  readonly kept: KeptPositions[]
  readonly next: string | null
}

/** One page, newest first by the order in which acts were written. @throws Refusal 400, 404 */
export async function pageOfRegister(act: Act, asked: Asked): Promise<RegisterPage> {
  const limit = asked.limit ?? 50
  const english = act.language === 'en'
  const path = asked.place === undefined ? null : await pathOf(act, asked.place)
  const record = asked.record === undefined ? null : await recordOf(act, asked.record)
  const { rows } = await sql<Raw>`
    select a.id, a.kind, a.record, a.at, a.tenure, r.number, e.place as position,
      ${english ? sql`coalesce(p.name_en, p.short_name)` : sql`p.short_name`} as place_name,
      ${english ? sql`coalesce(o.title_en, o.title)` : sql`o.title`} as post,
      ${english ? sql`coalesce(b.name_en, b.name)` : sql`b.name`} as body
    from ledger.act a
      left join ledger.entry e on e.act = a.id
      left join request r on r.id = a.record
      left join place p on p.path = a.path
      left join tenure h on h.id = a.tenure left join post o on o.id = h.post left join body b on b.id = o.body
    where true
      ${path === null ? sql`` : sql`and a.path >= ${path}::text collate "C" and a.path < ${path}::text || '~'`}
      ${record === null ? sql`` : sql`and a.record = ${record}::uuid`}
      ${asked.after === undefined ? sql`` : sql`and a.id < ${asked.after}::uuid`}
    order by a.id desc limit ${sql.lit(limit + 1)}`.execute(act.sql)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const whole = path === null && record === null && (await readsEverywhere(act))
  return {
    kept: whole ? await keptBetween(act, last?.position ?? null, asked.after ?? null) : [],
    items: shown.map((row) => ({
      id: row.id,
      kind: row.kind,
      record: row.record,
      number: row.number === null ? null : formatNumber(Number(row.number)),
      placeName: row.place_name,
      at: row.at,
      post: [row.body, row.post].filter(Boolean).join(' · ') || null,
      by: actorOf(row),
      position: row.position === null ? null : Number(row.position),
    })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}

/** Whether the reader's reach holds every place there is: only they can tell that a position is missing. */
async function readsEverywhere(act: Act): Promise<boolean> {
  const reach = act.actor.reach['ledger.read'] ?? []
  const { rows } = await sql<{ path: string }>`select path from place where parent_id is null`.execute(act.sql)
  return rows.every(({ path }) => reach.some((prefix) => path.startsWith(prefix)))
}

/** So many gaps are told on a page at most. */
const mostKept = 200

/**
 * Positions whose acts the reader's policy keeps from them, after one position (from the beginning where it is null) and before that of
 * an act (to the end where it is null), the highest first.
 */
async function keptBetween(act: Act, after: number | null, before: string | null): Promise<KeptPositions[]> {
  const { rows } = await sql<{ first: number; last: number; hash: string }>`
    with kept as (
      select e.place, e.place - row_number() over (order by e.place) as island from ledger.entry e
      where e.place > ${after ?? 0} and e.place < coalesce((select b.place from ledger.entry b where b.act = ${before}::uuid), 9223372036854775807)
        and not exists (select from ledger.act a where a.id = e.act)
    ), islands as (select min(place) as first, max(place) as last from kept group by island)
    select i.first, i.last, encode(e.leaf, 'hex') as hash from islands i join ledger.entry e on e.place = i.last
    order by i.last desc limit ${sql.lit(mostKept)}`.execute(act.sql)
  return rows.map(({ first, last, hash }) => ({ from: Number(first), until: Number(last), hash }))
}

/** Who did it, as far as it is told: never which person. */
function actorOf({ tenure, kind }: Pick<Raw, 'tenure' | 'kind'>): RegisterRow['by'] {
  if (tenure !== null) return 'post'
  // Whoever accepts an invitation has no post yet.
  if (kind === 'tenure.began') return 'holder'
  return isBySystem(kind) ? 'system' : 'resident'
}

async function pathOf(act: Act, place: string): Promise<string> {
  const found = await act.sql.selectFrom('place').select('path').where('id', '=', place).executeTakeFirst()
  if (!found) throw new Refusal(404, 'not-found', 'http.not-found')
  return found.path
}

async function recordOf(act: Act, typed: string): Promise<string> {
  if (isId(typed)) return typed
  const number = parseNumber(typed)
  if (number === null) throw new Refusal(400, 'invalid-field', 'register.record-wrong', { field: 'record' })
  const { rows } = await sql<{ id: string }>`select id from request where number = ${number}`.execute(act.sql)
  if (!rows[0]) throw new Refusal(404, 'not-found', 'http.not-found')
  return rows[0].id
}

const columns = ['position', 'at', 'kind', 'number', 'place', 'post', 'record'] as const

/** Rows as CSV with a header in the reader's language. A kind without words stands as it is written. */
export function csvOfRegister({ items: rows, kept }: Pick<RegisterPage, 'items' | 'kept'>, language: Language): string {
  const say = t(language)
  const spoken = (kind: string): string => (hasWords(`register.kind.${kind}`) ? say(`register.kind.${kind}`) : kind)
  const cells = inOrder(rows, kept).map((row) =>
    'hash' in row
      ? [
          row.from === row.until ? row.until : `${row.from}–${row.until}`,
          '',
          say('register.kept'),
          '',
          '',
          '',
          row.hash,
        ]
      : [
          row.position ?? '',
          exactTime(row.at, language),
          spoken(row.kind),
          row.number ?? '',
          row.placeName ?? '',
          row.post ?? (row.by === 'post' ? '' : say(`register.by.${row.by}`)),
          row.record,
        ],
  )
  const header = columns.map((column) => say(`register.column.${column}`))
  return writeCsv([header, ...cells], { bom: true })
}
