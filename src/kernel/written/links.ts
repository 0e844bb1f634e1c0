// Our own secret links and addresses, found in what somebody writes. Whoever holds one may do what its owner may, so that none may stand in a
// record: a quoted letter, a page copied whole or a forwarded mail brings them along without anybody's wish. Pure.
import { writtenWords } from './written.words.ts'

/** What programs put into a long line: a character without width, or a break with the marks of quoting. */
const gap = String.raw`(?:[\u00ad\u200b-\u200d\u2060\ufeff]|=?\r?\n[>＞| \t]{0,20})?`
/** Signs in their order, each perhaps with such a break behind it. */
const broken = (signs: readonly string[]): string => signs.map((sign) => sign + gap).join('')
const word = (text: string): string => broken([...text])
/** A slash, also as it is written within another address (`…?url=https%3A%2F%2F…`), or in HTML. */
const slash = String.raw`(?:\\?\/${gap}|%${gap}(?:2${gap}5${gap}){0,3}2${gap}f${gap}|&#(?:x2f|47);${gap})`
const plus = String.raw`(?:\+${gap}|%${gap}(?:2${gap}5${gap}){0,3}2${gap}b${gap})`
const secret = (length: number, of = String.raw`[\w-]`): string => `(?:${of}${gap}){${length - 1}}${of}`

/**
 * By the shape of the secret and not by the host: an installation has several names, and a proxy or a scanner of links puts its own before.
 * Longer is one too, since words may stand on at its end. Pages of one record, news, signing in anew, calendar, invitation, where a
 * mail is answered and where it comes back to.
 */
const secrets = new RegExp(
  [
    `${slash}[rj]${gap}${slash}(?:${secret(43)}|${secret(22)})`,
    `${slash}${word('news')}${slash}[row]${gap}${secret(32, '[0-9a-f]')}${gap}${secret(22)}`,
    `${slash}${word('staff')}${slash}${word('sign-in')}${slash}${word('anew')}${slash}${secret(22)}`,
    `${slash}(?:${word('calendar')}|${word('invitation')})${slash}(?<mixed>${secret(43)})`,
    `${plus}[rb]${gap}-${gap}${secret(32, '[a-z0-9]')}`,
  ]
    .map((each) => `(?:${each})`)
    .join('|'),
  'giu',
)

/** No secret of ours is without either kind of letter (once in ten thousand million); the name of an event in somebody's calendar is. */
const isMixed = (text: string): boolean => /[a-z]/.test(text) && /[A-Z]/.test(text)

/** The rest of the address after the secret, without the sign that ends the sentence. */
const tail = /[\w-]*(?:[/?#&%=@:.][\w~\-./?#&%=+@:!$*,;]*)?/y
/** What may stand before it without a space: printable ASCII but brackets, quotation marks and the like. */
const before = /[!#$%&*+,\-./0-9:;=?@A-Z\\^_`a-z|~]/
const longestBefore = 2_000

/** Where the address begins that holds the secret at an index. */
function startOf(text: string, from: number, index: number): number {
  let start = index
  while (start > Math.max(from, index - longestBefore) && before.test(text[start - 1] ?? '')) start -= 1
  const run = text.slice(start, index)
  const scheme = /(?:https?|mailto)(?::|%)/i.exec(run)
  const host = /[\w.%-]+(?::\d{1,5})?$/.exec(run)
  return index - (scheme ? run.length - scheme.index : (host?.[0].length ?? 0))
}

/** A text in which each of our secret links and addresses is taken out whole, and says so in its place. All else stays as it is. */
export function withoutSecretLinks(text: string, language: 'zh-CN' | 'en'): string {
  if (text.length < 24) return text
  let kept = ''
  let at = 0
  for (const found of text.matchAll(secrets)) {
    const { mixed } = found.groups ?? {}
    if (found.index < at || (mixed !== undefined && !isMixed(mixed))) continue
    kept += text.slice(at, startOf(text, at, found.index)) + writtenWords[language]['written.link-taken-out']
    tail.lastIndex = found.index + found[0].length
    const rest = tail.exec(text)?.[0] ?? ''
    at = found.index + found[0].length + rest.replace(/[.,;:!?]+$/, '').length
  }
  return at === 0 ? text : kept + text.slice(at)
}
