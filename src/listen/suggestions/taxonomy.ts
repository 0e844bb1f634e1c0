// How near a text is to the names of the categories: all that there is to go by where nothing has been learned yet.
import { plain } from '#kernel/search/index.ts'
import { countPieces, gramsOf, type TakePiece, type Told } from './text.ts'

/** A category as it is suggested: any key of the caller's, three names, and what it is called in another language. */
export interface CategoryNamed {
  readonly key: string
  readonly level1: string
  readonly level2: string
  readonly level3: string
  readonly elsewhere?: readonly (string | null)[]
}

/** How much a piece says, by how rare it is among the texts; of pieces never seen too. */
export type Rarity = (piece: string) => number

const sizes = [2, 3]
export const namePieces = (text: string, take: TakePiece): void => gramsOf(text, sizes, take)

/** Names that say nothing of what is meant. */
const empty = /^(?:其他|其它|other|others|miscellaneous)$/i

type Weights = ReadonlyMap<string, number>

/** Who has a run in their names, and how much it weighs there. */
type Postings = ReadonlyMap<string, readonly { readonly of: number; readonly weight: number }[]>

/** How near a text is to each category and to each first level, by the order of the taxonomy. */
export interface Nearness {
  readonly leaves: Float64Array
  readonly levels: Float64Array
}

/**
 * The names of the categories as vectors of their runs of two and three characters. A run weighs by how rare it is among the texts,
 * where there are texts, and by how few first levels have it in their names: 管理 stands in nearly all and says nothing. The nearness
 * of a category is the cosine between text and names (Salton, Wong, Yang 1975, "A vector space model for automatic indexing"); that
 * of a first level, the one of its nearest category and the one of all its names together.
 */
export class Taxonomy {
  readonly categories: readonly CategoryNamed[]
  /** Names of the first levels, in the order in which they first stand. */
  readonly level1: readonly string[]
  /** Index of the first level of each category. */
  readonly above: Int32Array
  /** Every run that stands in some name. */
  readonly pieces: ReadonlySet<string>
  readonly #leaves: Postings
  readonly #levels: Postings
  readonly #rarity: Rarity
  /** What a run of the names says on average, so that nearness has one scale whether or not words were counted. */
  readonly #usual: number

  constructor(categories: readonly CategoryNamed[], rarity: Rarity = () => 1) {
    this.categories = categories
    this.level1 = [...new Set(categories.map(({ level1 }) => level1))]
    const at = new Map(this.level1.map((name, index) => [name, index]))
    this.above = Int32Array.from(categories, ({ level1 }) => at.get(level1) ?? 0)
    const runs = categories.map(runsOf)
    const holders = new Map<string, Set<number>>()
    runs.forEach((own, index) => {
      for (const piece of own) {
        const known = holders.get(piece)
        if (known) known.add(this.above[index] ?? 0)
        else holders.set(piece, new Set([this.above[index] ?? 0]))
      }
    })
    this.pieces = new Set(holders.keys())
    const weigh = (own: ReadonlySet<string>): Weights => {
      const weights = new Map<string, number>()
      let square = 0
      for (const piece of own) {
        const weight = rarity(piece) * Math.log((this.level1.length + 1) / (holders.get(piece)?.size ?? 1))
        weights.set(piece, weight)
        square += weight * weight
      }
      const length = Math.sqrt(square) || 1
      for (const [piece, weight] of weights) weights.set(piece, weight / length)
      return weights
    }
    this.#rarity = rarity
    let says = 0
    for (const piece of this.pieces) says += rarity(piece)
    this.#usual = says / this.pieces.size || 1
    this.#leaves = postings(runs.map(weigh))
    this.#levels = postings(
      this.level1.map((_, level) =>
        weigh(new Set(runs.flatMap((own, index) => (this.above[index] === level ? [...own] : [])))),
      ),
    )
  }

  /** How near a text is to each category and first level. */
  nearness(told: Told): Nearness {
    const text = this.#vector(told)
    const leaves = products(text, this.#leaves, this.categories.length)
    const levels = products(text, this.#levels, this.level1.length)
    const best = new Float64Array(levels.length)
    for (const [index, near] of leaves.entries()) {
      const level = this.above[index] ?? 0
      if (near > (best[level] ?? 0)) best[level] = near
    }
    return { leaves, levels: levels.map((near, level) => near + (best[level] ?? 0)) }
  }

  /** What each run of a text adds to the nearness of a category, in the category itself and in its first level. */
  shares(told: Told, leaf: number): Map<string, number> {
    const level = this.above[leaf] ?? 0
    const shares = new Map<string, number>()
    for (const [piece, amount] of this.#vector(told)) {
      const own = this.#leaves.get(piece)?.find(({ of }) => of === leaf)?.weight ?? 0
      const share = amount * (own + (this.#levels.get(piece)?.find(({ of }) => of === level)?.weight ?? 0))
      if (share > 0) shares.set(piece, share)
    }
    return shares
  }

  /** The runs of a text that stand in some name, weighed, over the length of the text. */
  #vector(told: Told): Map<string, number> {
    const counts = countPieces(told, namePieces)
    let all = 0
    for (const count of counts.values()) all += count
    const length = (Math.sqrt(all) || 1) * this.#usual
    const vector = new Map<string, number>()
    for (const [piece, count] of counts) {
      if (this.pieces.has(piece)) vector.set(piece, (Math.sqrt(count) * this.#rarity(piece)) / length)
    }
    return vector
  }
}

function runsOf({ level1, level2, level3, elsewhere = [] }: CategoryNamed): Set<string> {
  const runs = new Set<string>()
  for (const name of [level1, level2, level3, ...elsewhere]) {
    if (name !== null && !empty.test(name.trim())) namePieces(plain(name), (piece) => runs.add(piece))
  }
  return runs
}

function postings(vectors: readonly Weights[]): Postings {
  const found = new Map<string, { of: number; weight: number }[]>()
  for (const [of, weights] of vectors.entries()) {
    for (const [piece, weight] of weights) {
      const known = found.get(piece)
      if (known) known.push({ of, weight })
      else found.set(piece, [{ of, weight }])
    }
  }
  return found
}

function products(text: ReadonlyMap<string, number>, weights: Postings, size: number): Float64Array {
  const sums = new Float64Array(size)
  for (const [piece, amount] of text) {
    for (const { of, weight } of weights.get(piece) ?? []) sums[of] = (sums[of] ?? 0) + amount * weight
  }
  return sums
}
