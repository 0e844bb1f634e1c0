import { address, readTable } from '#kernel/desk/index.ts'
import { type Filter, listRequests, searchRequests } from '../requests.lists.api.ts'
import { wordless } from './filter.ts'

/** A file longer than this is read by nobody; whoever needs more narrows the list and downloads the rest. */
export const mostRows = 10_000
const aPage = 100

/**
 * A list as one table, fetched page by page: every page begins with a byte order mark and the header, which the file has once.
 * @throws CallError with the server's own sentence; nothing is kept of a table that broke off
 */
export async function fetchTable(
  filter: Filter,
  onRows: (count: number) => void,
): Promise<{ text: string; rows: number; cut: boolean }> {
  let text = ''
  let rows = 0
  let query = { ...filter, limit: aPage }
  for (;;) {
    const page = query.words
      ? await readTable(searchRequests.url, query)
      : await readTable(address(listRequests.url, {}, wordless(query)))
    const body = page.text.slice(page.text.indexOf('\r\n') + 2)
    text = text === '' ? page.text : text + body
    rows += rowsIn(body)
    onRows(rows)
    const after = page.next && new URLSearchParams(page.next).get('after')
    if (!after || rows >= mostRows) return { text, rows, cut: Boolean(after) }
    query = { ...query, after }
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
