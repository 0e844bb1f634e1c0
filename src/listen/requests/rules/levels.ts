/** Levels of places, who is responsible, and who must not see a request. */
import { depths, parentPath, pathAt } from '#organise/places/places.paths.ts'
import { heldPartStates, type ReceiverKind, type RequestDuty } from '../requests.api.ts'
import type { ActorFacts, BodyAt, ComplaintRoute, Part, RequestFacts } from './facts.ts'

/** Whether `path` lies at `above` or beneath it. Segments end in `/`, so a prefix is a subtree. */
export const covers = (above: string, path: string): boolean => path.startsWith(above)

/** Whether `above` is a level strictly above `path`. */
export const strictlyAbove = (above: string, path: string): boolean => above.length < path.length && covers(above, path)

/** The community in which a path lies, or the path where it ends above one. */
export const communityOf = (path: string): string => pathAt(path, depths.community)

/** One level up, but never above the district. A path at the district or above it stays. */
export function levelUp(path: string, ceiling: string): string {
  if (!strictlyAbove(ceiling, path)) return path
  return parentPath(path) ?? path
}

export const isHeld = (part: Part): boolean => (heldPartStates as readonly string[]).includes(part.state)

/** The part of the lead unit that counts: the one it has, else the one it answered with last. */
export function leadPart(request: Pick<RequestFacts, 'parts'>): Part | null {
  const leads = request.parts.filter((part) => part.role === 'lead')
  return leads.find(isHeld) ?? leads.findLast((part) => part.state === 'answered') ?? null
}

/** What a body is when it receives a part, by its kind in the glossary of bodies. */
export function receiverOf(bodyKind: string): ReceiverKind {
  if (bodyKind === 'residents_group') return 'residents_group'
  if (bodyKind === 'social_organisation' || bodyKind === 'service_team') return 'social_organisation'
  if (bodyKind === 'department' || bodyKind === 'district_government' || bodyKind === 'subdistrict_office')
    return 'department'
  return 'unit'
}

/** Social organisations and residents' groups help; the duty stays with whoever asked them. */
export const isAuthority = (part: Pick<Part, 'receiver'>): boolean =>
  part.receiver === 'department' || part.receiver === 'unit'

/** Only a residents' group is asked first. */
export const needsConsent = (part: Pick<Part, 'receiver'>): boolean => part.receiver === 'residents_group'

/** After two returns the dispatcher has decided: the unit named then cannot return it. */
export const isDecided = (request: Pick<RequestFacts, 'returns'>): boolean => request.returns >= 2

/**
 * Whether a resident had a request lifted away from this very unit. Given it back, the unit works on it, and whoever it was lifted to
 * stays responsible.
 */
export const wasLifted = (
  request: Pick<RequestFacts, 'parts' | 'reopenings'>,
  lead: Pick<Part, 'id' | 'body'> | null,
): boolean =>
  lead !== null &&
  request.reopenings > 0 &&
  request.parts.some(
    (part) => part.role === 'lead' && part.id !== lead.id && part.body === lead.body && part.state !== 'returned',
  )

/**
 * Who is responsible. Total: there is a body for every request in every state.
 * A unit takes the responsibility over by acknowledging; until then, and after a decision, the first receiver keeps it.
 */
export function responsible(request: RequestFacts): BodyAt {
  const lead = leadPart(request)
  const chosen = wasLifted(request, lead)
    ? request.holder
    : lead && (lead.state === 'acknowledged' || lead.state === 'answered') && !isDecided(request)
      ? isAuthority(lead)
        ? lead
        : request.holder
      : lead && !isAuthority(lead) && !isDecided(request)
        ? request.holder
        : request.firstReceiver
  return { body: chosen.body, path: chosen.path }
}

/**
 * What the nightly check looks for. Returns the names of what is broken, empty when all is well.
 * `stands` says whether a body exists and has not been dissolved.
 */
export function responsibilityFaults(
  request: RequestFacts,
  recordedResponsible: string | null,
  stands: (body: string) => boolean,
): string[] {
  const faults: string[] = []
  const body = responsible(request).body
  const lead = request.parts.filter((part) => part.role === 'lead' && isHeld(part))
  if (!recordedResponsible) faults.push('nobody-recorded')
  else if (recordedResponsible !== body) faults.push('another-recorded')
  if (request.state !== 'closed' && !stands(body)) faults.push('body-gone')
  if (request.excludedBodies.includes(body)) faults.push('body-excluded')
  const withUnit = request.state === 'dispatched' || request.state === 'acknowledged'
  if (withUnit && lead.length !== 1) faults.push('lead-missing')
  if (!withUnit && lead.length > 0) faults.push('lead-too-many')
  if (request.state !== 'closed' && !request.due) faults.push('nothing-due')
  if (request.state === 'closed' && request.due) faults.push('closed-but-due')
  return faults
}

