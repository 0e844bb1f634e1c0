import { expect, it } from 'vitest'
import { holdsNumber, isPhoneTyped } from './phone-typed.ts'

it.each([
  '13800000001',
  '138 0000 0001',
  '+86 138-0000-0001',
  '８６１３８０００００００１',
  '0514-87654321',
  '(010) 87654321',
  '+81 3 1234 5678',
])('%s is a telephone and stays out of the address', (typed) => expect(isPhoneTyped(typed)).toBe(true))

it.each(['1 000 014', '1000014', '014', '路灯', 'LQ20241105-03', '20241105001', '12345', '138', ''])(
  '%s is none',
  (typed) => expect(isPhoneTyped(typed)).toBe(false),
)

it.each(['19900', '199 0000 0088', '０５１４-８７', '张三 19900000088'])('%s is asked of no list of places', (typed) =>
  expect(holdsNumber(typed)).toBe(true),
)
it.each(['三号楼', '永安里 1024', '12幢3单元', '中山路 1 号 2 号'])('%s may be a place', (typed) =>
  expect(holdsNumber(typed)).toBe(false),
)
