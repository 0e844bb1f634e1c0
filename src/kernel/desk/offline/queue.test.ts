import { describe, expect, it } from 'vitest'
import {
  drain,
  type FileStore,
  heldBehind,
  type KeptFile,
  outcomeOf,
  type Store,
  seenAnew,
  sendable,
  sendWhole,
  type WaitingAct,
} from './queue.ts'

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
  it('what the server has had for long is sent, if its author said how to know it', () => {
    const exists = { status: 409, type: 'request-exists', message: 'x' }
    expect(outcomeOf(exists, 'request-exists').kind).toBe('sent')
    expect(outcomeOf(exists).kind).toBe('refused')
    expect(outcomeOf({ ...exists, type: 'request-state' }, 'request-exists').kind).toBe('refused')
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

describe('heldBehind', () => {
  it('tells what waits for a decision of its author from what waits for a network', () => {
    const refused = act('1', { record: 'r', refusal: { status: 409, sentence: 'x' } })
    const acts = [
      refused,
      act('2', { record: 'r' }),
      act('3', { record: 's' }),
      act('4', { record: 'r', person: 'bob' }),
    ]
    expect([...heldBehind(acts, 'ann')]).toEqual(['2'])
    expect([...heldBehind(acts.slice(1), 'ann')]).toEqual([])
  })
})

describe('seenAnew', () => {
  it('lifts what was entered upon a refused act to the version seen since, and nothing else', () => {
    const refused = act('1', { record: 'r', version: 5, refusal: { status: 409, sentence: 'x' } })
    const lifted = seenAnew(
      [
        refused,
        act('2', { record: 'r', version: 5 }),
        act('3', { record: 's', version: 5 }),
        act('4', { record: 'r', version: 5, person: 'bob' }),
        act('5', { record: 'r', version: 5, refusal: { status: 409, sentence: 'x' } }),
        act('6', { record: 'r', version: null }),
      ],
      refused,
      8,
    )
    expect(lifted.map((one) => [one.id, one.version])).toEqual([['2', 8]])
  })
  it('acts without a record stand for themselves', () => {
    expect(seenAnew([act('2', { version: 1 })], act('1', { version: 1 }), 8)).toEqual([])
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

/** A server that remembers keys, and a phone that can die after any step. */
function door() {
  const held = new Map<string, string>()
  const filed = new Map<string, unknown>()
  const kept = new Map<string, KeptFile>()
  let steps = Number.POSITIVE_INFINITY
  const step = () => {
    if (steps-- <= 0) throw new Error('died')
  }
  const files: FileStore = {
    get: async (id) => kept.get(id),
    put: async (file) => {
      step()
      kept.set(file.id, file)
    },
    remove: async (id) => {
      step()
      kept.delete(id)
    },
  }
  const sending = (act: WaitingAct) => ({
    file: async (_url: string, file: KeptFile) => {
      step()
      const before = held.get(file.key)
      if (before) return before
      const given = `server-${held.size + 1}`
      held.set(file.key, given)
      step()
      return given
    },
    act: async (body: unknown) => {
      step()
      const before = filed.get(act.id)
      if (before && JSON.stringify(before) !== JSON.stringify(body)) throw new Error('another body under the same key')
      filed.set(act.id, body)
      step()
      return 'answer'
    },
  })
  for (const id of ['one', 'two'])
    kept.set(id, {
      id,
      key: `key-${id}`,
      person: 'ann',
      form: 'f',
      name: 'a.jpg',
      blob: new Blob(),
      at: id,
      held: null,
    })
  const dieAfter = (count: number) => {
    steps = count
  }
  return { held, filed, kept, files, sending, dieAfter }
}

describe('sendWhole', () => {
  const filing = act('1', {
    body: { text: 'x', files: ['before'] },
    files: { url: '/files', field: 'files', ids: ['one', 'two'] },
  })
  const whole = { text: 'x', files: ['before', 'server-1', 'server-2'] }

  it('sends pictures first, names them in the act, and lets them go last', async () => {
    const { filed, kept, files, sending } = door()
    await expect(sendWhole(filing, files, sending(filing))).resolves.toBe('answer')
    expect(filed.get('1')).toEqual(whole)
    expect(kept.size).toBe(0)
  })
  it.each(Array.from({ length: 11 }, (_, count) => [count]))(
    'arrives once when the phone dies after step %i',
    async (count) => {
      const { held, filed, kept, files, sending, dieAfter } = door()
      dieAfter(count)
      await sendWhole(filing, files, sending(filing)).catch(() => {})
      dieAfter(Number.POSITIVE_INFINITY)
      // What had gone out whole before it died is told again by its key; nothing is there twice.
      if (kept.size === 2 || !filed.has('1')) await sendWhole(filing, files, sending(filing))
      expect(held.size).toBe(2)
      expect([...filed.values()]).toEqual([whole])
    },
  )
  it('sends what the server let go of meanwhile again, under a new key', async () => {
    const { held, filed, kept, files, sending } = door()
    const { file, act: file1 } = sending(filing)
    await files.put({ ...(kept.get('one') as KeptFile), held: await file('/files', kept.get('one') as KeptFile) })
    let refused = false
    await sendWhole(filing, files, {
      file,
      act: async (body) => {
        if (!refused) {
          refused = true
          throw Object.assign(new Error('gone'), { status: 410 })
        }
        return file1(body)
      },
    })
    expect(held.size).toBe(4)
    expect(filed.get('1')).toEqual({ text: 'x', files: ['before', 'server-3', 'server-4'] })
  })
})
