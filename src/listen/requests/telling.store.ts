// What the form of telling is filled in with: what was typed, the categories of the place, the contact card it was opened from.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'

/** What was typed into a form, sealed; null where there is none or its day is over. */
export async function readForm(on: Sql, hash: Buffer, now: Date): Promise<Buffer | null> {
  const { rows } = await sql<{ content: Buffer | null }>`select form_read(${hash}, ${now}) as content`.execute(on)
  return rows[0]?.content ?? null
}

/** Keeps what was typed, sealed, for a day. */
export async function keepForm(on: Sql, hash: Buffer, content: Buffer, now: Date): Promise<void> {
  await sql`select form_keep(${hash}, ${content}, ${now})`.execute(on)
}

/** Lets go of what was typed before its day is over. */
export async function dropForm(on: Sql, hash: Buffer): Promise<void> {
  await sql`select form_drop(${hash})`.execute(on)
}

/** A category as it is chosen, in its group. */
export interface CategoryRow {
  readonly id: string
  readonly name: string
  readonly name_en: string | null
  readonly group: string
  readonly group_en: string | null
}

/** Categories that hold at a path, in their order. */
export async function readCategories(on: Sql, path: string, most: number): Promise<CategoryRow[]> {
  const { rows } = await sql<CategoryRow>`
    select id, level3 as name, level3_en as name_en, level2 as group, level2_en as group_en from category
    where starts_with(${path}, path) and retired_at is null order by level1, level2, level3 limit ${most}`.execute(on)
  return rows
}

/** Who holds a post whose contact card is shown. */
export async function readCardHolder(
  on: Sql,
  tenure: string,
): Promise<{ name: string; title: string; title_en: string | null } | null> {
  const { rows } = await sql<{ name: string; title: string; title_en: string | null }>`
    select t.holder_name as name, p.title, p.title_en from tenure t join post p on p.id = t.post
    where t.id = ${tenure} and p.shown`.execute(on)
  return rows[0] ?? null
}

/** The place that the holder of a contact card serves; null where the holder has left or the card is shown no more. */
export async function placeOfCard(on: Sql, tenure: string): Promise<string | null> {
  const { rows } = await sql<{ place: string }>`
    select b.place from tenure t join post p on p.id = t.post join body b on b.id = p.body
    where t.id = ${tenure} and p.shown and p.abolished_at is null and t.during @> now()`.execute(on)
  return rows[0]?.place ?? null
}
