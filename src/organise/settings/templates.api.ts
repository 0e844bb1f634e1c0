/** Templates of answers: how their holes are written and filled, for the server and the desk alike. */

/**
 * Holes that the platform fills from the request, by their names in both languages. Every other hole, {做了什么} or {what was
 * done}, is filled in by whoever answers.
 */
const templateFields = {
  姓名: 'name',
  编号: 'number',
  标题: 'title',
  地点: 'place',
  单位: 'body',
  岗位: 'post',
  经办人: 'handler',
  日期: 'date',
  期限: 'deadline',
  电话: 'telephone',
} as const
export type TemplateField = (typeof templateFields)[keyof typeof templateFields]

const hole = /\{\s*([^{}\s](?:[^{}\n]{0,28}[^{}\s])?)\s*\}/g

const names: Readonly<Record<string, string>> = templateFields

/** The holes in a text, each once, as they are written. An answer with one is not sent. */
export function holesOf(text: string): string[] {
  return [...new Set([...text.matchAll(hole)].map((found) => found[1] ?? ''))]
}

/** Whether a brace stands in a text that opens or closes no hole: a slip of the pen that nobody could fill. */
export const strayBrace = (text: string): boolean => /[{}]/.test(text.replace(hole, ''))

/**
 * Fills a template: by the word in the hole, or by the field that this word names. A hole without a value stays as it is, so that
 * whoever sends the answer sees what is missing; what is filled in is never read as a hole again.
 */
export function fillTemplate(text: string, values: Readonly<Record<string, string | null | undefined>>): string {
  const own = (word: string) => (Object.hasOwn(values, word) ? values[word]?.trim() : '')
  return text.replace(hole, (whole, word: string) => own(word) || own(names[word] ?? '') || whole)
}
