// What no endpoint takes: a field that nobody declared, in the body, the query or the address, and a text of 1 MB.
import type { TSchema } from 'typebox'
import { describe, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { type Endpoint, routesOf } from '#kernel/http/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const endpoints = [
  ...new Map(
    routesOf(server.app).flatMap(({ method, url, endpoint }) =>
      endpoint && method !== 'HEAD' ? [[`${method} ${url}`, endpoint] as const] : [],
    ),
  ),
]

type Shape = TSchema & {
  readonly type?: string
  readonly additionalProperties?: unknown
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
  readonly patternProperties?: unknown
}

/** The places within a shape that take fields of any name. */
function openParts(shape: Shape, at: string): string[] {
  const within = [
    ...Object.entries(shape.properties ?? {}).map(([name, part]) => [part, `${at}.${name}`] as const),
    ...(shape.items ? [[shape.items, `${at}[]`] as const] : []),
    ...(shape.anyOf ?? []).map((part, index) => [part, `${at}|${index}`] as const),
  ]
  const open = shape.type === 'object' && shape.additionalProperties !== false && !shape.patternProperties
  return [...(open ? [at] : []), ...within.flatMap(([part, where]) => openParts(part, where))]
}

/** Addresses of the right shape; what they name need not be there, since shapes come first. */
const params = (url: string) =>
  Object.fromEntries(
    [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, name === 'name' ? 'call_back_share' : newId()]),
  )
const ask = (endpoint: Endpoint, more: { body?: unknown; query?: Record<string, string> }) =>
  server.call(endpoint as Pick<Endpoint, 'method' | 'url'>, {
    as: organisation.staff.stranger.cookie,
    params: params(endpoint.url),
    ...(endpoint.method === 'GET' ? {} : { version: 1 }),
    ...more,
  })

test('there are endpoints', () => expect(endpoints.length).toBeGreaterThan(100))

describe.each(endpoints)('%s', (_name, endpoint) => {
  const { schema } = endpoint
  test('declares closed shapes', () => {
    const parts = (['params', 'querystring', 'body'] as const).flatMap((name) =>
      schema[name] ? openParts(schema[name] as Shape, name) : [],
    )
    expect(parts).toEqual([])
    for (const [, name] of endpoint.url.matchAll(/:(\w+)/g))
      expect(Object.keys((schema.params as Shape | undefined)?.properties ?? {})).toContain(name)
  })
  test('refuses an unknown field of its address', async () => {
    const answer = await ask(endpoint, { query: { colour: 'red' }, ...(schema.body ? { body: {} } : {}) })
    expect(answer.status, answer.text).toBe(400)
    // A body is looked at first: where `{}` is none, that is what is said.
    if (answer.problem.type !== '/problems/missing-field')
      expect(answer.problem).toMatchObject({ type: '/problems/unknown-field', field: 'colour' })
  })
  test.runIf(schema.body)('refuses an unknown field, a wrong type and 1 MB', async () => {
    const unknown = await ask(endpoint, { body: { colour: 'red' } })
    expect(unknown.status, unknown.text).toBe(400)
    expect(unknown.problem).toMatchObject({ type: '/problems/unknown-field', field: 'colour' })
    for (const body of [[], 'x', 7])
      expect((await ask(endpoint, { body: JSON.stringify(body) })).status, JSON.stringify(body)).toBe(400)
    expect((await ask(endpoint, { body: { colour: 'a'.repeat(1_024 * 1_024) } })).status).toBe(413)
  })
})
