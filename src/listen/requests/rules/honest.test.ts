import { describe, expect, test } from 'vitest'
import {
  type ActorFacts,
  type Command,
  decide,
  offered,
  type RequestFacts,
  responsible,
  sharedClock,
} from '../requests.rules.ts'
import { actorWho, commandFor, day, now, paths, requestIn, surroundings } from './scenes.ts'

// Ways to look better than one is, and what stands in their way.

const dispatcher = actorWho('request.dispatch')
const outcome = (request: RequestFacts, command: Command, actor = dispatcher) =>
  decide(request, { reasoned: true, ...command }, actor, surroundings)
const merging = (changes: object) => {
  const command = commandFor('merge')
  return { ...command, ...('into' in command ? { into: { ...command.into, ...changes } } : {}) } as Command
}

describe('merging', () => {
  test('goes into what was told before, in the same community, and is not answered yet', () => {
    const request = requestIn('accepted')
    expect(outcome(request, merging({})).refused).toBe(false)
    expect(outcome(request, merging({ filedAt: now.toISOString() }))).toMatchObject({ type: 'request-filed-before' })
    expect(outcome(request, merging({ path: '32/10/03/002/001/' }))).toMatchObject({ type: 'request-same-community' })
    expect(outcome(request, merging({ path: `${paths.community}g01/` })).refused).toBe(false)
    expect(outcome(request, merging({ state: 'answered' }))).toMatchObject({ type: 'request-target-open' })
  })
  test('of what is past its promise is for those above, whoever holds it and whatever step was late', () => {
    const passed = { ...requestIn('accepted'), promisedAt: new Date(now.getTime() - 1).toISOString() }
    expect(outcome(passed, merging({}))).toMatchObject({ refused: true, status: 409, type: 'request-promise-runs' })
    expect(offered(passed, dispatcher, surroundings)).not.toContain('merge')
    const prolonged: RequestFacts = {
      ...requestIn('acknowledged'),
      due: { kind: 'answer', at: new Date(now.getTime() - 1).toISOString(), provisional: false },
    }
    expect(outcome(prolonged, merging({}))).toMatchObject({ type: 'request-promise-runs' })
    for (const request of [passed, prolonged])
      expect(outcome(request, merging({}), actorWho('request.dispatch above')).refused).toBe(false)
    // A step that is late on the way is no promise to the resident.
    const step: RequestFacts = {
      ...requestIn('received'),
      due: { kind: 'accept', at: new Date(now.getTime() - day).toISOString(), provisional: false },
      overdueStage: 'overdue',
    }
    expect(outcome(step, merging({})).refused).toBe(false)
  })
  test('leaves the earlier of both promises', () => {
    const stays = requestIn('acknowledged')
    const sooner = { promisedAt: new Date(now.getTime() + day).toISOString(), promisedProvisional: false }
    expect(sharedClock(stays, sooner)).toMatchObject({ ...sooner, due: { kind: 'answer', at: sooner.promisedAt } })
    expect(sharedClock({ ...stays, promisedAt: now.toISOString() }, sooner)).toBeNull()
  })
  test('ends where the one that stayed was withdrawn unanswered: open again, its date as it was', () => {
    const merged: RequestFacts = { ...requestIn('closed'), answeredAt: null, result: 'merged', mergedInto: 'kept' }
    const from = { id: 'kept', state: 'closed', result: 'withdrawn', answeredAt: null } as const
    const system = actorWho('system')
    const again = outcome(merged, { act: 'unmerge', from }, system)
    if (again.refused) return expect.fail(again.type)
    expect(again.next).toMatchObject({
      state: 'accepted',
      result: null,
      mergedInto: null,
      promisedAt: merged.promisedAt,
    })
    expect(again.next.holder).toEqual(merged.holder)
    expect(again.tell).toContain('reporter')
    expect(outcome(merged, { act: 'unmerge', from: { ...from, answeredAt: now.toISOString() } }, system).refused).toBe(
      true,
    )
    expect(outcome(merged, { act: 'unmerge', from: { ...from, id: 'another' } }, system).refused).toBe(true)
  })
})

