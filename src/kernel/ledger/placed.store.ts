// What the sequencer has placed, for those who follow the register from one place on. As the role of jobs.
import { sql } from 'kysely'
import type { Sql } from '../database/index.ts'

/** An act that has its place in the chain: which record it was about, and where that lay. */
export interface Placed {
  readonly place: number
  readonly record: string
  readonly path: string | null
}

/** The last place of the chain. */
export async function lastPlace(on: Sql): Promise<number> {
  const { rows } = await sql<{ place: number }>`select place from ledger.head`.execute(on)
  return rows[0]?.place ?? 0
}

/** Acts placed after a place, in order, so many at the most. */
export async function placedAfter(on: Sql, place: number, most: number): Promise<Placed[]> {
  const { rows } = await sql<Placed>`
    select e.place, a.record, a.path from ledger.entry e join ledger.act a on a.id = e.act
    where e.place > ${place} order by e.place limit ${sql.lit(most)}`.execute(on)
  return rows
}
