// Where an installation is at home, and whom residents see there.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'

/** Places of these kinds at which a body stands, in the order of the tree, so many at the most. */
export async function servedPlaces(
  on: Sql,
  kinds: readonly ('subdistrict' | 'community')[],
  most: number,
): Promise<{ path: string; kind: string }[]> {
  const { rows } = await sql<{ path: string; kind: string }>`
    select distinct p.path, p.kind from body b join place p on p.id = b.place
    where b.dissolved_at is null and p.abolished_at is null and p.kind = any(${kinds}) order by p.path limit ${most}`.execute(
    on,
  )
  return rows
}

/** Whoever holds a post that residents see, today: the post, the body and how it is reached. */
export interface ShownHolder {
  readonly name: string
  readonly title: string
  readonly titleEn: string | null
  readonly bodyName: string
  readonly bodyNameEn: string | null
  readonly telephone: string | null
  readonly address: string | null
  readonly hours: string | null
  readonly place: string
}

/** The holder of a tenure as residents see them; null where the post is not shown, or is held no more. */
export async function shownHolder(on: Sql, tenure: string): Promise<ShownHolder | null> {
  const { rows } = await sql<ShownHolder>`
    select t.holder_name as name, p.title, p.title_en as "titleEn", b.name as "bodyName", b.name_en as "bodyNameEn",
      b.telephone, b.address, b.hours, b.place
    from tenure t join post p on p.id = t.post join body b on b.id = p.body
    where t.id = ${tenure} and p.shown and p.abolished_at is null and b.dissolved_at is null and t.during @> now()`.execute(
    on,
  )
  return rows[0] ?? null
}
