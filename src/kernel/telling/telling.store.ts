import { type QueryExecutorProvider, sql } from 'kysely'
import type { PushPurpose } from '../push/push.api.ts'
import type { List, Listed } from './lists.ts'
import type { Often } from './telling.api.ts'

/** What somebody chose; null where nothing. */
export async function chosen(on: QueryExecutorProvider, { purpose, owner }: Listed): Promise<Often | null> {
  const { rows } = await sql<{
    often: Often | null
  }>`select telling_chosen(${purpose}, ${owner}::uuid) as often`.execute(on)
  return rows[0]?.often ?? null
}

export async function choose(
  on: QueryExecutorProvider,
  { purpose, owner }: Listed,
  often: Often,
  now: Date,
): Promise<void> {
  await sql`select telling_choose(${purpose}, ${owner}::uuid, ${often}, ${now})`.execute(on)
}

/** How often news is told: as chosen for it, else as the person chose for all that concerns them, else at once. */
export async function oftenOf(on: QueryExecutorProvider, listed: Listed, person: string | null = null): Promise<Often> {
  return (await chosen(on, listed)) ?? (person ? await chosen(on, { purpose: 'own', owner: person }) : null) ?? 'now'
}

/** Whether somebody left a list. */
export const isStopped = async (on: QueryExecutorProvider, list: List): Promise<boolean> =>
  (await oftenOf(on, list, list.person)) === 'never'

/** News that is told later. As the role of jobs, like what follows. */
export async function hold(
  on: QueryExecutorProvider,
  { purpose, owner }: Listed,
  news: { readonly record: string; readonly what: string; readonly act: string | null; readonly at: Date },
): Promise<void> {
  await sql`insert into telling_held (purpose, owner, record, what, act, at)
    values (${purpose}, ${owner}::uuid, ${news.record}::uuid, ${news.what}, ${news.act}::uuid, ${news.at}) on conflict do nothing`.execute(
    on,
  )
}

/** Whoever has news waiting, with what they chose. */
export async function heldOwners(on: QueryExecutorProvider): Promise<(Listed & { often: Often | null })[]> {
  const { rows } = await sql<{ purpose: PushPurpose; owner: string; often: Often | null }>`
    select w.purpose, w.owner, c.often from (select distinct purpose, owner from telling_held) w
    left join telling_choice c on c.purpose = w.purpose and c.owner = w.owner order by w.purpose, w.owner`.execute(on)
  return rows
}

export interface Held {
  readonly record: string
  readonly what: string
  readonly at: string
}

/** Takes what waits for somebody, oldest first: told in the same transaction, or waiting still. */
export async function takeHeld(on: QueryExecutorProvider, { purpose, owner }: Listed): Promise<Held[]> {
  const { rows } = await sql<Held>`
    with taken as (delete from telling_held where purpose = ${purpose} and owner = ${owner}::uuid returning id, record, what, at)
    select record, what, at from taken order by at, id`.execute(on)
  return rows
}

/** Forgets what waits about a record, and what was chosen for it. */
export async function forgetTelling(on: QueryExecutorProvider, record: string): Promise<void> {
  await sql`delete from telling_held where record = ${record}::uuid`.execute(on)
  await sql`delete from telling_choice where purpose = 'record' and owner = ${record}::uuid`.execute(on)
}

/** Forgets what waits for a person, and what they chose. */
export async function forgetTellingOf(on: QueryExecutorProvider, person: string): Promise<void> {
  await sql`delete from telling_held where owner = ${person}::uuid and purpose <> 'record'`.execute(on)
  await sql`delete from telling_choice where owner = ${person}::uuid and purpose <> 'record'`.execute(on)
}
