/** Scenes for the tests of the rules: a request in each state, and what makes each condition hold or fail. */
import { type Act, acts, type State } from '../requests.api.ts'
import {
  type ActorFacts,
  type Command,
  defaultRequestSettings,
  type RequestFacts,
  systemActor,
  type WorkingCalendar,
} from '../requests.rules.ts'
import type { GuardName, Who } from './table.ts'

export const hour = 3_600_000
export const day = 24 * hour
export const now = new Date('2026-03-10T02:00:00.000Z')
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds).toISOString()
const ahead = (milliseconds: number) => new Date(now.getTime() + milliseconds).toISOString()

/** A calendar on which people always work: a working day is 24 hours. */
export const tirelessCalendar: WorkingCalendar = {
  addWorkingTime: (from, amount) => ({
    at: new Date(from.getTime() + ('workingDays' in amount ? amount.workingDays * day : amount.hours * hour)),
    provisional: false,
  }),
}
export const surroundings = { now, settings: defaultRequestSettings, calendar: tirelessCalendar }

export const paths = { district: '32/10/03/', street: '32/10/03/001/', community: '32/10/03/001/001/' }

/** What is told, to the office of the street. */
export const filing = {
  id: 'request',
  path: paths.community,
  ceiling: paths.district,
  holder: { body: 'office', path: paths.street },
  urgency: 'ordinary',
  promisedDays: 5,
  publicationPermitted: false,
  excludedPeople: [],
  excludedBodies: [],
} as const

export function requestIn(state: State): RequestFacts {
  const withUnit = state === 'dispatched' || state === 'acknowledged'
  const partState = state === 'dispatched' ? 'dispatched' : state === 'acknowledged' ? 'acknowledged' : 'answered'
  const hasParts = withUnit || state === 'answered' || state === 'closed'
  const unit = { body: 'unit', path: paths.community }
  return {
    id: 'request',
    state,
    result: state === 'closed' ? 'solved' : null,
    urgency: 'ordinary',
    promisedDays: 5,
    path: paths.community,
    ceiling: paths.district,
    holder: { body: 'office', path: paths.street },
    firstReceiver: hasParts ? unit : { body: 'office', path: paths.street },
    parts: hasParts
      ? [
          { id: 'lead-part', ...unit, receiver: 'unit', role: 'lead', state: partState },
          {
            id: 'assisting-part',
            body: 'helper',
            path: paths.community,
            receiver: 'unit',
            role: 'assisting',
            state: withUnit ? partState : 'answered',
          },
        ]
      : [],
    returns: 0,
    transfers: 0,
    reopenings: 0,
    filedAt: ago(day),
    roundAt: ago(day),
    stepAt: ago(hour),
    dispatchedAt: hasParts ? ago(2 * hour) : null,
    answeredAt: state === 'answered' || state === 'closed' ? ago(hour) : null,
    closedAt: state === 'closed' ? ago(hour) : null,
    extendedAt: null,
    due:
      state === 'closed'
        ? null
        : { kind: state === 'answered' ? 'judge' : 'answer', at: ahead(4 * day), provisional: false },
    promisedAt: ahead(4 * day),
    promisedProvisional: false,
    overdueStage: null,
    explanation: null,
    answerKind: state === 'answered' || state === 'closed' ? 'answer' : null,
    judged: false,
    callBack: null,
    supervised: null,
    publicationPermitted: false,
    published: false,
    visit: null,
    mergedInto: null,
    heardAt: null,
    reopenUntil: null,
    senders: [],
    excludedPeople: [],
    excludedBodies: [],
    barredPlaces: [],
  }
}

export const stranger: ActorFacts = { ...systemActor, system: false }

/** An actor who is exactly this and nothing else. */
export function actorWho(who: Who): ActorFacts {
  switch (who) {
    case 'anyone':
      return stranger
    case 'reporter':
      return { ...stranger, person: 'resident', reporter: true }
    case 'link':
      return { ...stranger, link: true }
    case 'judge':
      return { ...stranger, judge: true }
    case 'lead':
      return { ...stranger, person: 'worker', handling: ['unit'], bodies: ['unit'] }
    case 'assistant':
      return { ...stranger, person: 'assistant', handling: ['helper'], bodies: ['helper'] }
    case 'system':
      return systemActor
    default: {
      const above = who.endsWith(' above')
      const duty = (above ? who.slice(0, -' above'.length) : who) as ActorFacts['duties'][number]
      const official = { ...stranger, person: 'official', bodies: ['office'] }
      return above ? { ...official, dutiesAbove: [duty] } : { ...official, duties: [duty] }
    }
  }
}

