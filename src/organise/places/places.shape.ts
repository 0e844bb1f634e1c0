/** Rings around places, pure: points as longitude and latitude, each once. */
export type Ring = readonly (readonly [longitude: number, latitude: number])[]

/** What can be wrong with a ring. */
export const ringFaults = ['ring-too-few', 'ring-crosses-itself'] as const
export type RingFault = (typeof ringFaults)[number]

/** A ring without what says nothing: the first point said again at the end, and points that follow themselves. */
export function tidyRing(drawn: Ring): Ring {
  const ring = drawn.filter((point, at) => at === 0 || !same(point, drawn[at - 1] as Ring[number]))
  return ring.length > 1 && same(ring[0] as Ring[number], ring.at(-1) as Ring[number]) ? ring.slice(0, -1) : ring
}

const same = (one: Ring[number], other: Ring[number]): boolean => one[0] === other[0] && one[1] === other[1]

/** Why a ring cannot be the line around a place: fewer than three corners, or a line that crosses or touches itself; null where it can. */
export function ringFault(ring: Ring): RingFault | null {
  const [first, second] = ring
  if (!first || !second || ring.every((point) => side([first, second], point) === 0)) return 'ring-too-few'
  const edges = ring.map((from, at) => [from, ring[(at + 1) % ring.length] as Ring[number]] as const)
  // By index: a copy of the rest for each edge would be copied two thousand times.
  for (const [at, one] of edges.entries())
    for (let beyond = at + 1; beyond < edges.length; beyond += 1) {
      const other = edges[beyond] as Edge
      const apart = beyond > at + 1 && !(at === 0 && beyond === edges.length - 1)
      if (apart ? meet(one, other) : foldsBack(one, other)) return 'ring-crosses-itself'
    }
  return null
}

type Edge = readonly [Ring[number], Ring[number]]

/** On which side of a line a point lies: above 0 to its left, below to its right. */
const side = ([from, to]: Edge, point: Ring[number]): number =>
  Math.sign((to[0] - from[0]) * (point[1] - from[1]) - (to[1] - from[1]) * (point[0] - from[0]))

const within = ([from, to]: Edge, point: Ring[number]): boolean =>
  Math.min(from[0], to[0]) <= point[0] &&
  point[0] <= Math.max(from[0], to[0]) &&
  Math.min(from[1], to[1]) <= point[1] &&
  point[1] <= Math.max(from[1], to[1])

/** Whether two lines have a point in common. */
function meet(one: Edge, other: Edge): boolean {
  const [a, b] = [side(one, other[0]), side(one, other[1])]
  const [c, d] = [side(other, one[0]), side(other, one[1])]
  if (a !== b && c !== d) return true
  return (
    (a === 0 && within(one, other[0])) ||
    (b === 0 && within(one, other[1])) ||
    (c === 0 && within(other, one[0])) ||
    (d === 0 && within(other, one[1]))
  )
}

/** Whether of two lines that follow each other one lies on the other. */
function foldsBack(one: Edge, other: Edge): boolean {
  const [first, second] = same(one[1], other[0]) ? [one, other] : [other, one]
  const [from, corner] = first
  const to = second[1]
  return (
    side(first, to) === 0 &&
    (corner[0] - from[0]) * (to[0] - corner[0]) + (corner[1] - from[1]) * (to[1] - corner[1]) < 0
  )
}
