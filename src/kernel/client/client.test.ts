import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { address, CallError, createClient } from './index.ts'

const lightLamp = {
  method: 'POST',
  url: '/api/lamps/:id/light',
  schema: {
    params: Type.Object({ id: Type.String() }),
    body: Type.Object({ colour: Type.String() }),
    response: { 201: Type.Object({ lit: Type.Boolean() }) },
  },
} as const
const findLamps = {
  method: 'POST',
  url: '/api/lamps/find',
  asks: true,
  schema: { response: { 200: Type.Array(Type.String()) } },
} as const

/** A server that answers each call with what is given, and keeps what came. */
function answering(...answers: (Response | Error)[]) {
  const asked: { url: string; method: string; headers: Headers; body: unknown }[] = []
  const fetch = (async (url: string, init: RequestInit) => {
    asked.push({
      url,
      method: init.method ?? '',
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    })
    const answer = answers.shift()
    if (!answer || answer instanceof Error) throw answer ?? new TypeError('nobody')
    return answer
  }) as typeof globalThis.fetch
  return { asked, fetch }
}

test('a call is written as the endpoint says, and answers what it promises', async () => {
  const { asked, fetch } = answering(Response.json({ lit: true }, { status: 201 }), Response.json(['one']))
  const client = createClient({
    base: 'https://linli.example',
    language: 'en',
    headers: { Cookie: 'session=1' },
    fetch,
  })
  const { lit } = await client.call(lightLamp, { params: { id: 'a/b' }, body: { colour: 'warm' }, version: 3 })
  expect(lit).toBe(true)
  const found: string[] = await client.call(findLamps)
  expect(found).toEqual(['one'])
  expect(asked[0]).toMatchObject({
    url: 'https://linli.example/api/lamps/a%2Fb/light',
    method: 'POST',
    body: { colour: 'warm' },
  })
  const [first, second] = asked.map(({ headers }) => Object.fromEntries(headers))
  expect(first).toMatchObject({
    accept: 'application/json',
    'accept-language': 'en',
    cookie: 'session=1',
    'if-match': '"3"',
  })
  // Sent twice after a broken line it would be two acts: every act carries a key, and a question carries none.
  expect(first?.['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
  expect(second).not.toHaveProperty('idempotency-key')
})

test('a caller’s own key is the key of the act, again when it is sent again, also where the client would make one or none', async () => {
  const answers = () => Array.from({ length: 4 }, () => Response.json({ lit: true }, { status: 201 }))
  for (const newKey of [() => 'made', () => null, undefined]) {
    const { asked, fetch } = answering(...answers())
    const client = createClient({ base: '', fetch, ...(newKey ? { newKey } : {}) })
    const told = { params: { id: 'a' }, body: { colour: 'warm' } }
    await client.call(lightLamp, { ...told, key: 'own' })
    await client.call(lightLamp, { ...told, key: 'own' })
    await client.ask(findLamps, { key: 'own' })
    expect(asked.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['own', 'own', 'own'])
    await client.call(lightLamp, told)
    const made = asked[3]?.headers.get('idempotency-key')
    expect(made).not.toBe('own')
    if (newKey) expect(made).toBe(newKey())
  }
})

test('a refusal is an error with the sentence of the server; whoever asks for everything gets it as it came', async () => {
  const problem = {
    type: '/problems/request-state',
    title: 'Not now',
    detail: '这件已经派出',
    field: 'body',
    status: 409,
  }
  const { fetch } = answering(Response.json(problem, { status: 409 }), Response.json(problem, { status: 409 }))
  const client = createClient({ base: '', fetch })
  const refused = await client.call(findLamps).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CallError)
  expect(refused).toMatchObject({ status: 409, type: 'request-state', message: '这件已经派出', field: 'body' })
  const asked = await client.ask(findLamps)
  expect(asked).toMatchObject({ status: 409, problem })
})

test('a page of something in between is a refusal with its status', async () => {
  const { fetch } = answering(new Response('<html>Bad gateway</html>', { status: 502 }))
  await expect(createClient({ base: '', fetch }).call(findLamps)).rejects.toMatchObject({
    status: 502,
    unreachable: true,
    message: 'HTTP 502',
  })
})

describe('an address', () => {
  test('says false, nothing and zero, and leaves out what is not there', () => {
    expect(address('/x', {}, { a: 0, b: '', c: false, d: undefined, e: null, f: ['1', '2'] })).toBe(
      '/x?a=0&b=&c=false&f=1&f=2',
    )
  })
  test('with a hole is not sent', () => {
    expect(() => address('/x/:id', {})).toThrow('wants id')
  })
})
