import { describe, expect, test } from 'vitest'
import {
  type ActorFacts,
  announcedClock,
  type Command,
  decide,
  defaultRequestSettings,
  fileRequest,
  nextTimer,
  type RequestFacts,
} from '../requests.rules.ts'
import { actorWho, day, filing, hour, now, paths, stranger, surroundings } from './scenes.ts'

// The promise is the resident's: no way of handling a request moves it back unsaid, and late stays late until it is answered.

const dispatcher: ActorFacts = {
  ...stranger,
  person: 'dispatcher',
  bodies: ['office'],
  duties: ['request.accept', 'request.dispatch', 'request.extend'],
}
const worker: ActorFacts = { ...stranger, person: 'worker', handling: ['unit'], bodies: ['unit'] }
const to = (id: string) => ({ id, body: 'unit', path: paths.community, receiver: 'unit' }) as const
const at = (moment: number) => new Date(now.getTime() + moment)

function outcome(request: RequestFacts, command: Command, actor: ActorFacts, moment = 0) {
  return decide(request, { reasoned: true, ...command }, actor, { ...surroundings, now: at(moment) })
}
function carry(start: RequestFacts, moment: number, ...steps: [Command, ActorFacts][]): RequestFacts {
  return steps.reduce((request, [command, actor]) => {
    const decision = outcome(request, command, actor, moment)
    if (decision.refused) throw new Error(`${command.act} in ${request.state}: ${decision.type}`)
    return decision.next
  }, start)
}
const accepted = (urgency: 'ordinary' | 'urgent' = 'ordinary') =>
  carry(fileRequest({ ...filing, urgency }, surroundings).next, 0, [{ act: 'accept' }, dispatcher])
const categorise = (promisedDays: number, reasoned: boolean) => ({ act: 'categorise', promisedDays, reasoned }) as const
const urgency = (said: 'urgent' | 'ordinary', reasoned: boolean) =>
  ({ act: 'set-urgency', urgency: said, reasoned }) as const
const givenAndBack = (request: RequestFacts, moment: number, id = 'p') =>
  carry(request, moment, [{ act: 'dispatch', to: to(id) }, dispatcher], [{ act: 'return', belongsTo: null }, worker])

describe('the promise moves back', () => {
  test('before any unit had it, with a reason, and the reporter hears of it', () => {
    expect(outcome(accepted(), categorise(10, false), dispatcher)).toMatchObject({
      refused: true,
      status: 422,
      type: 'request-delay-reasoned',
    })
    const told = outcome(accepted(), categorise(10, true), dispatcher)
    expect(told).toMatchObject({ refused: false, tell: ['reporter'] })
    expect(!told.refused && told.next.promisedAt).toBe(at(10 * day).toISOString())
    // What becomes sooner is no news that needs a reason.
    expect(outcome(accepted(), categorise(1, false), dispatcher)).toMatchObject({ refused: false, tell: [] })
  })
  test('not once a unit has had it, though it came back', () => {
    const back = givenAndBack(accepted(), 0)
    expect(back.state).toBe('accepted')
    expect(carry(back, hour, [categorise(10, true), dispatcher]).promisedAt).toBe(back.promisedAt)
    expect(carry(back, hour, [categorise(1, false), dispatcher]).promisedAt).toBe(at(day).toISOString())
    const urgent = givenAndBack(accepted('urgent'), 0)
    expect(carry(urgent, hour, [urgency('ordinary', true), dispatcher]).promisedAt).toBe(urgent.promisedAt)
  })
  test('from urgent to ordinary never without a reason', () => {
    for (const request of [accepted('urgent'), givenAndBack(accepted('urgent'), 0)]) {
      expect(outcome(request, urgency('ordinary', false), dispatcher)).toMatchObject({ type: 'request-delay-reasoned' })
      const done = outcome(request, urgency('ordinary', true), dispatcher)
      expect(done).toMatchObject({ refused: false, tell: ['reporter', 'units'] })
    }
    expect(outcome(accepted(), urgency('urgent', false), dispatcher)).toMatchObject({ refused: false, tell: [] })
  })
  test('a new round begins with a new promise, which may be moved until a unit has it', () => {
    const back = givenAndBack(accepted(), 0)
    const begun = { roundAt: at(hour).toISOString(), promisedAt: at(5 * day + hour).toISOString() }
    const round = { ...back, ...begun, reopenings: 1 }
    expect(carry(round, 2 * hour, [categorise(10, true), dispatcher]).promisedAt).toBe(
      at(10 * day + hour).toISOString(),
    )
  })
  test('not of what was brought in and given to a unit before its turn', () => {
    const { next } = fileRequest(filing, { ...surroundings, now: at(9 * day) })
    const waiting = carry(next, 0, [{ act: 'accept' }, dispatcher])
    expect(carry(waiting, 0, [categorise(10, true), dispatcher]).promisedAt).toBe(at(19 * day).toISOString())
    const back = givenAndBack(waiting, 0)
    expect(carry(back, 0, [categorise(10, true), dispatcher]).promisedAt).toBe(waiting.promisedAt)
  })
})

