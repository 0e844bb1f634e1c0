import { type QueryExecutorProvider, sql } from 'kysely'
import type { Act } from '../access/index.ts'
import type { Language } from '../words/index.ts'

/** Keeps the digest of a person's calendar address; the former one leads nowhere from then on. Beneath the policy: one's own alone. */
export async function keepFeed(act: Act, person: string, hash: Buffer): Promise<void> {
  await sql`
    insert into calendar_feed (person, token_hash, language, created_at)
    values (${person}::uuid, ${hash}, ${act.language}, ${act.now})
    -- Not from "excluded": the application may not read the digest, not even its own.
    on conflict (person) do update set token_hash = ${hash}, language = ${act.language}, created_at = ${act.now}`.execute(
    act.sql,
  )
}

export async function dropFeed(on: QueryExecutorProvider, person: string): Promise<void> {
  await sql`delete from calendar_feed where person = ${person}::uuid`.execute(on)
}

/** Since when a person has a calendar address; null where they have none. */
export async function feedSince(on: QueryExecutorProvider, person: string): Promise<string | null> {
  const { rows } = await sql<{ at: string }>`
    select created_at as at from calendar_feed where person = ${person}::uuid`.execute(on)
  return rows[0]?.at ?? null
}

/** Whose calendar an address leads to, and in which language; null for one that never was, or is no more. As the role of jobs. */
export async function feedOf(
  on: QueryExecutorProvider,
  hash: Buffer,
): Promise<{ person: string; language: Language } | null> {
  const { rows } = await sql<{ person: string; language: Language }>`
    select f.person, f.language from calendar_feed f join person p on p.id = f.person and p.erased_at is null
    where f.token_hash = ${hash}`.execute(on)
  return rows[0] ?? null
}
