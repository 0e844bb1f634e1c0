// How two scores become one chance: what was learned, and the names of the categories.

/** How much either score counts in the logarithm of a chance: the margin of what was learned, the nearness of the names. */
export interface Blend {
  readonly margin: number
  readonly names: number
}

/**
 * How nearness of names becomes a chance where nothing was learned: the weight that made the chances truest on labelled messages
 * (docs/suggestions.md).
 */
export const untaught: Blend = { margin: 0, names: 60 }

/**
 * The logarithm of a chance, less what all have in common. A class that none of the rows bore is not impossible: it lies beyond every
 * border (−1), and its chance is what Laplace's rule leaves for what has not been seen in so many rows.
 */
export function together(blend: Blend, margin: number | null, near: number, rows: number): number {
  return blend.margin * (margin ?? -1) + blend.names * near - (margin === null && rows > 0 ? Math.log(rows + 1) : 0)
}

/** Chances of logarithms; they add up to one. */
export function chancesOf(logarithms: readonly number[]): number[] {
  const most = Math.max(...logarithms)
  const each = logarithms.map((one) => Math.exp(one - most))
  const sum = each.reduce((total, one) => total + one, 0)
  return each.map((one) => one / sum)
}

/** One row that was scored by what had been learned without it. */
export interface Scored {
  readonly margins: readonly (number | null)[]
  readonly near: readonly number[]
  readonly right: number
  /** So many rows were learned from. */
  readonly rows: number
}

/**
 * Holds the weights where they are thought to be before any row is looked at: few rows change little, and the names keep their weight
 * where no row says anything about them.
 */
const expected: Blend = { margin: 5, names: untaught.names }
const pull: Blend = { margin: 1e-2, names: 1e-3 }
const mostSteps = 50

/**
 * The weights that make the chances truest: those by which what is right was likeliest (Wolpert 1992, "Stacked generalization"), found
 * by Newton's method. A negative weight would say that a score speaks against itself, which is chance: it becomes nought.
 */
export function fitBlend(scored: readonly Scored[], only?: 'names'): Blend {
  let blend: Blend = only ? untaught : expected
  for (let step = 0; step < mostSteps; step += 1) {
    const slope: [number, number] = [
      pull.margin * (expected.margin - blend.margin),
      pull.names * (expected.names - blend.names),
    ]
    const bend: [number, number, number] = [pull.margin, 0, pull.names]
    for (const { margins, near, right, rows } of scored) {
      const chances = chancesOf(margins.map((margin, of) => together(blend, margin, near[of] ?? 0, rows)))
      let [m, n, mm, mn, nn] = [0, 0, 0, 0, 0]
      for (const [of, chance] of chances.entries()) {
        const [one, other] = [margins[of] ?? -1, near[of] ?? 0]
        m += chance * one
        n += chance * other
        mm += chance * one * one
        mn += chance * one * other
        nn += chance * other * other
      }
      slope[0] += (margins[right] ?? -1) - m
      slope[1] += (near[right] ?? 0) - n
      bend[0] += mm - m * m
      bend[1] += mn - m * n
      bend[2] += nn - n * n
    }
    const next = only ? alongNames(blend, slope, bend) : newton(blend, slope, bend)
    const moved = Math.abs(next.margin - blend.margin) + Math.abs(next.names - blend.names)
    blend = next
    if (moved < 1e-6) break
  }
  if (blend.margin < 0 && !only) return fitBlend(scored, 'names')
  return { margin: Math.max(0, blend.margin), names: Math.max(0, blend.names) }
}

/** A step of more than so much leaves the neighbourhood in which its slope was true. */
const longestStep = 20

function newton(blend: Blend, [m, n]: [number, number], [mm, mn, nn]: [number, number, number]): Blend {
  const determinant = mm * nn - mn * mn
  const steps = [(nn * m - mn * n) / determinant, (mm * n - mn * m) / determinant] as const
  const shorter = Math.min(1, longestStep / Math.max(Math.abs(steps[0]), Math.abs(steps[1])))
  return { margin: blend.margin + steps[0] * shorter, names: blend.names + steps[1] * shorter }
}

function alongNames(blend: Blend, [, n]: [number, number], [, , nn]: [number, number, number]): Blend {
  return { margin: 0, names: blend.names + Math.max(-longestStep, Math.min(longestStep, n / nn)) }
}
