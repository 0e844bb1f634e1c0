import { expect, test } from 'vitest'
import { builtInDeadlines } from '#organise/settings/index.ts'
import { defaultRequestSettings, promiseOf } from './deadlines.ts'

test('what is promised where a place sets nothing else is what people are used to', () => {
  expect(builtInDeadlines.promised).toEqual({ prompt: 1, common: 5, complex: 10 })
  expect(defaultRequestSettings).toMatchObject({
    acknowledge: { hours: 2 },
    urgent: { hours: 2 },
    judgeDays: 7,
    reopenDays: 30,
  })
})

test('urgent goes by the hour, whatever its category promises', () => {
  expect(promiseOf('urgent', 10, defaultRequestSettings)).toEqual({ hours: 2 })
  expect(promiseOf('ordinary', 10, defaultRequestSettings)).toEqual({ workingDays: 10 })
})
