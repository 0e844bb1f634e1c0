import { describe, expect, it } from 'vitest'
import { firstQueue, readFilter } from './filter.ts'

describe('readFilter', () => {
  it('keeps what it knows and leaves out the rest', () => {
    expect(readFilter({ queue: 'overdue', words: '电梯', sort: 'due', colour: 'red', place: '' })).toEqual({
      queue: 'overdue',
      words: '电梯',
      sort: 'due',
    })
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
