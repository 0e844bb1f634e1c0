// Figures as they are open to everybody: of months that are over, of subdistricts.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'

/** The first month that has figures, as `2026-11`; null where there is none. */
export async function firstCounted(on: Sql): Promise<string | null> {
  const { rows } = await sql<{ month: string | null }>`select to_char(open_counts_first(), 'YYYY-MM') as month`.execute(
    on,
  )
  return rows[0]?.month ?? null
}

/** What a subdistrict was told of one kind in a month, and what became of it. */
export interface OpenCount {
  readonly path: string
  readonly code: string | null
  readonly name: string
  readonly kind: string | null
  readonly told: number
  readonly closed: number
  readonly in_time: number
  readonly late: number
}

/** Counts of so many subdistricts at most, in the order of their paths. */
export async function readOpenCounts(
  on: Sql,
  asked: { readonly path: string; readonly month: string; readonly after: string | null; readonly most: number },
): Promise<OpenCount[]> {
  const { rows } = await sql<OpenCount>`
    select * from open_counts(${asked.path}, ${`${asked.month}-01`}::date, ${asked.after ?? ''}, ${asked.most})`.execute(
    on,
  )
  return rows
}
