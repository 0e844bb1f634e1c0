// A linear classifier, learned.
import type { Vector } from './model.ts'

/** Numbers that look drawn by lot and are the same every time: Mulberry32, by its seed. */
export function lots(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Puts a list into an order drawn by lot. */
export function shuffle(list: Int32Array | number[], lot: () => number): void {
  for (let index = list.length - 1; index > 0; index -= 1) {
    const other = Math.floor(lot() * (index + 1))
    const held = list[index] as number
    list[index] = list[other] as number
    list[other] = held
  }
}

export interface Border {
  readonly weights: Float64Array
  readonly bias: number
}

/** How dearly a row on the wrong side is paid for. With vectors of length one 1, 3 and 10 gave the same to half a percent. */
const cost = 3
/** Rounds over all rows at most, and the violation below which it is enough. */
const enough = { rounds: 60, violation: 0.02 }

/**
 * The border between the rows within a class and all others: a support vector machine with squared hinge loss, found by dual coordinate
 * descent (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008, "A dual coordinate descent method for large-scale linear SVM", algorithm 1;
 * the bias is the weight of one more piece that every text has). The same rows give the same border. Rows must be of length one.
 */
export function learnBorder(rows: readonly Vector[], within: (row: number) => boolean, size: number): Border {
  const weights = new Float64Array(size)
  const alphas = new Float64Array(rows.length)
  const sides = Int8Array.from(rows, (_, row) => (within(row) ? 1 : -1))
  const order = Int32Array.from(rows, (_, row) => row)
  const lot = lots(rows.length)
  const damping = 1 / (2 * cost)
  let bias = 0
  for (let round = 0; round < enough.rounds; round += 1) {
    let worst = 0
    shuffle(order, lot)
    for (const row of order) {
      const { at, amount } = rows[row] as Vector
      const side = sides[row] as number
      const alpha = alphas[row] as number
      let sum = bias
      for (let entry = 0; entry < at.length; entry += 1) {
        sum += (weights[at[entry] as number] as number) * (amount[entry] as number)
      }
      const slope = side * sum - 1 + damping * alpha
      const violation = alpha === 0 ? Math.min(slope, 0) : slope
      worst = Math.max(worst, Math.abs(violation))
      if (violation === 0) continue
      const next = Math.max(0, alpha - slope / (2 + damping))
      const step = (next - alpha) * side
      alphas[row] = next
      bias += step
      for (let entry = 0; entry < at.length; entry += 1) {
        const piece = at[entry] as number
        weights[piece] = (weights[piece] as number) + step * (amount[entry] as number)
      }
    }
    if (worst < enough.violation) break
  }
  return { weights, bias }
}

/** On which side of a border a row lies, and how far: above nought within. */
export function marginOf({ weights, bias }: Border, { at, amount }: Vector): number {
  let sum = bias
  for (let entry = 0; entry < at.length; entry += 1) {
    sum += (weights[at[entry] as number] as number) * (amount[entry] as number)
  }
  return sum
}
