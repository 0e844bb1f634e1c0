import { describe, expect, it } from 'vitest'
import { actFields, bodyOf } from './act-fields.ts'

describe('bodyOf', () => {
  it('sends what was entered and nothing empty', () => {
    expect(bodyOf(actFields.dispatch ?? [], { body: 'b1', task: '', stray: 1 })).toEqual({ body: 'b1' })
  })
  it('gives a visit the offset of the country', () => {
    expect(bodyOf(actFields['arrange-visit'] ?? [], { from: '2026-03-04T09:00', until: '2026-03-04T11:00' })).toEqual({
      from: '2026-03-04T09:00:00+08:00',
      until: '2026-03-04T11:00:00+08:00',
    })
  })
  it('makes numbers of numbers and trims text', () => {
    expect(bodyOf(actFields.extend ?? [], { workingDays: '5', reason: ' 等配件 ' })).toEqual({
      workingDays: 5,
      reason: '等配件',
    })
  })
})
