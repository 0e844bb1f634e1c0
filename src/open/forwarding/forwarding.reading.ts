// What another city's Open311 server answers, in either format: rows of short texts, or that it cannot be read.
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { Answered } from '#kernel/elsewhere/index.ts'

/** One row: its fields as texts; what is no text, or blank, is not there. */
export type Row = Readonly<Record<string, string>>

/** What an answer holds. */
export interface Read {
  readonly rows: readonly Row[]
  /** Sentences of an answer that says what is wrong. */
  readonly faults: readonly string[]
}

/** What elements of the lists are called in XML (GeoReport v2, and the extension for updates). */
const items = ['request', 'request_update', 'error']
/** A text of one field beyond this is no field. */
const longestField = 20_000

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  htmlEntities: true,
  maxNestedTags: 20,
  isArray: (name) => items.includes(name),
})

/**
 * Reads an answer. Null where it is none of either format: not well formed, not in the encoding it says, or with a document type, in
 * which entities that grow without end are hidden.
 */
export function readAnswer({ headers, body }: Pick<Answered, 'headers' | 'body'>): Read | null {
  const text = textOf(body, String(headers['content-type'] ?? ''))
  if (text === null) return null
  const content = text.trim()
  return content.startsWith('<') ? readXml(content) : readJson(content)
}

function textOf(body: Buffer, type: string): string | null {
  const declared =
    /charset="?([^";\s]+)/i.exec(type)?.[1] ??
    /^[^<]{0,3}<\?xml[^>]{0,100}encoding=["']([\w.:-]{1,40})["']/.exec(body.subarray(0, 200).toString('latin1'))?.[1] ??
    'utf-8'
  try {
    return new TextDecoder(declared, { fatal: true }).decode(body)
  } catch {
    return null
  }
}

function readXml(text: string): Read | null {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text) || XMLValidator.validate(text) !== true) return null
  try {
    const { '?xml': _declaration, ...document } = parser.parse(text) as Record<string, unknown>
    const roots = Object.values(document)
    const root = roots.length === 1 && isObject(roots[0]) ? roots[0] : {}
    return {
      rows: [...listOf(root.request), ...listOf(root.request_update)].map(rowOf),
      faults: listOf(root.error).flatMap((each) => rowOf(each).description ?? []),
    }
  } catch {
    return null
  }
}

function readJson(text: string): Read | null {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return null
  }
  const list = Array.isArray(given) ? given : isObject(given) ? [given] : null
  if (list === null) return null
  const rows = list.filter(isObject).map(rowOf)
  const isFault = (row: Row) => row.description !== undefined && row.code !== undefined && !row.service_request_id
  return {
    rows: rows.filter((row) => !isFault(row)),
    faults: rows.filter(isFault).flatMap((row) => row.description ?? []),
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : [])

function rowOf(given: Record<string, unknown>): Row {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      if (typeof value !== 'string' && typeof value !== 'number') return []
      const text = String(value)
        .replace(/\r\n?/g, '\n')
        .replace(/(?![\n\t])\p{Cc}/gu, '')
        .trim()
      return text === '' || text.length > longestField ? [] : [[name, text.toWellFormed()]]
    }),
  )
}
