// Who is responsible for what is brought in.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { firstReceiver, receiverPreference } from '#organise/bodies/index.ts'
import { lineUp } from '#organise/places/index.ts'

export interface ImportReceiver {
  readonly id: string
  readonly path: string
  /** False: the body stands, and nobody in it accepts requests yet. */
  readonly attended: boolean
}

/**
 * The body that receives at a place. Old messages are often brought in before the posts are filled: then the nearest body that stands is
 * responsible, and its people find them when they come. Null where there is no body at the place or above it.
 */
export async function importReceiver(on: Sql, path: string): Promise<ImportReceiver | null> {
  try {
    const { id, path: at } = await firstReceiver(on, path)
    return { id, path: at, attended: true }
  } catch (error) {
    if (!(error instanceof Refusal) || error.type !== 'no-receiver') throw error
  }
  const kinds = receiverPreference as readonly string[] as string[]
  const { rows } = await sql<{ id: string; path: string }>`
    select id, path from body where path = any(${lineUp(path) as string[]}) and dissolved_at is null and kind = any(${kinds})
    order by length(path) desc, array_position(${kinds}, kind), id limit 1`.execute(on)
  return rows[0] ? { ...rows[0], attended: false } : null
}
