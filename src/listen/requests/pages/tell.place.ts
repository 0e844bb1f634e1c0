// The place that somebody names in words: which ones they may mean, and when that is certain.
import type { Act } from '#kernel/access/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import { depthOf, depths, isWithin, type PlaceFound, searchPlaces } from '#organise/places/index.ts'
import { placeOfCard } from '../telling.store.ts'
import { type PlaceShown, placeOfPage } from './shown.ts'
import type { Draft } from './tell.form.ts'

/** So many are shown to choose from. */
const most = 8

/** The place from whose page, or from whose officer's card, the form was opened; null where it was opened from neither. */
export async function openedFrom(
  act: Pick<Act, 'sql' | 'language'>,
  address: string | undefined,
  card: string | null | undefined,
): Promise<PlaceShown | null> {
  const key = address ?? (card ? await placeOfCard(act.sql, card) : null)
  // A place that is gone since says nothing of where somebody is, and loses nothing of what they typed.
  return key ? placeOfPage(act, key).catch(() => null) : null
}

/** The places that words may mean, those round where the form was opened first. */
export function placesMeant(
  act: Pick<Act, 'sql'>,
  words: string,
  from: Pick<PlaceShown, 'path'> | null,
): Promise<PlaceFound[]> {
  return searchPlaces(act.sql, words, { near: from?.path, limit: most })
}

/**
 * The place that the words name, where that is certain: one alone is called so, and it lies beneath the place whose page they came
 * from. A name that only one place of an installation bears may still be in another city than the one meant: its sender is asked.
 */
export async function withPlaceFound(
  act: Pick<Act, 'sql'>,
  draft: Draft,
  from: Pick<PlaceShown, 'path'> | null,
): Promise<Draft> {
  const words = draft.text.placeWords?.trim()
  // A whole province or city is no place that somebody came from.
  if (isId(draft.text.place) || !words || !from || depthOf(from.path) < depths.district) return draft
  const [found, other] = await searchPlaces(act.sql, words, { limit: 2 })
  return found && !other && isWithin(found.path, from.path)
    ? { ...draft, text: { ...draft.text, place: found.id } }
    : draft
}
