/** The conditions named in the table. Each returns whether it holds; a refusal carries the same name. */
import { depthOf } from '#organise/places/places.paths.ts'
import { addDays, awaitsMerged, delays, dueSoonAt, farOverdueAt, reopenableUntil, roughHours } from './deadlines.ts'
import type { ActorFacts, Command, Part, RequestFacts, RequestSettings, WorkingCalendar } from './facts.ts'
import { communityOf, covers, isDecided, isHeld, levelUp, responsible } from './levels.ts'
import type { GuardName, Who } from './table.ts'

export interface Situation {
  readonly request: RequestFacts
  readonly command: Command
  readonly actor: ActorFacts
  readonly who: Who
  /** The part the actor acts with, if any. */
  readonly part: Part | null
  readonly now: Date
  readonly settings: RequestSettings
  readonly calendar: WorkingCalendar
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each) => b.includes(each))

const passed = (moment: Date | null, now: Date | null): boolean =>
  moment !== null && now !== null && moment.getTime() <= now.getTime()

/** The side of a visit on which someone stands. */
export const sideOf = (who: Who): 'unit' | 'resident' => (who === 'lead' || who === 'assistant' ? 'unit' : 'resident')

const receiver = (command: Command) => ('to' in command ? command.to.body : null)

export const guards: Readonly<Record<GuardName, (situation: Situation) => boolean>> = {
  'receiver-free': ({ request, command }) =>
    !request.parts.some((part) => isHeld(part) && part.body === receiver(command)),
  'receiver-not-excluded': ({ request, command }) => !request.excludedBodies.includes(receiver(command) ?? ''),
  'fewer-than-two-returns': ({ request }) => !isDecided(request),
  'two-returns': ({ request }) => isDecided(request),
  'not-decided': ({ request }) => !isDecided(request),
  'lead-offered': ({ part }) => part?.state === 'offered',
  'lead-dispatched': ({ part }) => part?.state === 'dispatched',
  'part-offered': ({ part }) => part?.state === 'offered',
  'part-dispatched': ({ part }) => part?.state === 'dispatched',
  'part-acknowledged': ({ part }) => part?.state === 'acknowledged',
  'not-own-unit': ({ request, actor }) =>
    !request.parts.some((part) => isHeld(part) && actor.bodies.includes(part.body)),
  'not-handled': ({ request, actor }) =>
    !actor.handled && !request.parts.some((part) => actor.bodies.includes(part.body) && part.state !== 'returned'),
  // Whoever wrote it down for the resident does not decide in the resident's name.
  'not-enterer': ({ actor }) => !actor.entered,
  'not-holding': ({ request, actor }) =>
    !actor.bodies.includes(request.holder.body) && !actor.bodies.includes(responsible(request).body),
  'says-something': ({ command }) => command.reasoned === true,
  // Where the reporter hears nothing of it, nobody could object.
  'reporter-reachable': ({ command }) => command.act === 'withdraw' && command.reachable === true,
  'not-late': ({ request, now }) =>
    (request.overdueStage === null || request.overdueStage === 'due_soon') &&
    (request.due === null || Date.parse(request.due.at) > now.getTime()),
  // The time promised to the resident, whatever step is late on the way to it.
  'promise-runs': ({ request, now }) =>
    Date.parse(request.promisedAt) > now.getTime() &&
    (request.due?.kind !== 'answer' || Date.parse(request.due.at) > now.getTime()),
  // Whoever it is about does not hear of it from those beneath.
  'not-beneath': ({ request, command }) => {
    const to = 'to' in command ? command.to : command.act === 'merge' ? command.into.holder : null
    return to !== null && !request.barredPlaces.some((place) => covers(place, to.path))
  },
  'not-extended': ({ request }) => request.extendedAt === null,
  'extension-within': ({ command, settings }) =>
    command.act === 'extend' &&
    roughHours(command.amount) > 0 &&
    roughHours(command.amount) <= roughHours(settings.longestExtension),
  'not-explaining': ({ request }) => request.explanation === null,
  explaining: ({ request }) => request.explanation !== null,
  'another-person': ({ request, actor }) => actor.person !== null && request.explanation?.by !== actor.person,
  // Colleagues of one body, its head among them, share its figures: the second person stands above it or beside it.
  'another-body': ({ request, actor }) =>
    request.explanation !== null &&
    (request.explanation.body === null || !actor.bodies.includes(request.explanation.body)),
  'repeat-named': ({ request, command }) =>
    command.act === 'explain' &&
    (command.kind !== 'repeat' ||
      (command.repeats !== undefined && command.repeats !== null && command.repeats !== request.id)),
  'target-open': ({ command }) =>
    command.act === 'merge' && command.into.state !== 'closed' && command.into.state !== 'answered',
  'no-circle': ({ request, command }) =>
    command.act === 'merge' && command.into.id !== request.id && !command.chain.includes(request.id),
  // Merged into or linked with something that others may see, what is hidden from somebody would come to light, and the other way about.
  'same-sight': ({ request, command }) => {
    const other = command.act === 'merge' ? command.into : command.act === 'link' ? command.other : null
    return (
      other !== null &&
      sameSet(request.excludedPeople, other.excludedPeople) &&
      sameSet(request.excludedBodies, other.excludedBodies)
    )
  },
  'another-request': ({ request, command }) => command.act === 'link' && command.other.id !== request.id,
  'not-linked': ({ command }) => command.act === 'link' && !command.linked,
  linked: ({ command }) => command.act === 'unlink' && command.linked,
  'same-community': ({ request, command }) =>
    command.act === 'merge' && communityOf(request.path) === communityOf(command.into.path),
  // Whoever told first has waited longest: nobody's matter ends in one that came after it.
  'filed-before': ({ request, command }) =>
    command.act === 'merge' && Date.parse(command.into.filedAt) <= Date.parse(request.filedAt),
  // What a resident had lifted to a higher level does not sink again, nor go back to whoever answered it.
  'level-kept': ({ request, command }) => {
    if (request.reopenings === 0) return true
    const to = command.act === 'transfer' ? command.to : command.act === 'merge' ? command.into.holder : null
    return (
      to !== null &&
      depthOf(to.path) <= depthOf(request.holder.path) &&
      !request.parts.some((part) => part.role === 'lead' && part.state !== 'returned' && part.body === to.body)
    )
  },
  'merged-unanswered': ({ request, command }) =>
    command.act === 'unmerge' &&
    request.result === 'merged' &&
    request.mergedInto === command.from.id &&
    command.from.state === 'closed' &&
    command.from.result === 'withdrawn' &&
    command.from.answeredAt === null,
  'enough-texts': ({ request, command }) =>
    command.act === 'split' &&
    command.children.length >= 1 &&
    command.children.length + command.already <= 9 &&
    command.children.every((child) => child.parts.length >= request.parts.filter(isHeld).length),
  // Nine times the same sentence is one matter.
  'own-words': ({ command }) => command.act === 'split' && command.ownWords,
  'not-a-part': ({ command }) => command.act === 'split' && !command.isPart,
  // What supervises itself for being far overdue may still be taken on by somebody.
  'not-supervised': ({ request }) => request.supervised !== 'above',
  'another-place': ({ request, command }) =>
    command.act === 'transfer' &&
    command.to.body !== request.holder.body &&
    !request.excludedBodies.includes(command.to.body),
  // Nobody hands a matter to another district over the heads of both.
  'covers-both': ({ request, command, actor }) =>
    command.act === 'transfer' &&
    (covers(request.ceiling, command.path) ||
      actor.dispatching.some((path) => covers(path, request.holder.path) && covers(path, command.path))),
  'delay-reasoned': ({ request, command, now, settings, calendar }) =>
    command.act === 'categorise'
      ? command.reasoned === true || !delays(request, { promisedDays: command.promisedDays }, now, settings, calendar)
      : command.act === 'set-urgency' &&
        (command.reasoned === true ||
          (!(request.urgency === 'urgent' && command.urgency === 'ordinary') &&
            !delays(request, { urgency: command.urgency }, now, settings, calendar))),
  'few-transfers': ({ request }) => request.transfers < 2,
  'not-judged': ({ request }) => !request.judged,
  'judgeable-late': ({ request, now, settings }) =>
    (request.result === 'unconfirmed' || request.result === 'explained') &&
    passed(now, reopenableUntil(request, settings)),
  'not-drawn': ({ request }) => request.callBack === null,
  drawn: ({ request }) => request.callBack !== null,
  'unanswered-long-enough': ({ request, now }) =>
    !request.judged && request.due?.kind === 'judge' && passed(new Date(request.due.at), now),
  'call-back-over': ({ request, now, settings }) =>
    !request.judged &&
    request.callBack !== null &&
    (request.callBack.tries >= settings.callBackTries ||
      passed(addDays(request.callBack.drawnAt, settings.callBackDays), now)),
  'tries-left': ({ request, settings }) => (request.callBack?.tries ?? 0) < settings.callBackTries,
  // Three calls in a minute are one call.
  'an-hour-since': ({ request, now }) =>
    !request.callBack?.triedAt || now.getTime() - Date.parse(request.callBack.triedAt) >= 3_600_000,
  'within-thirty-days': ({ request, now, settings }) =>
    awaitsMerged(request) || passed(now, reopenableUntil(request, settings)),
  'few-reopenings': ({ request, settings }) => request.reopenings < settings.reopenLimit,
  'level-above': ({ request, command }) =>
    command.act === 'reopen' &&
    covers(command.upper.path, levelUp(request.holder.path, request.ceiling)) &&
    !request.excludedBodies.includes(command.upper.body),
  'publication-permitted': ({ request }) => request.publicationPermitted,
  'publication-not-permitted': ({ request }) => !request.publicationPermitted,
  'permitted-themselves': ({ command, actor }) =>
    !actor.entered || (command.act === 'publish' && command.permittedThemselves),
  'answer-sent': ({ command }) => command.act === 'publish' && command.answerSent,
  'words-kept': ({ command }) => command.act === 'publish' && command.wordsKept,
  'numbers-removed': ({ command }) => command.act === 'publish' && command.numbersRemoved,
  published: ({ request }) => request.published,
  'no-visit': ({ request }) => request.visit === null,
  visit: ({ request }) => request.visit !== null,
  'visit-of-the-other': ({ request, who }) => request.visit?.state === 'proposed' && request.visit.by !== sideOf(who),
  'due-soon': ({ request, now, settings, calendar }) =>
    request.overdueStage === null && passed(dueSoonAt(request, settings, calendar), now),
  overdue: ({ request, now }) =>
    (request.overdueStage === null || request.overdueStage === 'due_soon') &&
    request.due !== null &&
    passed(new Date(request.due.at), now),
  'far-overdue': ({ request, now, settings, calendar }) =>
    request.overdueStage !== 'far_overdue' && passed(farOverdueAt(request, settings, calendar), now),
}
