// How a place stands on public pages: by its name, what lies above it, and its address.
import type { Act } from '#kernel/access/index.ts'
import type { PageContent } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Language } from '#kernel/words/index.ts'
import { fullName, spokenName } from './places.names.ts'
import { ancestors, type PlaceRow, placeByCode, placeById } from './places.store.ts'

/** A place as its pages name it. */
export interface PlaceShown {
  readonly id: string
  readonly path: string
  /** As people say it: 五里社区. */
  readonly name: string
  /** What lies above it, from the city: 扬州市 · 邗江区 · 邗上街道. */
  readonly above: string
  /** From the district: 邗江区邗上街道五里社区. */
  readonly full: string
  readonly href: string
  readonly longitude: number | null
  readonly latitude: number | null
}

const nameOf = (place: PlaceRow, language: Language) =>
  (language === 'en' && place.name_en) || spokenName(place.name, place.kind)

/** A place from its chain, highest first and itself last. */
export function placeShown(chain: readonly PlaceRow[], language: Language): PlaceShown {
  const place = chain.at(-1)
  if (!place) throw new Refusal(404, 'not-found', 'http.not-found')
  const above = chain.slice(0, -1).filter((each) => each.kind !== 'province' || chain.length < 3)
  return {
    id: place.id,
    path: place.path,
    name: nameOf(place, language),
    above: above
      .slice(-3)
      .map((each) => nameOf(each, language))
      .join(' · '),
    full: fullName([...chain], language),
    href: `/places/${place.code ?? place.id}`,
    longitude: place.longitude,
    latitude: place.latitude,
  }
}

/**
 * The place of an address: its code or its id; where it was merged into another, that one.
 * @throws Refusal 404
 */
export async function placeOfPage(act: Pick<Act, 'sql' | 'language'>, key: string): Promise<PlaceShown> {
  let place = isId(key)
    ? await placeById(act.sql, key)
    : /^\d{2,12}$/.test(key)
      ? await placeByCode(act.sql, key)
      : null
  for (let step = 0; place?.successor_id && step < 5; step += 1) place = await placeById(act.sql, place.successor_id)
  if (!place || place.abolished_at) throw new Refusal(404, 'not-found', 'http.not-found')
  return placeShown(await ancestors(act.sql, place.path), act.language)
}

/** The place of a record by its path; null where it is gone. */
export async function placeAt(act: Pick<Act, 'sql' | 'language'>, path: string): Promise<PlaceShown | null> {
  const chain = await ancestors(act.sql, path)
  return chain.length > 0 ? placeShown(chain, act.language) : null
}

/** The header of a page that belongs to a place. */
export const belongingTo = (place: PlaceShown | null): Pick<PageContent, 'place'> =>
  place ? { place: { name: place.name, above: place.above, href: place.href } } : {}
