import type { Static } from 'typebox'
import { depthOf, depths } from '#organise/places/places.paths.ts'
import type { DraftContent } from '../requests.acts.api.ts'

type Channel = NonNullable<Static<typeof DraftContent>['channel']>

/** Ways in which somebody writes down for a resident; the others come without a member of staff. */
export const writtenDown: readonly Channel[] = ['phone', 'visit', 'paper', 'letter', 'mail', 'chat', 'window']

const kept = 'linli-desk-channel'

/**
 * The way that a new form begins with: the one chosen last on this device; at the door, which is whoever serves below a community
 * or holds a telephone in the hand, a visit; else a call.
 */
export function channelAtFirst(at: {
  readonly last: string | null
  readonly narrow: boolean
  /** Paths of the places that the person's posts stand at. */
  readonly paths: readonly string[]
}): Channel {
  const last = writtenDown.find((channel) => channel === at.last)
  if (last) return last
  const door = at.paths.length > 0 && at.paths.every((path) => depthOf(path) > depths.community)
  return door || at.narrow ? 'visit' : 'phone'
}

export const lastChannel = (): string | null => {
  try {
    return localStorage.getItem(kept)
  } catch {
    // A browser that keeps nothing begins anew each time.
    return null
  }
}

export function keepChannel(channel: string): void {
  try {
    localStorage.setItem(kept, channel)
  } catch {
    // As above.
  }
}
