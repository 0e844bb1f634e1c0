import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import { lineUp } from '#organise/bodies/index.ts'
import { type Category, effectiveCategories, nameSaid } from '#organise/settings/index.ts'
import { unpackModel } from './model.bytes.ts'
import type { Learned } from './model.ts'
import { Suggester } from './suggest.ts'
import type { Learnt } from './suggestions.api.ts'
import type { CategoryNamed } from './taxonomy.ts'
import type { Told } from './text.ts'

/** A category that a matter may belong to. */
export interface CategorySuggested {
  /** Id of the category. */
  readonly category: string
  /** Its three names as the reader has them. */
  readonly names: readonly [string, string, string]
  /** The chance that this is it, 0 to 1. */
  readonly score: number
  /** Words of the text that led there, the weightiest first. */
  readonly because: readonly string[]
}

/** Where a matter lies and what was told. */
export interface Asked extends Told {
  readonly path: string
}

interface Kept {
  readonly mark: string
  readonly suggester: Suggester
}
/** By the path asked for; a process serves so many places at a time. */
const mostKept = 50
const kept = new Map<string, Kept>()
/** Models by their id, which never means another. A model takes up to some tens of megabytes. */
const mostModels = 8
const models = new Map<string, Learned | null>()

/**
 * The categories that a text most likely belongs to, three at most: by what was learned at the nearest place above that learns, and by
 * the names alone until then. By the names the three are of different first levels; where categories were learned, the likeliest three.
 * Two small queries and 2 to 4 ms for the text; the first text after a night reads the new model, which takes a tenth of a second.
 */
export async function suggestCategories(
  act: Pick<Act, 'sql' | 'language'>,
  asked: Asked,
): Promise<CategorySuggested[]> {
  const categories = await effectiveCategories(act.sql, asked.path, act.language)
  if (categories.length === 0) return []
  const model = await newestModel(act.sql, asked.path)
  const learned = model === null ? null : await learnedOf(act.sql, model)
  const suggester = suggesterFor(asked.path, categories, model, learned)
  const apart = learned !== null && learned.leaves.length > 0 ? 'category' : 'level1'
  return suggester.suggest(asked, apart).flatMap(({ category, score, because }) => {
    const found = categories[category]
    return found ? [{ category: found.id, names: namesOf(found, act.language), score, because }] : []
  })
}

/** The id of the model that holds at a path: the nearest place's, going up. */
async function newestModel(on: Sql, path: string): Promise<string | null> {
  const row = await on
    .selectFrom('category_model')
    .select('id')
    .where('path', 'in', lineUp(path))
    .where('model', 'is not', null)
    .orderBy(sql`length(path)`, 'desc')
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** The model itself; null where another version made it, or a new one has just taken its place. */
async function learnedOf(on: Sql, id: string): Promise<Learned | null> {
  const known = models.get(id)
  if (known !== undefined) return known
  const row = await on.selectFrom('category_model').select('model').where('id', '=', id).executeTakeFirst()
  const learned = row?.model ? unpackModel(row.model) : null
  if (models.size >= mostModels) models.clear()
  models.set(id, learned)
  return learned
}

/** Nights that are shown. */
const mostNights = 30

/** What was learned for a place, night by night: at the place, or the nearest above it that learns. */
export async function nightsAt(act: Pick<Act, 'sql' | 'language'>, place: { path: string }): Promise<Learnt> {
  const rows = await act.sql
    .selectFrom('category_model')
    .leftJoin('place', 'place.path', 'category_model.path')
    .select([
      'category_model.path',
      nameSaid('place', act.language).as('name'),
      'made_at',
      'rows',
      'level_first',
      'level_three',
      'category_first',
      'category_three',
      sql<boolean>`model is not null`.as('standing'),
    ])
    .where('category_model.path', 'in', lineUp(place.path))
    .orderBy(sql`length(category_model.path)`, 'desc')
    .orderBy('made_at', 'desc')
    .limit(mostNights)
    .execute()
  const nearest = rows.find((row) => row.standing)?.path ?? rows[0]?.path
  const own = rows.filter((row) => row.path === nearest)
  return {
    standing: own.some((row) => row.standing),
    from: nearest === undefined || nearest === place.path ? null : (own[0]?.name ?? nearest),
    nights: own.map((row) => ({
      at: row.made_at,
      rows: row.rows,
      levelFirst: row.level_first,
      levelThree: row.level_three,
      categoryFirst: row.category_first,
      categoryThree: row.category_three,
    })),
  }
}

function suggesterFor(
  path: string,
  categories: readonly Category[],
  model: string | null,
  learned: Learned | null,
): Suggester {
  const mark = `${model} ${categories.map(({ id, version }) => `${id} ${version}`).join()}`
  const known = kept.get(path)
  if (known?.mark === mark) return known.suggester
  const suggester = new Suggester(categories.map(named), learned)
  if (kept.size >= mostKept) kept.clear()
  kept.set(path, { mark, suggester })
  return suggester
}

/** A category of a place as it is suggested: by its code, which it keeps where a place below has its own of the same name. */
export function named({ code, level1, level2, level3, level1En, level2En, level3En }: Category): CategoryNamed {
  return { key: code, level1, level2, level3, elsewhere: [level1En, level2En, level3En] }
}

function namesOf(category: Category, language: Act['language']): [string, string, string] {
  const { level1, level2, level3, level1En, level2En, level3En } = category
  return language === 'en' ? [level1En ?? level1, level2En ?? level2, level3En ?? level3] : [level1, level2, level3]
}
