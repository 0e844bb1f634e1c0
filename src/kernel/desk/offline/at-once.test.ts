import { beforeEach, expect, test, vi } from 'vitest'
import { dropAtOnce, keepAtOnce, keptAtOnce, wipeAtOnce } from './at-once.ts'

/** A browser's store: its keys are its own properties, its methods are not. */
class KeptStore {
  getItem(name: string) {
    return (this as Record<string, unknown>)[name] ?? null
  }
  setItem(name: string, value: string) {
    Object.assign(this, { [name]: value })
  }
  removeItem(name: string) {
    delete (this as Record<string, unknown>)[name]
  }
}

beforeEach(() => {
  vi.stubGlobal('localStorage', new KeptStore())
  vi.stubGlobal('sessionStorage', new KeptStore())
})

test('what is kept at once is there at once, for its person and its place alone', () => {
  keepAtOnce('browser', 'a', 'phone-line', { text: '井盖松了' })
  expect(keptAtOnce('browser', 'a', 'phone-line')).toMatchObject({ value: { text: '井盖松了' } })
  expect(keptAtOnce('browser', 'b', 'phone-line')).toBeNull()
  expect(keptAtOnce('tab', 'a', 'phone-line')).toBeNull()
  dropAtOnce('browser', 'a', 'phone-line')
  expect(keptAtOnce('browser', 'a', 'phone-line')).toBeNull()
})

test('somebody else who signs in finds nothing; signing out leaves nothing; what is not the desk’s stays', () => {
  localStorage.setItem('linli-desk-language', 'en')
  for (const person of ['a', 'b'])
    for (const keeping of ['browser', 'tab'] as const) keepAtOnce(keeping, person, 'x', 1)
  wipeAtOnce('b')
  expect([keptAtOnce('browser', 'a', 'x'), keptAtOnce('tab', 'a', 'x')]).toEqual([null, null])
  expect(keptAtOnce('tab', 'b', 'x')?.value).toBe(1)
  wipeAtOnce()
  expect(keptAtOnce('browser', 'b', 'x')).toBeNull()
  expect(localStorage.getItem('linli-desk-language')).toBe('en')
})

test('a browser that keeps nothing, or that was meddled with, is no trouble', () => {
  localStorage.setItem('linli-desk-at-once/a/x', '{')
  expect(keptAtOnce('browser', 'a', 'x')).toBeNull()
  vi.stubGlobal('localStorage', undefined)
  keepAtOnce('browser', 'a', 'x', 1)
  expect(keptAtOnce('browser', 'a', 'x')).toBeNull()
  dropAtOnce('browser', 'a', 'x')
  wipeAtOnce()
})
