import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

export const passwordLength = { least: 12, most: 128 } as const

/** Words that belong to this field and that a stranger would try first; the list for everybody is the library's. */
const ownWords = [
  ...['linli', '邻里', 'shequ', 'wangge', 'jiedao', 'juweihui', 'jumin', 'shixian', 'admin123', 'yangzhou'],
  ...['woaini', 'woaini1314', '5201314', '1314520', '5211314', 'mima', 'wodemima', 'nihao', 'zhongguo', 'beijing'],
]

let checker: ZxcvbnFactory | null = null

/**
 * Why a password cannot be taken, as a key of words with its values, or null where it can. Works offline.
 * `words` are what others know of the person (name, phone, place, body): a password made of them is refused.
 * Length counts characters as a person counts them; no mixture of kinds is demanded, since long and unusual is what
 * protects (NIST SP 800-63B-4 says the same).
 */
export function passwordProblem(
  password: string,
  words: readonly string[] = [],
): { key: string; values?: Record<string, number> } | null {
  if (!password.isWellFormed() || hasControlCharacter(password)) return { key: 'encryption.password.unreadable' }
  const normal = password.normalize('NFKC')
  const length = [...normal].length
  if (length < passwordLength.least) {
    return { key: 'encryption.password.short', values: { least: passwordLength.least } }
  }
  if (length > passwordLength.most) return { key: 'encryption.password.long', values: { most: passwordLength.most } }
  const lower = normal.toLowerCase()
  const known = words.flatMap((word) => word.split(/\s+/)).filter((word) => [...word].length >= 2)
  // The library weighs words it meets inside; the plain rule is that knowing the person must not be most of the guess.
  const rest = known.reduce((left, word) => left.replaceAll(word.normalize('NFKC').toLowerCase(), ''), lower)
  if ([...rest].length < passwordLength.least / 2) return { key: 'encryption.password.personal' }
  // A row of digits is a date, a phone or an identity number more often than chance.
  if (/^\d{1,24}$/.test(normal)) return { key: 'encryption.password.common' }
  checker ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, useLevenshteinDistance: true })
  const { score, guesses } = checker.check(normal, [...ownWords, ...known])
  // Score 3 of 4 is 10^8 guesses or more: beyond what can be tried against a slow hash over a rate-limited form.
  if (score < 3 || guesses < 1e8) return { key: 'encryption.password.common' }
  return null
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 32 || code === 127) return true
  }
  return false
}
