// Which of the people at the desk may hear that a request has changed. Only that it has: they fetch what they may see.
import { sql } from 'kysely'
import { type Actor, covers } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'

/** Who holds a part of a request and who must hear nothing of it. */
export interface Watched {
  readonly bodies: readonly string[]
  readonly excluded_people: readonly string[]
  readonly excluded_bodies: readonly string[]
}

/** Of these records those that are requests. As the role of jobs. */
export async function readWatched(on: Sql, records: readonly string[]): Promise<ReadonlyMap<string, Watched>> {
  const { rows } = await sql<Watched & { id: string }>`
    select id, bodies, excluded_people, excluded_bodies from request where id = any(${records}::uuid[])`.execute(on)
  return new Map(rows.map(({ id, ...watched }) => [id, watched]))
}

/** Whether somebody may hear of a change at a path: their duty reads there, or their body holds a part; never who is excluded. */
export function mayHear(actor: Pick<Actor, 'person' | 'bodies' | 'reach'>, path: string, watched: Watched): boolean {
  if (actor.person && watched.excluded_people.includes(actor.person)) return false
  if (actor.bodies.some((body) => watched.excluded_bodies.includes(body))) return false
  return covers(actor.reach['request.read'], path) || actor.bodies.some((body) => watched.bodies.includes(body))
}
