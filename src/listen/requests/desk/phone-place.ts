import type { PlaceKept } from '#organise/places/places.api.ts'
import type { Point } from './point.ts'

type Kept = Pick<PlaceKept, 'id' | 'kind' | 'name' | 'nameEn' | 'label' | 'fullName' | 'path' | 'own'> & {
  longitude: number | null
  latitude: number | null
}

/** Kinds of which one stands at the door; a whole district is no place that somebody stands at. */
const near = ['community', 'grid', 'building', 'station']

/** The place that stands in the form from the beginning: that of the one post, where there is one and it is near enough. */
export function ownPlace<P extends Kept>(places: readonly P[], entering: readonly string[]): P | null {
  const own = places.filter(
    (place) => place.own && near.includes(place.kind) && entering.some((path) => place.path.startsWith(path)),
  )
  // Of a community and a grid in it, the grid; of two that lie apart, neither: a guess would be a wrong address.
  const innermost = own.filter((place) => !own.some((other) => other !== place && other.path.startsWith(place.path)))
  return innermost.length === 1 ? (innermost[0] ?? null) : null
}

/** Whether a place is one of those where somebody takes down what is told; of one whose path is not known nobody can say so. */
export const liesIn = (place: { readonly path?: string }, entering: readonly string[]): boolean =>
  place.path !== undefined && entering.some((path) => place.path?.startsWith(path))

/** What people add to a name or leave out of it. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/社区居民委员会|居民委员会|村民委员会|社区居委会|居委会|村委会|社区/gu, '')
    .replace(/\s+/gu, '')

const most = 20

/** Finds places among those that the device keeps, by any part of their names, in words apart by spaces. */
export function findKept<P extends Kept>(typed: string, places: readonly P[]): P[] {
  const words = typed
    .split(/\s+/u)
    .map((word) => plain(word) || word.trim().toLowerCase())
    .filter(Boolean)
  const fit = places.flatMap((place) => {
    const names = [place.label, place.name, place.nameEn ?? ''].map(plain)
    const whole = `${plain(place.fullName)} ${names.join(' ')} ${place.label}`
    if (!words.every((word) => whole.includes(word))) return []
    const last = words.at(-1) ?? ''
    const rank = names.includes(last) ? 0 : names.some((name) => name.startsWith(last)) ? 1 : 2
    return [{ place, rank }]
  })
  return fit
    .sort((one, other) => one.rank - other.rank)
    .slice(0, most)
    .map(({ place }) => place)
}

const metresNorth = 111_320
/** Farther than this, the nearest place known says nothing about where one is. */
const farthest = 3_000
/** Within this one stands at the building itself. */
const atTheDoor = 60

function metresBetween(one: Point, other: Point): number {
  const east = (other.longitude - one.longitude) * metresNorth * Math.cos((one.latitude * Math.PI) / 180)
  return Math.hypot(east, (other.latitude - one.latitude) * metresNorth)
}

/**
 * The place in which somebody stands, among those kept: the building at whose door it is, else the place of one's own post round
 * it, else its community. Null where none that is known lies near.
 */
export function placeAt<P extends Kept>(point: Point, places: readonly P[]): P | null {
  let nearest: { place: P; metres: number } | null = null
  for (const place of places) {
    if (!near.includes(place.kind) || place.longitude === null || place.latitude === null) continue
    const metres = metresBetween(point, { longitude: place.longitude, latitude: place.latitude })
    if (metres <= farthest && (!nearest || metres < nearest.metres)) nearest = { place, metres }
  }
  if (!nearest) return null
  const { place, metres } = nearest
  if (metres <= atTheDoor && (place.kind === 'building' || place.kind === 'station')) return place
  const round = places.filter((other) => near.includes(other.kind) && place.path.startsWith(other.path))
  const own = round.filter((other) => other.own).sort((one, other) => other.path.length - one.path.length)
  return own[0] ?? round.find((other) => other.kind === 'community') ?? place
}
