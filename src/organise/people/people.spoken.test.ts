import { expect, test } from 'vitest'
import { registerWords } from '#kernel/words/index.ts'
import { wordsWords } from '#kernel/words/words.words.ts'
import { spokenFact, spokenPhone } from './people.spoken.ts'

registerWords(wordsWords)
const now = new Date('2026-11-24T02:00:00Z')
const said = (value: string | number | null, spoken?: string) =>
  spokenFact({ label: 'x', value, ...(spoken === undefined ? {} : { spoken }) }, 'zh-CN', now)

test.each([
  ['+8613800001234', '138 0000 1234'],
  ['+8651487654321', '0514 8765 4321'],
  ['+861087654321', '010 8765 4321'],
  ['+447911123456', '+447911123456'],
  ['五里路 1 号', '五里路 1 号'],
])('%s is said as %s', (text, spoken) => expect(spokenPhone(text)).toBe(spoken))

test('moments are said as days, numbers as they are read aloud, nothing as a dash', () => {
  expect(said('2026-11-24T01:20:00.123+00:00')).toBe('今天 09:20')
  expect(said('2026-11-23T01:20:00Z')).toBe('昨天 09:20')
  expect(said(1000014, '1 000 014')).toBe('1 000 014')
  expect(said(null)).toBe('—')
  // A text that only begins like a moment stays as it was written.
  expect(said('2026-11-24T01:20 灯又灭了')).toBe('2026-11-24T01:20 灯又灭了')
})
