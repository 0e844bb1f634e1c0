import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'

/** What a place says of itself in public: the month's requests, and how those were judged whose month has closed. */
export interface PublicCounts {
  readonly told: number
  readonly answered: number
  readonly median_days: string | null
  readonly judged: number | null
  readonly solved: number | null
  /** Closed in that month without anybody having said how it ended. */
  readonly unconfirmed: number | null
}

/** The public counts of a place and what lies below. */
export async function publicCounts(on: Sql, path: string, now: Date): Promise<PublicCounts | null> {
  const { rows } = await sql<PublicCounts>`select * from public_counts(${path}, ${now})`.execute(on)
  return rows[0] ?? null
}
