import { expect, test } from 'vitest'
import { goesOn } from './goes-on.ts'

const before = { title: '路灯', text: '路灯不亮', place: 'five' }

test.each([
  ['the same', before, true],
  ['typed on', { ...before, text: '路灯不亮，三天了 ', title: '路灯不亮' }, true],
  ['a space at the end taken back', { ...before, text: '路灯不亮' }, true],
  ['the next call, its text empty', { place: 'five', text: '' }, false],
  ['other words', { ...before, text: '电梯停了' }, false],
  ['shortened', { ...before, text: '路灯' }, false],
  ['another place', { ...before, place: 'beside' }, false],
  ['no place yet', { ...before, place: undefined }, false],
  ['another title', { ...before, title: '电梯' }, false],
])('%s', (_, now, stands) => {
  expect(goesOn({ ...before, text: '路灯不亮 ' }, now)).toBe(stands)
})

test('nothing was found for nothing', () => {
  expect(goesOn({ place: 'five' }, { place: 'five', text: '路灯' })).toBe(false)
  expect(goesOn({ text: '路灯' }, { text: '路灯' })).toBe(false)
})
