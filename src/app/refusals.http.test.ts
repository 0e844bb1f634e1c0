import { expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { routesOf } from '#kernel/http/index.ts'
import { actsAsked as doing, formatNumber } from '#listen/requests/index.ts'
import { drawAndClose } from '#listen/requests/requests.jobs.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, signInStaff } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { otherAnswers } from './refusals.others.table.ts'
import { type Names, type Record_, roles, type TableRole, type TableRow, table } from './refusals.table.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered, holding } = requestsOf(server, organisation)
const { staff, bodies, places } = organisation
const owner = server.database.owner.pool
const spare = await signInStaff(server, 'spare@example.org', '示例·后备')
const linked = await file()
let grids = 10

const cookies: Readonly<Record<Exclude<TableRole, 'anonymous' | 'link'>, string>> = {
  resident: organisation.resident.cookie,
  unit: staff.manager.cookie,
  otherUnit: staff.otherManager.cookie,
  secretary: staff.secretary.cookie,
  dispatcher: staff.dispatcher.cookie,
  supervisor: staff.supervisor.cookie,
  caller: staff.caller.cookie,
  leader: staff.leader.cookie,
  beside: staff.besideSecretary.cookie,
  stranger: staff.stranger.cookie,
}

interface Made {
  readonly id: string
  readonly link?: string
  readonly visit?: string
  readonly version?: number
}

const day = new Date(server.clock.now().getTime() + 3 * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
const window = { from: `${day}T09:00:00+08:00`, until: `${day}T11:00:00+08:00` }

async function request(about: Record_): Promise<Made> {
  const filed = await file({
    phone: '13911110000',
    publicationPermitted: about === 'permitted' || about === 'published',
  })
  const { id, link } = filed
  const made = { id, link }
  if (about === 'received') return made
  if (about === 'answered' || about === 'drawn') {
    await answered(filed)
    if (about === 'drawn') {
      // Of several that nobody judged only some are drawn, by chance: this one shall be alone.
      await server.superuser.query(
        "update request set due_at = due_at + interval '1 year' where state = 'answered' and id <> $1",
        [id],
      )
      const before = server.clock.now()
      server.clock.advance(8 * 86_400_000)
      await drawAndClose(server.kernel)
      server.clock.set(before)
    }
    return made
  }
  if (about === 'closed') {
    await answered(filed)
    await owner.query(
      "update request set state = 'closed', closed_at = $2, result = 'unconfirmed', due_kind = null, due_at = null where id = $1",
      [id, server.clock.now()],
    )
    return made
  }
  await does(staff.secretary, id, 'accept')
  if (about === 'accepted' || about === 'permitted') return made
  if (about === 'published') {
    const told = '楼下路灯不亮，晚上走路看不清。'
    await does(staff.secretary, id, 'publish', { title: told, text: told })
    return made
  }
  if (about === 'explaining') {
    await does(staff.districtDispatcher, id, 'explain', {
      kind: 'outside_remit',
      basis: organisation.law,
      text: '说明',
      remedy: '去那里',
    })
    return made
  }
  if (about === 'returned twice') {
    for (const [body, who] of [
      [bodies.lamps, staff.lampKeeper],
      [bodies.otherProperty, staff.otherManager],
    ] as const) {
      await does(staff.secretary, id, 'dispatch', { body })
      await does(who, id, 'return', { reason: '不是我们的' })
    }
    return made
  }
  await does(staff.secretary, id, 'dispatch', { body: about === 'offered' ? bodies.group : bodies.property })
  if (about === 'dispatched' || about === 'offered') return made
  if (about === 'assisting') {
    // The unit of the table assists here; another leads.
    const again = await file()
    await does(staff.secretary, again.id, 'accept')
    await does(staff.secretary, again.id, 'dispatch', { body: bodies.lamps })
    await does(staff.secretary, again.id, 'assist', { body: bodies.property, task: '帮一下' })
    await does(staff.manager, again.id, 'acknowledge')
    return { id: again.id, link: again.link }
  }
  await does(staff.manager, id, 'acknowledge')
  if (about !== 'visit') return made
  await holding({ link }, (act) => doing['arrange-visit'](act, server.kernel, id, window, null))
  const visit = await server.one<string>("select id from visit where request = $1 and state = 'proposed'", [id])
  return { ...made, visit }
}

async function chart(about: Record_): Promise<Made> {
  const insert = async (text: string, values: unknown[]) => void (await owner.query(text, values))
  const id = newId()
  const { id: at, path } = places.community
  switch (about) {
    case 'body':
      await insert("insert into body (id, kind, name, place, path) values ($1, 'service_team', '队', $2, $3)", [
        id,
        at,
        path,
      ])
      return { id }
    case 'post':
    case 'tenure':
    case 'invitation': {
      await insert("insert into post (id, body, title, duties) values ($1, $2, '岗', '{request.handle}')", [
        id,
        (await chart('body')).id,
      ])
      const inner = newId()
      if (about === 'tenure')
        await insert(
          "insert into tenure (id, post, seat, person, holder_name, during) values ($1, $2, 1, $3, '后备', tstzrange(now() - interval '1 hour', null))",
          [inner, id, spare.person],
        )
      if (about === 'invitation')
        await insert(
          "insert into invitation (id, post, name, mail_encrypted, token_hash, invited_by, expires_at) values ($1, $2, '新人', 'x', sha256($3::text::bytea), $4, now() + interval '1 day')",
          [inner, id, inner, staff.leader.person],
        )
      return { id: about === 'post' ? id : inner }
    }
    case 'place':
    case 'gone place':
      grids += 1
      await insert(
        "insert into place (id, kind, name, short_name, path, parent_id, abolished_at, abolished_source) values ($1, 'grid', $2, $2, $3, $4, $5, $6)",
        [id, `网格${grids}`, `${path}k${grids}/`, at, ...(about === 'place' ? [null, null] : [new Date(), 'local'])],
      )
      return { id }
    case 'category':
      await insert(
        "insert into category (id, path, code, level1, level2, level3) values ($1, $2, $3, '甲', '乙', '丙')",
        [id, path, id],
      )
      return { id }
    case 'template':
      await insert("insert into template (id, path, name, text) values ($1, $2, $3, '文')", [id, path, id])
      return { id }
    case 'law':
      await insert("insert into law (id, path, kind, name, plain) values ($1, $2, 'rule', $3, '文')", [id, path, id])
      return { id }
    case 'setting':
      await insert(
        "insert into place_setting (path, name, value) values ($1, 'call_back_share', '0.2') on conflict (path, name) do update set value = '0.2', version = 1",
        [path],
      )
      return { id }
    default:
      return { id }
  }
}

const ofRequests: readonly Record_[] = [
  'received',
  'accepted',
  'returned twice',
  'dispatched',
  'offered',
  'acknowledged',
  'assisting',
  'explaining',
  'answered',
  'drawn',
  'closed',
  'permitted',
  'published',
  'visit',
] // prettier-ignore
const target = { request: await file(), grid: await chart('place') }

const make = (about: Record_) => (ofRequests.includes(about) ? request(about) : chart(about))

async function ask(row: TableRow, role: TableRole, made: Made): Promise<{ status: number; text: string }> {
  const { endpoint, about } = row
  const names: Names = {
    ...window,
    id: made.id,
    place: places.community.id,
    other: places.otherCommunity.id,
    beside: places.besideCommunity.id,
    path: places.community.path,
    property: bodies.property,
    lamps: bodies.lamps,
    law: organisation.law,
    category: organisation.category,
    person: staff.hand.person,
    target: endpoint.url.startsWith('/api/places')
      ? endpoint.url.endsWith('move')
        ? places.besideCommunity.id
        : target.grid.id
      : target.request.id,
    visit: made.visit ?? newId(),
  }
  const versioned: Partial<Record<Record_, string>> = {
    body: 'body',
    post: 'post',
    tenure: 'tenure',
    place: 'place',
    'gone place': 'place',
    category: 'category',
    template: 'template',
    law: 'law',
  }
  const from = ofRequests.includes(about) ? 'request' : versioned[about]
  const version = from ? await server.one<number>(`select version from ${from} where id = $1`, [made.id]) : 1
  // The residents' group is the unit to which that request was offered.
  const cookie =
    role === 'unit' && about === 'offered'
      ? staff.convener.cookie
      : role === 'anonymous' || role === 'link'
        ? null
        : cookies[role]
  return server.call(endpoint, {
    // Whoever deletes themselves or signs out could ask nothing afterwards.
    as:
      cookie && /delete$|sign-out$/.test(endpoint.url)
        ? (await signInStaff(server, `${newId()}@example.org`, '示例·过客')).cookie
        : cookie,
    ...(role === 'link' ? { link: made.link ?? linked.link } : {}),
    params: row.params?.(names) ?? { id: made.id },
    ...(row.query ? { query: row.query(names) } : {}),
    ...(row.body ? { body: row.body(names) } : {}),
    ...(endpoint.method === 'GET'
      ? {}
      : { version: endpoint.url === '/api/me/person' ? await personVersion(role) : version }),
  })
}

async function personVersion(role: TableRole): Promise<number> {
  const { resident, staff: all } = organisation
  const people: Partial<Record<TableRole, string>> = {
    resident: resident.person,
    unit: all.manager.person,
    otherUnit: all.otherManager.person,
    secretary: all.secretary.person,
    dispatcher: all.dispatcher.person,
    supervisor: all.supervisor.person,
    caller: all.caller.person,
    leader: all.leader.person,
    beside: all.besideSecretary.person,
    stranger: all.stranger.person,
  } // prettier-ignore
  return (await server.one<number>('select version from person where id = $1', [people[role]])) ?? 1
}

const changing = (row: TableRow) => row.endpoint.method !== 'GET'

test.each(table.map((row) => [`${row.endpoint.method} ${row.endpoint.url} (${row.about})`, row] as const))(
  '%s',
  { timeout: 120_000 },
  async (_name, row) => {
    const expected = row.answers.split(/\s+/)
    expect(expected).toHaveLength(roles.length)
    let made = await make(row.about)
    const given: string[] = []
    const told: string[] = []
    for (const [index, role] of roles.entries()) {
      const answer = await ask(row, role, made)
      given.push(String(answer.status))
      if (String(answer.status) !== expected[index]) told.push(`${role}: ${answer.text.slice(0, 300)}`)
      if (answer.status < 300 && changing(row)) made = await make(row.about)
    }
    expect(given.join(' '), told.join('\n')).toBe(expected.join(' '))
  },
)

/** One answer other than an endpoint's JSON: its status, its media type and, of a whole document, its text. */
async function fetchOther(url: string, accept: string, role: TableRole) {
  const ending = new AbortController()
  const answer = await server.fetch(url.replaceAll(':id', newId()), {
    signal: ending.signal,
    headers: {
      Accept: accept,
      ...(role === 'link' ? { 'Linli-Link': linked.link } : {}),
      ...(role === 'anonymous' || role === 'link' ? {} : { Cookie: cookies[role] }),
    },
  })
  const type = answer.headers.get('content-type') ?? ''
  // The stream does not end by itself.
  const text = type.startsWith('text/event-stream') ? '' : await answer.text()
  ending.abort()
  return { status: String(answer.status), type, text }
}

test.each(otherAnswers.map((other) => [`${other.url} as ${other.accept}`, other] as const))(
  'GET %s',
  async (_name, { url, accept, answers, gives }) => {
    const given = []
    for (const role of roles) given.push(await fetchOther(url, accept, role))
    expect(given.map(({ status }) => status).join(' ')).toBe(answers)
    for (const { status, type } of given) if (status === '200') expect(type).toContain(gives)
  },
)

test('the list for a spreadsheet holds what the list holds for that reader, and nothing more', async () => {
  const { rows } = await server.superuser.query<{ number: number }>(
    'select number from request where path = $1 order by id desc limit 1',
    [places.community.path],
  )
  const number = formatNumber(rows[0]?.number ?? 0)
  const seen: TableRole[] = []
  for (const role of roles) {
    const { text } = await fetchOther('/api/requests', 'text/csv', role)
    if (text.includes(number)) seen.push(role)
  }
  expect(seen).toContain('secretary')
  for (const role of ['anonymous', 'link', 'resident', 'otherUnit', 'beside', 'stranger'] as const)
    expect(seen, role).not.toContain(role)
})

test('every address of the API that is no endpoint has its answers written down', () => {
  const known = otherAnswers.map(({ url }) => url)
  const bare = routesOf(server.app)
    .filter(({ url, endpoint, method }) => /^\/(api|open311)\//.test(url) && !endpoint && method !== 'HEAD')
    .map(({ url }) => url.replace(/:\w+/g, ':id'))
  expect([...new Set(bare)].filter((url) => !known.includes(url))).toEqual([])
})

test('every endpoint has its row', () => {
  const known = new Set(table.map((row) => `${row.endpoint.method} ${row.endpoint.url}`))
  const served = routesOf(server.app).filter((route) => route.endpoint && route.method !== 'HEAD')
  expect(served.length).toBeGreaterThan(60)
  expect(served.map((route) => `${route.method} ${route.url}`).filter((name) => !known.has(name))).toEqual([])
})
