/**
 * Paths of places, pure. Segments end in '/', or the range of 3210 would hold 32100; a subtree is the range
 * `path >= p and path < p || '~'` under byte order (collation C).
 */

/** All paths from the root to this one, itself last: 32/10/ → 32/, 32/10/. */
export function ancestorPaths(path: string): string[] {
  const segments = path.split('/').slice(0, -1)
  return segments.map((_, index) => `${segments.slice(0, index + 1).join('/')}/`)
}

/** Path of a parent, or null for a province. */
export function parentPath(path: string): string | null {
  return ancestorPaths(path).at(-2) ?? null
}

/** Whether a path is the other or lies below it. */
export function isWithin(path: string, above: string): boolean {
  return path.startsWith(above)
}

/** The path that an official code has in the list: 321003001 → 32/10/03/001/. A moved place keeps its code and has another. */
export function pathOfCode(code: string): string {
  const ends = [2, 4, 6, 9, 12].filter((end) => end <= code.length)
  return ends.map((end, index) => `${code.slice(index === 0 ? 0 : ends[index - 1], end)}/`).join('')
}
