import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import { lineUp } from '#organise/places/index.ts'
import { type Category, effectiveCategories, nameSaid } from '#organise/settings/index.ts'
import { type Held, HeldModels, type Standing, suggesterOf } from './held.ts'
import { unpackModel } from './model.bytes.ts'
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

const models = new HeldModels()
/** What suggests by the names alone, where nothing was learned. */
const byNames: Held = { learned: null, suggesters: new Map() }

/**
 * The categories that a text most likely belongs to, three at most: by what was learned at the nearest place above that learns, and by
 * the names alone until then. By the names the three are of different first levels, where there are several; where categories were
 * learned, the likeliest three.
 * Two small queries and 2 to 4 ms for the text; the first text after a night reads the new model, which takes a tenth of a second.
 */
export async function suggestCategories(
  act: Pick<Act, 'sql' | 'language'>,
  asked: Asked,
): Promise<CategorySuggested[]> {
  const categories = await effectiveCategories(act.sql, asked.path, act.language)
  // Where there is nothing to choose from, the only one would be a hundred per cent likely whatever was told.
  if (categories.length < 2) return []
  const held = await modelAt(act.sql, asked.path)
  const mark = categories.map(({ id, version }) => `${id} ${version}`).join()
  const { learned } = held
  const suggester = suggesterOf(held, asked.path, mark, () => new Suggester(categories.map(named), learned))
  const levels = new Set(categories.map(({ level1 }) => level1))
  const apart = levels.size < 2 || (learned !== null && learned.leaves.length > 0) ? 'category' : 'level1'
  return suggester.suggest(asked, apart).flatMap(({ category, score, because }) => {
    const found = categories[category]
    return found ? [{ category: found.id, names: namesOf(found, act.language), score, because }] : []
  })
}

/** The model that holds at a path: the nearest place's, going up. Those that it has taken the place of are let go. */
async function modelAt(on: Sql, path: string): Promise<Held> {
  const places = lineUp(path)
  const standing: Standing[] = await on
    .selectFrom('category_model')
    .select(['id', 'path'])
    .where('path', 'in', places)
    .where('model', 'is not', null)
    .orderBy(sql`length(path)`, 'desc')
    .orderBy('made_at', 'desc')
    .execute()
  models.keepOnly(places, standing)
  const [nearest] = standing
  return nearest ? (models.get(nearest.id) ?? (await readModel(on, nearest))) : byNames
}

async function readModel(on: Sql, standing: Standing): Promise<Held> {
  const row = await on.selectFrom('category_model').select('model').where('id', '=', standing.id).executeTakeFirst()
  return models.hold(standing, row?.model ? unpackModel(row.model) : null)
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

/** A category of a place as it is suggested: by its code, which it keeps where a place below has its own of the same name. */
export function named({ code, level1, level2, level3, level1En, level2En, level3En }: Category): CategoryNamed {
  return { key: code, level1, level2, level3, elsewhere: [level1En, level2En, level3En] }
}

function namesOf(category: Category, language: Act['language']): [string, string, string] {
  const { level1, level2, level3, level1En, level2En, level3En } = category
  return language === 'en' ? [level1En ?? level1, level2En ?? level2, level3En ?? level3] : [level1, level2, level3]
}
