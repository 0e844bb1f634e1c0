import { expect, test } from 'vitest'
import { searchWords } from './laws.rules.ts'

test.each([
  ['物业 收费', ['物业', '收费']],
  ['《物业管理条例》，第四十条；', ['物业管理条例', '第四十条']],
  ['ＡＢＣ　12345', ['ABC', '12345']],
  ['  ', []],
  ['1 2 3 4 5 6 7 8 9', ['1', '2', '3', '4', '5', '6', '7', '8']],
])('%s is looked for as %j', (typed, words) => {
  expect(searchWords(typed)).toEqual(words)
})
