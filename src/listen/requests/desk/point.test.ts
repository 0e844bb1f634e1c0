import { expect, test } from 'vitest'
import { pointOf, pointText } from './point.ts'

test.each([
  ['32.39420, 119.41290', { latitude: 32.3942, longitude: 119.4129 }],
  ['119.4129，32.3942', { latitude: 32.3942, longitude: 119.4129 }],
  ['北纬 32.3942°，东经 119.4129°', { latitude: 32.3942, longitude: 119.4129 }],
  ['51.5, 0.12', null],
  ['32.3942', null],
  ['7 栋 2 单元', null],
  ['', null],
])('%j is a point or none', (text, point) => {
  expect(pointOf(text)).toEqual(point)
  if (point) expect(pointOf(pointText(point))).toEqual(point)
})
