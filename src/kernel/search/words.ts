import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import { plain } from './plain.ts'

let dictionary: Jieba | null = null

/** Read when first asked for something: filing does without. */
function jieba(): Jieba {
  dictionary ??= Jieba.withDict(dict)
  return dictionary
}

/** A tsvector may not pass 1 MB, which is three bytes for each of these, and nobody searches for the end of a book. */
const longestVector = 300_000
/** A tsvector word may have 2046 bytes; beyond 60 characters it is noise. */
const longestWord = 60
/** Words in a query: more only cost and find nothing. */
const mostQueryWords = 12
/** Characters that are read of what was typed. */
const mostTyped = 400
/** What is typed without a space up to here is one word, however a dictionary would cut it: 灯不亮, 望云里. */
const longestWhole = 3

/** Runs of Chinese characters, and runs of other letters and digits; signs and spaces part them. */
const runs = /[\p{Script=Han}&&[\p{L}\p{N}]]+|[[\p{L}\p{N}]--\p{Script=Han}][[\p{L}\p{N}\p{M}]--\p{Script=Han}]*/gv
const chinese = /^\p{Script=Han}/v

/**
 * The text to hand to PostgreSQL as `vector::tsvector`: each word quoted, none with positions.
 *
 * Chinese is indexed in pairs of neighbouring characters, and the last of a run alone: 路灯不亮 gives 路灯, 灯不, 不亮, 亮.
 * A dictionary cuts the same words differently from text to text (路 | 灯不亮), and whatever it did not cut out cannot be
 * found; pairs find every word wherever it stands, names that no dictionary has too. Each character begins a piece, so
 * that a single one is found by its beginning. What this costs and gains in figures: docs/performance.md.
 */
export function toVectorText(text: string): string {
  const pieces = new Set<string>()
  let length = 0
  for (const [run] of plain(text).matchAll(runs)) {
    for (const piece of chinese.test(run) ? piecesOf(run) : [run]) {
      if (piece.length > longestWord || pieces.has(piece)) continue
      length += piece.length + 3
      if (length > longestVector) return quotedAll(pieces)
      pieces.add(piece)
    }
  }
  return quotedAll(pieces)
}

function quotedAll(pieces: Iterable<string>): string {
  let vector = ''
  for (const piece of pieces) vector += vector === '' ? `'${piece}'` : ` '${piece}'`
  return vector
}

/** Each character of a run of Chinese with the one after it; the last one alone. */
function piecesOf(run: string): string[] {
  const characters = run.length === 1 ? [run] : [...run]
  return characters.map((character, at) => character + (characters[at + 1] ?? ''))
}

/**
 * What was typed, as text for `query::tsquery`: all words must occur. The last word may be the beginning of one
 * (`:*`) where it is Latin or a number still being typed. Null where nothing searchable was typed: the caller then
 * lists without searching, since an empty tsquery finds nothing.
 */
export function toQuery(typed: string): string | null {
  const words = wordsOf(typed)
  const last = words.at(-1)
  const asked = [...new Set(words)].slice(0, mostQueryWords).flatMap((word) => {
    if (chinese.test(word)) return piecesOfWord(word)
    return word === last && /^[a-z0-9]{2,}$/.test(word) ? `'${word}':*` : `'${word}'`
  })
  return asked.length > 0 ? [...new Set(asked)].join(' & ') : null
}

/**
 * As `toQuery`, yet one of the words is enough: for what is like a title. Every word of the dictionary that stands in it is asked
 * for, the one in another too (路灯不亮: 路灯, 灯不亮). Single characters say too little.
 */
export function toQueryOfAny(title: string): string | null {
  const inside = jieba()
    .cutAll(plain(title).slice(0, mostTyped))
    .filter((word) => chinese.test(word))
  const words = new Set([...wordsOf(title), ...inside].filter((word) => [...word].length > 1))
  const asked = [...words]
    .slice(0, 2 * mostQueryWords)
    .map((word) => (chinese.test(word) ? `(${piecesOfWord(word).join(' & ')})` : `'${word}'`))
  return asked.length > 0 ? asked.join(' | ') : null
}

/** The pieces under which a text is indexed that are more than one character: pairs of Chinese characters, and other words. */
export function piecesOfText(text: string): string[] {
  return [...toVectorText(text).matchAll(/'([^']+)'/g)].flatMap(([, piece = '']) =>
    [...piece].length > 1 && !/^\p{N}+$/v.test(piece) ? [piece] : [],
  )
}

/** Words of two characters and more that stand in both texts, as a dictionary cuts the first; each once. */
export function wordsWithin(text: string, other: string): string[] {
  const there = plain(other)
  const latin = new Set([...there.matchAll(runs)].map(([run]) => run))
  const cut = [...plain(text).matchAll(runs)].flatMap(([run]) =>
    chinese.test(run)
      ? jieba()
          .cut(run, false)
          .filter((word) => there.includes(word))
      : latin.has(run)
        ? [run]
        : [],
  )
  return [...new Set(cut)].filter((word) => [...word].length > 1)
}

/** The pieces that a text holds if the word stands in it: its pairs, or whatever begins with a single character. */
function piecesOfWord(word: string): string[] {
  const pieces = [...new Set(piecesOf(word))]
  return pieces.length === 1 ? [`'${word}':*`] : pieces.slice(0, -1).map((piece) => `'${piece}'`)
}

/** The words that were typed, in order. */
function wordsOf(typed: string): string[] {
  return [...plain(typed).slice(0, mostTyped).matchAll(runs)]
    .flatMap(([run]) => (chinese.test(run) && [...run].length > longestWhole ? cut(run) : [run]))
    .filter((word) => word.length <= longestWord)
}

/** Characters that hold a sentence together and are left out by whoever tells the same in other words. */
const binding = '的地得了着过在是我你他她它们这那也就都还又很和与及有被把请吗呢吧啊呀'
const bindingEdges = new RegExp(`^[${binding}]+|[${binding}]+$`, 'g')

/**
 * Cuts what was typed in one breath: 我家门口的路灯坏了 asks for 家门, 门口, 路灯 and 坏. Characters that are in no word of the
 * dictionary stand together with their like, as in names (潇楚), less what only binds.
 */
function cut(run: string): string[] {
  const words: string[] = []
  let loose = ''
  const endLoose = () => {
    const rest = loose.replace(bindingEdges, '')
    if (rest !== '') words.push(rest)
    loose = ''
  }
  for (const word of jieba().cut(run, false)) {
    if ([...word].length === 1) {
      loose += word
      continue
    }
    endLoose()
    words.push(word)
  }
  endLoose()
  return words.length > 0 ? words : [run]
}

/** A word of a text as a dictionary cuts it, and where it begins there. */
export interface WordAt {
  readonly word: string
  readonly at: number
}

/**
 * Every word of a text that is `plain` already: Chinese as the dictionary cuts it, other letters whole. For whoever counts words; what
 * is searched for is found by pairs of characters.
 */
export function dictionaryWords(text: string): WordAt[] {
  const words: WordAt[] = []
  for (const found of text.matchAll(runs)) {
    const [run] = found
    if (!chinese.test(run)) {
      words.push({ word: run, at: found.index })
      continue
    }
    let at = found.index
    for (const word of jieba().cut(run, false)) {
      words.push({ word, at })
      at += word.length
    }
  }
  return words
}