/** A request into which another may be merged. */
const kept = {
  id: 'kept',
  state: 'accepted',
  path: paths.community,
  holder: { body: 'office', path: paths.street },
  filedAt: ago(2 * day),
  excludedPeople: [],
  excludedBodies: [],
} as const

/** An act with everything that it carries, such that no condition about what is sent fails. */
export const commandFor = (act: Act): Command => ({ ...sentFor(act), reasoned: true })

function sentFor(act: Act): Command {
  const part = { id: 'new-part', body: 'other', path: paths.community, receiver: 'unit' } as const
  switch (act) {
    case 'dispatch':
    case 'redispatch':
    case 'assist':
      return { act, to: part }
    case 'transfer':
      return {
        act,
        to: { body: 'elsewhere', path: '32/10/03/002/' },
        path: '32/10/03/002/001/',
        ceiling: paths.district,
      }
    case 'return':
      return { act, belongsTo: 'other' }
    case 'explain':
      return { act, kind: 'not_possible_now' }
    case 'publish':
      return { act, permittedThemselves: true, answerSent: true, wordsKept: true, numbersRemoved: true }
    case 'withdraw':
      return { act, reachable: true }
    case 'extend':
      return { act, amount: { workingDays: 3 } }
    case 'merge':
      return { act, into: kept, chain: [] }
    case 'link':
      return {
        act,
        other: { id: 'other', excludedPeople: [], excludedBodies: [] },
        kind: 'same_kind',
        link: 'link',
        linked: false,
      }
    case 'unlink':
      return { act, link: 'link', linked: true }
    case 'unmerge':
      return { act, from: { id: 'kept', state: 'closed', result: 'withdrawn', answeredAt: null } }
    case 'hear':
      return { act, closed: true }
    case 'split':
      return { act, children: [{ id: 'child', parts: ['p1', 'p2'] }], already: 0, ownWords: true, isPart: false }
    case 'categorise':
      return { act, promisedDays: 10 }
    case 'set-urgency':
      return { act, urgency: 'urgent' }
    case 'judge':
    case 'call-back':
      return { act, verdict: 'not' }
    case 'reopen':
      return { act, upper: { body: 'district', path: paths.district } }
    case 'complain':
      return { act, handlers: ['worker'] }
    case 'file':
      throw new Error('Filing is no command on a request.')
    default:
      return { act }
  }
}

export interface Scene {
  request: RequestFacts
  command: Command
  actor: ActorFacts
}
type Change = (scene: Scene, who: Who) => Partial<Scene>

const request =
  (changes: Partial<RequestFacts>): Change =>
  (scene) => ({ request: { ...scene.request, ...changes } })
const command =
  (changes: object): Change =>
  (scene) => ({ command: { ...scene.command, ...changes } as Command })
const partState =
  (role: 'lead' | 'assisting', state: RequestFacts['parts'][number]['state']): Change =>
  (scene) => ({
    request: {
      ...scene.request,
      parts: scene.request.parts.map((part) => (part.role === role ? { ...part, state } : part)),
    },
  })
const as: Change = (scene) => scene
const otherSide = (who: Who) => (who === 'lead' || who === 'assistant' ? 'resident' : 'unit')
const due =
  (at: string): Change =>
  (scene) =>
    request({ due: { kind: scene.request.state === 'answered' ? 'judge' : 'answer', at, provisional: false } })(
      scene,
      'anyone',
    )

