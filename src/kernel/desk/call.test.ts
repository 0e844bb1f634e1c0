import { afterEach, describe, expect, it, vi } from 'vitest'
import { CallError } from '../client/index.ts'
import { address, call, headersOf, refusalOf, speak, whenSignedOut } from './call.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a refusal', () => {
  const problem = {
    type: '/problems/damaged',
    title: 'x',
    detail: '把下面的编号告诉社区',
    status: 500,
    instance: 'n-1',
  }
  it('keeps the number that the log knows it by where the server failed, and no other', () => {
    expect(new CallError(problem).reference).toBe('n-1')
    expect(new CallError({ ...problem, status: 409 }).reference).toBeNull()
    expect(new CallError({ type: 'network', title: '', status: 0 }).reference).toBeNull()
  })
})

describe('address', () => {
  it('fills the path and encodes what stands in it', () => {
    expect(address('/api/requests/:id/parts/:part', { id: 'a/b', part: 7 })).toBe('/api/requests/a%2Fb/parts/7')
  })
  it('leaves empty values out of the query and repeats lists', () => {
    expect(
      address('/api/requests', {}, { queue: 'mine', words: '', after: undefined, state: ['received', 'accepted'] }),
    ).toBe('/api/requests?queue=mine&state=received&state=accepted')
  })
  it('refuses to send an address with a hole', () => {
    expect(() => address('/api/requests/:id')).toThrow('wants id')
  })
})

describe('headersOf', () => {
  it('gives every POST a key, and keeps the one that was brought; a question has none', () => {
    expect(headersOf('POST', { body: {} }, () => 'made')['idempotency-key']).toBe('made')
    expect(headersOf('POST', { body: {}, key: 'kept' }, () => 'made')['idempotency-key']).toBe('kept')
    expect(headersOf('GET', {}, () => 'made')['idempotency-key']).toBeUndefined()
    expect(headersOf('POST', { body: {}, asks: true }, () => 'made')['idempotency-key']).toBeUndefined()
  })
  it('quotes the version that was seen', () => {
    expect(headersOf('PUT', { version: 4 }, () => '')['if-match']).toBe('"4"')
    expect(headersOf('PUT', { version: '"4"' }, () => '')['if-match']).toBe('"4"')
  })
})

describe('refusalOf', () => {
  it('keeps the sentence, the slug and the field of a problem document', async () => {
    const refusal = await refusalOf(
      Response.json(
        {
          type: 'https://linli.example/problems/request-state',
          title: 'Not now',
          detail: '这件已经派出',
          field: 'body',
        },
        { status: 409 },
      ),
    )
    expect(refusal).toBeInstanceOf(CallError)
    expect(refusal).toMatchObject({
      status: 409,
      type: 'request-state',
      message: '这件已经派出',
      field: 'body',
      conflict: false,
    })
  })
  it('knows two people editing by the version that comes with the refusal', async () => {
    const refusal = await refusalOf(
      Response.json({ type: 'version', title: 'x', current: { text: 'theirs' } }, { status: 409 }),
    )
    expect(refusal.conflict).toBe(true)
    expect((await refusalOf(Response.json({ title: 'x' }, { status: 412 }))).conflict).toBe(true)
    const bare = Response.json({ type: '/problems/version-conflict', title: 'x' }, { status: 409 })
    expect((await refusalOf(bare)).conflict).toBe(true)
  })
  it('says something readable about a page that is no problem document', async () => {
    speak('en', { network: 'No network', unreadable: 'The server said something we could not read' })
    const refusal = await refusalOf(new Response('<html>Bad gateway</html>', { status: 502 }))
    expect(refusal.message).toBe('The server said something we could not read')
  })
})

describe('call', () => {
  it('becomes an offline error when nothing answers', async () => {
    speak('en', { network: 'No network', unreadable: '' })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    await expect(call({ method: 'GET', url: '/api/me' })).rejects.toMatchObject({
      offline: true,
      message: 'No network',
    })
  })
  it('tells the shell when the session is gone', async () => {
    vi.stubGlobal('fetch', async () => Response.json({ title: 'Sign in' }, { status: 401 }))
    const told = vi.fn()
    const stop = whenSignedOut(told)
    await expect(call({ method: 'GET', url: '/api/me' })).rejects.toMatchObject({ signedOut: true })
    stop()
    expect(told).toHaveBeenCalledOnce()
  })
  it('sends JSON to the same origin and reads the answer', async () => {
    const fetched = vi.fn(async (_url: string, _options: RequestInit) => Response.json({ ok: 1 }))
    vi.stubGlobal('fetch', fetched)
    await expect(
      call({ method: 'POST', url: '/api/x/:id' }, { params: { id: 1 } as never, body: { a: 1 } as never }),
    ).resolves.toEqual({ ok: 1 })
    expect(fetched.mock.calls[0]?.[0]).toBe('/api/x/1')
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', credentials: 'same-origin', body: '{"a":1}' })
  })
})
