// What is being typed during a call: kept for its writer alone, encrypted, gone after a week.
import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Act } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { DraftContent } from './requests.acts.api.ts'

type Content = Static<typeof DraftContent>

export async function listDraftsOf(act: Act, kernel: Kernel, person: string) {
  const rows = await act.sql
    .selectFrom('request_draft')
    .select(['id', 'content_encrypted', 'saved_at'])
    .where('person', '=', person)
    .orderBy('saved_at', 'desc')
    .limit(20)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    content: JSON.parse(kernel.encryption.decrypt('draft', row.content_encrypted, row.id)) as Content,
    savedAt: row.saved_at,
  }))
}

/** Saves over the earlier text of the same draft; a draft of somebody else is not touched. */
export async function saveDraftOf(act: Act, kernel: Kernel, person: string, id: string, content: Content) {
  const sealed = kernel.encryption.encrypt('draft', JSON.stringify(content), id)
  await sql`
    insert into request_draft (id, person, content_encrypted, saved_at) values (${id}, ${person}, ${sealed}, ${act.now})
    on conflict (id) do update set content_encrypted = excluded.content_encrypted, saved_at = excluded.saved_at`.execute(
    act.sql,
  )
  return { id, savedAt: act.now.toISOString() }
}

/** Drops a draft of this person; false where they have none of this id. */
export async function dropDraftOf(act: Act, person: string, id: string): Promise<boolean> {
  const gone = await act.sql
    .deleteFrom('request_draft')
    .where('id', '=', id)
    .where('person', '=', person)
    .executeTakeFirst()
  return gone.numDeletedRows > 0n
}

/** Drafts that were last saved so many days ago go. As the role of jobs. */
export async function dropOldDrafts(on: Sql, days: number): Promise<void> {
  await sql`delete from request_draft where saved_at < now() - make_interval(days => ${days})`.execute(on)
}
