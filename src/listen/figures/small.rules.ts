// Small groups stay unsaid: a count of fewer than five could tell who somebody is, and so could what is left when the others are taken
// from a sum (primary and secondary suppression; Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).

/** Fewer than so many are not told. */
export const fewest = 5

/**
 * The parts of a sum that everybody may know, with null for those that stay unsaid: every part of one to four; and, where what is unsaid
 * would come out by subtraction as fewer than five or as a single part, the smallest of the others too.
 * @param parts whole numbers, none negative
 */
export function withoutSmall(parts: readonly number[]): (number | null)[] {
  const small = parts.map((part) => part > 0 && part < fewest)
  const unsaid = () => parts.filter((_, at) => small[at])
  const betrays = () => {
    const hidden = unsaid()
    return hidden.length > 0 && (hidden.length === 1 || hidden.reduce((sum, part) => sum + part, 0) < fewest)
  }
  while (betrays()) {
    let next = -1
    // A part of none hides nothing among the others: that it is none is plain.
    for (const [at, part] of parts.entries())
      if (!small[at] && part > 0 && (next < 0 || part < (parts[next] ?? 0))) next = at
    if (next < 0) break
    small[next] = true
  }
  return parts.map((part, at) => (small[at] ? null : part))
}
