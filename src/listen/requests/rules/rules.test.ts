import { describe, expect, test } from 'vitest'
import { states } from '../requests.api.ts'
import {
  type ActorFacts,
  actorFacts,
  type Command,
  decide,
  defaultRequestSettings,
  dueSoonAt,
  fileRequest,
  levelUp,
  nextTimer,
  offered,
  type RequestFacts,
  responsibilityFaults,
  responsible,
  routeAbout,
  routeComplaint,
  strictlyAbove,
} from '../requests.rules.ts'
import {
  actorWho,
  commandActs,
  commandFor,
  day,
  filing,
  hour,
  now,
  paths,
  requestIn,
  stranger,
  surroundings,
  tirelessCalendar,
} from './scenes.ts'

const dispatcher: ActorFacts = {
  ...stranger,
  person: 'dispatcher',
  bodies: ['office'],
  duties: ['request.accept', 'request.dispatch', 'request.extend', 'request.agree'],
}
const worker = (body: string): ActorFacts => ({
  ...stranger,
  person: `${body}-worker`,
  handling: [body],
  bodies: [body],
})
const to = (
  body: string,
  receiver: 'unit' | 'residents_group' | 'social_organisation' = 'unit',
  id = `${body}-part`,
) => ({
  id,
  body,
  path: paths.community,
  receiver,
})

/** Carries out acts one after another, each of which must be allowed. */
function carry(start: RequestFacts, ...steps: [Command, ActorFacts][]): RequestFacts {
  return steps.reduce((request, [command, actor]) => {
    const decision = decide(request, { reasoned: true, ...command }, actor, surroundings)
    if (decision.refused) throw new Error(`${command.act} in ${request.state}: ${decision.type}`)
    return decision.next
  }, start)
}
const filed = () => fileRequest(filing, surroundings).next
const accepted = () => carry(filed(), [{ act: 'accept' }, dispatcher])
const acknowledged = (body = 'unit') =>
  carry(accepted(), [{ act: 'dispatch', to: to(body) }, dispatcher], [{ act: 'acknowledge' }, worker(body)])

describe('return', () => {
  const backFrom = (request: RequestFacts, body: string, id: string) =>
    carry(
      request,
      [{ act: 'dispatch', to: to(body, 'unit', id) }, dispatcher],
      [{ act: 'return', belongsTo: null }, worker(body)],
    )

  test('the first receiver stays responsible, and after two the dispatcher decides', () => {
    const once = backFrom(accepted(), 'first', 'p1')
    expect(once.state).toBe('accepted')
    expect(responsible(once).body).toBe('first')
    const twice = backFrom(once, 'second', 'p2')
    expect(responsible(twice).body).toBe('first')
    expect(decide(twice, { act: 'dispatch', to: to('third') }, dispatcher, surroundings)).toMatchObject({
      refused: true,
      type: 'request-fewer-than-two-returns',
    })
    const decided = carry(twice, [{ act: 'redispatch', to: to('third') }, dispatcher])
    expect(
      decide(decided, { act: 'return', belongsTo: null, reasoned: true }, worker('third'), surroundings),
    ).toMatchObject({
      refused: true,
      type: 'request-not-decided',
    })
    const carried = carry(decided, [{ act: 'acknowledge' }, worker('third')])
    expect(responsible(carried).body).toBe('first')
  })

  test('whoever acknowledges takes it over', () => {
    const once = backFrom(accepted(), 'first', 'p1')
    const taken = carry(
      once,
      [{ act: 'dispatch', to: to('second') }, dispatcher],
      [{ act: 'acknowledge' }, worker('second')],
    )
    expect(responsible(taken).body).toBe('second')
  })
})

