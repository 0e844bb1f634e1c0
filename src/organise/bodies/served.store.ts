// Where an installation is at home.
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
