import { describe, expect, it } from 'vitest'
import { actFields, bodyOf, standing } from './act-fields.ts'

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

describe('what stands in the fields', () => {
  const visit = {
    id: 'v',
    from: '2026-03-04T01:00:00.000Z',
    until: '2026-03-04T03:00:00.000Z',
    note: '带梯子',
    by: 'unit',
    agreed: false,
  }
  const request = { visit, title: '灯', text: '灯坏了', spot: null }
  it('is the visit that is moved, by the clock of the country, and comes back as it was', () => {
    expect(standing('move-visit', request)).toEqual({
      from: '2026-03-04T09:00',
      until: '2026-03-04T11:00',
      note: '带梯子',
    })
    expect(bodyOf(actFields['move-visit'] ?? [], standing('move-visit', request))).toMatchObject({
      from: '2026-03-04T09:00:00+08:00',
    })
    expect(standing('arrange-visit', request)).toEqual({})
  })
  it('is what the resident told, where staff correct it for them', () => {
    expect(bodyOf(actFields.correct ?? [], standing('correct', request))).toEqual({ title: '灯', text: '灯坏了' })
  })
})

it('every text that is written down says who will read it', () => {
  const silent = Object.entries(actFields).flatMap(([act, fields]) =>
    fields.filter((field) => field.kind === 'long' && !field.readBy).map((field) => `${act}.${field.name}`),
  )
  expect(silent).toEqual([])
})
