// Who is invited to a visit, read as the role of jobs.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'
import type { Colleague } from './notices.store.ts'

/** Whoever holds a tenure now, where they left an address; nobody whom the matter is kept from. */
export async function readComing(on: Sql, request: string, tenure: string): Promise<Colleague | null> {
  const { rows } = await sql<Colleague>`
    select h.id, h.mail_encrypted as mail, h.language
    from tenure t join person h on h.id = t.person join request r on r.id = ${request}
    where t.id = ${tenure} and t.during @> now() and h.mail_encrypted is not null and h.erased_at is null
      and not h.id = any (r.excluded_people) and not exists (
        select from tenure o join post q on q.id = o.post where o.person = h.id and o.during @> now() and q.body = any (r.excluded_bodies))`.execute(
    on,
  )
  return rows[0] ?? null
}