/** For each condition: what makes it hold in a scene, and what makes it fail. */
export const conditions: Readonly<Record<GuardName, { holds: Change; fails: Change }>> = {
  'receiver-free': {
    holds: as,
    fails: command({ to: { id: 'x', body: 'helper', path: paths.community, receiver: 'unit' } }),
  },
  'receiver-not-excluded': { holds: as, fails: request({ excludedBodies: ['other'] }) },
  'fewer-than-two-returns': { holds: request({ returns: 1 }), fails: request({ returns: 2 }) },
  'two-returns': { holds: request({ returns: 2 }), fails: request({ returns: 1 }) },
  'not-decided': { holds: request({ returns: 1 }), fails: request({ returns: 2 }) },
  'lead-offered': { holds: partState('lead', 'offered'), fails: partState('lead', 'dispatched') },
  'lead-dispatched': { holds: partState('lead', 'dispatched'), fails: partState('lead', 'offered') },
  'part-offered': { holds: partState('assisting', 'offered'), fails: partState('assisting', 'dispatched') },
  'part-dispatched': { holds: partState('assisting', 'dispatched'), fails: partState('assisting', 'offered') },
  'part-acknowledged': { holds: partState('assisting', 'acknowledged'), fails: partState('assisting', 'dispatched') },
  'not-own-unit': { holds: as, fails: (scene) => ({ actor: { ...scene.actor, bodies: ['unit'] } }) },
  'not-handled': { holds: as, fails: (scene) => ({ actor: { ...scene.actor, handled: true } }) },
  'not-enterer': { holds: as, fails: (scene) => ({ actor: { ...scene.actor, entered: true } }) },
  'not-holding': {
    holds: request({
      holder: { body: 'beside', path: paths.street },
      firstReceiver: { body: 'beside', path: paths.street },
    }),
    fails: request({ holder: { body: 'office', path: paths.street } }),
  },
  'says-something': { holds: as, fails: command({ reasoned: false }) },
  'reporter-reachable': { holds: as, fails: command({ reachable: false }) },
  'not-late': { holds: as, fails: request({ overdueStage: 'overdue' }) },
  'promise-runs': { holds: as, fails: request({ promisedAt: ago(hour) }) },
  'not-beneath': { holds: as, fails: request({ barredPlaces: [paths.district] }) },
  'not-extended': { holds: as, fails: request({ extendedAt: ago(hour) }) },
  'extension-within': { holds: as, fails: command({ amount: { workingDays: 11 } }) },
  'not-explaining': { holds: as, fails: request({ explanation: { kind: 'unlawful', by: 'somebody', body: 'unit' } }) },
  explaining: {
    holds: request({ explanation: { kind: 'unlawful', by: 'somebody', body: 'unit' } }),
    fails: request({ explanation: null }),
  },
  'another-person': { holds: as, fails: request({ explanation: { kind: 'unlawful', by: 'official', body: 'unit' } }) },
  'another-body': { holds: as, fails: request({ explanation: { kind: 'unlawful', by: 'somebody', body: 'office' } }) },
  'repeat-named': {
    holds: command({ kind: 'repeat', repeats: 'earlier' }),
    fails: command({ kind: 'repeat', repeats: null }),
  },
  'target-open': {
    holds: as,
    fails: command({ into: { ...kept, state: 'answered' } }),
  },
  'no-circle': { holds: command({ chain: ['third'] }), fails: command({ chain: ['third', 'request'] }) },
  'same-sight': {
    holds: as,
    fails: command({
      into: { ...kept, excludedPeople: ['mayor'] },
      other: { id: 'other', excludedPeople: ['mayor'], excludedBodies: [] },
    }),
  },
  'another-request': {
    holds: as,
    fails: command({ other: { id: 'request', excludedPeople: [], excludedBodies: [] } }),
  },
  'not-linked': { holds: as, fails: command({ linked: true }) },
  linked: { holds: as, fails: command({ linked: false }) },
  'same-community': { holds: as, fails: command({ into: { ...kept, path: `${paths.street}002/` } }) },
  'filed-before': { holds: as, fails: command({ into: { ...kept, filedAt: ago(hour) } }) },
  'level-kept': {
    holds: request({ reopenings: 1 }),
    fails: (scene) => ({
      request: { ...scene.request, reopenings: 1 },
      command: (scene.command.act === 'merge'
        ? { ...scene.command, into: { ...kept, holder: { body: 'lower', path: paths.community } } }
        : { ...scene.command, to: { body: 'lower', path: paths.community } }) as Command,
    }),
  },
  'merged-unanswered': {
    holds: request({ result: 'merged', mergedInto: 'kept' }),
    fails: request({ result: 'withdrawn' }),
  },
  'enough-texts': { holds: as, fails: command({ children: [] }) },
  'own-words': { holds: as, fails: command({ ownWords: false }) },
  'not-a-part': { holds: as, fails: command({ isPart: true }) },
  'not-supervised': { holds: request({ supervised: 'itself' }), fails: request({ supervised: 'above' }) },
  'another-place': { holds: as, fails: command({ to: { body: 'office', path: paths.street } }) },
  'covers-both': {
    holds: (scene) => ({
      ...command({ path: '32/10/04/001/', ceiling: '32/10/04/' })(scene, 'anyone'),
      actor: { ...scene.actor, dispatching: [paths.street, '32/10/'] },
    }),
    fails: (scene) => ({
      ...command({ path: '32/10/04/001/', ceiling: '32/10/04/' })(scene, 'anyone'),
      actor: { ...scene.actor, dispatching: [paths.district, '32/10/04/'] },
    }),
  },
  'delay-reasoned': {
    holds: as,
    fails: (scene) => ({
      request: {
        ...scene.request,
        urgency: scene.command.act === 'set-urgency' ? 'urgent' : 'ordinary',
        dispatchedAt: null,
      },
      command: (scene.command.act === 'set-urgency'
        ? { ...scene.command, urgency: 'ordinary', reasoned: false }
        : { ...scene.command, promisedDays: 10, reasoned: false }) as Command,
    }),
  },
  'few-transfers': { holds: request({ transfers: 1 }), fails: request({ transfers: 2 }) },
  'not-judged': { holds: as, fails: request({ judged: true }) },
  'judgeable-late': { holds: request({ result: 'unconfirmed' }), fails: request({ result: 'withdrawn' }) },
  'not-drawn': { holds: as, fails: request({ callBack: { drawnAt: ago(hour), tries: 0 } }) },
  drawn: { holds: request({ callBack: { drawnAt: ago(hour), tries: 0 } }), fails: request({ callBack: null }) },
  'unanswered-long-enough': { holds: due(ago(hour)), fails: due(ahead(hour)) },
  'call-back-over': {
    holds: request({ callBack: { drawnAt: ago(hour), tries: 3 } }),
    fails: request({ callBack: { drawnAt: ago(hour), tries: 2 } }),
  },
  'tries-left': {
    holds: request({ callBack: { drawnAt: ago(day), tries: 2 } }),
    fails: request({ callBack: { drawnAt: ago(day), tries: 3 } }),
  },
  'an-hour-since': {
    holds: request({ callBack: { drawnAt: ago(day), tries: 1, triedAt: ago(hour) } }),
    fails: request({ callBack: { drawnAt: ago(day), tries: 1, triedAt: ago(hour - 1) } }),
  },
  'within-thirty-days': {
    holds: request({ closedAt: ago(60 * day), reopenUntil: ahead(0) }),
    fails: request({ closedAt: ago(day), reopenUntil: ago(1) }),
  },
  'few-reopenings': { holds: request({ reopenings: 2 }), fails: request({ reopenings: 3 }) },
  'level-above': { holds: as, fails: command({ upper: { body: 'office', path: paths.street } }) },
  'publication-permitted': {
    holds: request({ publicationPermitted: true }),
    fails: request({ publicationPermitted: false }),
  },
  'publication-not-permitted': { holds: as, fails: request({ publicationPermitted: true }) },
  'permitted-themselves': {
    holds: (scene) => ({ actor: { ...scene.actor, entered: true } }),
    fails: (scene) => ({
      actor: { ...scene.actor, entered: true },
      command: { ...scene.command, permittedThemselves: false } as Command,
    }),
  },
  'answer-sent': { holds: as, fails: command({ answerSent: false }) },
  'words-kept': { holds: as, fails: command({ wordsKept: false }) },
  'numbers-removed': { holds: as, fails: command({ numbersRemoved: false }) },
  published: { holds: request({ published: true }), fails: request({ published: false }) },
  'no-visit': { holds: as, fails: request({ visit: { state: 'agreed', by: 'unit', body: null } }) },
  visit: { holds: request({ visit: { state: 'agreed', by: 'unit', body: null } }), fails: request({ visit: null }) },
  'visit-of-the-other': {
    holds: (scene, who) => request({ visit: { state: 'proposed', by: otherSide(who), body: null } })(scene, who),
    fails: (scene, who) =>
      request({ visit: { state: 'proposed', by: otherSide(who) === 'unit' ? 'resident' : 'unit', body: null } })(
        scene,
        who,
      ),
  },
  'due-soon': { holds: due(ahead(hour / 6)), fails: due(ahead(30 * day)) },
  overdue: { holds: due(ago(hour)), fails: due(ahead(hour)) },
  'far-overdue': { holds: due(ago(5 * day)), fails: due(ago(4 * day)) },
}

export const commandActs = acts.filter((act) => act !== 'file')
