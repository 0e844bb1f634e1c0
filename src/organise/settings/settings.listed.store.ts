// Categories as they stand in lists, with the places of these lists: for whoever must name one by its code.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'
import { ancestorPaths } from '#organise/places/index.ts'

export interface Listed {
  /** As Open311 and the command line name it (service_code). */
  readonly code: string
  readonly level1: string
  readonly level2: string
  readonly level3: string
  /** The place in whose list it stands, which it holds for with all below. */
  readonly place: string | null
  readonly placeName: string | null
}

/** Every category that holds anywhere within a place: of the lists above it, of its own and of those below; 20,000 rows at most. */
export async function categoriesWithin(on: Sql, path: string): Promise<Listed[]> {
  const { rows } = await sql<Listed>`
    select c.code, c.level1, c.level2, c.level3, p.code as place, p.name as "placeName"
    from category c left join place p on p.path = c.path
    where c.retired_at is null
      and (c.path = any (${ancestorPaths(path)}::text[]) or c.path > ${path}::text collate "C" and c.path < ${path}::text || '~')
    order by c.path, c.level1, c.level2, c.level3, c.code limit 20000`.execute(on)
  return rows
}
