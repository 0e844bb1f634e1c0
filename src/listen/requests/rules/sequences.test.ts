import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { requestDuties } from '../requests.api.ts'
import {
  type ActorFacts,
  decide,
  defaultRequestSettings,
  fileRequest,
  nextTimer,
  type RequestFacts,
  responsibilityFaults,
  responsible,
} from '../requests.rules.ts'
import { commandActs, commandFor, day, filing, hour, now, paths, surroundings, tirelessCalendar } from './scenes.ts'

describe('any sequence of acts', () => {
  const bodies = ['office', 'unit', 'helper', 'group', 'other', 'district'] as const
  const actor: fc.Arbitrary<ActorFacts> = fc.record({
    system: fc.boolean(),
    person: fc.constantFrom(null, 'a', 'b', 'c'),
    reporter: fc.boolean(),
    link: fc.boolean(),
    judge: fc.boolean(),
    duties: fc.subarray([...requestDuties]),
    dispatching: fc.constantFrom<string[]>([], ['32/']),
    dutiesAbove: fc.subarray([...requestDuties]),
    handling: fc.constant([...bodies]),
    bodies: fc.subarray([...bodies]),
    handled: fc.boolean(),
    entered: fc.boolean(),
    excluded: fc.constant(false),
  })
  const step = fc.record({
    act: fc.constantFrom(...commandActs),
    actor,
    body: fc.constantFrom(...bodies),
    receiver: fc.constantFrom('department', 'unit', 'social_organisation', 'residents_group'),
    verdict: fc.constantFrom('solved', 'partly', 'not'),
    pause: fc.constantFrom(0, hour, day, 8 * day),
  })
  // Most steps of a wholly random walk are refused, so every other one carries the work on.
  const onwards = step.map((each) => ({ ...each, onwards: true }))
  const walk = fc.array(
    fc.oneof(
      step.map((each) => ({ ...each, onwards: false })),
      onwards,
    ),
    { maxLength: 60 },
  )
  const forward = {
    received: 'accept',
    accepted: 'dispatch',
    dispatched: 'acknowledge',
    acknowledged: 'answer',
    answered: 'judge',
    closed: 'reopen',
  } as const

  test('keeps what must always hold', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        let request: RequestFacts = fileRequest(filing, surroundings).next
        let moment = now
        let extensions = 0
        steps.forEach((each, index) => {
          moment = new Date(moment.getTime() + each.pause)
          const lead = request.parts.find((part) => part.role === 'lead' && part.state === 'offered')
          const act = !each.onwards
            ? each.act
            : request.state === 'dispatched' && lead
              ? 'consent'
              : request.state === 'accepted' && request.returns >= 2
                ? 'redispatch'
                : forward[request.state]
          let command = commandFor(act)
          if ('to' in command && command.act !== 'transfer') {
            command = {
              ...command,
              to: { id: `part-${index}`, body: each.body, path: paths.community, receiver: each.receiver },
            }
          }
          if ('verdict' in command) command = { ...command, verdict: each.verdict }
          if (command.act === 'transfer')
            command = { ...command, to: { body: each.body, path: paths.street }, ceiling: paths.district }
          const everyone: ActorFacts = {
            ...each.actor,
            system: false,
            handled: false,
            entered: false,
            bodies: [],
            duties: [...requestDuties],
            reporter: true,
            judge: true,
          }
          const before = structuredClone(request)
          const decision = decide(request, command, each.onwards ? everyone : each.actor, {
            ...surroundings,
            now: moment,
          })
          expect(request).toEqual(before)
          if (decision.refused) {
            expect(decision.type).toMatch(/^request-/)
            return
          }
          if (act === 'extend') extensions++
          if (act === 'judge' || act === 'call-back') expect(each.onwards || !each.actor.handled).toBe(true)
          request = decision.next
          expect(responsibilityFaults(request, responsible(request).body, () => true)).toEqual([])
          expect(request.due === null).toBe(request.state === 'closed')
          expect(request.result === null).toBe(request.state !== 'closed')
          expect(extensions).toBeLessThanOrEqual(1)
          expect(request.reopenings).toBeLessThanOrEqual(defaultRequestSettings.reopenLimit)
          expect(request.published && !request.publicationPermitted).toBe(false)
          const held = request.parts.filter((part) => ['offered', 'dispatched', 'acknowledged'].includes(part.state))
          const withUnit = request.state === 'dispatched' || request.state === 'acknowledged'
          expect(held.filter((part) => part.role === 'lead')).toHaveLength(withUnit ? 1 : 0)
          if (!withUnit) expect(held).toEqual([])
          if (request.state === 'acknowledged')
            expect(held.find((part) => part.role === 'lead')?.state).toBe('acknowledged')
          expect(new Set(request.parts.map((part) => part.id)).size).toBe(request.parts.length)
          expect(request.returns).toBeLessThanOrEqual(2)
          expect(nextTimer(request, defaultRequestSettings, tirelessCalendar) === null).toBe(
            request.state === 'closed' || request.overdueStage === 'far_overdue',
          )
        })
      }),
      { numRuns: 400 },
    )
  })
})
