// What the OpenAPI document says beyond shapes: headers, refusals, who may call, and examples that are real values.
import { beforeAll, expect, test } from 'vitest'
import { routesOf } from '#kernel/http/index.ts'
import { channels, states, urgencies } from '#listen/requests/requests.api.ts'
import { listRequests } from '#listen/requests/requests.lists.api.ts'
import { getBody } from '#organise/bodies/bodies.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { elsewhere } from './documents.answers.ts'
import { table } from './refusals.table.ts'

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; example?: unknown }[]
  requestBody?: { content: Record<string, { example?: unknown }> }
  responses: Record<string, { $ref?: string; headers?: object; content?: Record<string, { example?: unknown }> }>
  security: Record<string, string[]>[]
}

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
let document: {
  info: { description: string }
  paths: Record<string, Record<string, Operation>>
  components: { responses: Record<string, object>; securitySchemes: Record<string, { in: string; name: string }> }
}
const operationOf = (method: string, url: string) =>
  document.paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()] as Operation

beforeAll(async () => {
  document = (await (await server.fetch('/api/openapi.json')).json()) as typeof document
})

test('an edit that asks for a version says so, and is refused without it; what is done once takes a key', async () => {
  let versioned = 0
  for (const { method, url, endpoint } of routesOf(server.app).filter((route) => route.endpoint)) {
    if (method === 'HEAD') continue
    const headers = (operationOf(method, url).parameters ?? []).filter((parameter) => parameter.in === 'header')
    const asks = headers.find(({ name }) => name === 'If-Match')
    const answer =
      asks &&
      (await server.app.inject({
        method: method as 'POST',
        url: url.replaceAll(/:\w+/g, '0192f3a4-5b6c-7d8e-9f01-23456789abcd'),
      }))
    if (asks) versioned += 1
    expect(asks?.required ?? true, url).toBe(true)
    // A body that is missing is told first.
    if (answer) expect([400, 415, 428], `${method} ${url}`).toContain(answer.statusCode)
    expect(
      headers.some(({ name }) => name === 'Idempotency-Key'),
      url,
    ).toBe(method === 'POST' && !endpoint?.asks)
  }
  expect(versioned).toBeGreaterThan(30)
})

test('every answer of the table of refusals is one that its operation tells of, and so is who may call', () => {
  const wrong: string[] = []
  for (const { endpoint, answers } of table) {
    const { responses, security } = operationOf(endpoint.method, endpoint.url)
    const given = answers.split(/\s+/)
    for (const status of given) if (!responses[status]) wrong.push(`${endpoint.method} ${endpoint.url}: ${status}`)
    const [anonymous = '', link = ''] = given
    const signsIn = endpoint.url.startsWith('/api/sign-in')
    if ((anonymous !== '401' || signsIn) !== security.some((way) => Object.keys(way).length === 0))
      wrong.push(`${endpoint.method} ${endpoint.url}: for everybody`)
    if (anonymous === '401' && link.startsWith('2') && !security.some((way) => 'link' in way))
      wrong.push(`${endpoint.method} ${endpoint.url}: by link`)
  }
  expect(wrong).toEqual([])
})

test('each refusal leads to a part that is there, as the server writes it', async () => {
  for (const methods of Object.values(document.paths))
    for (const { responses, security } of Object.values(methods)) {
      for (const { $ref } of Object.values(responses))
        if ($ref) expect(document.components.responses).toHaveProperty($ref.replace('#/components/responses/', ''))
      for (const way of security.flatMap((each) => Object.keys(each)))
        expect(document.components.securitySchemes).toHaveProperty(way)
      expect(responses['429']).toBeDefined()
    }
  expect(organisation.staff.secretary.cookie).toContain(`${document.components.securitySchemes.session?.name}=`)
  const refused = await server.fetch('/api/requests')
  expect(refused.status).toBe(401)
  expect(refused.headers.get('content-type')).toContain('application/problem+json')
  expect(Object.keys(operationOf('POST', '/open311/v2/requests.json').responses)).toEqual(
    expect.arrayContaining(['400', '403', '404']),
  )
})

test('what is read carries its version as the tag that an edit brings back', async () => {
  const read = await server.call(getBody, {
    as: organisation.staff.secretary.cookie,
    params: { id: organisation.bodies.property },
  })
  expect(read.headers.get('etag')).toBe(`"${read.body.version}"`)
  expect(operationOf('GET', getBody.url).responses['200']?.headers).toHaveProperty('ETag')
  expect((await server.call(listRequests, { as: organisation.staff.secretary.cookie })).headers.get('etag')).toBeNull()
})

test('examples are real values: no filler, and what names a state or a channel is one', () => {
  const found: string[] = []
  const walk = (value: unknown, name: string, where: string): void => {
    if (value === '示例') found.push(`${where} ${name}`)
    else if (Array.isArray(value)) for (const each of value) walk(each, name, where)
    else if (value && typeof value === 'object') for (const [key, each] of Object.entries(value)) walk(each, key, where)
    if (name === 'channel' && !['sms', 'mail', ...channels].includes(value as 'web'))
      found.push(`${where} channel ${value}`)
    if (name === 'urgency' && !(urgencies as readonly unknown[]).includes(value))
      found.push(`${where} urgency ${value}`)
  }
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { parameters = [], requestBody, responses }] of Object.entries(methods)) {
      for (const { name, example } of parameters) walk(example, name, `${method} ${path}`)
      for (const { example } of Object.values(requestBody?.content ?? {})) walk(example, '', `${method} ${path} body`)
      for (const { content } of Object.values(responses))
        for (const { example } of Object.values(content ?? {})) walk(example, '', `${method} ${path} answer`)
    }
  expect([...new Set(found)]).toEqual([])
  const example = operationOf('GET', '/api/requests').responses['200']?.content?.['application/json']?.example
  expect(states).toContain((example as { items: { state: string }[] }).items[0]?.state)
})

test('what has a standard of its own is named with its address, which is served', async () => {
  for (const [address] of elsewhere) {
    expect(document.info.description).toContain(address)
    const { status } = await server.fetch(address.replace('{code}', '321003001001'), { redirect: 'manual' })
    expect([200, 303], address).toContain(status)
  }
})
