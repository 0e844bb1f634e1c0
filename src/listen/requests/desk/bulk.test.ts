import { expect, it } from 'vitest'
import type { Row } from '../requests.desk.api.ts'
import { rowsFor } from './bulk.ts'

it('takes of the chosen those that an act can be done to', () => {
  const row = (id: string, ...can: string[]) => ({ id, can }) as unknown as Row
  const chosen = [row('a', 'accept', 'categorise'), row('b', 'dispatch', 'categorise'), row('c')]
  expect(rowsFor('accept', chosen).map((one) => one.id)).toEqual(['a'])
  expect(rowsFor('dispatch', chosen).map((one) => one.id)).toEqual(['b'])
  expect(rowsFor('categorise', chosen).map((one) => one.id)).toEqual(['a', 'b'])
})
