import { expect, it } from 'vitest'
import { opensRow } from './row-click.ts'

const none = { isCollapsed: true }
const click = (within: string | null, more = {}) => ({
  button: 0,
  defaultPrevented: false,
  target: {
    closest: (wanted: string) => (within && wanted.split(', ').includes(within) ? {} : null),
  } as unknown as EventTarget,
  ...more,
})

it('opens at a click anywhere in the row, and at the middle button', () => {
  expect(opensRow(click(null), none)).toBe(true)
  expect(opensRow(click(null, { button: 1 }), none)).toBe(true)
})

it.each(['a', 'button', 'input', 'label'])('leaves a click on %s to it', (within) => {
  expect(opensRow(click(within), none)).toBe(false)
})

it('leaves the right button, what was dealt with, and the marking of text', () => {
  expect(opensRow(click(null, { button: 2 }), none)).toBe(false)
  expect(opensRow(click(null, { defaultPrevented: true }), none)).toBe(false)
  expect(opensRow(click(null), { isCollapsed: false })).toBe(false)
})
