import { describe, expect, it } from 'vitest'
import type { RequestView } from '../requests.desk.api.ts'
import { actOf, couldSucceed } from './phone-again.ts'

const id = '01900000-0000-7000-8000-000000000001'
const url = (act: string) => `/api/requests/${id}/${act}`
const stands = {
  can: ['acknowledge', 'move-visit', 'note'],
  parts: [{ id: 'p1', mine: true }],
  visit: { id: 'v1' },
} as unknown as Pick<RequestView, 'can' | 'parts' | 'visit'>
const refused = (act: string, body: object = {}, status = 409) => ({
  url: url(act),
  body,
  refusal: { status, sentence: 'x' },
})

describe('a refused act', () => {
  it('is known by its address', () => {
    expect(actOf(url('move-visit'))).toBe('move-visit')
    expect(actOf(url('nothing-such'))).toBeNull()
  })
  it('may go out again while the request still offers it', () => {
    expect(couldSucceed(refused('note', { text: 'x' }), stands)).toBe(true)
    expect(couldSucceed(refused('acknowledge', { part: 'p1' }), stands)).toBe(true)
    expect(couldSucceed(refused('move-visit', { visit: 'v1' }), stands)).toBe(true)
  })
  it('is of no use where the request offers it no longer', () => {
    expect(couldSucceed(refused('answer', { text: 'x' }), stands)).toBe(false)
  })
  it('is of no use where its part or its visit is no more', () => {
    expect(couldSucceed(refused('acknowledge', { part: 'p2' }), stands)).toBe(false)
    expect(couldSucceed(refused('move-visit', { visit: 'v2' }), stands)).toBe(false)
  })
  it.each([400, 422])('is of no use where it was wrong in itself: %i', (status) => {
    expect(couldSucceed(refused('note', { text: 'x' }, status), stands)).toBe(false)
  })
})
