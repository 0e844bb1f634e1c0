import { describe, expect, test } from 'vitest'
import { findKept, liesIn, ownPlace, placeAt } from './phone-place.ts'

const place = (path: string, kind: string, label: string, more: object = {}) =>
  ({
    id: path,
    path,
    kind,
    name: label,
    nameEn: null,
    label,
    fullName: `扬州市邗江区邗上街道${label}`,
    own: false,
    longitude: null,
    latitude: null,
    ...more,
  }) as Parameters<typeof findKept>[1][number]

const subdistrict = place('a/', 'subdistrict', '邗上街道')
const wuli = place('a/1/', 'community', '五里社区', { name: '五里社区居民委员会', nameEn: 'Wuli' })
const grid = place('a/1/g01/', 'grid', '第一网格', {
  fullName: '邗江区邗上街道五里社区第一网格',
  longitude: 119.41,
  latitude: 32.39,
})
const building = place('a/1/b03/', 'building', '3号楼', {
  fullName: '邗江区邗上街道五里社区3号楼',
  longitude: 119.412,
  latitude: 32.392,
})
const lanyuan = place('a/2/', 'community', '兰苑社区')
const all = [subdistrict, wuli, lanyuan, grid, building]
const own = (...places: (typeof all)[number][]) =>
  all.map((one) => (places.includes(one) ? { ...one, own: true } : one))

describe('the place that stands in the form', () => {
  test('is that of the post, and of two within each other the inner one', () => {
    expect(ownPlace(own(wuli), ['a/'])?.label).toBe('五里社区')
    expect(ownPlace(own(wuli, grid), ['a/1/'])?.label).toBe('第一网格')
  })
  test('is none for a whole subdistrict, for two that lie apart, and where nothing may be entered', () => {
    expect(ownPlace(own(subdistrict), ['a/'])).toBeNull()
    expect(ownPlace(own(wuli, lanyuan), ['a/'])).toBeNull()
    expect(ownPlace(own(wuli), ['a/2/'])).toBeNull()
    expect(ownPlace(own(wuli), [])).toBeNull()
  })
})

test('a place is one’s own beneath what one takes down for, and never where that is not known', () => {
  expect(liesIn(wuli, ['a/1/'])).toBe(true)
  expect(liesIn(grid, ['b/', 'a/'])).toBe(true)
  expect(liesIn(subdistrict, ['a/1/'])).toBe(false)
  expect(liesIn(lanyuan, ['a/1/'])).toBe(false)
  expect(liesIn({}, ['a/'])).toBe(false)
})

describe('finding without network', () => {
  test.each([
    ['五里', ['五里社区', '第一网格', '3号楼']],
    ['五里居委会', ['五里社区', '第一网格', '3号楼']],
    ['五里 网格', ['第一网格']],
    ['３号楼', ['3号楼']],
    ['wuli', ['五里社区']],
    ['社区', ['五里社区', '兰苑社区']],
    ['没有的', []],
  ])('%s', (typed, labels) => {
    expect(findKept(typed, all).map((one) => one.label)).toEqual(labels)
  })
})

describe('the place of a point', () => {
  const at = (longitude: number, latitude: number, places = all) => placeAt({ longitude, latitude }, places)?.label
  test('is the building at its door, else one’s own place round it, else the community', () => {
    expect(at(119.412, 32.3921)).toBe('3号楼')
    expect(at(119.4105, 32.3905, own(grid))).toBe('第一网格')
    expect(at(119.4105, 32.3905)).toBe('五里社区')
  })
  test('is none where nothing known is near', () => {
    expect(at(119.5, 32.39)).toBeUndefined()
    expect(at(119.41, 32.39, [wuli, lanyuan])).toBeUndefined()
  })
})
