// The heading of a table: found below titles and remarks, in one row or in two, and the rows read by it.
import {
  bare,
  type Columns,
  checkColumns,
  columnsOf,
  type Field,
  isKnown,
  type Mapping,
  recognised,
  reportersOf,
  suffices,
} from './columns.ts'
import type { Cell, Row } from './messages.ts'
import type { Reason } from './reasons.ts'

/** Told once the headings are understood. */
export type OnColumns = (headings: readonly string[], columns: Columns) => void

/** A header stands within so many rows, below titles and remarks. */
export const headerWithin = 10

interface Taken {
  readonly line: number
  readonly cells: readonly Cell[]
  /** As a row of headings: what a merged cell says stands in each of its columns. */
  readonly spread: readonly Cell[]
  /** Set where the row could not be read. */
  readonly reason?: Reason
}

interface Candidate {
  /** Row behind which the messages begin. */
  readonly at: number
  readonly headings: readonly string[]
}

/** Finds the header among the first rows and reads the others by it. */
export class Header {
  readonly #mapping: Mapping
  readonly #onColumns: OnColumns
  readonly #first: Taken[] = []
  /** A heading that suffices; the row below may still be its second half. */
  #candidate: Candidate | null = null
  #reporters: readonly number[] = []
  columns: Columns | null = null
  headings: readonly string[] = []
  width = 0

  constructor(mapping: Mapping, onColumns: OnColumns) {
    this.#mapping = mapping
    this.#onColumns = onColumns
  }

  /** The columns as far as they are understood, while the row below may still be part of the heading. */
  get likely(): Columns | null {
    return this.columns ?? (this.#candidate && columnsOf(this.#candidate.headings, this.#mapping))
  }

  /** Takes a row: the rows that can now be read. */
  take(line: number, cells: readonly Cell[], spread = cells): Row[] {
    if (this.columns) return [this.#row({ line, cells, spread })]
    this.#first.push({ line, cells, spread })
    const last = this.#first.length - 1
    if (this.#candidate) return this.#settle(this.#withSecondRow(this.#candidate, last))
    const here = texts(spread)
    const above = last > 0 ? texts(this.#first[last - 1]?.spread ?? []) : null
    const both = above ? this.#joined(above, here) : null
    if (both && this.#suffices(both) && !(this.#suffices(here) && recognised(both) <= recognised(here))) {
      // Two rows that are known as a pair: nothing stands below them.
      return this.#settle({ at: last, headings: both })
    }
    if (this.#suffices(here)) {
      this.#candidate = { at: last, headings: here }
      this.width = here.length
      return []
    }
    return this.#first.length >= headerWithin ? this.end() : []
  }

  /** Takes a row that could not be read, and is told of in its turn. */
  reject(line: number, reason: Reason, cells: readonly Cell[]): Row[] {
    if (this.columns) return [{ line, reason, original: cells }]
    this.#first.push({ line, cells, spread: cells, reason })
    return this.#candidate ? this.#settle(this.#candidate) : []
  }

  /** No more rows come: what is left is read, or refused. */
  end(): Row[] {
    if (this.columns || this.#first.length === 0) return []
    if (this.#candidate) return this.#settle(this.#candidate)
    // None suffices: the row with most known headings is complained about.
    const known = this.#first.map(({ spread }) => recognised(texts(spread)))
    const at = known.indexOf(Math.max(...known))
    return this.#settle({ at, headings: texts(this.#first[at]?.spread ?? []) })
  }

  #suffices(headings: readonly string[]): boolean {
    return suffices(columnsOf(headings, this.#mapping), this.#mapping)
  }

  /** A heading with the row below it, where that is more of it: nothing where a message has its time and text, and more is understood. */
  #withSecondRow(candidate: Candidate, below: number): Candidate {
    const second = texts(this.#first[below]?.spread ?? [])
    const { created_at: time, body, subject } = columnsOf(candidate.headings, this.#mapping)
    const holdsMessage = [time, body, subject].some((at) => {
      const cell = at === undefined ? '' : (second[at] ?? '').trim()
      return cell !== '' && cell !== candidate.headings[at ?? 0]?.trim() && !isKnown(cell)
    })
    const both = this.#joined(candidate.headings, second)
    return holdsMessage || recognised(both) <= recognised(candidate.headings)
      ? candidate
      : { at: below, headings: both }
  }

  /**
   * One heading of two rows. A group stands above its columns (答复 above 时间 and 内容): both together where that is known or a mapping
   * says so, else the lower, else the upper.
   */
  #joined(upper: readonly string[], lower: readonly string[]): string[] {
    const wanted = new Set(Object.values(this.#mapping.columns).map((heading) => bare(heading ?? '')))
    let group = ''
    return Array.from({ length: Math.max(upper.length, lower.length) }, (_, at) => {
      const [high, low] = [(upper[at] ?? '').trim(), (lower[at] ?? '').trim()]
      // In a CSV only the first column of a merged group has its name.
      if (high !== '' || low === '') group = low === '' ? '' : high
      const above = high || group
      if (low === '' || bare(low) === bare(above)) return above || low
      const known = [`${above}${low}`, low, above].find(
        (heading) => heading !== '' && (wanted.has(bare(heading)) || isKnown(heading)),
      )
      // What is above several columns names none of them.
      return known !== undefined && known !== above ? known : `${above}${low}`
    })
  }

  #settle({ at, headings }: Candidate): Row[] {
    const columns = columnsOf(headings, this.#mapping)
    checkColumns(headings, columns, this.#mapping)
    this.columns = columns
    this.headings = headings
    this.width = headings.length
    this.#reporters = reportersOf(headings, columns)
    this.#onColumns(headings, columns)
    return this.#first
      .splice(0)
      .slice(at + 1)
      .map((taken) => this.#row(taken))
  }

  #row({ line, cells, reason }: Taken): Row {
    if (reason) return { line, reason, original: cells }
    const taken: Partial<Record<Field, Cell>> = {}
    for (const [field, at] of Object.entries(this.columns ?? {})) taken[field as Field] = cells[at] ?? null
    return { line, cells: taken, reporter: this.#reporters.map((at) => cells[at] ?? null), original: cells }
  }
}

function texts(cells: readonly Cell[]): string[] {
  return cells.map((cell) => (cell === null || cell === undefined ? '' : String(cell)))
}
