import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HeldModels, mostHeld, suggesterOf } from './held.ts'
import { Suggester } from './suggest.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const make = () => new Suggester([])
const line = ['32/', '32/10/', '32/10/03/']

test('a model is let go as a newer one of its place is seen, with all that suggests by it; others stay', () => {
  const models = new HeldModels()
  const old = models.hold({ id: 'old', path: '32/10/' }, null)
  const suggester = suggesterOf(old, '32/10/03/', 'categories', make)
  expect(suggesterOf(old, '32/10/03/', 'categories', make)).toBe(suggester)
  expect(suggesterOf(old, '32/10/03/', 'other categories', make)).not.toBe(suggester)
  models.hold({ id: 'above', path: '32/' }, null)
  models.hold({ id: 'elsewhere', path: '33/' }, null)

  models.keepOnly(line, [
    { id: 'old', path: '32/10/' },
    { id: 'above', path: '32/' },
  ])
  expect(models.get('old')).toBe(old)
  models.keepOnly(line, [
    { id: 'new', path: '32/10/' },
    { id: 'above', path: '32/' },
  ])
  expect(models.get('old')).toBeUndefined()
  expect(models.get('above')).toBeDefined()
  // Nothing could be learned: nothing stands, and nothing takes its place.
  models.keepOnly(line, [])
  expect(models.get('above')).toBeUndefined()
  expect(models.get('elsewhere')).toBeDefined()
  // Nothing else keeps what was let go in memory.
  expect(vi.getTimerCount()).toBe(1)
})

test('a model is let go after an hour, whether anybody asks or not', () => {
  const models = new HeldModels()
  models.hold({ id: 'one', path: '32/' }, null)
  vi.advanceTimersByTime(mostHeld - 1)
  const held = models.get('one')
  expect(held).toBeDefined()
  vi.advanceTimersByTime(1)
  expect(models.get('one')).toBeUndefined()
  // Read again, it stays for an hour of its own.
  models.hold({ id: 'one', path: '32/' }, null)
  vi.advanceTimersByTime(mostHeld / 2)
  models.hold({ id: 'one', path: '32/' }, null)
  vi.advanceTimersByTime(mostHeld - 1)
  expect(models.get('one')).toBeDefined()
  expect(vi.getTimerCount()).toBe(1)
})

test('no more than a few are held', () => {
  const models = new HeldModels()
  const ids = Array.from({ length: 20 }, (_, at) => `model ${at}`)
  for (const id of ids) models.hold({ id, path: `${id}/` }, null)
  expect(ids.filter((id) => models.get(id)).length).toBeLessThanOrEqual(8)
  expect(models.get('model 19')).toBeDefined()
})
