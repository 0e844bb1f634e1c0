// Bodies, their posts that residents see, and who holds them today, for everybody.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'
import { depthOf, type PlaceKind } from '#organise/places/index.ts'

export interface OpenBody {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly name_en: string | null
  readonly telephone: string | null
  readonly address: string | null
  readonly hours: string | null
  readonly since: string
  readonly area: string
  readonly area_code: string | null
  readonly area_name: string
  readonly area_kind: PlaceKind
}

export interface OpenPost {
  readonly id: string
  readonly body: string
  readonly title: string
  readonly title_en: string | null
  readonly tenure: string | null
  readonly holder: string | null
  readonly since: string | null
}

/** Levels below the place whose bodies are told with its own. */
const levels = 2

/** Bodies at a place and two levels below it, in the order of the places. */
export async function openBodies(on: Sql, path: string): Promise<OpenBody[]> {
  const { rows } = await sql<OpenBody>`
    select b.id, b.kind, b.name, b.name_en, b.telephone, b.address, b.hours, b.created_at as since,
      p.id as area, p.code as area_code, p.name as area_name, p.kind as area_kind
    from body b join place p on p.id = b.place
    where b.dissolved_at is null and b.path >= ${path} and b.path < ${`${path}~`}
      and cardinality(string_to_array(b.path, '/')) - 1 <= ${depthOf(path) + levels}
    order by b.path, b.created_at, b.id`.execute(on)
  return rows
}

/** The posts of bodies that residents see, each with whoever holds it today; a vacant one once, with nobody. */
export async function openPosts(on: Sql, bodies: readonly string[]): Promise<OpenPost[]> {
  const { rows } = await sql<OpenPost>`
    select p.id, p.body, p.title, p.title_en, t.id as tenure, t.holder_name as holder, lower(t.during) as since
    from post p left join tenure t on t.post = p.id and t.during @> now()
    where p.body = any(${bodies}::uuid[]) and p.shown and p.abolished_at is null
    order by p.body, p.created_at, p.id, lower(t.during), t.id`.execute(on)
  return rows
}
