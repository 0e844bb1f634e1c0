// Filters of the desk that somebody named: their own, and nobody else's.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { mostFilters, type SavedFilter } from '../requests.filters.api.ts'

export async function listFiltersOf(act: Act, person: string): Promise<SavedFilter[]> {
  return act.sql
    .selectFrom('saved_filter')
    .select(['id', 'name', 'query'])
    .where('person', '=', person)
    .orderBy('name')
    .execute()
}

/** Keeps a filter under its name, in place of one of that name. @throws Refusal 422 where there are as many as may be */
export async function saveFilterOf(act: Act, person: string, name: string, query: string): Promise<SavedFilter> {
  // Two that are saved at once are counted one after the other.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`saved_filter ${person}`}, 0))`.execute(act.sql)
  const { rows } = await sql<SavedFilter>`
    insert into saved_filter (id, person, name, query, saved_at)
    select ${newId()}, ${person}, ${name}, ${query}, ${act.now}
    where (select count(*) from saved_filter where person = ${person} and name <> ${name}) < ${mostFilters}
    on conflict (person, name) do update set query = excluded.query, saved_at = excluded.saved_at
    returning id, name, query`.execute(act.sql)
  const [saved] = rows
  if (!saved)
    throw new Refusal(422, 'filters-full', 'requests.refusal.filters-full', {
      values: { most: mostFilters },
      field: 'name',
    })
  return saved
}

export async function dropFilterOf(act: Act, person: string, id: string): Promise<void> {
  await act.sql.deleteFrom('saved_filter').where('id', '=', id).where('person', '=', person).execute()
}