describe("a residents' group", () => {
  const asked = () => carry(accepted(), [{ act: 'dispatch', to: to('group', 'residents_group') }, dispatcher])

  test('is asked first, and the dispatcher stays responsible', () => {
    expect(decide(asked(), { act: 'acknowledge' }, worker('group'), surroundings)).toMatchObject({ refused: true })
    expect(responsible(asked()).body).toBe('office')
    const willing = carry(asked(), [{ act: 'consent' }, worker('group')])
    expect(willing.state).toBe('acknowledged')
    expect(responsible(willing).body).toBe('office')
  })
  test('may decline, which is no return', () => {
    const declined = carry(asked(), [{ act: 'decline' }, worker('group')])
    expect(declined).toMatchObject({ state: 'accepted', returns: 0 })
    const decision = decide(asked(), { act: 'decline' }, worker('group'), surroundings)
    expect(!decision.refused && decision.entries[0]?.audience).toBe('staff')
  })
  test('a social organisation acknowledges like a unit; the dispatcher stays responsible', () => {
    const sent = carry(
      accepted(),
      [{ act: 'dispatch', to: to('society', 'social_organisation') }, dispatcher],
      [{ act: 'acknowledge' }, worker('society')],
    )
    expect(responsible(sent).body).toBe('office')
  })
})

describe('explaining', () => {
  const proposed = () => carry(acknowledged(), [{ act: 'explain', kind: 'not_possible_now' }, worker('unit')])

  test('needs a second person', () => {
    const same = { ...worker('unit'), duties: ['request.agree' as const] }
    expect(decide(proposed(), { act: 'agree-explanation' }, same, surroundings)).toMatchObject({
      refused: true,
      status: 403,
      type: 'request-another-person',
    })
    const agreed = carry(proposed(), [{ act: 'agree-explanation' }, dispatcher])
    expect(agreed).toMatchObject({ state: 'answered', answerKind: 'explanation' })
  })
  test('and one of another body: not a colleague, nor the head of the unit that proposed it, whatever other posts they hold', () => {
    const agrees = { ...actorWho('request.agree'), person: 'head' }
    for (const bodies of [['unit'], ['unit', 'office']]) {
      const head = { ...agrees, bodies }
      expect(decide(proposed(), { act: 'agree-explanation' }, head, surroundings)).toMatchObject({
        refused: true,
        status: 403,
        type: 'request-another-body',
      })
      expect(offered(proposed(), head, surroundings)).not.toContain('agree-explanation')
      // To send it back is open to them: it makes nothing look better.
      expect(decide(proposed(), { act: 'disagree-explanation', reasoned: true }, head, surroundings).refused).toBe(
        false,
      )
    }
    for (const bodies of [['office'], ['beside']])
      expect(decide(proposed(), { act: 'agree-explanation' }, { ...agrees, bodies }, surroundings).refused).toBe(false)
  })
  test('what nobody judged is closed as explained, never as solved', () => {
    const agreed = carry(proposed(), [{ act: 'agree-explanation' }, dispatcher])
    const week = { ...surroundings, now: new Date(now.getTime() + 7 * day) }
    const closed = decide(agreed, { act: 'close-unconfirmed' }, actorWho('system'), week)
    expect(!closed.refused && closed.next.result).toBe('explained')
    const judged = carry(agreed, [{ act: 'judge', verdict: 'not' }, actorWho('judge')])
    expect(judged.result).toBe('unsolved')
  })
})

