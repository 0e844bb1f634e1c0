import { expect, test } from 'vitest'
import { channels } from '../requests.api.ts'
import { channelAtFirst, writtenDown } from './phone-channel.ts'

const community = '32/10/03/001/001/'
const grid = '32/10/03/001/001/g01/'

test.each([
  ['at a desk, a call', { last: null, narrow: false, paths: [community] }, 'phone'],
  ['on a telephone in the hand, a visit', { last: null, narrow: true, paths: [community] }, 'visit'],
  ['for a post at a grid, a visit, on any screen', { last: null, narrow: false, paths: [grid] }, 'visit'],
  ['for one who also serves the community, a call', { last: null, narrow: false, paths: [grid, community] }, 'phone'],
  ['without a post, a call', { last: null, narrow: false, paths: [] }, 'phone'],
  ['what was chosen last, before anything else', { last: 'window', narrow: true, paths: [grid] }, 'window'],
  ['nothing that is none', { last: 'web', narrow: false, paths: [community] }, 'phone'],
  ['nothing that is unknown', { last: '<x>', narrow: true, paths: [] }, 'visit'],
] as const)('%s', (_, at, channel) => {
  expect(channelAtFirst(at)).toBe(channel)
})

test('every way but those that come without a member of staff', () => {
  expect([...writtenDown].sort()).toEqual(
    channels.filter((each) => each !== 'web' && each !== 'card' && each !== 'system').sort(),
  )
})
