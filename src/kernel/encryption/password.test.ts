import { describe, expect, test } from 'vitest'
import { passwordProblem } from './index.ts'

const reason = (password: string, words?: string[]) => passwordProblem(password, words)?.key ?? null

describe('passwords', () => {
  test.each([
    ['', 'short'],
    ['Aa1!Aa1!Aa1', 'short'],
    ['修车铺门口', 'short'],
    ['password1234', 'common'],
    ['123456789012', 'common'],
    ['qwertyuiop12', 'common'],
    ['aaaaaaaaaaaaaaaa', 'common'],
    ['abcdefghijklmnop', 'common'],
    ['iloveyou1234', 'common'],
    ['1qaz2wsx3edc', 'common'],
    ['20081008200810', 'common'],
    ['woaini1314520', 'common'],
    ['linli linli linli', 'common'],
    ['P@ssw0rd1234', 'common'],
    ['x'.repeat(129), 'long'],
    ['tab\tin the middle of it', 'unreadable'],
    ['nul\u0000in the middle', 'unreadable'],
    ['half a character \ud800', 'unreadable'],
  ])('%j is refused: %s', (password, why) => {
    expect(reason(password)).toBe(`encryption.password.${why}`)
  })

  test.each(['correct gantry noodle pebble', '老槐树下有三只会唱歌的鹅', 'kW9-tulip-ladder-27'])(
    '%s is taken',
    (password) => {
      expect(reason(password)).toBeNull()
    },
  )

  test('what others know of the person does not protect', () => {
    expect(reason('zhangxiaoming1', ['zhangxiaoming'])).toBe('encryption.password.personal')
    expect(reason('13912345678abc', ['13912345678'])).toBe('encryption.password.personal')
  })

  test('a megabyte is refused by its length, before anything is judged', () => {
    expect(reason('a1'.repeat(500_000))).toBe('encryption.password.long')
  })

  test('the longest allowed password is judged', () => {
    expect(reason('aB3$'.repeat(32))).not.toBe('encryption.password.long')
  })
})
