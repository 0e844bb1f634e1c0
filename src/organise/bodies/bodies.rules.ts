import { addDays, type Day, startOfDay } from '#kernel/calendar/index.ts'
import type { BodyKind, Duty } from './duties.ts'

/** A tenure whose last day is named ends with that day in China: the first moment of the next. */
export function endAfter(lastDay: Day): Date {
  return startOfDay(addDays(lastDay, 1))
}

/**
 * Which kind of body is asked first where several at one place could take a request in: those whose daily work it is to
 * receive residents (one intake, first receiver stays responsible).
 */
export const receiverPreference: readonly BodyKind[] = [
  'residents_committee',
  'villagers_committee',
  'subdistrict_office',
  'hotline',
  'service_centre',
  'district_government',
]

/** The body among candidates that receives: nearest place first, then the preferred kind, then the oldest. */
export function chooseReceiver<T extends { id: string; path: string; kind: string }>(
  candidates: readonly T[],
): T | null {
  const rank = (kind: string): number => {
    const at = receiverPreference.indexOf(kind as BodyKind)
    return at < 0 ? receiverPreference.length : at
  }
  return (
    [...candidates].sort(
      (a, b) => b.path.length - a.path.length || rank(a.kind) - rank(b.kind) || (a.id < b.id ? -1 : 1),
    )[0] ?? null
  )
}

/** The kind of the first body of an installation, by the kind of its place. */
export function firstBodyKind(placeKind: string): BodyKind {
  if (placeKind === 'subdistrict') return 'subdistrict_office'
  if (placeKind === 'community' || placeKind === 'grid' || placeKind === 'building') return 'residents_committee'
  return 'district_government'
}

/** What the first post carries: enough to set up everything else, and no request of anybody. */
export const firstDuties = ['post.appoint', 'body.edit', 'place.edit', 'place.settings'] as const

/** An e-mail address with its middle left out: enough to recognise, too little to write to. */
export function maskMail(mail: string): string {
  const at = mail.lastIndexOf('@')
  return at < 1 ? '***' : `${mail.slice(0, 1)}***${mail.slice(at)}`
}

/** An invitation is good for seven days. */
export const invitationDays = 7

/** Duties of those who look after the work of others. Whoever handles requests could else be their own overseer under a second name. */
export const oversightDuties: readonly Duty[] = [
  'request.agree',
  'request.extend',
  'request.supervise',
  'request.callback',
  'judgement.read',
  'ledger.read',
]

/** Kinds of place that stand above others. A community stands above nobody: its grids are parts of it. */
const levelsAbove: readonly string[] = ['province', 'city', 'district', 'subdistrict']

export interface Standing {
  readonly duties: readonly string[]
  /** Path and kind of the place of the post's body. */
  readonly path: string
  readonly kind: string
}

/**
 * Which duties somebody may not give to a post at a path, and so may not take from it. An oversight duty is given from a level above,
 * by whoever appoints or holds it there, or by whoever has no appointer above them: whoever sets a new installation up. To hold it
 * beside the post is not enough. The database decides; this explains.
 * @param appointers paths at which anybody may appoint now
 */
export function oversightRefused(
  given: readonly Duty[],
  path: string,
  giver: readonly Standing[],
  appointers: readonly string[],
): Duty[] {
  const held = giver.filter((post) => path.startsWith(post.path))
  const above = held.filter((post) => post.path !== path && levelsAbove.includes(post.kind))
  const topmost = held.some(
    (post) =>
      post.duties.includes('post.appoint') &&
      !appointers.some((other) => other !== post.path && post.path.startsWith(other)),
  )
  return given.filter(
    (duty) =>
      oversightDuties.includes(duty) &&
      !topmost &&
      !above.some((post) => post.duties.includes(duty) || post.duties.includes('post.appoint')),
  )
}
