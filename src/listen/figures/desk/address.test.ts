import { describe, expect, it } from 'vitest'
import { counts } from '../figures.api.ts'
import { listOf, readFigureSearch, scopeOf } from './address.ts'

const place = '01990000-0000-7000-8000-000000000001'
const months = { from: '2026-01', until: '2026-02' }
const days = { filedFrom: '2026-01-01', filedUntil: '2026-02-28' }

describe('readFigureSearch', () => {
  it('keeps a place and a whole span, and leaves out the rest', () => {
    expect(readFigureSearch({ place, ...months, sort: 'worst' })).toEqual({ place, ...months })
    expect(readFigureSearch({ place: '', from: '2026-13', until: '2026-02' })).toEqual({})
    expect(readFigureSearch({ from: '2026-01' })).toEqual({})
    expect(readFigureSearch({ from: 2026, until: ['2026-02'] })).toEqual({})
  })
  it('keeps a place that is none, so that the page can say so', () => {
    expect(readFigureSearch({ place: 'here' })).toEqual({ place: 'here' })
    expect(readFigureSearch({ place: 5, from: '2026-13' })).toEqual({ place: '5' })
  })
})

describe('listOf', () => {
  it('names place and days for every count, and no two counts open the same list', () => {
    const lists = counts.map((count) => listOf({ place, ...months }, count))
    for (const list of lists) expect(list).toMatchObject({ queue: 'all', place, ...days })
    expect(new Set(lists.map((list) => JSON.stringify(list))).size).toBe(counts.length)
  })
  it('opens what is overdue now whenever it was filed', () => {
    expect(listOf({ place, ...months }, 'overdue')).toEqual({ queue: 'overdue', place })
  })
  it('keeps apart a kind, no kind, and every kind', () => {
    expect(listOf({ place, ...months, kind: '环境' }, 'closed')).toMatchObject({ kind: '环境', state: 'closed' })
    expect(listOf({ place, ...months, kind: null }, 'told')).toMatchObject({ kind: '-' })
    expect(listOf({ place, ...months }, 'told')).not.toHaveProperty('kind')
  })
})

describe('scopeOf', () => {
  const part = { id: '01990000-0000-7000-8000-000000000002', name: '五里社区' }
  it('is the part, or the place itself without its parts', () => {
    expect(scopeOf({ place: part }, { place, ...months }, months)).toEqual({ place: part.id, ...months })
    expect(listOf(scopeOf({ place: null }, { place, ...months }, months) ?? { place: '', ...months }, 'told')).toEqual({
      queue: 'all',
      place,
      within: 'itself',
      ...days,
    })
  })
  it('is none where several places are read that lie in no common one', () => {
    expect(scopeOf({ place: null }, null, months)).toBeNull()
  })
})
