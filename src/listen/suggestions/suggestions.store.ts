import type { Act } from '#kernel/access/index.ts'
import { type Category, effectiveCategories } from '#organise/settings/index.ts'
import { Suggester } from './suggest.ts'
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
/** By the path asked for; a list is read for as many places as a process serves at a time. */
const mostKept = 50
const kept = new Map<string, Kept>()

/**
 * The categories that a text most likely belongs to, three at most: by the names of those that hold at the place. Reads the
 * categories, 3 ms and 1 ms for the text; nothing where the place has none.
 */
export async function suggestCategories(
  act: Pick<Act, 'sql' | 'language'>,
  asked: Asked,
): Promise<CategorySuggested[]> {
  const categories = await effectiveCategories(act.sql, asked.path, act.language)
  if (categories.length === 0) return []
  const suggester = suggesterFor(asked.path, categories)
  return suggester.suggest(asked).flatMap(({ category, score, because }) => {
    const found = categories[category]
    return found ? [{ category: found.id, names: namesOf(found, act.language), score, because }] : []
  })
}

function suggesterFor(path: string, categories: readonly Category[]): Suggester {
  const mark = categories.map(({ id, version }) => `${id} ${version}`).join()
  const known = kept.get(path)
  if (known?.mark === mark) return known.suggester
  const suggester = new Suggester(categories.map(named))
  if (kept.size >= mostKept) kept.clear()
  kept.set(path, { mark, suggester })
  return suggester
}

/** A category of a place as it is suggested. */
export function named({ id, level1, level2, level3, level1En, level2En, level3En }: Category): CategoryNamed {
  return { key: id, level1, level2, level3, elsewhere: [level1En, level2En, level3En] }
}

function namesOf(category: Category, language: Act['language']): [string, string, string] {
  const { level1, level2, level3, level1En, level2En, level3En } = category
  return language === 'en' ? [level1En ?? level1, level2En ?? level2, level3En ?? level3] : [level1, level2, level3]
}
