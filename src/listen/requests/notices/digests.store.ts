// Whom a digest goes to, and of which matters, read as the role of jobs on the morning that it is sent.
import { type QueryExecutorProvider, sql } from 'kysely'

/** Somebody who is told of their work; null where they are gone. */
export async function readReader(
  on: QueryExecutorProvider,
  person: string,
): Promise<{ mail: Buffer | null; language: 'zh-CN' | 'en' } | null> {
  const { rows } = await sql<{ mail: Buffer | null; language: 'zh-CN' | 'en' }>`
    select mail_encrypted as mail, language from person where id = ${person}::uuid and erased_at is null`.execute(on)
  return rows[0] ?? null
}

export interface Matter {
  readonly id: string
  readonly number: number
  readonly place: string
  readonly place_en: string | null
}

/** Those of some matters that somebody may still be told of: they hold a post, and the matter is not kept from them or from a body of theirs. */
export async function readMatters(
  on: QueryExecutorProvider,
  person: string,
  records: readonly string[],
): Promise<Matter[]> {
  const { rows } = await sql<Matter>`
    select r.id, r.number, p.short_name as place, p.name_en as place_en
    from request r join place p on p.id = coalesce((select h.id from place h where h.path = r.path), r.place)
    where r.id = any (${records}::uuid[]) and not ${person}::uuid = any (r.excluded_people)
      and exists (select from tenure t where t.person = ${person}::uuid and t.during @> now())
      and not exists (select from tenure o join post q on q.id = o.post
        where o.person = ${person}::uuid and o.during @> now() and q.body = any (r.excluded_bodies))
    order by r.id`.execute(on)
  return rows
}
