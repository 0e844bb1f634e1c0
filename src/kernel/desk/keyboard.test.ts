import { describe, expect, it } from 'vitest'
import { commandOf } from './keyboard.ts'

const pressed = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...more,
})
const page = { typing: false, control: false, dialog: false }

describe('commandOf', () => {
  it.each([
    ['j', 'next'],
    ['k', 'previous'],
    ['ArrowDown', 'next'],
    ['Enter', 'open'],
    ['x', 'select'],
    ['X', 'select'],
    ['/', 'search'],
    ['?', 'help'],
    ['Escape', 'close'],
  ])('%s means %s', (key, command) => {
    expect(commandOf(pressed(key), page)).toBe(command)
  })
  it('never acts while text is typed, a word is composed or a dialog is open', () => {
    expect(commandOf(pressed('x'), { ...page, typing: true })).toBeNull()
    expect(commandOf(pressed('x'), { ...page, dialog: true })).toBeNull()
    expect(commandOf(pressed('x', { isComposing: true }), page)).toBeNull()
  })
  it('leaves the browser its own keys', () => {
    expect(commandOf(pressed('x', { ctrlKey: true }), page)).toBeNull()
    expect(commandOf(pressed('x', { metaKey: true }), page)).toBeNull()
  })
  it('leaves Enter and arrows to a control that has the focus, but not j', () => {
    expect(commandOf(pressed('Enter'), { ...page, control: true })).toBeNull()
    expect(commandOf(pressed('ArrowDown'), { ...page, control: true })).toBeNull()
    expect(commandOf(pressed('j'), { ...page, control: true })).toBe('next')
  })
  it("knows a room's own keys where they are handed in, under the same bounds, and no others", () => {
    const own = { q: 'queue' } as const
    expect(commandOf(pressed('q'), page)).toBeNull()
    expect(commandOf(pressed('Q'), page, own)).toBe('queue')
    expect(commandOf(pressed('j'), page, own)).toBe('next')
    expect(commandOf(pressed('q'), { ...page, typing: true }, own)).toBeNull()
    expect(commandOf(pressed('q', { ctrlKey: true }), page, own)).toBeNull()
  })
})
