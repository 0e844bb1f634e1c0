// What the library for workbooks does not tell: which sheets there are and are shown, which cells are merged, and which formulas
// have no value. Read from the parts of the archive, whose sizes were checked before.
import { openPromise, type ZipFile } from 'yauzl'

/** Cells that are one, from the upper left to the lower right, counted from 1. */
export interface Merged {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

export interface Sheet {
  readonly name: string
  /** Other sheets that a reader sees, and that are not read. */
  readonly others: readonly string[]
  /** From the top down. */
  readonly merged: readonly Merged[]
  /** Columns (from 1) by row whose formula gave an error or was never calculated. */
  readonly broken: ReadonlyMap<number, readonly number[]>
}

/** More than this is no table that somebody drew. */
const most = { merged: 200_000, broken: 1_000_000, smallPart: 5_000_000 }

/** The sheet that is wanted, by name or number from 1: the first that is shown where none is. Null where there is none. */
export async function sheetOf(path: string, wanted: string | number | undefined): Promise<Sheet | null> {
  const zip = await openPromise(path, { autoClose: false })
  try {
    const parts = new Map<string, import('yauzl').Entry>()
    for await (const part of zip.eachEntry()) parts.set(part.fileName, part)
    const read = async (name: string): Promise<string> => {
      const part = parts.get(name)
      return part ? await wholeOf(zip, part) : ''
    }
    const targets = new Map<string, string>()
    for (const [tag] of (await read('xl/_rels/workbook.xml.rels')).matchAll(/<(?:\w+:)?Relationship\b[^>]*>/g)) {
      targets.set(attribute(tag, 'Id'), attribute(tag, 'Target'))
    }
    const sheets = [...(await read('xl/workbook.xml')).matchAll(/<(?:\w+:)?sheet\b[^>]*>/g)].map(([tag]) => ({
      name: attribute(tag, 'name'),
      target: targets.get(attribute(tag, 'id')) ?? '',
      shown: !/hidden/i.test(attribute(tag, 'state')),
    }))
    const chosen =
      typeof wanted === 'string'
        ? sheets.find(({ name }) => name === wanted)
        : (sheets[(wanted ?? 0) - 1] ??
          (wanted === undefined ? (sheets.find(({ shown }) => shown) ?? sheets[0]) : undefined))
    if (!chosen) return null
    const target = chosen.target.startsWith('/') ? chosen.target.slice(1) : `xl/${chosen.target}`
    const part = parts.get(target)
    return {
      name: chosen.name,
      others: sheets.filter((sheet) => sheet.shown && sheet !== chosen).map(({ name }) => name),
      ...(part ? await cellsOf(zip, part) : { merged: [], broken: new Map() }),
    }
  } finally {
    zip.close()
  }
}

async function wholeOf(zip: ZipFile, part: import('yauzl').Entry): Promise<string> {
  if (part.uncompressedSize > most.smallPart) return ''
  const chunks: Buffer[] = []
  for await (const chunk of await zip.openReadStreamPromise(part)) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** An attribute of a tag, with or without the prefix of a name space. */
function attribute(tag: string, name: string): string {
  const value = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return (value?.[1] ?? value?.[2] ?? '').replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, word) => {
    if (decimal || hex) return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal ? 10 : 16))
    return entities[word] ?? whole
  })
}

const mergedTag = /<(?:\w+:)?mergeCell\b[^>]*?\bref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']/g
/** An error, or a formula behind which no value stands. */
const brokenCell =
  /<(?:\w+:)?c\b(?=[^>]*?\br=["']([A-Z]+)(\d+)["'])(?:[^>]*?\bt=["']e["']|[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*\/>|[^<]*<\/(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*\/>|<(?:\w+:)?v><\/(?:\w+:)?v>)?\s*<\/(?:\w+:)?c>)/g
/** What may stand at the end of a piece and go on in the next. */
const overlap = 2_000

/** Reads a sheet in pieces, whatever its length. */
async function cellsOf(zip: ZipFile, part: import('yauzl').Entry): Promise<Pick<Sheet, 'merged' | 'broken'>> {
  const merged = new Map<string, Merged>()
  const broken = new Map<number, number[]>()
  const decoder = new TextDecoder()
  let rest = ''
  let count = 0
  for await (const chunk of await zip.openReadStreamPromise(part)) {
    const text = rest + decoder.decode(chunk as Buffer, { stream: true })
    for (const [whole, left = '', top, right = '', bottom] of text.matchAll(mergedTag)) {
      if (merged.size >= most.merged) break
      merged.set(whole, { top: Number(top), left: column(left), bottom: Number(bottom), right: column(right) })
    }
    if (text.includes('<f') || text.includes('t="e"') || text.includes(':f')) {
      for (const [, at = '', row] of text.matchAll(brokenCell)) {
        const columns = broken.get(Number(row)) ?? []
        if (count >= most.broken || columns.includes(column(at))) continue
        broken.set(Number(row), [...columns, column(at)])
        count += 1
      }
    }
    rest = text.slice(-overlap)
  }
  return { merged: [...merged.values()].sort((one, other) => one.top - other.top), broken }
}

/** A → 1, Z → 26, AA → 27. */
function column(letters: string): number {
  let number = 0
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64
  return number
}
