import { sql } from 'kysely'
import type { Act, Allowed } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { lineUp } from '#organise/places/index.ts'
import { itemWritten, nameSaid, versionConflict } from '#organise/settings/index.ts'
import type { Law, LawKind } from './laws.api.ts'
import { searchWords } from './laws.rules.ts'

export type LawFields = Omit<Law, 'id' | 'inheritedFrom' | 'version'>

const columns = [
  'law.id',
  'law.path',
  'law.kind',
  'law.name',
  'law.name_en as nameEn',
  'law.article',
  'law.plain',
  'law.plain_en as plainEn',
  'law.valid_from as validFrom',
  'law.version',
] as const

/**
 * The library as it holds at a path: items of the place and of those above it, found by name, article and plain words in
 * either language.
 */
export async function listLaws(
  { sql: on, language }: Pick<Act, 'sql' | 'language'>,
  path: string,
  search = '',
  limit = 500,
): Promise<Law[]> {
  let query = on
    .selectFrom('law')
    .leftJoin('place', 'place.path', 'law.path')
    .select([...columns, nameSaid('place', language).as('placeName')])
    .where('law.path', 'in', lineUp(path))
    .where('law.retired_at', 'is', null)
    .orderBy('law.name')
    // 第九条 before 第十条 is more than text order can do; the order of entry is the order of the book.
    .orderBy('law.id')
    .limit(limit)
  for (const word of searchWords(search)) {
    const typed = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) =>
      eb.or(
        (['law.name', 'law.name_en', 'law.article', 'law.plain', 'law.plain_en'] as const).map((one) =>
          eb(one, 'ilike', typed),
        ),
      ),
    )
  }
  const rows = await query.execute()
  return rows.map(({ path: from, placeName, ...row }) => ({
    ...row,
    kind: row.kind as LawKind,
    inheritedFrom: from === path ? null : (placeName ?? from),
  }))
}

/** One item, retired or not. Null where there is none. */
export async function readLaw(on: Sql, id: string): Promise<(Law & { retiredAt: string | null }) | null> {
  const row = await on
    .selectFrom('law')
    .select([...columns, 'law.retired_at as retiredAt'])
    .where('law.id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const { path: _, ...rest } = row
  return { ...rest, kind: row.kind as LawKind, inheritedFrom: null }
}

const written = (fields: LawFields) => ({
  kind: fields.kind,
  name: fields.name.trim(),
  name_en: fields.nameEn?.trim() || null,
  article: fields.article?.trim() || null,
  plain: fields.plain.trim(),
  plain_en: fields.plainEn?.trim() || null,
  valid_from: fields.validFrom,
})

async function lawNow(act: Act, id: string): Promise<Law> {
  const found = await readLaw(act.sql, id)
  if (!found) throw new Refusal(404, 'not-found', 'http.not-found')
  const { retiredAt: _, ...law } = found
  return law
}

const checkDay = (fields: LawFields): void => {
  const day = fields.validFrom
  if (day !== null && new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day)
    throw new Refusal(400, 'invalid-field', 'http.invalid-field', {
      field: 'validFrom',
      values: { field: 'validFrom' },
    })
}

/** Adds an item to the library of a place. */
export async function addLaw(act: Act, allowed: Allowed<'place.settings'>, fields: LawFields): Promise<Law> {
  checkDay(fields)
  const id = newId(act.now.getTime())
  await act.sql
    .insertInto('law')
    .values({ id, path: allowed.path, ...written(fields) })
    .execute()
  await itemWritten(act, allowed, 'law', id, 1, written(fields))
  return lawNow(act, id)
}

/** Edits an item. @throws Refusal 412 on another's change */
export async function editLaw(
  act: Act,
  allowed: Allowed<'place.settings'>,
  id: string,
  version: number,
  fields: LawFields,
): Promise<Law> {
  checkDay(fields)
  const done = await act.sql
    .updateTable('law')
    .set({ ...written(fields), version: sql<number>`version + 1` })
    .where('id', '=', id)
    .where('path', '=', allowed.path)
    .where('version', '=', version)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw versionConflict(await lawNow(act, id))
  await itemWritten(act, allowed, 'law', id, version + 1, written(fields))
  return lawNow(act, id)
}
