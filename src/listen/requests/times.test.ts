import { expect, test } from 'vitest'
import { builtInDeadlines } from '#organise/settings/index.ts'
import { defaultRequestSettings, promisedDaysByDefault } from './requests.rules.ts'

test('the times that bound the settings of a place are those that hold where nobody has set any', () => {
  const { promised, ...times } = builtInDeadlines
  const { dueSoonShare: _share, ...counted } = defaultRequestSettings
  expect(times).toEqual(counted)
  expect(promised).toEqual(promisedDaysByDefault)
})
