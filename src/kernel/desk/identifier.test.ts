import { expect, test } from 'vitest'
import { timeOfId } from '../database/identifiers.ts'
import { newIdentifier } from './identifier.ts'

test('an id of the device carries its time, as those of the server do', () => {
  const at = Date.UTC(2026, 10, 22, 12, 34, 56, 789)
  expect(timeOfId(newIdentifier(at))).toBe(at)
  expect(newIdentifier(at) < newIdentifier(at + 1)).toBe(true)
  expect(new Set(Array.from({ length: 1_000 }, () => newIdentifier(at))).size).toBe(1_000)
})
