// What is learned from at a place, and the models that come of it. As the role of jobs.
import { sql } from 'kysely'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'

/** The newest requests of a place, so many at most: what people say changes, and a night is short. */
const mostRequests = 20_000
/** Characters of a text that are read: as many as a suggestion looks at. */
const mostCharacters = 4_000
/** Accuracy is kept for so many days. */
const keptDays = 800

/** A request of which words are counted; with the category that staff gave it, where they did. */
export interface RequestTold {
  readonly title: string
  readonly body: string
  /** A mark of who told it: what one person says counts once. Null where neither account nor telephone says who. */
  readonly by: string | null
  readonly category: string | null
}

/** Places with categories of their own: for each of them a model is made. */
export async function placesToLearn(on: Sql): Promise<string[]> {
  const { rows } = await sql<{ path: string }>`
    select distinct path from category where retired_at is null order by path`.execute(on)
  return rows.map(({ path }) => path)
}

/**
 * What was told at a place and below, the newest first. Left out are matters that are kept from somebody, and those whose reporter has
 * erased who they were. A category counts where the matter is closed and staff gave it: by their own act, in writing the matter down, or
 * at the hotline it was taken over from; not where the reporter chose it and nobody said otherwise. Who tells by telephone and has an
 * account with the same number is one person.
 */
export async function requestsTold(on: Sql, path: string): Promise<RequestTold[]> {
  // Whether one was categorised is looked up for each of the newest: asked as a condition, the planner reads every line that was ever written.
  const { rows } = await sql<RequestTold>`
    with newest as materialized (
      select r.id, r.title, left(r.body, ${mostCharacters}) as body, r.reporter, c.phone_index, r.category,
        r.state = 'closed' as closed, r.entered_by is not null or r.channel = 'system' as given
      from request r left join request_contact c on c.request = r.id
      where r.path >= ${path}::text collate "C" and r.path < ${path}::text || '~'
        and r.excluded_people = '{}' and r.excluded_bodies = '{}'
        and not (c.request is not null and c.person is null and c.name_encrypted is null and c.phone_encrypted is null
          and c.mail_encrypted is null)
      order by r.id desc limit ${mostRequests})
    select n.title, n.body,
      coalesce(case when n.phone_index is not null then min(n.reporter::text) over (partition by n.phone_index) end,
        n.reporter::text, encode(n.phone_index, 'hex')) as by,
      case when n.closed
          and (n.given or (select true from request_entry e where e.request = n.id and e.kind = 'categorised' limit 1))
        then (select g.code from category g where g.id = n.category) end as category
    from newest n order by n.id desc`.execute(on)
  return rows
}

export interface ModelMade {
  readonly model: Uint8Array
  readonly rows: number
  readonly texts: number
  readonly levels: { readonly first: number; readonly three: number }
  readonly categories: { readonly first: number; readonly three: number } | null
}

/** Whether a model of this place was made between two moments. One from a time to come, made while the clock was wrong, is none. */
export async function madeBetween(on: Sql, path: string, since: Date, now: Date): Promise<boolean> {
  const row = await on
    .selectFrom('category_model')
    .select('id')
    .where('path', '=', path)
    .where('made_at', '>=', since.toISOString())
    .where('made_at', '<=', now.toISOString())
    .executeTakeFirst()
  return row !== undefined
}

/** Puts a model in the place of the one before, or takes that away where nothing could be learned. Of older ones the accuracy stays. */
export async function replaceModel(on: Sql, path: string, now: Date, made: ModelMade | null): Promise<void> {
  await on
    .updateTable('category_model')
    .set({ model: null })
    .where('path', '=', path)
    .where('model', 'is not', null)
    .execute()
  await on
    .deleteFrom('category_model')
    .where('path', '=', path)
    .where('made_at', '<', new Date(now.getTime() - keptDays * 86_400_000).toISOString())
    .execute()
  if (made === null) return
  await on
    .insertInto('category_model')
    .values({
      id: newId(now.getTime()),
      path,
      made_at: now.toISOString(),
      rows: made.rows,
      texts: made.texts,
      level_first: made.levels.first,
      level_three: made.levels.three,
      category_first: made.categories?.first ?? null,
      category_three: made.categories?.three ?? null,
      model: Buffer.from(made.model),
    })
    .execute()
}

/** Takes away the models of places that have no categories of their own any more. */
export async function forgetOthers(on: Sql, paths: readonly string[]): Promise<void> {
  await sql`update category_model set model = null where model is not null and path <> all (${[...paths]}::text[])`.execute(
    on,
  )
}
