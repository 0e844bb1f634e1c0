import { afterEach, expect, test, vi } from 'vitest'
import { progressBar } from './terminal.ts'

afterEach(() => vi.restoreAllMocks())

/** A stream that keeps what it is told, and a clock that is moved by hand. */
function terminal(isTTY: boolean) {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const told: string[] = []
  const stream = { isTTY, columns: 80, write: (text: string) => told.push(text) > 0 } as unknown as NodeJS.WriteStream
  return { told, bar: progressBar({ zh: '导入', en: 'Importing' }, stream), wait: (by: number) => (now += by) }
}

test('a bar stands on a terminal, for work of over a second', () => {
  const { told, bar, wait } = terminal(true)
  wait(900)
  bar.report(1, 4)
  expect(told).toEqual([])
  wait(200)
  bar.report(2, 4)
  expect(told.join('')).toMatch(/█+░+ 50%/)
  bar.end()
  expect(told.at(-1)).toBe('\r\x1b[K')
})

test('it says how far it is where nobody knows the whole, and not at every step', () => {
  const { told, bar, wait } = terminal(true)
  wait(1_100)
  bar.report(1_234, null)
  bar.report(1_235, null)
  expect(told).toHaveLength(1)
  expect(told[0]).toContain('1,234')
})

test('nothing stands elsewhere, however long it takes', () => {
  const { told, bar, wait } = terminal(false)
  wait(60_000)
  bar.report(2, 4)
  bar.end()
  expect(told).toEqual([])
})
