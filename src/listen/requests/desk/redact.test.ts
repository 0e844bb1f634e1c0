import { expect, it } from 'vitest'
import { redact } from './redact.ts'

it('replaces what was found in any order and never twice', () => {
  const text = '我叫某某，电话13800000000，住3栋'
  const phone = { from: 7, until: 18, replacement: '（电话）' }
  const name = { from: 2, until: 4, replacement: '（姓名）' }
  const within = { from: 9, until: 12, replacement: '×' }
  expect(redact(text, [phone, within, name])).toBe('我叫（姓名），电话（电话），住3栋')
  expect(redact(text, [])).toBe(text)
})
