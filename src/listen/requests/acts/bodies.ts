// Bodies and places as the rules know them.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { BodyKind } from '#organise/bodies/bodies.api.ts'
import { type NewPart, receiverOf } from '../requests.rules.ts'

/**
 * A body that is to receive a part.
 * @throws Refusal 422 where there is no such body or it has been dissolved
 */
export async function receiverBody(act: Pick<Act, 'sql'>, body: string): Promise<NewPart> {
  const { rows } = await sql<{ path: string; kind: BodyKind }>`
    select path, kind from body where id = ${body} and dissolved_at is null`.execute(act.sql)
  const found = rows[0]
  if (!found) throw new Refusal(422, 'no-such-body', 'requests.no-such-body', { field: 'body' })
  return { id: newId(), body, path: found.path, receiver: receiverOf(found.kind) }
}
