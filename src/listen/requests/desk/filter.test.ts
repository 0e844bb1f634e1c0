import { describe, expect, it } from 'vitest'
import { countsWithout, figuresOf, firstQueue, narrowed, queryOf, readFilter } from './filter.ts'

describe('readFilter', () => {
  it('keeps what it knows and leaves out the rest', () => {
    expect(readFilter({ queue: 'overdue', words: '电梯', sort: 'due', colour: 'red', place: '' })).toEqual({
      queue: 'overdue',
      sort: 'due',
    })
  })
  it('keeps days and unit, and no day that no field could have written', () => {
    const filter = { filedFrom: '2026-03-01', dueUntil: '2026-03-09', body: 'b' }
    expect(readFilter({ ...filter, filedUntil: '1 March', dueFrom: 20260301 })).toEqual(filter)
    expect([{ filedFrom: '2026-03-01' }, { dueUntil: '2026-03-01' }, { body: 'b' }].map(narrowed)).toEqual([
      true,
      true,
      true,
    ])
    expect(narrowed({ queue: 'mine', words: '灯', sort: 'due' })).toBe(false)
  })
  it('keeps what a figure opens with', () => {
    const filter = { result: 'said', answered: 'missed', moved: 'returned', kind: '环境', within: 'itself', place: 'p' }
    expect(readFilter(filter)).toEqual(filter)
    expect(readFilter({ result: 'all', answered: 'soon', moved: 'about', within: 'everything' })).toEqual({})
    expect(narrowed({ kind: '-' }) && narrowed({ answered: 'late' })).toBe(true)
  })
  it('opens an old or mistyped link', () => {
    expect(readFilter({ queue: 'gone', sort: 'sideways', body: 7, state: ['a'] })).toEqual({ body: '7' })
  })
})

describe('queryOf', () => {
  it('is the query of the address, read back as it was', () => {
    const filter = { queue: 'overdue', body: '路灯 & 7=栋', sort: 'due', filedFrom: '2026-03-01' } as const
    expect(readFilter(Object.fromEntries(new URLSearchParams(queryOf(filter))))).toEqual(filter)
  })
  it('leaves out how far somebody had read, and what is not set', () => {
    expect(queryOf({ queue: 'mine', after: 'x', limit: 50, words: undefined } as never)).toBe('queue=mine')
  })
})

it('is counted without what one’s own body handled only where it is of what residents said', () => {
  expect((['solved', 'partly', 'unsolved'] as const).map((result) => countsWithout({ result }))).toEqual([
    true,
    true,
    true,
  ])
  expect([{}, { result: 'unconfirmed' as const }, { result: 'merged' as const }].map(countsWithout)).toEqual([
    false,
    false,
    false,
  ])
})

it('leads to the figures of its place and of whole months, and of this month where it has no end', () => {
  expect(figuresOf({ place: 'p', filedFrom: '2026-03-01', filedUntil: '2026-04-30' })).toEqual({
    place: 'p',
    from: '2026-03',
    until: '2026-04',
  })
  expect(figuresOf({ filedFrom: '2026-03-01' })).toEqual({})
})

describe('firstQueue', () => {
  it('opens the first queue with work in it', () => {
    expect(firstQueue({ 'to-accept': 0, 'to-dispatch': 3, mine: 4 })).toBe('to-dispatch')
    expect(firstQueue({})).toBe('all')
  })
})