describe('judging and reopening', () => {
  const answered = () => carry(acknowledged(), [{ act: 'answer' }, worker('unit')])

  test('"not" closes as unsolved, and one tap reopens it a level up', () => {
    const judged = carry(answered(), [{ act: 'judge', verdict: 'not' }, actorWho('judge')])
    expect(judged).toMatchObject({ state: 'closed', result: 'unsolved', due: null })
    const again = carry(judged, [
      { act: 'reopen', upper: { body: 'district', path: paths.district } },
      actorWho('judge'),
    ])
    expect(again).toMatchObject({ state: 'accepted', result: null, reopenings: 1, returns: 0, judged: false })
    expect(responsible(again)).toEqual({ body: 'district', path: paths.district })
  })
  test('what was said is neither in the timeline nor in the ledger', () => {
    const decision = decide(answered(), { act: 'judge', verdict: 'partly' }, actorWho('judge'), surroundings)
    if (decision.refused) return expect.fail(decision.type)
    expect(JSON.stringify([decision.entries, decision.acts])).not.toContain('partly')
  })
  test('a judgement given after an unconfirmed closing still counts', () => {
    const late = { ...surroundings, now: new Date(now.getTime() + 8 * day) }
    const closed = decide(answered(), { act: 'close-unconfirmed' }, actorWho('system'), late)
    if (closed.refused) return expect.fail(closed.type)
    expect(closed.next.result).toBe('unconfirmed')
    const judged = decide(closed.next, { act: 'judge', verdict: 'solved' }, actorWho('judge'), late)
    expect(!judged.refused && judged.next.result).toBe('solved')
  })
  test('a merged request may be reopened until the other is answered, and for thirty days from the answer that was heard', () => {
    const merged: RequestFacts = {
      ...requestIn('closed'),
      result: 'merged',
      mergedInto: 'kept',
      closedAt: new Date(now.getTime() - 60 * day).toISOString(),
    }
    const reopen = { act: 'reopen', upper: { body: 'district', path: paths.district } } as const
    const refused = (request: RequestFacts) => decide(request, reopen, actorWho('link'), surroundings).refused
    const passed = { ...merged, reopenUntil: new Date(now.getTime() - 30 * day).toISOString() }
    expect([merged, passed].map(refused)).toEqual([false, false])
    expect(refused({ ...merged, heardAt: now.toISOString() })).toBe(false)
    expect(refused({ ...passed, heardAt: new Date(now.getTime() - 31 * day).toISOString() })).toBe(true)
    expect(refused({ ...passed, result: 'solved', mergedInto: null })).toBe(true)
  })
})

describe('splitting and complaining', () => {
  test('parts, dates and responsibility are inherited', () => {
    const parent = acknowledged()
    const actor = { ...dispatcher }
    const command = {
      act: 'split',
      children: [{ id: 'child', parts: ['p'] }],
      already: 0,
      ownWords: true,
      isPart: false,
      reasoned: true,
    } as const
    const decision = decide(parent, command, actor, surroundings)
    if (decision.refused) return expect.fail(decision.type)
    const [child] = decision.children
    expect(child).toMatchObject({ id: 'child', promisedAt: parent.promisedAt, due: parent.due, state: 'acknowledged' })
    expect(child?.parts).toEqual([{ ...parent.parts[0], id: 'p' }])
    expect(child && responsible(child)).toEqual(responsible(parent))
  })
  test('a complaint leaves no trace where the handler would read it, and goes above and past them', () => {
    const request = acknowledged()
    const decision = decide(request, { act: 'complain', handlers: ['unit-worker'] }, actorWho('link'), surroundings)
    if (decision.refused) return expect.fail(decision.type)
    expect(decision.entries).toEqual([])
    expect(decision.complaint).toEqual({
      level: paths.district,
      excludedPeople: ['unit-worker'],
      excludedBodies: ['office', 'unit'],
    })
    expect(routeComplaint({ ...request, holder: { body: 'd', path: paths.district } }, []).level).toBe(paths.district)
  })
})

