import { expect, it } from 'vitest'
import { bodyOf, type Section, sections, typedOf } from './sections.ts'

const categories = sections[0] as Section
const item = {
  id: '1',
  version: 1,
  inheritedFrom: null,
  level1: '房屋',
  level2: '电梯',
  level3: '电梯维修',
  level1En: null,
  promisedDays: 5,
  usualBody: null,
  usualKind: 'property_manager',
}

it('sends empty as null, numbers as numbers, and keeps what the form does not show', () => {
  const typed = { ...typedOf(categories, item), promisedDays: '3', level2: ' 电梯 ' }
  expect(bodyOf(categories, typed, item)).toEqual({
    usualKind: 'property_manager',
    level1: '房屋',
    level2: '电梯',
    level3: '电梯维修',
    level1En: null,
    level2En: null,
    level3En: null,
    promisedDays: 3,
    usualBody: null,
  })
})
