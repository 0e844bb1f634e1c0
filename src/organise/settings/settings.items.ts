import { sql } from 'kysely'
import type { Act, Allowed } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { record } from '#kernel/ledger/index.ts'
import { lineUp } from '#organise/places/index.ts'
import { builtInDeadlines, type Category, type Template } from './settings.api.ts'
import { isWide, mostDays } from './settings.bounds.ts'
import { type CategoryRow, codeOf, readCategories } from './settings.rules.ts'
import { boundsOf, freshId, itemWritten, nameSaid, versionConflict } from './settings.store.ts'
import { strayBrace } from './templates.api.ts'

export type CategoryFields = Omit<Category, 'id' | 'code' | 'usualBodyName' | 'inheritedFrom' | 'version'>
export type TemplateFieldsWritten = Omit<Template, 'id' | 'inheritedFrom' | 'version'>

/** Categories that hold at a path, those of places above included; of two with one code the nearer holds. */
export async function effectiveCategories(on: Sql, path: string, language?: Act['language']): Promise<Category[]> {
  const rows = await on
    .selectFrom('category')
    .leftJoin('body', 'body.id', 'category.usual_body')
    .leftJoin('place', 'place.path', 'category.path')
    .select([
      'category.id',
      'category.path',
      'category.code',
      'level1',
      'level2',
      'level3',
      'level1_en as level1En',
      'level2_en as level2En',
      'level3_en as level3En',
      'promised_days as promisedDays',
      'usual_body as usualBody',
      'usual_kind as usualKind',
      nameSaid('body', language).as('usualBodyName'),
      nameSaid('place', language).as('placeName'),
      'category.version',
    ])
    .where('category.path', 'in', lineUp(path))
    .where('category.retired_at', 'is', null)
    .orderBy(sql`length(category.path)`, 'desc')
    .orderBy('category.id')
    .execute()
  const seen = new Set<string>()
  const found: Category[] = []
  for (const { path: from, placeName, ...row } of rows) {
    if (seen.has(row.code)) continue
    seen.add(row.code)
    found.push({ ...row, inheritedFrom: from === path ? null : (placeName ?? from) })
  }
  const text = (one: Category): string => `${one.level1}\u0000${one.level2}\u0000${one.level3}`
  return found.sort((a, b) => (text(a) < text(b) ? -1 : 1))
}

const columnsOf = (fields: CategoryFields) => ({
  level1: fields.level1.trim(),
  level2: fields.level2.trim(),
  level3: fields.level3.trim(),
  level1_en: fields.level1En?.trim() || null,
  level2_en: fields.level2En?.trim() || null,
  level3_en: fields.level3En?.trim() || null,
  promised_days: fields.promisedDays,
  usual_body: fields.usualBody,
  usual_kind: fields.usualKind,
})

async function categoryAt(act: Act, path: string, id: string): Promise<Category> {
  const found = (await effectiveCategories(act.sql, path, act.language)).find((one) => one.id === id)
  if (!found) throw new Refusal(404, 'not-found', 'http.not-found')
  return found
}

/** Places below a path that have categories of their own: where to look when there are none above. At most twenty. */
export async function placesWithCategories(
  { sql: on, language }: Pick<Act, 'sql' | 'language'>,
  path: string,
): Promise<{ id: string; name: string; path: string }[]> {
  return on
    .selectFrom('place')
    .select(['id', nameSaid('place', language).as('name'), 'path'])
    .where('path', '>', path)
    .where('path', '<', `${path}~`)
    .where('path', 'in', (query) =>
      query.selectFrom('category').select('category.path').where('category.retired_at', 'is', null),
    )
    .orderBy('path')
    .limit(20)
    .execute()
}

/** How many days a category may promise at a path, by its names. */
async function daysAllowed(act: Act, path: string): Promise<(levels: CategoryRow | CategoryFields) => number> {
  const { kind, above } = await boundsOf(act.sql, path)
  const parent = lineUp(path)[1]
  const known = parent === undefined ? [] : await effectiveCategories(act.sql, parent)
  const complex = above.promised?.complex ?? builtInDeadlines.promised.complex
  // Whoever stands above others makes the list; those below follow it.
  return (levels) => mostDays(levels, known, isWide(kind) ? 60 : complex)
}