describe('levels', () => {
  test('one up, as far as the district', () => {
    expect(levelUp('32/10/03/001/001/g01/', paths.district)).toBe(paths.community)
    expect(levelUp(paths.community, paths.district)).toBe(paths.street)
    expect(levelUp(paths.street, paths.district)).toBe(paths.district)
    expect(levelUp(paths.district, paths.district)).toBe(paths.district)
    expect(strictlyAbove('32/1/', '32/10/')).toBe(false)
  })
  test('a request about an official goes above them and past the body they lead', () => {
    const head = { body: 'committee', path: paths.community, head: true }
    const member = { body: 'station', path: paths.street, head: false }
    expect(routeAbout({ person: 'chair', posts: [head], bodies: [] }, paths.community, paths.district)).toEqual({
      level: paths.street,
      excludedPeople: ['chair'],
      excludedBodies: ['committee'],
    })
    expect(
      routeAbout({ person: 'chair', posts: [head, member], bodies: [] }, paths.community, paths.district).level,
    ).toBe(paths.district)
    expect(
      routeAbout(
        { person: null, posts: [], bodies: [{ body: 'property', path: paths.community }] },
        paths.community,
        paths.district,
      ),
    ).toEqual({ level: paths.street, excludedPeople: [], excludedBodies: ['property'] })
  })
  test('duties reach downwards, count as above only from above, and stop before the excluded', () => {
    const request = acknowledged()
    const post = (body: string, path: string) => ({ body, path, duties: ['request.supervise', 'request.dispatch'] })
    const asking = (body: string, path: string) => ({
      person: body,
      tenures: [post(body, path)],
      bodies: [body],
      link: null,
      judge: null,
    })
    const known = { reporter: null, handled: false, entered: false }
    expect(actorFacts(asking('office', paths.street), request, known)).toMatchObject({
      duties: ['request.supervise', 'request.dispatch'],
      dutiesAbove: ['request.supervise', 'request.dispatch'],
    })
    expect(actorFacts(asking('committee', paths.community), request, known)).toMatchObject({
      duties: [],
      dutiesAbove: [],
    })
    expect(actorFacts(asking('other', '32/10/04/'), request, known)).toMatchObject({ duties: [], dutiesAbove: [] })
    expect(actorFacts(asking('unit', paths.community), { ...request, excludedBodies: ['unit'] }, known).excluded).toBe(
      true,
    )
    expect(actorFacts(asking('x', paths.street), { ...request, excludedPeople: ['x'] }, known).excluded).toBe(true)
    const high = {
      ...request,
      parts: [],
      holder: { body: 'd', path: paths.district },
      firstReceiver: { body: 'd', path: paths.district },
    }
    expect(actorFacts(asking('d', paths.district), high, known).dutiesAbove).toEqual([])
    expect(actorFacts(asking('e', paths.district), high, known).dutiesAbove).not.toEqual([])
  })
})

