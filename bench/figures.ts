// What is measured, what it should be, and how it is told: one JSON line a figure, and all of them in bench/results.json.
import { readFileSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

export interface Figure {
  readonly figure: string
  readonly value: number
  readonly unit: string
  /** What it should be; null where it is only told. */
  readonly target: number | null
  /** Whether the target is the most or the least that is good. */
  readonly good: 'at most' | 'at least' | null
  /** What the machine does without Linli, measured in the same run; null where there is nothing to compare with. */
  readonly limit: number | null
  /** Of a province: beside how many requests. */
  readonly rows?: number
  readonly machine: string
  /** Load average of the last minute when it was written down: above the number of cores, others were at work too. */
  readonly busy: number
  readonly at: string
}

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))
let file = fileOf('./results.json')
let rows: number | undefined

/** From now on figures belong to a whole province with so many requests; they are kept in a file of their own, beside those of other sizes. */
export function ofProvince(requests: number): void {
  file = fileOf('./results-province.json')
  rows = requests
}

export const machine = [
  `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
  `${Math.round(totalmem() / 2 ** 30)} GB`,
  `${platform()} ${arch()}`,
  `Node ${process.versions.node}`,
].join(', ')

const measured: Figure[] = []

/** Rounds to three figures that say something. */
function rounded(value: number): number {
  if (value === 0 || Number.isInteger(value)) return value
  return Number(value.toPrecision(Math.abs(value) >= 100 ? Math.ceil(Math.log10(Math.abs(value))) : 3))
}

/** Prints a figure and keeps it for the file. */
export function tell(
  figure: string,
  value: number,
  unit: string,
  more: { atMost?: number; atLeast?: number; limit?: number } = {},
): void {
  const line: Figure = {
    figure,
    value: rounded(value),
    unit,
    target: more.atMost ?? more.atLeast ?? null,
    good: more.atMost !== undefined ? 'at most' : more.atLeast !== undefined ? 'at least' : null,
    limit: more.limit === undefined ? null : rounded(more.limit),
    ...(rows === undefined ? {} : { rows }),
    machine,
    busy: Number((loadavg()[0] ?? 0).toFixed(2)),
    at: new Date().toISOString(),
  }
  measured.push(line)
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** What is going on, beside the figures. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Writes what was measured into bench/results.json. A run of a part replaces that part and leaves the rest. */
export function keepResults(): void {
  if (measured.length === 0) return
  const nameOf = (line: Figure) => `${line.figure} ${line.rows ?? ''}`
  const names = new Set(measured.map(nameOf))
  const all = [...keptFigures().filter((line) => !names.has(nameOf(line))), ...measured].sort((a, b) =>
    a.figure < b.figure || (a.figure === b.figure && (a.rows ?? 0) < (b.rows ?? 0)) ? -1 : 1,
  )
  writeFileSync(file, `[\n${all.map((line) => `  ${JSON.stringify(line)}`).join(',\n')}\n]\n`)
}

/** What the file holds. */
export function keptFigures(): Figure[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Figure[]
  } catch {
    return []
  }
}

/** Figures that miss their target. */
export function missed(): Figure[] {
  return measured.filter(({ value, target, good }) =>
    target === null ? false : good === 'at most' ? value > target : value < target,
  )
}

/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
