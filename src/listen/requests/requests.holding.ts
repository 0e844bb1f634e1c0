// What a body has in hand of this room, for the room of bodies: it asks before it lets a body or a holder go.
import { sql } from 'kysely'
import type { Holding } from '#organise/bodies/index.ts'

/** Open requests that a body is responsible for, receives or has a part of, also those that the asker does not see. */
export const requestsHolding: Holding = {
  room: 'requests',
  async count(act, body) {
    const { rows } = await sql<{ held: number }>`select requests_held(${body}) as held`.execute(act.sql)
    return rows[0]?.held ?? 0
  },
}
