// Rows of CSV and NDJSON text, each with the line on which it begins.
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { parse as parseWhole } from 'csv-parse/sync'
import { type Columns, checkColumns, columnsOf, type Field, type Mapping, recognised, reportersOf } from './columns.ts'
import { type Header, headerWithin, type OnColumns } from './header.ts'
import type { Cell, Row } from './messages.ts'
import { ImportRefusal } from './refusal.ts'
import { wellFormed } from './well-formed.ts'

/** Gives the text of the file from its start, as often as asked. */
export type TextOf = () => AsyncIterable<string>

/** Longest line or record, in characters; beyond it something is not closed. */
const longestRecord = 200_000
/** So often reading starts again behind an open quotation mark before the file is given up. */
const mostRestarts = 200

/** Finds the sign between cells: the one by which the first lines show most known headings, then the most frequent. */
function delimiterOf(start: string, mapping: Mapping): string {
  if (mapping.delimiter) return mapping.delimiter
  const lines = start.split(/\r\n|\n|\r/, headerWithin).filter((line) => line.trim() !== '')
  const weights = [',', ';', '\t', '|'].map((delimiter) => {
    const split = lines.map((line) => line.split(delimiter).map((cell) => cell.replace(/^\s*"|"\s*$/g, '')))
    const known = Math.max(0, ...split.map((cells) => (cells.length > 1 ? recognised(cells) : 0)))
    return { delimiter, weight: known * 1_000 + Math.max(0, ...split.map((cells) => cells.length - 1)) }
  })
  return weights.reduce((best, one) => (one.weight > best.weight ? one : best)).delimiter
}

interface Parsed {
  readonly raw: string
  readonly record: string[]
  readonly info: { readonly lines: number }
}

/**
 * Rows of a CSV. A quotation mark that is not closed costs its own row alone: reading starts again on the line behind it.
 * @throws ImportRefusal for headings that say too little
 */
export async function* csvRows(textOf: TextOf, mapping: Mapping, header: Header): AsyncGenerator<Row> {
  let start = ''
  for await (const text of textOf()) {
    start = text.slice(0, 65_536)
    break
  }
  const delimiter = delimiterOf(start, mapping)
  const soundRows = wellFormed(textOf(), delimiter, longestRecord)
  let skipped = 0
  for (;;) {
    const next = await soundRows.next()
    if (next.done) {
      if (next.value === null) return yield* header.end()
      skipped = next.value
      break
    }
    const { cells, line, breaks } = next.value
    const wide = header.width > 0 && cells.slice(header.width).some((cell) => cell.trim() !== '')
    // Over several lines and wider than the header: a mark that is not closed has swallowed rows.
    if (wide && breaks > 0) {
      skipped = line - 1
      break
    }
    if (cells.every((cell) => cell.trim() === '')) continue
    yield* wide ? header.reject(line, 'columns', cells) : header.take(line, cells)
  }
  for (let restarts = 0; ; restarts += 1) {
    const parser = Readable.from(behind(textOf(), skipped)).pipe(
      parse({
        delimiter,
        info: true,
        raw: true,
        relax_quotes: true,
        relax_column_count: true,
        skip_empty_lines: true,
        max_record_size: longestRecord,
      }),
    )
    let open: number | null = null
    let next = skipped + 1
    try {
      for await (const { record, info, raw } of parser as AsyncIterable<Parsed>) {
        const breaks = record.reduce((sum, cell) => sum + lineBreaks(cell), 0)
        const line = skipped + info.lines - breaks
        const wide = header.width > 0 && record.slice(header.width).some((cell) => cell.trim() !== '')
        if (breaks > 0 && (wide || !closes(raw, delimiter))) {
          open = line
          break
        }
        next = skipped + info.lines + 1
        if (record.every((cell) => cell.trim() === '')) continue
        yield* wide ? header.reject(line, 'columns', record) : header.take(line, record)
      }
    } catch (error) {
      const code = (error as { code?: string }).code ?? ''
      if (code !== 'CSV_QUOTE_NOT_CLOSED' && code !== 'CSV_MAX_RECORD_SIZE') throw error
      open = next
    }
    if (open === null) break
    if (restarts >= mostRestarts) {
      throw new ImportRefusal({
        zh: `第 ${open} 行以后引号乱得读不下去；分隔符可能认错了，请用 --map 写明 delimiter。`,
        en: `From line ${open} on the quotation marks cannot be read; the delimiter may be taken wrongly: say it in --map.`,
      })
    }
    // Whole in its first cell: parted at a guess it could be taken in with half of its text.
    yield* header.reject(open, 'quote', [await lineAt(textOf(), open)])
    skipped = open
  }
  yield* header.end()
}

