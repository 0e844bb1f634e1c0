/** What an act changes, once the table has allowed it, apart from state and deadline. */
import type { Closing, EntryKind, PartState, Verdict } from '../requests.api.ts'
import { addDays, reopenableUntil } from './deadlines.ts'
import type { BodyAt, ComplaintRoute, Entry, NewPart, Part, RequestFacts } from './facts.ts'
import { type Situation, sideOf } from './guards.ts'
import { isAuthority, isHeld, needsConsent, routeComplaint, wasLifted } from './levels.ts'

export interface Effect {
  readonly changes: Partial<RequestFacts>
  readonly entries: readonly Entry[]
  readonly result?: Closing
  readonly children?: readonly RequestFacts[]
  readonly complaint?: ComplaintRoute
}

const entry = (kind: EntryKind, facts: Entry['facts'] = {}, part: string | null = null): Entry => ({
  kind,
  audience: staffOnly.has(kind) ? 'staff' : 'reporter',
  part,
  facts,
})

/** Lines for those who work on it: notes, drafts and reminders, what else it is like, and that a group did not take it, which is nobody's fault. */
const staffOnly: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'noted',
  'drafted',
  'declined',
  'explanation_proposed',
  'explanation_refused',
  'due_soon',
  'call_back_drawn',
  'call_back_missed',
  'slip_handed',
  'linked',
  'unlinked',
])

const only = (kind: EntryKind, changes: Partial<RequestFacts> = {}, facts: Entry['facts'] = {}): Effect => ({
  changes,
  entries: [entry(kind, facts)],
})

const newPart = (to: NewPart, role: Part['role']): Part => ({
  id: to.id,
  body: to.body,
  path: to.path,
  receiver: to.receiver,
  role,
  state: needsConsent(to) ? 'offered' : 'dispatched',
})

const withState = (parts: readonly Part[], id: string | undefined, state: PartState): Part[] =>
  parts.map((part) => (part.id === id ? { ...part, state } : part))

/** Parts still held end; those answered or returned stay as they were. */
const ended = (parts: readonly Part[]): Part[] =>
  parts.map((part) => (isHeld(part) ? { ...part, state: 'ended' as const } : part))

export const resultOf = (verdict: Verdict): Closing => (verdict === 'not' ? 'unsolved' : verdict)

function dispatched(situation: Situation, to: NewPart): Effect {
  const { request, command, now } = situation
  const part = newPart(to, 'lead')
  // The first authority to which it is given stays responsible, whatever comes back afterwards.
  const first =
    request.firstReceiver.body === request.holder.body &&
    request.returns === 0 &&
    isAuthority(part) &&
    !wasLifted(request, part)
  const firstReceiver: BodyAt = first ? { body: to.body, path: to.path } : request.firstReceiver
  return {
    changes: {
      parts: [...request.parts, part],
      firstReceiver,
      explanation: null,
      visit: null,
      dispatchedAt: now.toISOString(),
    },
    entries: [
      entry(
        command.act === 'redispatch' ? 'redispatched' : 'dispatched',
        { body: to.body, consent: needsConsent(part) },
        part.id,
      ),
    ],
  }
}

function moved(situation: Situation, to: BodyAt, path: string, ceiling: string): Effect {
  const { request } = situation
  return {
    changes: {
      holder: { body: to.body, path: to.path },
      // At once, not upon acceptance: there is no moment in which nobody has it.
      firstReceiver: { body: to.body, path: to.path },
      path,
      ceiling,
      parts: ended(request.parts),
      returns: 0,
      transfers: request.transfers + 1,
      senders: [...new Set([...request.senders, request.holder.body])].filter((body) => body !== to.body),
      explanation: null,
      visit: null,
    },
    entries: [entry('transferred', { body: to.body })],
  }
}

function children(situation: Situation): Effect {
  const { request, command } = situation
  if (command.act !== 'split') return { changes: {}, entries: [] }
  const held = request.parts.filter(isHeld)
  return {
    changes: {},
    entries: [entry('split', { into: command.children.length })],
    // Everything is inherited, the date promised too: splitting neither shortens nor prolongs.
    children: command.children.map((child) => ({
      ...request,
      id: child.id,
      parts: held.map((part, index) => ({ ...part, id: child.parts[index] ?? part.id })),
      explanation: null,
      visit: null,
      published: false,
    })),
  }
}