describe('what a resident had lifted a level up', () => {
  const lifted: RequestFacts = {
    ...requestIn('accepted'),
    reopenings: 1,
    parts: [{ id: 'p', body: 'answered', path: paths.street, receiver: 'unit', role: 'lead', state: 'ended' }],
  }
  const transfer = (body: string, path: string) =>
    ({ act: 'transfer', to: { body, path }, path, ceiling: paths.district }) as const

  test('is not transferred below its level, nor to who answered it', () => {
    for (const actor of [dispatcher, actorWho('request.dispatch above')]) {
      for (const to of [transfer('lower', paths.community), transfer('answered', paths.street)])
        expect(outcome(lifted, to, actor)).toMatchObject({ refused: true, type: 'request-level-kept' })
      expect(outcome(lifted, transfer('beside', '32/10/03/002/'), actor).refused).toBe(false)
    }
    expect(outcome({ ...lifted, reopenings: 0 }, transfer('lower', paths.community)).refused).toBe(false)
  })
  test('is not merged into what a lower body holds', () => {
    expect(outcome(lifted, merging({ holder: { body: 'lower', path: paths.community } }))).toMatchObject({
      type: 'request-level-kept',
    })
    expect(outcome(lifted, merging({})).refused).toBe(false)
  })
})

test('three calls in a minute are one call, and no more are written down than are asked for', () => {
  const caller = actorWho('request.callback')
  const drawn: RequestFacts = { ...requestIn('answered'), callBack: { drawnAt: now.toISOString(), tries: 0 } }
  const once = outcome(drawn, { act: 'miss-call-back' }, caller)
  if (once.refused) return expect.fail(once.type)
  expect(outcome(once.next, { act: 'miss-call-back' }, caller)).toMatchObject({ type: 'request-an-hour-since' })
  const later = { ...surroundings, now: new Date(now.getTime() + 3_600_000) }
  expect(decide(once.next, { act: 'miss-call-back' }, caller, later).refused).toBe(false)
  const enough = { ...once.next, callBack: { drawnAt: now.toISOString(), tries: 3 } }
  expect(decide(enough, { act: 'miss-call-back' }, caller, later)).toMatchObject({ type: 'request-tries-left' })
})

test('what everybody could read is taken down with a reason, except by whoever told of it', () => {
  const published: RequestFacts = { ...requestIn('answered'), publicationPermitted: true, published: true }
  const silent = { act: 'unpublish', reasoned: false } as const
  expect(outcome(published, silent, actorWho('request.publish'))).toMatchObject({
    type: 'request-says-something',
  })
  expect(outcome(published, { ...silent, reasoned: true }, actorWho('request.publish')).refused).toBe(false)
  expect(outcome(published, silent, actorWho('link')).refused).toBe(false)
})

test('what was told is corrected for the resident with a reason, and they hear of it', () => {
  const clerk = { ...actorWho('request.enter'), bodies: [] }
  const correct = { act: 'correct', reasoned: false } as const
  expect(outcome(requestIn('accepted'), correct, clerk)).toMatchObject({ status: 422, type: 'request-says-something' })
  const told = outcome(requestIn('accepted'), { ...correct, reasoned: true }, clerk)
  expect(told).toMatchObject({ refused: false, tell: expect.arrayContaining(['reporter']) })
  expect(outcome(requestIn('accepted'), correct, actorWho('link')).refused).toBe(false)
})

test('whoever wrote it down releases only what the resident permitted by their own hand', () => {
  const permitted: RequestFacts = { ...requestIn('answered'), publicationPermitted: true }
  const publisher = actorWho('request.publish')
  const heard = { ...commandFor('publish'), permittedThemselves: false } as Command
  expect(outcome(permitted, heard, publisher).refused).toBe(false)
  const enterer = { ...publisher, entered: true }
  expect(outcome(permitted, heard, enterer)).toMatchObject({ status: 403, type: 'request-permitted-themselves' })
  expect(outcome(permitted, commandFor('publish'), enterer).refused).toBe(false)
})

test('what is supervised is not supervised once more; what supervises itself is taken on', () => {
  const above = actorWho('request.supervise above')
  const supervised: RequestFacts = { ...requestIn('accepted'), supervised: 'above' }
  expect(outcome(supervised, { act: 'supervise' }, above)).toMatchObject({ type: 'request-not-supervised' })
  expect(outcome({ ...supervised, supervised: 'itself' }, { act: 'supervise' }, above).refused).toBe(false)
})

test('a request has at most nine parts, each with words of its own, and a part is not divided', () => {
  const split = (changes: object) => outcome(requestIn('accepted'), { ...commandFor('split'), ...changes } as Command)
  expect(split({ already: 8 }).refused).toBe(false)
  expect(split({ already: 9 })).toMatchObject({ type: 'request-enough-texts' })
  expect(split({ ownWords: false })).toMatchObject({ status: 422, type: 'request-own-words' })
  expect(split({ isPart: true })).toMatchObject({ status: 409, type: 'request-not-a-part' })
})

