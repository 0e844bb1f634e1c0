// Records of a CSV as programs write it. The parser of the library forgives more and takes most of an import's time; it is asked
// only from the first record on that is not written so.

/** A record with the line on which it begins and the line breaks inside its cells. */
export interface WellFormed {
  readonly cells: string[]
  readonly line: number
  readonly breaks: number
}

type Found = { readonly cells: string[]; readonly end: number; readonly breaks: number }

/**
 * Yields records as long as each is well formed: bare cells without quotation marks, or whole cells within them.
 * @param longest characters of a record
 * @returns how many lines stand before the first record that is not, or null at the end of the text
 */
export async function* wellFormed(
  pieces: AsyncIterable<string>,
  delimiter: string,
  longest: number,
): AsyncGenerator<WellFormed, number | null> {
  let text = ''
  let lines = 0
  function* records(last: boolean): Generator<WellFormed, boolean> {
    let at = 0
    while (at < text.length) {
      const found = recordAt(text, at, delimiter, last)
      const over = (found === 'more' ? text.length : typeof found === 'object' ? found.end : at) - at > longest
      if (found === 'odd' || over) return false
      if (found === 'more') break
      yield { cells: found.cells, line: lines + 1, breaks: found.breaks }
      lines += found.breaks + 1
      at = found.end
    }
    text = text.slice(at)
    return true
  }
  for await (const piece of pieces) {
    text += piece
    if (!(yield* records(false))) return lines
  }
  return (yield* records(true)) ? null : lines
}

/** The record that begins at a place; 'more' where its end has not been read yet, 'odd' where it is not well formed. */
function recordAt(text: string, start: number, delimiter: string, last: boolean): Found | 'more' | 'odd' {
  const cells: string[] = []
  let breaks = 0
  let at = start
  let lineEnd = text.indexOf('\n', start)
  for (;;) {
    let cell: string
    let end: number
    if (text[at] === '"') {
      let close = text.indexOf('"', at + 1)
      let doubled = false
      while (close >= 0 && text[close + 1] === '"') {
        doubled = true
        close = text.indexOf('"', close + 2)
      }
      if (close < 0) return last ? 'odd' : 'more'
      // Whether this mark closes is known by what follows it.
      if (close + 2 >= text.length && !last) return 'more'
      cell = text.slice(at + 1, close)
      if (doubled) cell = cell.replaceAll('""', '"')
      for (; lineEnd >= 0 && lineEnd < close; lineEnd = text.indexOf('\n', lineEnd + 1)) breaks += 1
      end = close + 1
    } else {
      if (lineEnd < 0 && !last) return 'more'
      const border = lineEnd < 0 ? text.length : lineEnd
      const next = text.indexOf(delimiter, at)
      end = next < 0 || next > border ? border : next
      if (end === border && text[end - 1] === '\r' && end > at) end -= 1
      cell = text.slice(at, end)
      if (cell.includes('"') || cell.includes('\r')) return 'odd'
    }
    cells.push(cell)
    if (end >= text.length) return { cells, end, breaks }
    if (text[end] === '\n') return { cells, end: end + 1, breaks }
    if (text[end] === '\r' && text[end + 1] === '\n') return { cells, end: end + 2, breaks }
    if (!text.startsWith(delimiter, end)) return 'odd'
    at = end + delimiter.length
  }
}