/** The effect of an act that the table has allowed. */
export function effectOf(situation: Situation): Effect {
  const { request, command, actor, who, part, now } = situation
  const partId = part?.id
  const side = sideOf(who)
  const at = now.toISOString()
  // Whoever has done with their part does not come any more.
  const comes = (state: PartState) => state === 'acknowledged' || request.visit?.body !== (part?.body ?? null)
  const partial = (state: PartState, kind: EntryKind): Effect => ({
    changes: { parts: withState(request.parts, partId, state), ...(comes(state) ? {} : { visit: null }) },
    entries: [entry(kind, { body: part?.body ?? null }, partId ?? null)],
  })
  switch (command.act) {
    case 'dispatch':
    case 'redispatch':
      return dispatched(situation, command.to)
    case 'assist': {
      const assisting = newPart(command.to, 'assisting')
      return {
        changes: { parts: [...request.parts, assisting] },
        entries: [entry('assistance_asked', { body: assisting.body, consent: needsConsent(assisting) }, assisting.id)],
      }
    }
    case 'transfer':
      return moved(situation, command.to, command.path, command.ceiling)
    case 'accept':
      return only('accepted')
    case 'consent':
      return partial('acknowledged', 'consented')
    case 'decline':
      return who === 'lead'
        ? { ...partial('ended', 'declined'), changes: { parts: ended(request.parts), visit: null } }
        : partial('ended', 'declined')
    case 'acknowledge':
      return partial('acknowledged', who === 'lead' ? 'acknowledged' : 'part_acknowledged')
    case 'return':
      if (who !== 'lead') return partial('returned', 'part_returned')
      return {
        changes: {
          parts: ended(withState(request.parts, partId, 'returned')),
          returns: request.returns + 1,
          explanation: null,
          visit: null,
        },
        entries: [entry('returned', { belongsTo: command.belongsTo, times: request.returns + 1 }, partId ?? null)],
      }
    case 'answer-part':
      return partial('answered', 'part_answered')
    case 'draft':
      return only('drafted')
    case 'answer':
      return {
        changes: {
          parts: ended(withState(request.parts, partId, 'answered')),
          answeredAt: at,
          answerKind: 'answer',
          explanation: null,
          visit: null,
          judged: false,
          callBack: null,
        },
        entries: [entry('answered', {}, partId ?? null)],
      }
    case 'explain':
      return only(
        'explanation_proposed',
        { explanation: { kind: command.kind, by: actor.person, body: part?.body ?? actor.bodies[0] ?? null } },
        { kind: command.kind, ...(command.repeats ? { repeats: command.repeats } : {}) },
      )
    case 'agree-explanation': {
      const lead = request.parts.find((each) => each.role === 'lead' && isHeld(each))
      return only(
        'explained',
        {
          parts: ended(withState(request.parts, lead?.id, 'answered')),
          answeredAt: at,
          answerKind: 'explanation',
          explanation: null,
          visit: null,
          judged: false,
          callBack: null,
        },
        { kind: request.explanation?.kind ?? null },
      )
    }
    case 'disagree-explanation':
      return only('explanation_refused', { explanation: null })
    case 'extend':
      return only('extended', { extendedAt: at })
    case 'merge':
      return {
        changes: { ...closing(situation), mergedInto: command.into.id },
        entries: [entry('merged', { into: command.into.id })],
        result: 'merged',
      }
    case 'link':
      return only('linked', {}, { link: command.link, kind: command.kind })
    case 'unlink':
      return only('unlinked', {}, { link: command.link })
    case 'split':
      return children(situation)
    case 'categorise':
      return only('categorised', { promisedDays: command.promisedDays }, { days: command.promisedDays })
    case 'set-urgency':
      return only('urgency_set', { urgency: command.urgency }, { urgency: command.urgency })
    case 'supervise':
      return only('supervised', { supervised: 'above' })
    case 'note':
      return only('noted')
    case 'add':
      return only('added')
    case 'correct-phone':
      return only('phone_corrected')
    case 'correct':
      return only('corrected')
    case 'withdraw':
      return { changes: closing(situation), entries: [entry('withdrawn')], result: 'withdrawn' }
    case 'judge':
    case 'call-back':
      // What was said stays out of the timeline, which the handler reads.
      return {
        changes: { ...closing(situation), judged: true },
        entries: request.state === 'closed' ? [] : [entry('closed')],
        result: resultOf(command.verdict),
      }
    case 'miss-call-back':
      return only('call_back_missed', {
        callBack: request.callBack && { ...request.callBack, tries: request.callBack.tries + 1, triedAt: at },
      })
    case 'hand-slip':
      return only('slip_handed')
    case 'reopen':
      return only(
        'reopened',
        {
          result: null,
          closedAt: null,
          reopenUntil: null,
          answeredAt: null,
          heardAt: null,
          mergedInto: null,
          answerKind: null,
          judged: false,
          callBack: null,
          holder: { body: command.upper.body, path: command.upper.path },
          firstReceiver: { body: command.upper.body, path: command.upper.path },
          // Parts of the last round are history; nothing is answered now.
          parts: request.parts.map((each) => (each.state === 'answered' ? { ...each, state: 'ended' as const } : each)),
          returns: 0,
          reopenings: request.reopenings + 1,
          roundAt: at,
        },
        { times: request.reopenings + 1, body: command.upper.body },
      )
    case 'complain':
      // No line in the timeline: those complained about read it.
      return { changes: {}, entries: [], complaint: routeComplaint(request, command.handlers) }
    case 'permit-publication':
      return only('publication_permitted', { publicationPermitted: true })
    case 'forbid-publication':
      return only('publication_forbidden', { publicationPermitted: false, published: false })
    case 'publish':
      return only('published', { published: true })
    case 'unpublish':
      return only('unpublished', { published: false })
    case 'arrange-visit':
      return only(
        'visit_arranged',
        { visit: { state: 'proposed', by: side, body: side === 'unit' ? (part?.body ?? null) : null } },
        { by: side },
      )
    case 'agree-visit':
      return only('visit_agreed', { visit: request.visit && { ...request.visit, state: 'agreed' } }, { by: side })
    case 'move-visit':
      return only(
        'visit_moved',
        { visit: { state: 'proposed', by: side, body: side === 'unit' ? (part?.body ?? null) : null } },
        { by: side },
      )
    case 'cancel-visit':
      return only('visit_cancelled', { visit: null }, { by: side })
    case 'warn-due-soon':
      return only('due_soon', { overdueStage: 'due_soon' })
    case 'mark-overdue':
      return only('overdue', { overdueStage: 'overdue' }, { due: request.due?.kind ?? null })
    case 'supervise-by-itself':
      return only('far_overdue', { overdueStage: 'far_overdue', supervised: request.supervised ?? 'itself' })
    case 'draw-call-back':
      return only('call_back_drawn', { callBack: { drawnAt: at, tries: 0 } })
    case 'close-unconfirmed':
      return {
        changes: closing(situation),
        entries: [entry('closed', { unconfirmed: true })],
        result: request.answerKind === 'explanation' ? 'explained' : 'unconfirmed',
      }
    case 'unmerge':
      return only('unmerged', { result: null, closedAt: null, reopenUntil: null, heardAt: null, mergedInto: null })
    case 'forward':
      return only('forwarded')
    case 'hear':
      return only('heard', {}, command.closed ? { closed: true } : {})
    case 'me-too':
      return { changes: {}, entries: [] }
  }
}

/** A judgement given after the closing changes nothing of its day, nor of the last day on which it may be taken up again. */
const closing = ({ request, now, settings }: Situation): Partial<RequestFacts> => ({
  closedAt: request.closedAt ?? now.toISOString(),
  reopenUntil: (request.closedAt
    ? reopenableUntil(request, settings)
    : addDays(now, settings.reopenDays)
  )?.toISOString(),
  parts: ended(request.parts),
  explanation: null,
  visit: null,
})
