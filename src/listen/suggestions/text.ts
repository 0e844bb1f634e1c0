// What a text is made of, as the suggestions count it.
import { dictionaryWords, plain } from '#kernel/search/index.ts'

export interface Told {
  readonly title: string
  readonly body: string
}

/** The title says in ten words what it is about, the text also how it came to it: each word of the title counts as so many. */
export const titleCounts = 3
/** Characters of a text that are read: what it is about was said by then. */
const mostRead = 4_000

/** A piece of a text and where it stands. */
export type TakePiece = (piece: string, at: number, length: number) => void

const chinese = /\p{Script=Han}+/gu
/** Words of other letters; what holds a digit (A3, 12) names a place or a thing and no kind of matter. */
const letters = /(?<![\p{L}\p{N}])[\p{L}--\p{Script=Han}]{3,40}(?![\p{L}\p{N}])/gv

/** Runs of so many Chinese characters, and words of other letters. The text is `plain`. */
export function gramsOf(text: string, sizes: readonly number[], take: TakePiece): void {
  for (const found of text.matchAll(chinese)) {
    const [run] = found
    for (const size of sizes) {
      for (let at = 0; at + size <= run.length; at += 1) take(run.slice(at, at + size), found.index + at, size)
    }
  }
  for (const found of text.matchAll(letters)) take(found[0], found.index, found[0].length)
}

/** What a linear model counts: single characters, pairs, and the words of the dictionary, which are marked so that 公园 the word is not 公园 the pair. */
export function learnedPiecesOf(text: string, take: TakePiece): void {
  gramsOf(text, [1, 2], take)
  for (const { word, at } of dictionaryWords(text)) {
    if (word.length > 1 && /^\p{Script=Han}/u.test(word)) take(`=${word}`, at, word.length)
  }
}

/** Title and text as they are counted. */
export function partsOf({ title, body }: Told): readonly { text: string; weight: number }[] {
  return [
    { text: plain(title), weight: titleCounts },
    // A sign may stand for many (㍿ for 株式会社): what they became is cut again.
    { text: plain(body.slice(0, mostRead)).slice(0, mostRead), weight: 1 },
  ]
}

/** How often each piece stands in what was told, those of the title counted more. */
export function countPieces(told: Told, pieces: (text: string, take: TakePiece) => void): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { text, weight } of partsOf(told)) {
    pieces(text, (piece) => {
      counts.set(piece, (counts.get(piece) ?? 0) + weight)
    })
  }
  return counts
}