/** @throws Refusal 400 where a category promises more days than it may */
async function checkDays(act: Act, path: string, fields: CategoryFields): Promise<void> {
  const limit = (await daysAllowed(act, path))({
    ...fields,
    level1: fields.level1.trim(),
    level2: fields.level2.trim(),
    level3: fields.level3.trim(),
  })
  if (fields.promisedDays > limit)
    throw new Refusal(400, 'too-lax', 'settings.refused.category-days', { field: 'promisedDays', values: { limit } })
}

/** Adds a category to a place. @throws Refusal 409 where the place has one of these three names */
export async function addCategory(
  act: Act,
  allowed: Allowed<'place.settings'>,
  fields: CategoryFields,
): Promise<Category> {
  await checkDays(act, allowed.path, fields)
  const columns = columnsOf(fields)
  const code = codeOf(columns)
  const id = freshId(act)
  const done = await sql<{ id: string; version: number }>`
    insert into category (id, path, code, level1, level2, level3, level1_en, level2_en, level3_en, promised_days, usual_body, usual_kind)
    values (${id}, ${allowed.path}, ${code}, ${columns.level1}, ${columns.level2}, ${columns.level3}, ${columns.level1_en},
      ${columns.level2_en}, ${columns.level3_en}, ${columns.promised_days}, ${columns.usual_body}, ${columns.usual_kind})
    on conflict (path, code) do update set retired_at = null, version = category.version + 1,
      level1_en = excluded.level1_en, level2_en = excluded.level2_en, level3_en = excluded.level3_en,
      promised_days = excluded.promised_days, usual_body = excluded.usual_body, usual_kind = excluded.usual_kind
      where category.retired_at is not null
    returning id, version`.execute(act.sql)
  const row = done.rows[0]
  if (!row) throw new Refusal(409, 'category-there', 'settings.refused.category-there', { field: 'level3' })
  await itemWritten(act, allowed, 'category', row.id, row.version, columns)
  return categoryAt(act, allowed.path, row.id)
}

/** Edits a category; its code stays, so that figures over time do not break. @throws Refusal 412 on another's change */
export async function editCategory(
  act: Act,
  allowed: Allowed<'place.settings'>,
  id: string,
  version: number,
  fields: CategoryFields,
): Promise<Category> {
  await checkDays(act, allowed.path, fields)
  const done = await act.sql
    .updateTable('category')
    .set({ ...columnsOf(fields), version: sql<number>`version + 1` })
    .where('id', '=', id)
    .where('path', '=', allowed.path)
    .where('version', '=', version)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw versionConflict(await categoryAt(act, allowed.path, id))
  await itemWritten(act, allowed, 'category', id, version + 1, columnsOf(fields))
  return categoryAt(act, allowed.path, id)
}

export interface CategoriesImported {
  read: number
  added: number
  changed: number
  same: number
  rejected: { line: number; reason: string }[]
}

/** Writes a list of categories at a path. Repeatable: the same names are the same category. Any role that may write. */
export async function writeCategories(
  on: Sql,
  path: string,
  rows: readonly CategoryRow[],
  newIdOf: () => string,
): Promise<Pick<CategoriesImported, 'added' | 'changed' | 'same'>> {
  if (rows.length === 0) return { added: 0, changed: 0, same: 0 }
  const list = rows.map((row) => ({ ...row, id: newIdOf(), code: codeOf(row) }))
  const done = await sql<{ added: boolean }>`
    insert into category (id, path, code, level1, level2, level3, level1_en, level2_en, level3_en, promised_days)
    select (r ->> 'id')::uuid, ${path}, r ->> 'code', r ->> 'level1', r ->> 'level2', r ->> 'level3',
      r ->> 'level1En', r ->> 'level2En', r ->> 'level3En', (r ->> 'promisedDays')::integer
    from jsonb_array_elements(${JSON.stringify(list)}::jsonb) r
    on conflict (path, code) do update set
      level1_en = coalesce(excluded.level1_en, category.level1_en), level2_en = coalesce(excluded.level2_en, category.level2_en),
      level3_en = coalesce(excluded.level3_en, category.level3_en), promised_days = excluded.promised_days,
      retired_at = null, version = category.version + 1
      where category.retired_at is not null or category.promised_days <> excluded.promised_days
        or excluded.level1_en is distinct from coalesce(category.level1_en, excluded.level1_en)
        or excluded.level3_en is not null and excluded.level3_en is distinct from category.level3_en
    returning version = 1 as added`.execute(on)
  const added = done.rows.filter((row) => row.added).length
  return { added, changed: done.rows.length - added, same: rows.length - done.rows.length }
}