export interface AboutOfficial {
  readonly person: string | null
  /** Posts the official holds now; `head` where they lead the body. */
  readonly posts: readonly (BodyAt & { readonly head: boolean })[]
  /** The bodies reported on as a whole, a property manager for instance. */
  readonly bodies: readonly BodyAt[]
}

/**
 * A request about an official or a body: handled above the highest of their places and invisible to them. The bodies an
 * official leads are left out as a whole, because their staff cannot look into it freely.
 * `level` is where a receiving body is looked for, at that place or above; at the district it stays there, and the exclusion alone
 * leads it to another body.
 */
export function routeAbout(
  about: AboutOfficial,
  path: string,
  ceiling: string,
): { level: string; excludedPeople: string[]; excludedBodies: string[] } {
  const places = [...about.posts, ...about.bodies]
    .map((each) => each.path)
    .filter((each) => covers(each, path) || covers(ceiling, each))
  const highest = places.reduce<string | null>(
    (top, each) => (top === null || each.length < top.length ? each : top),
    null,
  )
  const lifted = highest === null ? path : levelUp(highest, ceiling)
  return {
    level: covers(lifted, path) ? lifted : ceiling,
    excludedPeople: about.person ? [about.person] : [],
    excludedBodies: [
      ...new Set([...about.posts.filter((post) => post.head), ...about.bodies].map((each) => each.body)),
    ],
  }
}

/** A complaint about handling goes above the handlers and past every body that had a part. */
export function routeComplaint(request: RequestFacts, handlers: readonly string[]): ComplaintRoute {
  const involved = [request.holder, request.firstReceiver, ...request.parts]
  const highest = [request.holder.path, responsible(request).path].reduce((top, each) =>
    each.length < top.length ? each : top,
  )
  return {
    level: levelUp(highest, request.ceiling),
    excludedPeople: [...new Set([...request.excludedPeople, ...handlers])],
    excludedBodies: [...new Set([...request.excludedBodies, ...involved.map((each) => each.body)])],
  }
}

/** Whoever asks, as access knows them. */
export interface Asking {
  readonly person: string | null
  readonly tenures: readonly { readonly body: string; readonly path: string; readonly duties: readonly string[] }[]
  readonly bodies: readonly string[]
  readonly link: string | null
  readonly judge: string | null
}

/**
 * Looks at an actor from one request. Duties of a post in an excluded body do not count. At the district, where nobody stands
 * above, the duty held at the district itself counts as above for those outside the responsible body.
 */
export function actorFacts(
  asking: Asking,
  request: RequestFacts,
  known: { readonly reporter: string | null; readonly handled: boolean; readonly entered: boolean },
): ActorFacts {
  const answerable = responsible(request)
  const above = (post: Asking['tenures'][number]) =>
    strictlyAbove(post.path, answerable.path) ||
    (covers(post.path, request.ceiling) && covers(post.path, answerable.path) && post.body !== answerable.body)
  const duties = (posts: Asking['tenures']) => [...new Set(posts.flatMap((post) => post.duties))] as RequestDuty[]
  return {
    system: false,
    person: asking.person,
    reporter: known.reporter !== null && known.reporter === asking.person,
    link: asking.link === request.id,
    judge: asking.judge === request.id,
    duties: duties(asking.tenures.filter((post) => covers(post.path, request.holder.path))),
    dutiesAbove: duties(asking.tenures.filter(above)),
    dispatching: asking.tenures.filter((post) => post.duties.includes('request.dispatch')).map((post) => post.path),
    handling: asking.tenures.filter((post) => post.duties.includes('request.handle')).map((post) => post.body),
    bodies: asking.bodies,
    handled: known.handled,
    entered: known.entered,
    excluded:
      (asking.person !== null && request.excludedPeople.includes(asking.person)) ||
      asking.bodies.some((body) => request.excludedBodies.includes(body)),
  }
}

/** A timer or nightly job. */
export const systemActor: ActorFacts = {
  system: true,
  person: null,
  reporter: false,
  link: false,
  judge: false,
  duties: [],
  dutiesAbove: [],
  dispatching: [],
  handling: [],
  bodies: [],
  handled: false,
  entered: false,
  excluded: false,
}
