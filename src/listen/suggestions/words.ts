// Counting the words of texts: which are worth learning, and how much each says.
import { type CategoryNamed, namePieces, Taxonomy } from './taxonomy.ts'
import { countPieces, learnedPiecesOf, type Told } from './text.ts'

/** A text of which words are counted. */
export interface Heard extends Told {
  /**
   * Who told it, by any mark: what one person says in several texts counts once. Null where nobody knows, and its words are not counted,
   * since all such texts may be one person's. Left out where each text is somebody else's.
   */
  readonly by?: string | null
}

/**
 * A piece that fewer than so many texts of different people have is not learned: it is too rare to say anything, and may be the name of
 * a person or a house.
 */
export const leastTexts = 5
/** A piece that more than this share of the texts has says nothing. */
const mostShare = 0.3
/** Pieces at most, the most frequent. */
const mostPieces = 40_000

export interface Words {
  /** People whose texts were counted. */
  readonly texts: number
  /** Index of each piece that is worth learning. */
  readonly pieces: ReadonlyMap<string, number>
  /** How much each piece says: the logarithm of one over the share of texts that have it. */
  readonly rarity: Float32Array
  /** How much each run of the categories' names says, in the same way. */
  readonly nameRarity: ReadonlyMap<string, number>
}

/** Counts in how many texts each piece stands, of those worth learning and of those in the names of the categories. */
export function countWords(categories: readonly CategoryNamed[], texts: readonly Heard[]): Words {
  const counts = new Map<string, number>()
  const names = new Map<string, number>()
  const { pieces: inNames } = new Taxonomy(categories)
  // Texts of one person follow each other, so that a piece is counted once for all of them.
  const known = [...texts.keys()].filter((at) => texts[at]?.by !== null)
  const byTeller = Map.groupBy(known, (at) => texts[at]?.by ?? `text ${at}`)
  for (const own of byTeller.values()) {
    const seen = new Set<string>()
    const seenNames = new Set<string>()
    for (const at of own) {
      const told = texts[at] as Told
      for (const piece of countPieces(told, learnedPiecesOf).keys()) seen.add(piece)
      for (const piece of countPieces(told, namePieces).keys()) if (inNames.has(piece)) seenNames.add(piece)
    }
    for (const piece of seen) counts.set(piece, (counts.get(piece) ?? 0) + 1)
    for (const piece of seenNames) names.set(piece, (names.get(piece) ?? 0) + 1)
  }
  const tellers = byTeller.size
  const worth = [...counts]
    .filter(([, count]) => count >= leastTexts && count < tellers * mostShare)
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .slice(0, mostPieces)
  const says = (count: number): number => Math.log((tellers + 1) / (count + 1))
  return {
    texts: tellers,
    pieces: new Map(worth.map(([piece], index) => [piece, index])),
    rarity: Float32Array.from(worth, ([, count]) => says(count)),
    nameRarity: new Map([...names].map(([piece, count]) => [piece, says(count)])),
  }
}
