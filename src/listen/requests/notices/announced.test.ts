import { expect, test } from 'vitest'
import { states } from '../requests.api.ts'
import { announcedClock, type RequestFacts, type WorkingCalendar } from '../requests.rules.ts'
import { day, requestIn, surroundings, tirelessCalendar } from '../rules/scenes.ts'

const { settings } = surroundings

/** What was guessed: everything ends a day earlier than the announcement will say, and is provisional. */
const guessed = (request: RequestFacts): RequestFacts => ({
  ...request,
  promisedAt: new Date(Date.parse(request.promisedAt) - day).toISOString(),
  promisedProvisional: true,
  due: request.due && { ...request.due, provisional: true },
})
const stillUnknown: WorkingCalendar = {
  addWorkingTime: (from, amount) => ({ ...tirelessCalendar.addWorkingTime(from, amount), provisional: true }),
}

test('what was certain is left alone', () => {
  for (const state of states) expect(announcedClock(requestIn(state), settings, tirelessCalendar)).toBeNull()
})

test('a promise that was guessed is computed from the beginning of its round and is certain then', () => {
  const request = guessed(requestIn('acknowledged'))
  const clock = announcedClock(request, settings, tirelessCalendar)
  expect(clock?.promisedProvisional).toBe(false)
  expect(clock?.promisedAt).toBe(new Date(Date.parse(request.roundAt) + request.promisedDays * day).toISOString())
})

test('a deadline that follows the promise moves with it, and its warnings begin anew', () => {
  const request = guessed({ ...requestIn('acknowledged'), overdueStage: 'overdue' })
  const answering = { ...request, due: { kind: 'answer' as const, at: request.promisedAt, provisional: true } }
  const clock = announcedClock(answering, settings, tirelessCalendar)
  expect(clock?.due).toEqual({ kind: 'answer', at: clock?.promisedAt, provisional: false })
  expect(clock?.overdueStage).toBeNull()
})

test('an extension stays as it was told to the resident', () => {
  const request = { ...guessed(requestIn('acknowledged')), extendedAt: '2026-03-10T02:00:00.000Z', due: null }
  expect(announcedClock(request, settings, tirelessCalendar)).toBeNull()
})

test('while the year is still unknown the date stays provisional', () => {
  const request = guessed(requestIn('received'))
  expect(announcedClock(request, settings, stillUnknown)?.promisedProvisional).toBe(true)
})
