import { describe, expect, test } from 'vitest'
import { actorWho, commandFor, day, now, paths, requestIn, surroundings } from './requests.rules.scenes.ts'
import { type Command, decide, type RequestFacts, sharedClock } from './requests.rules.ts'

// Ways to look better than one is, and what stands in their way.

const dispatcher = actorWho('request.dispatch')
const outcome = (request: RequestFacts, command: Command, actor = dispatcher) =>
  decide(request, command, actor, surroundings)
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
    type: 'request-taken-down-with-reason',
  })
  expect(outcome(published, { ...silent, reasoned: true }, actorWho('request.publish')).refused).toBe(false)
  expect(outcome(published, silent, actorWho('link')).refused).toBe(false)
})

test('a repeat repeats another request', () => {
  const explain = (repeats: string) => ({ act: 'explain', kind: 'repeat', repeats }) as const
  const request = requestIn('accepted')
  expect(outcome(request, explain(request.id))).toMatchObject({ type: 'request-repeat-named' })
  const told = outcome(request, explain('earlier'))
  expect(!told.refused && told.entries[0]?.facts).toEqual({ kind: 'repeat', repeats: 'earlier' })
})
