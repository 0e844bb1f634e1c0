// What the public pages of requests share: how a state is said to residents.

import { type Markup, mark, type Tone } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import type { State } from '../requests.api.ts'

export { belongingTo, type PlaceShown, placeAt, placeOfPage, placeShown } from '#organise/places/index.ts'

const tones: Readonly<Record<State, Tone>> = {
  received: 'waiting',
  accepted: 'open',
  dispatched: 'open',
  acknowledged: 'open',
  answered: 'due',
  closed: 'quiet',
}

/** Where a request stands, as its reporter reads it. */
export function stateMark(language: Language, state: State, result: string | null): Markup {
  const say = t(language)
  // How it ended is null where what its reporter said is not for whoever reads.
  if (state !== 'closed' || result === null) return mark(tones[state], say(`requests.stands.${state}`))
  return mark(result === 'solved' ? 'done' : 'quiet', say(`requests.ended.${result}`))
}

/**
 * Where a released request stands, as everybody reads it: what its reporter said of the answer is kept from those who handled
 * it, and so from all.
 */
export function publicMark(language: Language, state: State): Markup {
  return mark(state === 'closed' ? 'done' : tones[state], t(language)(`requests.stands.${state}`))
}
