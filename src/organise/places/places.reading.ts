/** Reading of several names in one breath, pure: 扬州邗江五里社区 is 五里社区 below 邗江 below 扬州. */

/** A higher place that words may name. */
export interface KnownPlace {
  name: string
  short_name: string
  path: string
}

/** One way to read a text: the places that the beginning may mean, and what is left to look for below them. */
export interface PlaceReading {
  paths: string[]
  rest: string
}

/** All parts of a word from two to eight characters: whatever in it may be the name of a place. */
export function substrings(word: string): string[] {
  const characters = [...word].slice(0, 40)
  const parts: string[] = []
  for (let from = 0; from < characters.length; from++)
    for (let length = 2; length <= 8 && from + length <= characters.length; length++)
      parts.push(characters.slice(from, from + length).join(''))
  return parts
}

/**
 * Ways to read the words, the most certain first: those that use more of the text for higher places. Each name must lie
 * below the one before it. A reading leaves something to look for; spaces that people typed are kept as borders.
 */
export function readPlaceText(words: string[], known: KnownPlace[]): PlaceReading[] {
  const text = words.join('')
  const borders = new Set<number>()
  let end = 0
  for (const word of words) {
    end += word.length
    borders.add(end)
  }
  const lastBorder = words.length > 1 ? end - (words.at(-1)?.length ?? 0) : 0
  // Meanings of the text up to a position: paths that everything before it may name.
  const meanings = new Map<number, Set<string> | null>([[0, null]])
  for (let at = 0; at < text.length; at++) {
    const before = meanings.get(at)
    if (before === undefined) continue
    for (const place of known) {
      if (before !== null && ![...before].some((path) => place.path !== path && place.path.startsWith(path))) continue
      for (const name of [place.name, place.short_name]) {
        if (!text.startsWith(name, at)) continue
        const after = at + name.length
        // A name does not run across a border.
        if ([...borders].some((border) => border > at && border < after)) continue
        const paths = meanings.get(after) ?? new Set<string>()
        paths.add(place.path)
        meanings.set(after, paths)
      }
    }
  }
  return [...meanings]
    .filter(([at, paths]) => paths !== null && at < text.length && at >= lastBorder)
    .sort(([one], [other]) => other - one)
    .map(([at, paths]) => ({ paths: withoutNested([...(paths ?? [])]), rest: text.slice(at) }))
}

/** Paths that lie below none of the others. */
function withoutNested(paths: string[]): string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(other)))
}
