// Three categories for a text, the chance of each, and the words that led there.
import { dictionaryWords } from '#kernel/search/index.ts'
import { chancesOf, together, untaught } from './blend.ts'
import { type Learned, marginShares, margins } from './model.ts'
import { type CategoryNamed, type Nearness, namePieces, Taxonomy } from './taxonomy.ts'
import { learnedPiecesOf, partsOf, type Told } from './text.ts'

export interface Suggestion {
  /** Index in the list of categories. */
  readonly category: number
  /** The chance that this is it, 0 to 1. */
  readonly score: number
  /** Words of the text that speak for it more than for others, the weightiest first. */
  readonly because: readonly string[]
}

/** Chances of the first levels and of the categories, by their order. */
export interface Chances {
  readonly levels: Float64Array
  readonly leaves: Float64Array
}

/** What the suggestions for one text have to differ in. */
export type Apart = 'level1' | 'category'

/** So many are suggested. */
const suggested = 3
/** So many words say why. */
const mostWords = 5

/** Suggests categories by their names and by what was learned, if anything was. Made once for a list and a model; knows no database. */
export class Suggester {
  readonly #taxonomy: Taxonomy
  readonly #learned: Learned | null
  readonly #levelClass: readonly number[]
  readonly #leafClass: readonly number[]
  /** Categories by their first level. */
  readonly #below: readonly (readonly number[])[]

  constructor(categories: readonly CategoryNamed[], learned: Learned | null = null) {
    this.#learned = learned
    this.#taxonomy = new Taxonomy(categories, learned === null ? undefined : rarityOf(learned))
    this.#levelClass = this.#taxonomy.level1.map((name) => learned?.levels.indexOf(name) ?? -1)
    const leafClass = new Map(learned?.leaves.map((key, index) => [key, learned.levels.length + index]))
    this.#below = this.#taxonomy.level1.map((_, level) =>
      [...categories.keys()].filter((leaf) => this.#taxonomy.above[leaf] === level),
    )
    this.#leafClass = categories.map(({ key }) => leafClass.get(key) ?? -1)
  }

  /**
   * Three categories at most, the likeliest first.
   * @param apart of different first levels, so that one of them is right as often as can be; otherwise the likeliest three whatever
   * they stand under
   */
  suggest(told: Told, apart: Apart = 'level1'): Suggestion[] {
    const chances = this.chances(told)
    return this.best(chances, apart).map((category) => ({
      category,
      score: rounded(
        (apart === 'level1' ? chances.levels[this.#taxonomy.above[category] ?? 0] : chances.leaves[category]) ?? 0,
      ),
      because: this.because(told, category),
    }))
  }

  /** Which categories these chances suggest, the likeliest first. */
  best(chances: Chances, apart: Apart): number[] {
    const order = [...chances.leaves.keys()].sort((a, b) => (chances.leaves[b] ?? 0) - (chances.leaves[a] ?? 0))
    const { above } = this.#taxonomy
    const chosen: number[] = []
    if (apart === 'category') chosen.push(...order.slice(0, suggested))
    else {
      const levels = [...chances.levels.keys()].sort((a, b) => (chances.levels[b] ?? 0) - (chances.levels[a] ?? 0))
      for (const level of levels.slice(0, suggested)) {
        const best = order.find((leaf) => above[leaf] === level)
        if (best !== undefined) chosen.push(best)
      }
    }
    return chosen
  }

  /** The chance of each first level and of each category; either adds up to one. */
  chances(told: Told): Chances {
    const learned = this.#learned
    return this.chancesOf(this.#taxonomy.nearness(told), learned === null ? [] : [...margins(learned, told)])
  }

  /** The same for a text that has been scored already. */
  chancesOf(near: Nearness, margin: readonly (number | null)[]): Chances {
    const learned = this.#learned
    const { above, level1 } = this.#taxonomy
    const levelBlend = learned?.levelBlend ?? untaught
    const levels = Float64Array.from(
      chancesOf(
        this.#levelClass.map((of, level) =>
          together(levelBlend, margin[of] ?? null, near.levels[level] ?? 0, learned?.rows ?? 0),
        ),
      ),
    )
    const leafBlend = learned?.leafBlend ?? untaught
    const leaves = new Float64Array(near.leaves.length)
    for (const [level, own] of this.#below.entries()) {
      const rows = learned?.leafRows.get(level1[level] ?? '') ?? 0
      const within = chancesOf(
        own.map((leaf) =>
          together(leafBlend, margin[this.#leafClass[leaf] ?? -1] ?? null, near.leaves[leaf] ?? 0, rows),
        ),
      )
      for (const [index, leaf] of own.entries()) leaves[leaf] = (levels[above[leaf] ?? 0] ?? 0) * (within[index] ?? 0)
    }
    return { levels, leaves }
  }

  /**
   * The words of a text that led to a category: what each piece adds is laid on the characters where it stands, and words are what
   * the dictionary cuts there.
   */
  because(told: Told, category: number): string[] {
    const learned = this.#learned
    const blend = learned?.levelBlend ?? untaught
    const names = this.#taxonomy.shares(told, category)
    const level = this.#levelClass[this.#taxonomy.above[category] ?? 0] ?? -1
    const leaf = this.#leafClass[category] ?? -1
    const taught = [level, leaf]
      .filter((of) => of >= 0)
      .map((of) => (learned === null ? new Map<string, number>() : marginShares(learned, told, of)))
    const totals = new Map<string, number>()
    for (const { text } of partsOf(told)) {
      const weights = new Float64Array(text.length)
      const lay = (share: number, at: number, length: number): void => {
        for (let index = at; index < at + length; index += 1) weights[index] = (weights[index] ?? 0) + share / length
      }
      namePieces(text, (piece, at, length) => lay(blend.names * (names.get(piece) ?? 0), at, length))
      for (const shares of taught) {
        learnedPiecesOf(text, (piece, at, length) => lay(blend.margin * (shares.get(piece) ?? 0), at, length))
      }
      for (const { word, at } of dictionaryWords(text)) {
        if (word.length < 2 || /\p{N}/u.test(word)) continue
        let sum = 0
        for (let index = at; index < at + word.length; index += 1) sum += weights[index] ?? 0
        totals.set(word, Math.max(totals.get(word) ?? 0, sum))
      }
    }
    const found = [...totals]
      .filter(([, sum]) => sum > 0)
      .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    const least = (found[0]?.[1] ?? 0) / 5
    return found
      .filter(([, sum]) => sum >= least)
      .slice(0, mostWords)
      .map(([word]) => word)
  }
}

/** Runs of names by how rare they are; those that no text has are as rare as can be. */
const rarityOf =
  ({ nameRarity, texts }: Learned) =>
  (piece: string): number =>
    nameRarity.get(piece) ?? Math.log(texts + 1)

const rounded = (chance: number): number => Math.round(chance * 1_000) / 1_000
