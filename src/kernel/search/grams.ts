import { plain } from './plain.ts'

/**
 * One- and two-character pieces of a name, for a GIN index over text[]: a Chinese name of two characters has no
 * trigram. 五里社区 gives 五, 里, 社, 区, 五里, 里社, 社区. Latin letters and digits are taken in the same way, in lower
 * case and normal width. Pieces do not cross spaces or signs.
 */
export function nameGrams(name: string): string[] {
  const grams = new Set<string>()
  for (const part of plain(name).split(/[^\p{L}\p{N}]+/u)) {
    const characters = [...part]
    characters.forEach((character, at) => {
      grams.add(character)
      const next = characters[at + 1]
      if (next !== undefined) grams.add(character + next)
    })
  }
  return [...grams]
}

/**
 * The pieces that a name must hold to contain what was typed, as few as carry it all: pairs where there are pairs,
 * single characters only for parts of one character. 五里 gives 五里; 邗江 五里 gives 邗江, 五里. An exact test on the
 * found rows (`position(typed in name) > 0`) must follow, since pieces may come from different corners of a name.
 */
export function queryGrams(typed: string): string[] {
  const grams = new Set<string>()
  for (const part of plain(typed).split(/[^\p{L}\p{N}]+/u)) {
    const characters = [...part]
    if (characters.length === 1 && characters[0]) grams.add(characters[0])
    for (let at = 0; at + 1 < characters.length; at++) grams.add(`${characters[at]}${characters[at + 1]}`)
  }
  return [...grams]
}
