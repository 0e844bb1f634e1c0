// How figures grow with what is stored: a line through each over the logarithm of the requests, from all sizes that were measured.
import type { Figure } from '../figures.ts'

export interface Curve {
  readonly figure: string
  readonly unit: string
  /** Requests and values, the fewest first. */
  readonly points: readonly (readonly [rows: number, value: number])[]
  /** How much is added by ten times as many requests. */
  readonly perDecade: number
  /** The exponent of the power law through them: 0 does not grow, 1 grows as fast as what is stored. */
  readonly exponent: number
}

/** Fits every figure that was measured beside at least two sizes. */
export function curvesOf(figures: readonly Figure[]): Curve[] {
  const byName = Map.groupBy(
    figures.filter(({ rows }) => rows !== undefined),
    ({ figure }) => figure,
  )
  return [...byName].flatMap(([figure, measured]) => {
    const points = measured.map(({ rows = 0, value }) => [rows, value] as const).sort(([one], [other]) => one - other)
    if (points.length < 2 || points.some(([, value]) => value <= 0)) return []
    const decades = points.map(([rows]) => Math.log10(rows))
    return [
      {
        figure,
        unit: measured[0]?.unit ?? '',
        points,
        perDecade: slope(
          decades,
          points.map(([, value]) => value),
        ),
        exponent: slope(
          decades,
          points.map(([, value]) => Math.log10(value)),
        ),
      },
    ]
  })
}

/** The slope of the line with the least squares. */
function slope(across: readonly number[], up: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(across), mean(up)]
  const both = across.reduce((sum, at, index) => sum + (at - x) * ((up[index] ?? y) - y), 0)
  return both / across.reduce((sum, at) => sum + (at - x) ** 2, 0)
}

/** A table, what grows most first. */
export function printCurves(curves: readonly Curve[]): string {
  const told = [...curves].sort((one, other) => other.exponent - one.exponent)
  return told
    .map(
      ({ figure, unit, points, perDecade, exponent }) =>
        `${figure.padEnd(60)} ${points.map(([rows, value]) => `${value} at ${rows}`).join(', ')} ${unit}; ${perDecade.toPrecision(3)} a decade, exponent ${exponent.toFixed(2)}`,
    )
    .join('\n')
}
