import { describe, expect, test } from 'vitest'
import type { Row } from '../requests.lists.api.ts'
import { keptRowsFor, type OwnRows } from './phone-rows.ts'

const row = (id: string, more: Partial<Row> = {}) =>
  ({
    id,
    number: `3210-000${id}`,
    title: `第${id}件`,
    state: 'dispatched',
    urgency: 'ordinary',
    channel: 'web',
    placeName: '五里社区',
    deadline: null,
    supervised: false,
    ...more,
  }) as Row
const due = (at: string) => ({ deadline: { step: 'answer', at, since: at, workingMinutes: 0, late: false } })

// Ten in the morning in Shanghai.
const now = Date.parse('2026-11-23T02:00:00Z')
const own: OwnRows = {
  mine: [row('1', due('2026-11-23T10:00:00Z')), row('2', { urgency: 'urgent', ...due('2026-11-23T01:00:00Z') })],
  unit: [row('2', due('2026-11-23T01:00:00Z')), row('3', { title: '三楼灯座', ...due('2026-11-23T16:30:00Z') })],
}
const found = (filter: Parameters<typeof keptRowsFor>[0]) => keptRowsFor(filter, own, now).map((one) => one.id)

describe('lists out of what was taken along', () => {
  test('one’s own, the unit’s, and both without doubles', () => {
    expect(found({ queue: 'mine' })).toEqual(['1', '2'])
    expect(found({ queue: 'unit' })).toEqual(['2', '3'])
    expect(found({ queue: 'all' })).toEqual(['1', '2', '3'])
  })
  test('what is due today ends with the day of the place, what is late is before now', () => {
    expect(found({ queue: 'due-today' })).toEqual(['1'])
    expect(found({ queue: 'overdue' })).toEqual(['2'])
  })
  test('words and narrowing', () => {
    expect(found({ words: '灯座' })).toEqual(['3'])
    expect(found({ words: '32100001' })).toEqual(['1'])
    expect(found({ queue: 'mine', urgency: 'urgent' })).toEqual(['2'])
    expect(found({ words: '没有' })).toEqual([])
  })
})
