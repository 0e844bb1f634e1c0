// What was learned from requests that people have put into categories: how to score a text by it. How it is learned: learn.ts.
import type { Blend } from './blend.ts'
import { countPieces, learnedPiecesOf, type Told } from './text.ts'

/** Weights of pieces for a number of classes, by piece: those of piece p stand from `start[p]` to `start[p + 1]`. */
export interface LinearWeights {
  readonly start: Uint32Array
  readonly of: Uint16Array
  readonly weight: Float32Array
  /** One for each class. */
  readonly bias: Float32Array
}

export interface Learned {
  /** Texts whose words were counted, and those among them that bore a category. */
  readonly texts: number
  readonly rows: number
  /** Index of each piece that at least a few texts have. */
  readonly pieces: ReadonlyMap<string, number>
  /** How much each piece says: the logarithm of one over the share of texts that have it. */
  readonly rarity: Float32Array
  /** How much each run of the categories' names says, in the same way. */
  readonly nameRarity: ReadonlyMap<string, number>
  /** Of the classes: first levels by their name, then categories by their key. */
  readonly levels: readonly string[]
  readonly leaves: readonly string[]
  /** Rows of each first level from which a choice among its categories was learned. */
  readonly leafRows: ReadonlyMap<string, number>
  readonly linear: LinearWeights
  readonly levelBlend: Blend
  readonly leafBlend: Blend
}

/** A text as a vector of length one over the pieces that were learned. */
export function vectorOf(told: Told, pieces: ReadonlyMap<string, number>, rarity: Float32Array): Vector {
  const at: number[] = []
  const amount: number[] = []
  let square = 0
  for (const [piece, count] of countPieces(told, learnedPiecesOf)) {
    const index = pieces.get(piece)
    if (index === undefined) continue
    const value = (1 + Math.log(count)) * (rarity[index] ?? 0)
    at.push(index)
    amount.push(value)
    square += value * value
  }
  const length = Math.sqrt(square) || 1
  return { at: Int32Array.from(at), amount: Float64Array.from(amount, (value) => value / length) }
}

/** What is not nought of a long vector. */
export interface Vector {
  readonly at: Int32Array
  readonly amount: Float64Array
}

/** On which side of each class's border a text lies, and how far: above nought within. */
export function margins({ linear, pieces, rarity }: Learned, told: Told): Float64Array {
  const sums = Float64Array.from(linear.bias)
  const { at, amount } = vectorOf(told, pieces, rarity)
  for (const [index, piece] of at.entries()) {
    for (let entry = linear.start[piece] ?? 0; entry < (linear.start[piece + 1] ?? 0); entry += 1) {
      const of = linear.of[entry] ?? 0
      sums[of] = (sums[of] ?? 0) + (linear.weight[entry] ?? 0) * (amount[index] ?? 0)
    }
  }
  return sums
}

/** What each piece of a text adds to the margin of one class. */
export function marginShares({ linear, pieces, rarity }: Learned, told: Told, wanted: number): Map<string, number> {
  const shares = new Map<string, number>()
  const names = new Map<number, string>()
  for (const piece of countPieces(told, learnedPiecesOf).keys()) {
    const index = pieces.get(piece)
    if (index !== undefined) names.set(index, piece)
  }
  const { at, amount } = vectorOf(told, pieces, rarity)
  for (const [index, piece] of at.entries()) {
    for (let entry = linear.start[piece] ?? 0; entry < (linear.start[piece + 1] ?? 0); entry += 1) {
      if (linear.of[entry] === wanted) {
        shares.set(names.get(piece) ?? '', (linear.weight[entry] ?? 0) * (amount[index] ?? 0))
      }
    }
  }
  return shares
}
