// How often suggestions are right for texts that were not learned from.
import type { Learned } from './model.ts'
import { type Apart, Suggester } from './suggest.ts'
import type { CategoryNamed, Nearness } from './taxonomy.ts'

/** How often the suggestions were right for rows that had not been learned from. */
export interface Accuracy {
  readonly rows: number
  /** Shares of the rows: the first suggestion right, one of three right. */
  readonly first: number
  readonly three: number
}

/**
 * Suggests for rows by margins that were learned without them.
 * @param unseen by row, its margin to each class of the model
 */
export function measure(
  categories: readonly CategoryNamed[],
  learned: Learned,
  labelled: readonly { readonly level1: string; readonly key: string | null }[],
  near: readonly Nearness[],
  unseen: readonly (readonly (number | null)[])[],
): { levels: Accuracy; categories: Accuracy | null } {
  const suggester = new Suggester(categories, learned)
  const rightAmong = (row: number, apart: Apart, wanted: (category: CategoryNamed | undefined) => boolean): number =>
    suggester
      .best(suggester.chancesOf(near[row] as Nearness, unseen[row] ?? []), apart)
      .findIndex((found) => wanted(categories[found]))
  const levels = labelled.map(({ level1 }, row) => rightAmong(row, 'level1', (one) => one?.level1 === level1))
  const rows = [...labelled.keys()].filter((row) => labelled[row]?.key !== null)
  const leaves = rows.map((row) => rightAmong(row, 'category', (one) => one?.key === labelled[row]?.key))
  return { levels: shares(levels), categories: leaves.length === 0 ? null : shares(leaves) }
}

/** Of the places at which what is right stood: 0 the first, −1 nowhere. */
function shares(places: readonly number[]): Accuracy {
  return {
    rows: places.length,
    first: places.filter((place) => place === 0).length / places.length,
    three: places.filter((place) => place >= 0).length / places.length,
  }
}
