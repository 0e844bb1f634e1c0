import { describe, expect, it } from 'vitest'
import { firstQueue, narrowed, readFilter } from './filter.ts'

describe('readFilter', () => {
  it('keeps what it knows and leaves out the rest', () => {
    expect(readFilter({ queue: 'overdue', words: '电梯', sort: 'due', colour: 'red', place: '' })).toEqual({
      queue: 'overdue',
      words: '电梯',
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
  it('opens an old or mistyped link', () => {
    expect(readFilter({ queue: 'gone', sort: 'sideways', words: 7, state: ['a'] })).toEqual({ words: '7' })
  })
})

describe('firstQueue', () => {
  it('opens the first queue with work in it', () => {
    expect(firstQueue({ 'to-accept': 0, 'to-dispatch': 3, mine: 4 })).toBe('to-dispatch')
    expect(firstQueue({})).toBe('all')
  })
})