describe('deadlines', () => {
  const at = (moment: Date) => moment.toISOString()
  test('the promise is made at once; the step that is due never hides an earlier promise', () => {
    const request = filed()
    expect(request.promisedAt).toBe(at(new Date(now.getTime() + 5 * day)))
    expect(request.due).toEqual({ kind: 'accept', at: at(new Date(now.getTime() + 4 * hour)), provisional: false })
    const urgent = fileRequest({ ...filing, urgency: 'urgent' }, surroundings).next
    expect(urgent.due).toEqual({ kind: 'answer', at: at(new Date(now.getTime() + 2 * hour)), provisional: false })
  })
  test('another category moves the promise before dispatch, and only forward in time for the resident after it', () => {
    const longer = carry(accepted(), [{ act: 'categorise', promisedDays: 10, reasoned: true }, dispatcher])
    expect(longer.promisedAt).toBe(at(new Date(now.getTime() + 10 * day)))
    const kept = carry(acknowledged(), [{ act: 'categorise', promisedDays: 10, reasoned: true }, dispatcher])
    expect(kept.promisedAt).toBe(at(new Date(now.getTime() + 5 * day)))
    const sooner = carry(acknowledged(), [{ act: 'categorise', promisedDays: 1, reasoned: true }, dispatcher])
    expect(sooner).toMatchObject({ promisedAt: at(new Date(now.getTime() + day)), due: { kind: 'answer' } })
  })
  test('an extension prolongs the promise, once, and not by the unit itself', () => {
    const extend = { act: 'extend', amount: { workingDays: 3 } } as const
    const extended = carry(acknowledged(), [extend, dispatcher])
    expect(extended.promisedAt).toBe(at(new Date(now.getTime() + 8 * day)))
    expect(extended.due?.at).toBe(extended.promisedAt)
    expect(decide(extended, extend, dispatcher, surroundings)).toMatchObject({ type: 'request-not-extended' })
    expect(decide(acknowledged(), extend, { ...dispatcher, bodies: ['unit'] }, surroundings)).toMatchObject({
      type: 'request-not-own-unit',
      status: 403,
    })
  })
  test('timers come in order, and those missed come at once', () => {
    const kinds: string[] = []
    let request = acknowledged()
    let timer = nextTimer(request, defaultRequestSettings, tirelessCalendar)
    const doing = { due_soon: 'warn-due-soon', overdue: 'mark-overdue', far_overdue: 'supervise-by-itself' } as const
    while (timer && timer.kind in doing) {
      kinds.push(timer.kind)
      const early = decide(request, { act: doing[timer.kind as keyof typeof doing] }, actorWho('system'), {
        ...surroundings,
        now: new Date(timer.at.getTime() - 1),
      })
      expect(early.refused).toBe(true)
      const decision = decide(request, { act: doing[timer.kind as keyof typeof doing] }, actorWho('system'), {
        ...surroundings,
        now: timer.at,
      })
      if (decision.refused) return expect.fail(decision.type)
      request = decision.next
      timer = nextTimer(request, defaultRequestSettings, tirelessCalendar)
    }
    expect(kinds).toEqual(['due_soon', 'overdue', 'far_overdue'])
    expect(timer).toBeNull()
    expect(request.supervised).toBe('itself')
  })
  test('due soon falls into working time and never after the deadline', () => {
    const nightly = {
      addWorkingTime: (from: Date, amount: Parameters<typeof tirelessCalendar.addWorkingTime>[1]) =>
        'hours' in amount && amount.hours === 0
          ? { at: new Date(Math.ceil(from.getTime() / day) * day), provisional: false }
          : tirelessCalendar.addWorkingTime(from, amount),
    }
    const request = acknowledged()
    const soon = dueSoonAt(request, defaultRequestSettings, nightly)
    expect(soon && soon.getTime() % day).toBe(0)
    expect(soon && soon.getTime() < Date.parse(request.due?.at ?? '')).toBe(true)
  })
  test('the week for the resident and the days for a call back', () => {
    const answered = carry(acknowledged(), [{ act: 'answer' }, worker('unit')])
    expect(nextTimer(answered, defaultRequestSettings, tirelessCalendar)).toEqual({
      kind: 'no_judgement',
      at: new Date(now.getTime() + 7 * day),
    })
    const drawn = { ...answered, callBack: { drawnAt: at(now), tries: 0 } }
    expect(nextTimer(drawn, defaultRequestSettings, tirelessCalendar)?.kind).toBe('call_back_lapsed')
    expect(nextTimer(requestIn('closed'), defaultRequestSettings, tirelessCalendar)).toBeNull()
  })
})

test('the nightly check names what is broken', () => {
  const request = acknowledged()
  const all = () => true
  expect(responsibilityFaults(request, 'unit', all)).toEqual([])
  expect(responsibilityFaults(request, null, all)).toEqual(['nobody-recorded'])
  expect(responsibilityFaults(request, 'office', all)).toEqual(['another-recorded'])
  expect(responsibilityFaults(request, 'unit', () => false)).toEqual(['body-gone'])
  expect(responsibilityFaults({ ...request, parts: [] }, 'unit', all)).toContain('lead-missing')
  expect(responsibilityFaults({ ...request, due: null }, 'unit', all)).toEqual(['nothing-due'])
  expect(responsibilityFaults({ ...requestIn('closed'), due: request.due }, 'unit', all)).toEqual(['closed-but-due'])
})

test('what is offered is what would be carried out', () => {
  for (const state of states) {
    for (const actor of [
      dispatcher,
      worker('unit'),
      worker('helper'),
      actorWho('link'),
      stranger,
      actorWho('request.agree'),
    ]) {
      const request = requestIn(state)
      const acts = offered(request, actor, surroundings)
      for (const act of commandActs) {
        const decision = decide(request, commandFor(act), actor, surroundings)
        expect(acts.includes(act), `${act} in ${state}`).toBe(!decision.refused)
      }
    }
  }
})
