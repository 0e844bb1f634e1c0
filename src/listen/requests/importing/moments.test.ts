import { expect, test } from 'vitest'
import { readMoment } from './moments.ts'

const now = new Date('2026-03-01T00:00:00Z')
const morning = '2024-03-05T01:07:00.000Z'

test.each([
  ['2024-03-05 09:07', morning],
  ['2024/3/5 9:07', morning],
  ['2024.3.5 9:07:00', morning],
  ['2024-03-05T09:07:00+08:00', morning],
  ['2024-03-05T01:07:00Z', morning],
  ['2024-03-05T01:07:00.000Z', morning],
  ['2024-03-05 10:07 +0900', morning],
  ['2024-03-05 09:07 CST', morning],
  ['2024-03-05 01:07 UTC', morning],
  ['2024-03-05 09:07 UTC+8', morning],
  ['2024-03-05 09:07 北京时间', morning],
  ['2024年3月5日 9时7分', morning],
  ['2024年3月5日9点07分', morning],
  ['2024年03月05日 09:07:00', morning],
  ['2024年3月5号上午9:07', morning],
  ['24年3月5日 9:07', morning],
  ['２０２４／３／５　９：０７', morning],
  ['2024/3/5 星期二 9:07', morning],
  ['2024/3/5 9:07 AM', morning],
  ['202403050907', morning],
  ['20240305090700', morning],
  ['20240305 0907', morning],
  ['20240305 09:07', morning],
  ['1709600820', morning],
  ['1709600820000', morning],
  ['45356.379861111111', morning],
  [45356.37986111111, morning],
  [new Date('2024-03-05T09:07:00Z'), morning],
  ['2024年3月5日下午3点半', '2024-03-05T07:30:00.000Z'],
  ['2024-3-5 3:20 pm', '2024-03-05T07:20:00.000Z'],
  ['2024-3-5 中午12:30', '2024-03-05T04:30:00.000Z'],
  ['2024-3-5 凌晨12:30', '2024-03-04T16:30:00.000Z'],
  ['2024-3-5 24:00', '2024-03-05T16:00:00.000Z'],
  ['2024-3-5', '2024-03-04T16:00:00.000Z'],
  ['20240305', '2024-03-04T16:00:00.000Z'],
  ['45356', '2024-03-04T16:00:00.000Z'],
  ['2024年2月29日', '2024-02-28T16:00:00.000Z'],
])('%s is %s', (typed, at) => {
  const read = readMoment(typed, now)
  expect('at' in read ? new Date(read.at).toISOString() : read.reason).toBe(at)
})

test.each([
  ['昨天', 'time-relative'],
  ['昨天 9:07', 'time-relative'],
  ['3天前', 'time-relative'],
  ['上周五', 'time-relative'],
  ['yesterday', 'time-relative'],
  ['3/5/2024', 'time-order'],
  ['05-03-24', 'time-order'],
  ['2024-02-30', 'time-impossible'],
  ['2023年2月29日', 'time-impossible'],
  ['2024-13-01', 'time-impossible'],
  ['2024-03-05 25:00', 'time-impossible'],
  ['2024-03-05 12:61', 'time-impossible'],
  ['2024-03-05 13:07 PM', 'time-impossible'],
  ['20241301', 'time-impossible'],
  ['2026-05-01', 'time-future'],
  ['1990-01-01', 'time-old'],
  ['1900-01-01', 'time-old'],
  ['2', 'time-unread'],
  ['一会儿', 'time-unread'],
  ['2024年', 'time-unread'],
  ['2024-03-05 九点', 'time-unread'],
  ['=1+1', 'time-unread'],
])('%s is refused: %s', (typed, reason) => {
  expect(readMoment(typed, now)).toEqual({ reason })
})
