import { expect, it } from 'vitest'
import { states } from '../requests.api.ts'
import type { Row } from '../requests.lists.api.ts'
import { lifecycle } from '../requests.rules.ts'
import { bulkActs, rowsFor, whyNot } from './bulk.ts'

it('takes of the chosen those that an act can be done to', () => {
  const row = (id: string, ...can: string[]) => ({ id, can }) as unknown as Row
  const chosen = [row('a', 'accept', 'categorise'), row('b', 'dispatch', 'categorise'), row('c')]
  expect(rowsFor('accept', chosen).map((one) => one.id)).toEqual(['a'])
  expect(rowsFor('dispatch', chosen).map((one) => one.id)).toEqual(['b'])
  expect(rowsFor('categorise', chosen).map((one) => one.id)).toEqual(['a', 'b'])
})

it('says why an act cannot be done, by the states that the lifecycle knows', () => {
  for (const act of bulkActs)
    for (const state of states) {
      const allowed = lifecycle.some((row) => row.act === act && row.from !== 'none' && row.from.includes(state))
      expect(whyNot(act, { state, returns: 0 }), `${act} ${state}`).toBe(allowed ? 'duty' : 'state')
    }
  expect(whyNot('dispatch', { state: 'accepted', returns: 2 })).toBe('returns')
  expect(whyNot('categorise', { state: 'accepted', returns: 2 })).toBe('duty')
})
