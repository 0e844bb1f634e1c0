import { describe, expect, it } from 'vitest'
import { drain, outcomeOf, type Store, sendable, type WaitingAct } from './queue.ts'

const act = (id: string, more: Partial<WaitingAct> = {}): WaitingAct => ({
  id,
  person: 'ann',
  method: 'POST',
  url: `/api/requests/${id}/notes`,
  body: {},
  version: null,
  record: null,
  title: 'note',
  at: `2026-01-01T00:00:0${id}Z`,
  refusal: null,
  ...more,
})

function memory(acts: WaitingAct[]): Store & { held: Map<string, WaitingAct> } {
  const held = new Map(acts.map((one) => [one.id, one]))
  return {
    held,
    all: async () => [...held.values()],
    put: async (one) => void held.set(one.id, one),
    remove: async (id) => void held.delete(id),
  }
}

describe('outcomeOf', () => {
  it.each([
    [0, 'later'],
    [408, 'later'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
    [401, 'signed-out'],
    [403, 'refused'],
    [409, 'refused'],
    [412, 'refused'],
    [422, 'refused'],
  ])('%i means %s', (status, kind) => {
    expect(outcomeOf({ status, message: 'x' }).kind).toBe(kind)
  })
  it('no error means sent', () => {
    expect(outcomeOf(null).kind).toBe('sent')
  })
})

describe('sendable', () => {
  it('sends oldest first, whatever order they were kept in', () => {
    expect(sendable([act('3'), act('1'), act('2')], 'ann').map((one) => one.id)).toEqual(['1', '2', '3'])
  })
  it('never sends what another person entered on the same phone', () => {
    expect(sendable([act('1', { person: 'bob' })], 'ann')).toEqual([])
  })
  it('holds the later acts on a record whose earlier act was refused, and no others', () => {
    const refused = act('1', { record: 'r', refusal: { status: 409, sentence: 'x' } })
    expect(
      sendable([refused, act('2', { record: 'r' }), act('3', { record: 's' })], 'ann').map((one) => one.id),
    ).toEqual(['3'])
  })
})

describe('drain', () => {
  it('arrives once: what was sent is gone', async () => {
    const store = memory([act('1'), act('2')])
    const seen: string[] = []
    await expect(
      drain(store, 'ann', async (one) => {
        seen.push(one.id)
        return null
      }),
    ).resolves.toEqual({ sent: 2, refused: 0, left: 0 })
    expect(seen).toEqual(['1', '2'])
  })
  it('stops when the network goes and keeps the rest', async () => {
    const store = memory([act('1'), act('2'), act('3')])
    const result = await drain(store, 'ann', async (one) => (one.id === '2' ? { status: 0, message: '' } : null))
    expect(result).toEqual({ sent: 1, refused: 0, left: 2 })
    expect([...store.held.keys()]).toEqual(['2', '3'])
  })
  it('sends the same key again when the phone died before it could forget', async () => {
    const store = memory([act('1')])
    const keys: string[] = []
    const broken: Store = { ...store, remove: () => Promise.reject(new Error('died')) }
    await expect(drain(broken, 'ann', async (one) => void keys.push(one.id) as never)).rejects.toThrow('died')
    await drain(store, 'ann', async (one) => {
      keys.push(one.id)
      return null
    })
    expect(keys).toEqual(['1', '1'])
    expect(store.held.size).toBe(0)
  })
  it('keeps a refusal for its author and goes on with other records', async () => {
    const store = memory([act('1', { record: 'r' }), act('2', { record: 'r' }), act('3', { record: 's' })])
    const result = await drain(store, 'ann', async (one) =>
      one.id === '1' ? { status: 409, message: '已经派出' } : null,
    )
    expect(result).toEqual({ sent: 1, refused: 1, left: 2 })
    expect(store.held.get('1')?.refusal).toEqual({ status: 409, sentence: '已经派出' })
  })
  it('stops when the session is gone', async () => {
    const store = memory([act('1'), act('2')])
    await expect(drain(store, 'ann', async () => ({ status: 401, message: '' }))).resolves.toEqual({
      sent: 0,
      refused: 0,
      left: 2,
    })
  })
})
