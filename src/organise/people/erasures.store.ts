// Erasures that have been made, so that they can be made again after a backup was restored. Ids and times alone.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'

/** Somebody was erased: who (an id that leads nowhere any more) and when. */
export interface Erasure {
  readonly person: string
  readonly at: string
}

/** Erasures since a moment, in order. The register of acts is where they are written down. */
export async function listErasures(on: Sql, since: string | null): Promise<Erasure[]> {
  const { rows } = await sql<Erasure>`
    select record as person, at from ledger.act
    where kind = 'person.erased' ${since === null ? sql`` : sql`and at >= ${since}::timestamptz`} order by at, id`.execute(
    on,
  )
  return rows
}

/** Of these people those who are here and not erased. */
export async function standing(on: Sql, people: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from person where id = any(${people}::uuid[]) and erased_at is null order by id`.execute(on)
  return rows.map((row) => row.id)
}

/** Whether somebody asked to be erased, signed in as themselves: the register takes no such act from anybody else. */
export async function askedForErasure(on: Sql, person: string): Promise<boolean> {
  const { rows } = await sql`
    select from ledger.act where record = ${person} and kind = 'person.deletion-asked' and actor = ${person} limit 1`.execute(
    on,
  )
  return rows.length > 0
}
