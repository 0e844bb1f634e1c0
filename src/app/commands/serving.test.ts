import { expect, test } from 'vitest'
import { endsWithin } from './serving.ts'

test('what hangs is waited for no longer; what ends or fails says so', async () => {
  expect(await endsWithin(5, new Promise(() => undefined))).toBe(false)
  expect(await endsWithin(60_000, Promise.resolve())).toBe(true)
  await expect(endsWithin(60_000, Promise.reject(new Error('no')))).rejects.toThrow('no')
})