/** Whether quotation marks stand as the format has them. Marks within a line are forgiven; over several lines they hide rows. */
function closes(raw: string, delimiter: string): boolean {
  try {
    parseWhole(raw, { delimiter, relax_column_count: true })
    return true
  } catch {
    return false
  }
}

/** One line of a text, as far as a cell of the report reaches. */
async function lineAt(pieces: AsyncIterable<string>, line: number): Promise<string> {
  let text = ''
  for await (const piece of behind(pieces, line - 1)) {
    text += piece
    if (text.includes('\n') || text.length > longestRecord) break
  }
  return (/^[^\r\n]*/.exec(text) ?? [''])[0]
}

/** The text behind so many lines. */
async function* behind(pieces: AsyncIterable<string>, lines: number): AsyncGenerator<string> {
  let left = lines
  for await (const piece of pieces) {
    let at = 0
    while (left > 0) {
      const end = piece.indexOf('\n', at)
      if (end < 0) break
      at = end + 1
      left -= 1
    }
    if (left === 0 && at < piece.length) yield piece.slice(at)
  }
}

function lineBreaks(cell: string): number {
  let breaks = 0
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) breaks += 1
  return breaks
}

/** Rows of NDJSON: one object a line. Headings are the keys of each object. */
export async function* jsonRows(textOf: TextOf, mapping: Mapping, onColumns: OnColumns): AsyncGenerator<Row> {
  const known = new Map<string, { columns: Columns; reporters: readonly number[] }>()
  let settled = false
  const read = (line: number, text: string): Row | null => {
    if (text.trim() === '') return null
    if (text.length > longestRecord) return { line, reason: 'line-long', original: [`${text.slice(0, 1_000)}…`] }
    const value = objectOf(text)
    if (value === null) return { line, reason: 'json', original: [text] }
    const keys = Object.keys(value)
    const signature = keys.join('\u0000')
    let shape = known.get(signature)
    if (!shape) {
      const columns = columnsOf(keys, mapping)
      if (!settled) {
        checkColumns(keys, columns, mapping)
        onColumns(keys, columns)
        settled = true
      }
      shape = { columns, reporters: reportersOf(keys, columns) }
      if (known.size < 1_000) known.set(signature, shape)
    }
    const cellAt = (at: number): unknown => value[keys[at] ?? ''] ?? null
    const taken: Partial<Record<Field, Cell>> = {}
    for (const [field, at] of Object.entries(shape.columns)) {
      const cell = cellAt(at)
      if (typeof cell === 'object' && cell !== null) return { line, reason: 'kind', original: value }
      taken[field as Field] = cell as Cell
    }
    const reporter = shape.reporters.map((at) => {
      const cell = cellAt(at)
      return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : (cell as Cell)
    })
    return { line, cells: taken, reporter, original: value }
  }
  let line = 0
  for await (const text of linesOf(textOf())) {
    line += 1
    const row = read(line, text)
    if (row) yield row
  }
}

/** The object that a line holds, or null. */
function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** So many keys make a heading of the report. */
const mostKeys = 500

/** Every key that some object of the file has, in the order in which they first stand. */
export async function keysOf(textOf: TextOf): Promise<string[]> {
  const keys = new Set<string>()
  for await (const text of linesOf(textOf())) {
    if (text.length > longestRecord) continue
    for (const key of Object.keys(objectOf(text) ?? {})) if (keys.size < mostKeys) keys.add(key)
  }
  return [...keys]
}

/** Lines of a text that comes in pieces; of a line beyond every bound only the start is kept. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = (lines.pop() ?? '').slice(0, longestRecord + 1)
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  if (rest !== '') yield rest
}