describe('the step that runs', () => {
  test('stays the step, whatever the urgency or category is called in between', () => {
    const received = fileRequest(filing, surroundings).next
    expect(received.due?.kind).toBe('accept')
    const sure = { ...defaultRequestSettings, urgent: { hours: 1 } }
    const turn = (request: RequestFacts, command: Command) => {
      const decision = decide(request, command, dispatcher, { ...surroundings, settings: sure })
      if (decision.refused) throw new Error(decision.type)
      return decision.next
    }
    const urgent = turn(received, urgency('urgent', true))
    expect(urgent.due).toMatchObject({ kind: 'answer', at: urgent.promisedAt })
    const ordinary = turn(urgent, urgency('ordinary', true))
    expect(ordinary.due).toEqual(received.due)
    expect(turn(ordinary, categorise(10, true)).due).toEqual(received.due)
  })
  test('keeps the time it was given, though the place gives another since', () => {
    const received = fileRequest(filing, surroundings).next
    const generous = { ...surroundings, settings: { ...defaultRequestSettings, accept: { hours: 40 } } }
    const other = decide(received, categorise(4, true), dispatcher, generous)
    expect(!other.refused && other.next.due).toEqual(received.due)
  })
})

describe('a promise that has passed', () => {
  const late = 6 * day
  const overdue = () =>
    carry(
      accepted(),
      late,
      [{ act: 'warn-due-soon' }, actorWho('system')],
      [{ act: 'mark-overdue' }, actorWho('system')],
    )

  test('stays passed, whoever is given it, gives it back or moves it', () => {
    const given = carry(overdue(), late, [{ act: 'dispatch', to: to('p') }, dispatcher])
    const taken = carry(given, late, [{ act: 'acknowledge' }, worker])
    const back = carry(taken, late, [{ act: 'return', belongsTo: null }, worker])
    const moved = carry(back, late, [
      { act: 'transfer', to: { body: 'beside', path: paths.street }, path: paths.street, ceiling: paths.district },
      dispatcher,
    ])
    for (const request of [given, taken, back, moved]) {
      expect(request.due).toEqual({ kind: 'answer', at: request.promisedAt, provisional: false })
      expect(Date.parse(request.due?.at ?? '')).toBeLessThan(at(late).getTime())
      expect(request.overdueStage).toBe('overdue')
      expect(nextTimer(request, defaultRequestSettings, surroundings.calendar)?.kind).toBe('far_overdue')
    }
  })
  test('counts also where nobody had marked it yet', () => {
    const given = carry(accepted(), late, [{ act: 'dispatch', to: to('p') }, dispatcher])
    expect(
      outcome(
        carry(given, late, [{ act: 'warn-due-soon' }, actorWho('system')]),
        { act: 'mark-overdue' },
        actorWho('system'),
        late,
      ),
    ).toMatchObject({ refused: false })
  })
  test('is over with the answer alone: an extension gives the resident a day, and leaves it late', () => {
    const given = carry(overdue(), late, [{ act: 'dispatch', to: to('p') }, dispatcher])
    expect(carry(given, late, [{ act: 'acknowledge' }, worker], [{ act: 'answer' }, worker]).overdueStage).toBeNull()
    const longer = carry(given, late, [{ act: 'extend', amount: { workingDays: 3 } }, dispatcher])
    expect(longer).toMatchObject({ overdueStage: 'overdue', due: given.due })
    expect(longer.promisedAt).toBe(at(late + 3 * day).toISOString())
    expect(nextTimer(longer, defaultRequestSettings, surroundings.calendar)?.kind).toBe('far_overdue')
    const taken = carry(longer, late, [{ act: 'acknowledge' }, worker])
    expect(taken).toMatchObject({ overdueStage: 'overdue', due: given.due })
    expect(carry(taken, late, [{ act: 'answer' }, worker]).overdueStage).toBeNull()
  })
  test('is not over with another category either', () => {
    const other = carry(overdue(), late, [categorise(10, true), dispatcher])
    expect(other).toMatchObject({ overdueStage: 'overdue', due: overdue().due })
    expect(other.promisedAt).toBe(at(10 * day).toISOString())
  })
  test('is not hidden by a step that is counted anew with a new calendar', () => {
    const given = carry(accepted(), 0, [{ act: 'dispatch', to: to('p') }, dispatcher])
    const guessed = {
      ...given,
      promisedAt: at(hour).toISOString(),
      due: { kind: 'acknowledge', at: at(hour / 2).toISOString(), provisional: true },
    } as const
    expect(announcedClock(guessed, defaultRequestSettings, surroundings.calendar)?.due).toEqual({
      kind: 'answer',
      at: guessed.promisedAt,
      provisional: false,
    })
  })
})
