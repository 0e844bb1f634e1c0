import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { queryOf, readFilter } from './filter.ts'
import { forgetWords, keepWords, wordsOf } from './list-words.ts'

beforeEach(() => {
  const kept: Record<string, string> = {}
  const hidden = (value: unknown) => ({ value, enumerable: false })
  Object.defineProperties(kept, {
    setItem: hidden((name: string, value: string) => (kept[name] = value)),
    getItem: hidden((name: string) => kept[name] ?? null),
    removeItem: hidden((name: string) => delete kept[name]),
  })
  vi.stubGlobal('sessionStorage', kept)
})
afterEach(() => vi.unstubAllGlobals())

test('the address of a search holds neither name nor number', () => {
  const found = keepWords('张三 19900000088')
  expect(found).toMatch(/^[0-9a-f]{8}$/)
  expect(wordsOf(found)).toBe('张三 19900000088')
  expect(readFilter({ queue: 'all', words: '张三 19900000088', found })).toEqual({ queue: 'all', found })
  expect(readFilter({ found: '张三' })).toEqual({})
  expect(queryOf({ queue: 'all', words: '张三' })).toBe('queue=all')
})

test('words are gone after the sign-out, and another tab has none', () => {
  const found = keepWords('张三')
  expect(Object.values(sessionStorage)).toEqual(['张三'])
  forgetWords()
  expect(wordsOf(found)).toBeUndefined()
  expect(Object.values(sessionStorage)).toEqual([])
  expect(wordsOf(undefined)).toBeUndefined()
})

test('a browser that keeps nothing still searches', () => {
  vi.stubGlobal('sessionStorage', undefined)
  expect(wordsOf(keepWords('路灯'))).toBe('路灯')
  forgetWords()
})