test('lifted away from a unit and given back to it, a request stays with whoever it was lifted to', () => {
  const lifted: RequestFacts = {
    ...requestIn('accepted'),
    reopenings: 1,
    holder: { body: 'district', path: paths.district },
    firstReceiver: { body: 'district', path: paths.district },
    parts: [{ id: 'p', body: 'unit', path: paths.community, receiver: 'unit', role: 'lead', state: 'ended' }],
  }
  const given = (body: string) => {
    const to = { id: 'q', body, path: paths.community, receiver: 'unit' } as const
    const sent = outcome(lifted, { act: 'dispatch', to })
    if (sent.refused) throw new Error(sent.type)
    const handler = { ...actorWho('lead'), handling: [body], bodies: [body] }
    const taken = outcome(sent.next, { act: 'acknowledge' }, handler)
    if (taken.refused) throw new Error(taken.type)
    return [responsible(sent.next).body, responsible(taken.next).body]
  }
  expect(given('unit')).toEqual(['district', 'district'])
  expect(given('another')).toEqual(['another', 'another'])
})

describe('withdrawn for the resident by staff', () => {
  const clerk: ActorFacts = { ...actorWho('request.enter'), bodies: ['beside'] }
  const withdraw = { act: 'withdraw', reasoned: true, reachable: true } as const
  test('with a reason, where the reporter hears of it', () => {
    expect(outcome(requestIn('dispatched'), withdraw, clerk)).toMatchObject({
      refused: false,
      tell: expect.arrayContaining(['reporter']),
    })
    const refused = (changes: object) => outcome(requestIn('dispatched'), { ...withdraw, ...changes }, clerk)
    expect(refused({ reasoned: false })).toMatchObject({ status: 422, type: 'request-says-something' })
    expect(refused({ reachable: false })).toMatchObject({ status: 409, type: 'request-reporter-reachable' })
  })
  test('not what is answered or late, nor by whoever holds it or is responsible', () => {
    expect(outcome(requestIn('answered'), withdraw, clerk)).toMatchObject({ refused: true, status: 403 })
    const late: RequestFacts = { ...requestIn('dispatched'), overdueStage: 'overdue' }
    const unmarked = {
      ...requestIn('dispatched'),
      due: { kind: 'answer', at: now.toISOString(), provisional: false },
    } as const
    for (const request of [late, unmarked])
      expect(outcome(request, withdraw, clerk)).toMatchObject({ type: 'request-not-late' })
    expect(outcome(late, { act: 'withdraw' }, actorWho('reporter')).refused).toBe(false)
    for (const body of ['office', 'unit'])
      expect(outcome(requestIn('received'), withdraw, { ...clerk, bodies: [body] })).toMatchObject(
        body === 'office' ? { status: 403, type: 'request-not-holding' } : { refused: false },
      )
    expect(outcome(requestIn('acknowledged'), withdraw, { ...clerk, bodies: ['unit'] })).toMatchObject({ status: 403 })
  })
})

test('nobody at or beneath the place of whoever it is about receives it', () => {
  const about = (request: RequestFacts): RequestFacts => ({ ...request, barredPlaces: [paths.community] })
  const grid = { id: 'g', body: 'grid', path: `${paths.community}g01/`, receiver: 'unit' } as const
  const beneath = { refused: true, status: 422, type: 'request-not-beneath' }
  expect(outcome(about(requestIn('accepted')), { act: 'dispatch', to: grid })).toMatchObject(beneath)
  expect(outcome(about(requestIn('dispatched')), { act: 'assist', to: grid })).toMatchObject(beneath)
  expect(
    outcome(about(requestIn('accepted')), { act: 'transfer', to: grid, path: grid.path, ceiling: paths.district }),
  ).toMatchObject(beneath)
  expect(outcome(about(requestIn('accepted')), merging({ holder: { body: 'grid', path: grid.path } }))).toMatchObject(
    beneath,
  )
  const beside = { ...grid, path: paths.street }
  expect(outcome(about(requestIn('accepted')), { act: 'dispatch', to: beside }).refused).toBe(false)
})

test('a repeat repeats another request', () => {
  const explain = (repeats: string) => ({ act: 'explain', kind: 'repeat', repeats }) as const
  const request = requestIn('accepted')
  expect(outcome(request, explain(request.id))).toMatchObject({ type: 'request-repeat-named' })
  const told = outcome(request, explain('earlier'))
  expect(!told.refused && told.entries[0]?.facts).toEqual({ kind: 'repeat', repeats: 'earlier' })
})
