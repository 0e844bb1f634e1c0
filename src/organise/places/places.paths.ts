/**
 * Paths of places, pure. Segments end in '/', or the range of 3210 would hold 32100; a subtree is the range
 * `path >= p and path < p || '~'` under byte order (collation C).
 */

/** How many segments the path of a place has, by its kind. A station lies at any depth. */
export const depths = { province: 1, city: 2, district: 3, subdistrict: 4, community: 5, grid: 6, building: 7 } as const

/** How far down a path lies: a province 1, a community 5. */
export const depthOf = (path: string): number => path.split('/').length - 1

/** The path of the place at a depth in which a path lies; the path itself where it ends above that depth. */
export function pathAt(path: string, depth: number): string {
  return ancestorPaths(path)[Math.min(depth, depthOf(path)) - 1] ?? path
}

/** All paths from the root to this one, itself last: 32/10/ → 32/, 32/10/. */
export function ancestorPaths(path: string): string[] {
  const segments = path.split('/').slice(0, -1)
  return segments.map((_, index) => `${segments.slice(0, index + 1).join('/')}/`)
}

/** A path and those above it, nearest first: `32/10/03/` gives `32/10/03/`, `32/10/`, `32/`. */
export function lineUp(path: string): string[] {
  return ancestorPaths(path).reverse()
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