/** Takes in a list of categories as CSV (header level1,level2,level3 or 一级,二级,三级). @throws Refusal 400 */
export async function importCategoryList(
  act: Act,
  allowed: Allowed<'place.settings'>,
  placeId: string,
  csv: string,
): Promise<CategoriesImported> {
  let list: ReturnType<typeof readCategories>
  try {
    list = readCategories(csv)
  } catch {
    throw new Refusal(400, 'invalid-field', 'settings.refused.list', { field: 'csv' })
  }
  const most = await daysAllowed(act, allowed.path)
  const taken = list.rows.filter((row) => row.promisedDays <= most(row))
  const rejected = [
    ...list.rejected,
    ...list.rows.filter((row) => !taken.includes(row)).map(({ line }) => ({ line, reason: 'days-above' })),
  ].sort((one, other) => one.line - other.line)
  const counts = await writeCategories(act.sql, allowed.path, taken, () => freshId(act))
  await record(act, {
    kind: 'category.list-taken-in',
    record: placeId,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    facts: { read: list.read, ...counts, rejected: rejected.length },
  })
  return { read: list.read, ...counts, rejected }
}

/** Templates that hold at a path, nearest first. */
export async function effectiveTemplates(on: Sql, path: string, language?: Act['language']): Promise<Template[]> {
  const rows = await on
    .selectFrom('template')
    .leftJoin('place', 'place.path', 'template.path')
    .select([
      'template.id',
      'template.path',
      'template.name',
      'template.text',
      'template.language',
      'template.version',
      nameSaid('place', language).as('placeName'),
    ])
    .where('template.path', 'in', lineUp(path))
    .where('template.retired_at', 'is', null)
    .orderBy(sql`length(template.path)`, 'desc')
    .orderBy('template.name')
    .orderBy('template.id')
    .execute()
  return rows.map(({ path: from, placeName, ...row }) => ({
    ...row,
    language: row.language as Template['language'],
    inheritedFrom: from === path ? null : (placeName ?? from),
  }))
}

function checkFields(text: string): void {
  if (strayBrace(text)) throw new Refusal(400, 'invalid-field', 'settings.refused.template-brace', { field: 'text' })
}

async function templateAt(act: Act, path: string, id: string): Promise<Template> {
  const found = (await effectiveTemplates(act.sql, path, act.language)).find((one) => one.id === id)
  if (!found) throw new Refusal(404, 'not-found', 'http.not-found')
  return found
}

/** @throws Refusal 400 for a brace that opens or closes no hole */
export async function addTemplate(
  act: Act,
  allowed: Allowed<'place.settings'>,
  fields: TemplateFieldsWritten,
): Promise<Template> {
  checkFields(fields.text)
  const id = freshId(act)
  await act.sql
    .insertInto('template')
    .values({ id, path: allowed.path, name: fields.name.trim(), text: fields.text, language: fields.language })
    .execute()
  await itemWritten(act, allowed, 'template', id, 1, fields)
  return templateAt(act, allowed.path, id)
}

/** @throws Refusal 400 for a brace that opens or closes no hole, 412 on another's change */
export async function editTemplate(
  act: Act,
  allowed: Allowed<'place.settings'>,
  id: string,
  version: number,
  fields: TemplateFieldsWritten,
): Promise<Template> {
  checkFields(fields.text)
  const done = await act.sql
    .updateTable('template')
    .set({ name: fields.name.trim(), text: fields.text, language: fields.language, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .where('path', '=', allowed.path)
    .where('version', '=', version)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw versionConflict(await templateAt(act, allowed.path, id))
  await itemWritten(act, allowed, 'template', id, version + 1, fields)
  return templateAt(act, allowed.path, id)
}
