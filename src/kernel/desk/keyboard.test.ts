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
    ['r', 'accept'],
    ['d', 'dispatch'],
    ['D', 'dispatch'],
    ['a', 'answer'],
    ['x', 'select'],
    ['/', 'search'],
    ['?', 'help'],
    ['Escape', 'close'],
  ])('%s means %s', (key, command) => {
    expect(commandOf(pressed(key), page)).toBe(command)
  })
  it('never acts while text is typed, a word is composed or a dialog is open', () => {
    expect(commandOf(pressed('d'), { ...page, typing: true })).toBeNull()
    expect(commandOf(pressed('d'), { ...page, dialog: true })).toBeNull()
    expect(commandOf(pressed('d', { isComposing: true }), page)).toBeNull()
  })
  it('leaves the browser its own keys', () => {
    expect(commandOf(pressed('d', { ctrlKey: true }), page)).toBeNull()
    expect(commandOf(pressed('a', { metaKey: true }), page)).toBeNull()
  })
  it('leaves Enter and arrows to a control that has the focus, but not j', () => {
    expect(commandOf(pressed('Enter'), { ...page, control: true })).toBeNull()
    expect(commandOf(pressed('ArrowDown'), { ...page, control: true })).toBeNull()
    expect(commandOf(pressed('j'), { ...page, control: true })).toBe('next')
  })
  it('knows nothing of other keys', () => {
    expect(commandOf(pressed('q'), page)).toBeNull()
  })
})
