import { CallError } from '../client/index.ts'
import { headersOf, refusalOf } from './call.ts'

/**
 * Reads a list as text, for a file: what came, and the query of the next page (RFC 8288) where there is one.
 * Given a body it is asked by POST, for what may not stand in an address; the next page is then asked with the same body.
 * @throws CallError with the server's own sentence; status 0 without network
 */
export async function readTable(url: string, body?: object): Promise<{ text: string; next: string | null }> {
  const method = body ? 'POST' : 'GET'
  const headers = { ...headersOf(method, { body, asks: true }, String), accept: 'text/csv' }
  try {
    const response = await fetch(url, {
      method,
      body: body && JSON.stringify(body),
      credentials: 'same-origin',
      headers,
      signal: AbortSignal.timeout(60_000),
    })
    if (!response.ok) throw await refusalOf(response)
    // `text()` would take the byte order mark away, by which a spreadsheet knows how the file is written.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
    return { text, next: /<\?([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null }
  } catch (cause) {
    if (cause instanceof CallError) throw cause
    throw new CallError({ type: 'network', title: '', status: 0 })
  }
}

/** A file longer than this is read by nobody; whoever needs more narrows the list and downloads the rest. */
export const mostRows = 10_000

/**
 * A list as one table, fetched page by page: every page begins with a byte order mark and the header, which the file has once.
 * @param read reads the page after a place in the list, as `readTable` gives it
 * @param onRows is told how many rows have come
 * @returns `cut`: the list is longer than the table
 * @throws CallError with the server's own sentence; nothing is kept of a table that broke off
 */
export async function readPages(
  read: (after: string | undefined) => ReturnType<typeof readTable>,
  onRows: (count: number) => void,
): Promise<{ text: string; rows: number; cut: boolean }> {
  let text = ''
  let rows = 0
  let after: string | undefined
  for (;;) {
    const page = await read(after)
    const body = page.text.slice(page.text.indexOf('\r\n') + 2)
    text = text === '' ? page.text : text + body
    rows += rowsIn(body)
    onRows(rows)
    after = (page.next && new URLSearchParams(page.next).get('after')) || undefined
    if (!after || rows >= mostRows) return { text, rows, cut: after !== undefined }
  }
}

/** Lines that end outside a quoted cell. */
function rowsIn(text: string): number {
  let rows = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted
    else if (text[at] === '\n' && !quoted) rows += 1
  }
  return rows
}
