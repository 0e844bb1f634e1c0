import { type PlaceKind, placeKindsMadeHere } from './places.api.ts'
import { isWithin, parentPath } from './places.paths.ts'

/** What the rules look at. */
export interface PlaceState {
  id: string
  kind: PlaceKind
  path: string
  parent_id: string | null
  abolished_at: string | null
  /** Whether places that are not abolished lie directly below it. */
  has_children?: boolean
}

/** Which kinds may lie directly below which. A district may lie below a province: directly governed counties do. */
const mayNest: Record<PlaceKind, readonly PlaceKind[]> = {
  province: ['city', 'district'],
  city: ['district', 'subdistrict', 'station'],
  district: ['subdistrict', 'grid', 'building', 'station'],
  subdistrict: ['community', 'grid', 'building', 'station'],
  community: ['grid', 'building', 'station'],
  grid: ['grid', 'building', 'station'],
  building: ['station'],
  station: [],
}

/** Why an act on a place is refused; the words are places.refused-… */
export const placeRefusals = [
  'kind-not-made-here',
  'kinds-do-not-nest',
  'parent-abolished',
  'under-itself',
  'is-there-already',
  'has-abolished',
  'not-abolished',
  'has-children',
  'other-kind',
  'into-itself',
  'same-name',
  'has-no-parent',
] as const
export type PlaceRefusal = (typeof placeRefusals)[number]

/** Whether a kind may lie directly below another. */
export function nests(parent: PlaceKind, child: PlaceKind): boolean {
  return mayNest[parent].includes(child)
}

export function mayCreate(parent: PlaceState, kind: PlaceKind): PlaceRefusal | null {
  if (!(placeKindsMadeHere as readonly PlaceKind[]).includes(kind)) return 'kind-not-made-here'
  if (parent.abolished_at !== null) return 'parent-abolished'
  return nests(parent.kind, kind) ? null : 'kinds-do-not-nest'
}

export function mayRename(
  place: PlaceState & { name: string; name_en: string | null },
  name: string,
  nameEn: string | null,
): PlaceRefusal | null {
  if (place.abolished_at !== null) return 'has-abolished'
  return place.name === name && place.name_en === nameEn ? 'same-name' : null
}

export function mayMove(place: PlaceState, parent: PlaceState): PlaceRefusal | null {
  if (isWithin(parent.path, place.path)) return 'under-itself'
  if (place.abolished_at !== null) return 'has-abolished'
  if (parent.abolished_at !== null) return 'parent-abolished'
  if (place.parent_id === parent.id) return 'is-there-already'
  return nests(parent.kind, place.kind) ? null : 'kinds-do-not-nest'
}

/** A place is merged into one of its own kind; what lies below it moves over. */
export function mayMerge(place: PlaceState, into: PlaceState): PlaceRefusal | null {
  if (isWithin(into.path, place.path)) return 'into-itself'
  if (place.abolished_at !== null || into.abolished_at !== null) return 'has-abolished'
  return place.kind === into.kind ? null : 'other-kind'
}

/** A place with living places below it is not abolished: they would hang in the air. */
export function mayAbolish(place: PlaceState): PlaceRefusal | null {
  if (place.abolished_at !== null) return 'has-abolished'
  return place.has_children ? 'has-children' : null
}

export function mayRestore(place: PlaceState, parent: PlaceState | null): PlaceRefusal | null {
  if (place.abolished_at === null) return 'not-abolished'
  if (parentPath(place.path) !== null && parent === null) return 'has-no-parent'
  return parent !== null && parent.abolished_at !== null ? 'parent-abolished' : null
}
