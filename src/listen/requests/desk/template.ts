/** Templates carry fields in braces, 我们已于{日期}更换。 A field that is not filled stays visible as a hole. */
const hole = /\{([^{}\n]{1,30})\}/g

export function fillTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(hole, (whole, name: string) => values[name]?.trim() || whole)
}

/** The fields still open in a text; an answer with one is not sent. */
export function holesOf(text: string): string[] {
  return [...new Set([...text.matchAll(hole)].map((found) => found[1] ?? ''))]
}
