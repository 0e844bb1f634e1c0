import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Endpoint, routesOf } from '#kernel/http/index.ts'
import { channels } from '#kernel/outbox/index.ts'
import { pushPurposes } from '#kernel/push/push.api.ts'
import { oftens } from '#kernel/telling/telling.api.ts'
import { deliveryStates } from '#kernel/webhooks/webhooks.api.ts'
import { languages } from '#kernel/words/index.ts'
import { callBackStates, judgementWays } from '#listen/judgements/judgements.api.ts'
import * as requests from '#listen/requests/requests.api.ts'
import { movings } from '#listen/requests/requests.lists.api.ts'
import * as forwarding from '#open/forwarding/forwarding.api.ts'
import { updateKinds } from '#open/open311/open311.rules.ts'
import { bodyKinds, duties, tenureKinds } from '#organise/bodies/duties.ts'
import { lawKinds } from '#organise/laws/laws.api.ts'
import { placeChangeKinds, placeKinds } from '#organise/places/places.api.ts'
import { settingNames } from '#organise/settings/settings.api.ts'
import { testDatabase } from '#testing/database.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))

/** Every column whose check is a list of words, with these words. */
async function checkedColumns(): Promise<Map<string, string[]>> {
  const { rows } = await server.superuser.query<{ name: string; definition: string }>(
    `select case when n.nspname = 'public' then '' else n.nspname || '.' end || t.relname || '.' || a.attname as name,
       pg_get_constraintdef(c.oid) as definition
     from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
     join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
     where c.contype = 'c' and cardinality(c.conkey) = 1 and n.nspname not in ('pgboss', 'auth', 'information_schema')
       and pg_get_constraintdef(c.oid) ~ 'ARRAY\\[''[^\\]]*::text'`,
  )
  const found = new Map<string, string[]>()
  for (const { name, definition } of rows) {
    const words = [...definition.matchAll(/'([\w./-]+)'::text/g)].map((match) => match[1] as string)
    found.set(name, [...new Set([...(found.get(name) ?? []), ...words])].sort())
  }
  return found
}

/** Declared once in an `.api.ts` or its like. */
const declared: Readonly<Record<string, readonly string[]>> = {
  'webhook_delivery.state': deliveryStates,
  'forwarding.again': forwarding.agains,
  'forwarding.language': languages,
  'forwarding.format': forwarding.formats,
  'forwarding.heard_by': forwarding.hearings,
  'forwarding_delivery.kind': forwarding.deliveryKinds,
  'forwarding_delivery.state': forwarding.deliveryStates,
  'request.state': requests.states,
  'request.channel': requests.channels,
  'request.language': languages,
  'request.urgency': requests.urgencies,
  'request.result': requests.closings,
  'request.answer_kind': requests.answerKinds,
  'request.due_kind': requests.dueKinds,
  'request.overdue_stage': requests.overdueStages,
  'request_event.kind': movings,
  'request.supervised': requests.supervisions,
  'request_link.kind': requests.linkKinds,
  'request_part.role': requests.partRoles,
  'request_part.state': requests.partStates,
  // A unit that assists answers for its part.
  'request_answer.kind': [...requests.answerKinds, 'part'],
  'judgement.solved': requests.verdicts,
  'judgement.given_by': judgementWays,
  'call_back.state': callBackStates,
  'body.kind': bodyKinds,
  'post.duties': duties,
  'tenure.kind': tenureKinds,
  'person.language': languages,
  'place.kind': placeKinds,
  'place_history.kind': placeChangeKinds,
  'place_setting.name': settingNames,
  'template.language': languages,
  'law.kind': lawKinds,
  'outbox.language': languages,
  'outbox.channel': channels,
  'push_device.purpose': pushPurposes,
  'telling_choice.purpose': pushPurposes,
  'telling_choice.often': oftens,
  'telling_held.purpose': pushPurposes,
  'push_device.language': languages,
  'calendar_feed.language': languages,
  'open311_update.kind': updateKinds,
}

/** Known to one store and the database alone: no list of them is needed anywhere else. */
const ofOneStore: Readonly<Record<string, readonly string[]>> = {
  'access.token.kind': ['follow', 'judge', 'consent', 'card', 'reply'],
  'outbox.state': ['waiting', 'sent', 'dead'],
  'file.kind': ['picture', 'video'],
  'file.media_type': ['image/webp', 'video/mp4', 'video/webm'],
  'place.name_source': ['national', 'local'],
  'place.abolished_source': ['national', 'local'],
  'request_answer.state': ['draft', 'proposed', 'sent', 'refused'],
  'visit.state': ['proposed', 'agreed', 'cancelled', 'done'],
  'visit.proposed_by': ['unit', 'resident'],
}

describe('literals stand once, and the database checks the same ones', () => {
  const known = { ...declared, ...ofOneStore }

  test.each(Object.entries(known))('%s', async (column, literals) => {
    expect((await checkedColumns()).get(column)).toEqual([...literals].sort())
  })

  test('no check of the database is left out', async () => {
    const columns = [...(await checkedColumns()).keys()]
    expect(columns.length).toBeGreaterThan(30)
    expect(columns.filter((column) => !(column in known))).toEqual([])
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
  // Documents, a stream, and the bytes of a picture: none of them is JSON that a schema describes.
  expect([...new Set(bare)].sort()).toEqual([
    '/api/docs',
    '/api/events',
    '/api/openapi.json',
    '/api/requests/:id/files/:file',
    '/api/requests/:id/files/:file/preview',
    '/api/requests/drafts/:id/files/:file',
  ])
})

const description = async () =>
  (await (await server.fetch('/api/openapi.json')).json()) as {
    openapi: string
    paths: Record<string, Record<string, { summary?: string }>>
  }

test('the description of the API says of every operation what it does, of each something else', async () => {
  const said = Object.entries((await description()).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary = '' }]) => [`${method} ${path}`, summary] as const),
  )
  expect(said.length).toBeGreaterThan(100)
  expect(said.filter(([, summary]) => !/^[A-Z][^.]{8,110}$/.test(summary))).toEqual([])
  const times = Map.groupBy(said, ([, summary]) => summary)
  expect([...times.values()].filter(({ length }) => length > 1)).toEqual([])
  const page = await (await server.fetch('/api/docs', { headers: { Accept: 'text/html' } })).text()
  expect(page).toContain('Dispatch a request to a unit')
})

test('the description of the API names every endpoint', async () => {
  const document = await description()
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
