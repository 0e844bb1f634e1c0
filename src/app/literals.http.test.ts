import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Endpoint, routesOf } from '#kernel/http/index.ts'
import * as requests from '#listen/requests/requests.api.ts'
import { bodyKinds, duties, tenureKinds } from '#organise/bodies/duties.ts'
import { testDatabase } from '#testing/database.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))

/** The literals of the checks on a column, as the database holds them. */
async function checked(table: string, column: string): Promise<string[]> {
  const { rows } = await server.superuser.query<{ definition: string }>(
    `select pg_get_constraintdef(c.oid) as definition from pg_constraint c
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
     where c.contype = 'c' and c.conrelid = $1::regclass and a.attname = $2 and cardinality(c.conkey) = 1`,
    [table, column],
  )
  const literals = rows.flatMap(({ definition }) =>
    [...definition.matchAll(/'([\w.-]+)'::text/g)].map((found) => found[1] as string),
  )
  return [...new Set(literals)].sort()
}

describe('literals stand once, and the database checks the same ones', () => {
  test.each([
    ['request', 'state', requests.states],
    ['request', 'channel', requests.channels],
    ['request', 'urgency', requests.urgencies],
    ['request', 'result', requests.closings],
    ['request', 'answer_kind', requests.answerKinds],
    ['request', 'due_kind', requests.dueKinds],
    ['request', 'overdue_stage', requests.overdueStages],
    ['request', 'supervised', requests.supervisions],
    ['request_part', 'role', requests.partRoles],
    ['request_part', 'state', requests.partStates],
    ['judgement', 'solved', requests.verdicts],
    ['body', 'kind', bodyKinds],
    ['post', 'duties', duties],
    ['tenure', 'kind', tenureKinds],
  ] as const)('%s.%s', async (table, column, literals) => {
    expect(await checked(table, column)).toEqual([...literals].sort())
  })

  test('the duties that requests ask for are a part of the closed list', () => {
    expect(requests.requestDuties.filter((duty) => !(duties as readonly string[]).includes(duty))).toEqual([])
  })
})

const source = join(import.meta.dirname, '..')

function apiFiles(): string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.api.ts'))
    .sort()
}

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === 'object' && value !== null && 'method' in value && 'url' in value && 'schema' in value

/** Every endpoint that a value holds, itself or within. */
function endpointsIn(value: unknown, depth = 0): Endpoint[] {
  if (isEndpoint(value)) return [value]
  if (typeof value !== 'object' || value === null || depth > 2) return []
  return Object.values(value).flatMap((inner) => endpointsIn(inner, depth + 1))
}

test('every endpoint that is declared is served, as it is declared', async () => {
  const served = new Map(
    routesOf(server.app).flatMap(({ method, url, endpoint }) => (endpoint ? [[`${method} ${url}`, endpoint]] : [])),
  )
  const missing: string[] = []
  let declared = 0
  for (const file of apiFiles()) {
    const module = (await import(pathToFileURL(join(source, file)).href)) as Record<string, unknown>
    for (const endpoint of new Set(Object.values(module).flatMap((value) => endpointsIn(value)))) {
      declared += 1
      if (!served.has(`${endpoint.method} ${endpoint.url}`)) missing.push(`${file}: ${endpoint.method} ${endpoint.url}`)
    }
  }
  expect(declared).toBeGreaterThan(80)
  expect(missing).toEqual([])
})

test('every address of the API is an endpoint, or one of the few that cannot be', () => {
  const bare = routesOf(server.app)
    .filter(({ url, endpoint, method }) => url.startsWith('/api/') && !endpoint && method !== 'HEAD')
    .map(({ url }) => url)
  expect([...new Set(bare)].sort()).toEqual(['/api/docs', '/api/events', '/api/openapi.json'])
})

test('the description of the API names every endpoint', async () => {
  const document = (await (await server.fetch('/api/openapi.json')).json()) as {
    openapi: string
    paths: Record<string, Record<string, unknown>>
  }
  expect(document.openapi).toMatch(/^3\.1/)
  const described = new Set(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  )
  const missing = routesOf(server.app)
    .filter(({ endpoint, method }) => endpoint && method !== 'HEAD')
    .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`)
    .filter((name) => !described.has(name))
  expect(missing).toEqual([])
})
