import { expect, test } from 'vitest'
import { chooseReceiver, endAfter, maskMail } from './bodies.rules.ts'

test('a last day lasts until midnight in China', () => {
  expect(endAfter('2026-11-30').toISOString()).toBe('2026-11-30T16:00:00.000Z')
})

test('the nearest body receives; at one place the one whose work it is', () => {
  const office = { id: '1', path: '32/10/', kind: 'subdistrict_office' }
  const manager = { id: '2', path: '32/10/03/', kind: 'property_manager' }
  const committee = { id: '3', path: '32/10/03/', kind: 'residents_committee' }
  expect(chooseReceiver([office, manager, committee])).toBe(committee)
  expect(chooseReceiver([office, manager])).toBe(manager)
  expect(chooseReceiver([])).toBeNull()
})

test('an address is recognised but not written to', () => {
  expect(maskMail('wang@example.org')).toBe('w***@example.org')
  expect(maskMail('@')).toBe('***')
})
