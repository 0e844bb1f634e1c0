import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import { plain } from './plain.ts'

let jieba: Jieba | null = null

/** Words of one text at most: a tsvector may not pass 1 MB, and nobody searches for the end of a book. */
const mostWords = 20_000
/** A tsvector word may have 2046 bytes; beyond 60 characters it is noise. */
const longestWord = 60
/** Words in a query: more only cost and find nothing. */
const mostQueryWords = 12

/**
 * Cuts a text into words as they are indexed, in order: jieba's words with their inner words (居民委员会 also gives
 * 居民, 委员, 委员会), so that a shorter word typed later finds the longer one. Signs and spaces fall away.
 */
export function cutWords(text: string): string[] {
  jieba ??= Jieba.withDict(dict)
  return jieba
    .cutForSearch(plain(text), true)
    .flatMap(lettersOf)
    .filter((word) => word !== '' && word.length <= longestWord)
}

/** The runs of letters and digits in a piece. Most pieces are Chinese characters alone, which is seen faster than matched. */
function lettersOf(piece: string): string | string[] {
  for (let at = 0; at < piece.length; at += 1) {
    const code = piece.charCodeAt(at)
    if (code < 0x4e00 || code > 0x9fff) return piece.split(/[^\p{L}\p{N}]+/u)
  }
  return piece
}

/**
 * The text to hand to PostgreSQL as `vector::tsvector`: each word quoted, with its positions.
 * Written out here because the built-in parsers would cut the words anew and drop Chinese single characters.
 */
export function toVectorText(text: string): string {
  const words = cutWords(text).slice(0, mostWords)
  const positions = new Map<string, string>()
  // PostgreSQL keeps positions below 16,384 and at most 255 for a word: only a long text can pass either.
  const counts = words.length > 255 ? new Map<string, number>() : null
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string
    if (counts) {
      const count = counts.get(word) ?? 0
      if (count >= 255 || (count > 0 && at >= 16_383)) continue
      counts.set(word, count + 1)
    }
    const before = positions.get(word)
    const position = Math.min(at + 1, 16_383)
    positions.set(word, before === undefined ? `${position}` : `${before},${position}`)
  }
  let vector = ''
  for (const [word, places] of positions) vector += `${vector === '' ? '' : ' '}${quoted(word)}:${places}`
  return vector
}

/**
 * What was typed, as text for `query::tsquery`: all words must occur. The last word may be the beginning of one
 * (`:*`) where it is Latin or a number still being typed. Null where nothing searchable was typed: the caller then
 * lists without searching, since an empty tsquery finds nothing.
 */
export function toQuery(typed: string): string | null {
  jieba ??= Jieba.withDict(dict)
  // The plain cut, not the one for search: asking for the inner words too would add nothing to what must occur.
  const words = jieba
    .cut(plain(typed).slice(0, 400), true)
    .flatMap(lettersOf)
    .filter((word) => word !== '' && word.length <= longestWord)
  const chosen = [...new Set(words)].slice(0, mostQueryWords)
  const last = words.at(-1)
  if (chosen.length === 0) return null
  return chosen.map((word) => quoted(word) + (word === last && /^[a-z0-9]{2,}$/.test(word) ? ':*' : '')).join(' & ')
}

/** Letters and digits only reach here, yet the quotes make sure that no word is ever read as an operator. */
function quoted(word: string): string {
  return /['\\]/.test(word) ? `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `'${word}'`
}
