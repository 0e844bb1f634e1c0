// XML 1.0 as programs exchange it: elements and text.

/** What XML can carry: no control but tab and line ends, no half of a pair, no non-character (XML 1.0, 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** A text between two tags or two quotation marks. A carriage return is written out, or a reader would take it for a line end (2.11). */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(unfit, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
}

/** What becomes an element: a text, a number, elements within, or none of it. */
export type Node = string | number | boolean | null | undefined | readonly Element[]
/** The name of an element and what stands in it. */
export type Element = readonly [name: string, content: Node]

/** Null is absent, never an empty element: clients take an empty one for a text, or for a structure. */
function written([name, content]: Element): string {
  if (content === null || content === undefined) return ''
  const inner = typeof content === 'object' ? content.map(written).join('') : escaped(String(content))
  return `<${name}>${inner}</${name}>`
}

/** A whole document in UTF-8, with its declaration. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root)}\n`
}
