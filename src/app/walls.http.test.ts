import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bodiesEndpoints } from '#organise/bodies/bodies.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// What somebody tried who had found a way to run SQL as the application's role, or who only sent forms and calls as anybody can:
// each of these went through once.
const metricsToken = 'whoever measures'
const server = await testServer(await testDatabase({ keep: true }), { limitFactor: 1, metricsToken })
const organisation = await makeOrganisation(server)
const { file, does, answered, row, sentTo } = requestsOf(server, organisation)
const { staff, bodies, resident, neighbour, places } = organisation
const client = new pg.Client({ connectionString: server.database.databaseUrl })
const session = (cookie: string) => server.kernel.sessions.sessionToken({ cookie })

beforeAll(() => client.connect())
afterAll(() => client.end())

/** One statement of whoever is signed in, undone afterwards: how many rows, or the code of the refusal. */
async function as(who: { cookie: string } | null, text: string, values: unknown[] = [], link: string | null = null) {
  await client.query('begin')
  try {
    await client.query('select access.enter($1, sha256($2::bytea))', [who && session(who.cookie), link])
    return await client.query(text, values).then(
      (done) => `done ${done.rowCount}`,
      (error: { code: string }) => error.code,
    )
  } finally {
    await client.query('rollback')
  }
}

/** A form as a page sends it. */
const post = (path: string, fields: Record<string, string>, cookie?: string) =>
  server.fetch(path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Origin: 'http://127.0.0.1:3230',
      ...(cookie ? { cookie } : {}),
    },
    body: new URLSearchParams(fields),
  })

test('measurements are shown to whoever holds their token, and to others as if there were none', async () => {
  const shown = async (token: string | null) =>
    (await server.fetch('/metrics', token ? { headers: { Authorization: `Bearer ${token}` } } : {})).status
  for (const wrong of [null, 'whoever measured', 'whoever', '\xe9'.repeat(metricsToken.length)])
    expect(await shown(wrong), String(wrong)).toBe(404)
  expect(await shown(metricsToken)).toBe(200)
})

describe('a term that ends', () => {
  test('is not made longer by its holder, by call or by SQL; another may', async () => {
    const { tenure } = staff.secretary
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    const end = (who: { cookie: string }, lastDay: string, version: number) =>
      server.call(bodiesEndpoints.endTenure, { as: who.cookie, params: { id: tenure }, body: { lastDay }, version })
    expect((await end(staff.leader, tomorrow, 1)).status).toBe(200)
    const prolonged = await end(staff.secretary, '2099-12-31', 2)
    expect(prolonged.status, prolonged.text).toBe(409)
    const longer =
      "update tenure set during = tstzrange(lower(during), 'infinity'), version = version + 1 where id = $1"
    expect(await as(staff.secretary, longer, [tenure])).toBe('23514')
    const earlier = "update tenure set during = tstzrange('2001-01-01', upper(during)) where id = $1"
    expect(await as(staff.leader, earlier, [tenure])).toBe('42501')
    expect((await end(staff.leader, '2099-12-31', 2)).status).toBe(200)
  })
})

describe('jobs', () => {
  const put = (who: { cookie: string } | null, name: string, data: Record<string, string>) =>
    as(who, 'insert into pgboss.job (name, data) values ($1, $2)', [name, JSON.stringify(data)])

  test('nobody has another erased', async () => {
    const erase = { person: neighbour.person }
    expect(await put(null, 'people-erase', erase)).toBe('42501')
    expect(await put(resident, 'people-erase', erase)).toBe('42501')
    expect(await put(neighbour, 'people-erase', { ...erase, again: 'x' })).toBe('42501')
    expect(await put(staff.hand, 'people-erase', { person: staff.hand.person })).toBe('42501')
    expect(await put(neighbour, 'people-erase', erase)).toBe('done 1')
  })

  test('a job for somebody who never asked erases nobody', async () => {
    await server.superuser.query("insert into pgboss.job (name, data) values ('people-erase', $1)", [
      { person: neighbour.person },
    ])
    expect(await server.workJobs()).toContain('people-erase')
    expect(await server.one('select erased_at from person where id = $1', [neighbour.person])).toBeNull()
  })

  test('nobody forges a leaving, a notice, a link or what only the clock starts', async () => {
    const { id } = await file()
    expect(await put(staff.hand, 'bodies-leave', { tenure: staff.leader.tenure })).toBe('42501')
    expect(await put(staff.leader, 'bodies-leave', { tenure: staff.leader.tenure })).toBe('42501')
    const act = '019a0000-0000-7000-8000-000000000001'
    expect(await put(null, 'request.notice', { request: id, act, kind: 'request.answer' })).toBe('42501')
    expect(await put(null, 'request.link', { request: id })).toBe('42501')
    expect(await put(staff.leader, 'request.nightly-check', {})).toBe('42501')
    expect(await put(staff.leader, 'bodies-old-invitations', {})).toBe('42501')
  })
})

describe('"me too"', () => {
  const released = async () => {
    const filed = await file({ text: '楼道灯坏了' })
    expect((await post(`/r/${filed.link}/permit-publication`, {})).status).toBe(303)
    await does(staff.secretary, filed.id, 'publish', { title: '楼道灯坏了', text: '楼道灯坏了' })
    return server.one<number>('select number::int from request where id = $1', [filed.id])
  }
  const say = (number: number, fields: Record<string, string>, cookie?: string) =>
    post(`/raised/${number}`, fields, cookie)
  const counted = (number: number) => server.one<number>('select me_too from publication where number = $1', [number])

  test('thirty a day from one address for one matter', async () => {
    const number = await released()
    const statuses = []
    for (let i = 0; i < 32; i += 1) statuses.push((await say(number, {})).status)
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 303), 429, 429])
    expect(await counted(number)).toBe(30)
    expect((await say(await released(), {})).status).toBe(303)
  })

  test('once by whoever is signed in', async () => {
    const number = await released()
    for (const phone of ['13700000021', '13700000022'])
      expect((await say(number, { phone }, resident.cookie)).status).toBe(303)
    expect(await counted(number)).toBe(1)
    expect((await say(number, {}, neighbour.cookie)).status).toBe(303)
    expect(await counted(number)).toBe(2)
  })
})

describe('a lost link', () => {
  const phone = '13700000031'
  const again = async (number: number) => (await post('/follow', { number: String(number), phone })).status

  test('goes to its phone whatever strangers try that phone with, five times an hour; codes are another matter', async () => {
    const numbered = async (id: string) =>
      server.one<number>('select number::int from request where id = $1', [id]) as Promise<number>
    const { id } = await file({ phone })
    const [number, another] = [await numbered(id), await numbered((await file()).id)]
    const sent = () =>
      server.one("select count(*)::int from pgboss.job where name = 'request.link' and data ->> 'request' = $1", [id])
    for (let turn = 1; turn <= 6; turn += 1) expect(await again(another)).toBe(303)
    expect(await sent()).toBe(0)
    for (let turn = 1; turn <= 6; turn += 1) expect(await again(number)).toBe(303)
    expect(await sent()).toBe(5)
    // The switches of the header, and a link that is pasted, try no number.
    for (let turn = 0; turn < 4; turn += 1) {
      expect((await post('/follow', { number: String(number), phone, display: 'language:en' })).status).toBe(200)
      expect((await post('/follow', { link: 'a'.repeat(43), by: 'link' })).status).toBe(303)
    }
    for (let turn = 12; turn < 30; turn += 1) expect(await again(number)).toBe(303)
    expect(await again(number)).toBe(429)
    const visitor = { address: '127.0.0.1', headers: {}, language: 'zh-CN' as const }
    expect(await server.kernel.sessions.startPhone({ phone, ...visitor })).toMatchObject({ ok: true })
  })
})

describe('beside a request', () => {
  test('nobody writes an act about a matter that is not before them', async () => {
    const filed = await file({ phone: '13911110031' })
    const act = (record: string): [string, unknown[]] => [
      `insert into ledger.act (id, kind, record, path, at, actor, leaf) values (uuidv7(), 'request.answer', $1, $2, now(), access.person(), sha256('x'))`,
      [record, places.community.path],
    ]
    expect(await as(null, ...act(filed.id))).toBe('42501')
    expect(await as(null, ...act(staff.hand.tenure))).toBe('42501')
    expect(await as(staff.stranger, ...act(filed.id))).toBe('42501')
    expect(await as(null, ...act(filed.id), filed.link)).toBe('done 1')
    expect(await as(staff.leader, ...act(filed.id))).toBe('done 1')
  })

  test('a reader has no standing to write themselves into, nor has a unit that is done', async () => {
    const filed = await file({ phone: '13911110032' })
    const part = (who: { cookie: string; body: string }, role: string) =>
      as(
        who,
        `insert into request_part (id, request, body, role, state) values (uuidv7(), $1, $2, '${role}', 'dispatched')`,
        [filed.id, who.body],
      )
    expect(await part(staff.overseer, 'lead')).toBe('42501')
    expect(await part(staff.overseer, 'assisting')).toBe('42501')
    const say = (who: { cookie: string; tenure: string }, more = '', values = '') =>
      as(
        who,
        `insert into request_answer (id, request, kind, state, text, author, sent_at${more}) values (uuidv7(), $1, 'answer', 'sent', '灯泡已换。', $2, now()${values})`,
        [filed.id, who.tenure],
      )
    expect(await say(staff.overseer)).toBe('42501')
    await does(staff.secretary, filed.id, 'accept')
    await does(staff.secretary, filed.id, 'dispatch', { body: bodies.property })
    await does(staff.manager, filed.id, 'acknowledge')
    expect(await say(staff.hand)).toBe('done 1')
    expect(await say(staff.hand, ', agreed_by', `, '${staff.manager.tenure}'`)).toBe('42501')
    await does(staff.manager, filed.id, 'answer', { text: '已换。' })
    expect(await say(staff.hand)).toBe('42501')
    expect(await as(staff.hand, "update request_part set state = 'acknowledged' where request = $1", [filed.id])).toBe(
      'done 0',
    )
  })

  test('the timeline says by whom: no resident as staff, no staff as the resident, nobody for another body', async () => {
    const filed = await file({ phone: '13911110033' })
    const line = (kind: string, tenure: string | null, body: string | null): [string, unknown[]] => [
      `insert into request_entry (id, request, kind, tenure, body) values (uuidv7(), $1, $2, $3, $4)`,
      [filed.id, kind, tenure, body],
    ]
    for (const kind of ['answered', 'supervised', 'filed'])
      expect(await as(null, ...line(kind, null, null), filed.link)).toBe('42501')
    expect(await as(null, ...line('added', null, bodies.property), filed.link)).toBe('42501')
    expect(await as(null, ...line('added', null, null), filed.link)).toBe('done 1')
    expect(await as(staff.overseer, ...line('added', null, null))).toBe('42501')
    expect(await as(staff.overseer, ...line('answered', staff.overseer.tenure, null))).toBe('42501')
    expect(await as(staff.overseer, ...line('noted', staff.overseer.tenure, bodies.property))).toBe('42501')
    expect(await as(staff.overseer, ...line('noted', staff.overseer.tenure, staff.overseer.body))).toBe('done 1')
    const version = 'insert into request_version (id, request, title, body) values (uuidv7(), $1, $2, $3)'
    expect(await as(null, version, [filed.id, 'x', 'never said'], filed.link)).toBe('42501')
    const visit = `insert into visit (id, request, day, from_time, to_time, state, proposed_by, tenure) values (uuidv7(), $1, '2030-01-01', '09:00', '10:00', 'proposed', $2, $3)`
    expect(await as(null, visit, [filed.id, 'unit', null], filed.link)).toBe('42501')
    expect(await as(staff.overseer, visit, [filed.id, 'unit', staff.overseer.tenure])).toBe('42501')
    expect(await as(staff.overseer, visit, [filed.id, 'resident', null])).toBe('42501')
    expect(await as(null, visit, [filed.id, 'resident', null], filed.link)).toBe('done 1')
  })

  test('who looked is said with a tenure of one’s own', async () => {
    const looked = `insert into access.log (reader, tenure, subject_record, record_kind, what) values (access.person(), $1, uuidv7(), 'request', 'x')`
    expect(await as(staff.hand, looked, [staff.leader.tenure])).toBe('42501')
    expect(await as(staff.hand, looked, [staff.hand.tenure])).toBe('done 1')
  })

  test('a closed request answers no guess of its verdict, and a verdict is given once', async () => {
    const filed = await file({ phone: '13911110034' }, resident)
    await answered(filed)
    const token = (await sentTo('13911110034'))?.token ?? ''
    const verdict = `select request_change($1, $2, '{"state": "closed", "result": "solved", "judged": true, "due_at": null, "due_kind": null}')`
    const open = (await row(filed.id)).version
    expect(await as(resident, verdict, [filed.id, open])).toBe('42501')
    const judged = await server.fetch(`/j/${token}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'http://127.0.0.1:3230' },
      body: new URLSearchParams({ verdict: 'not' }),
    })
    expect(judged.status).toBe(303)
    const { version } = await row(filed.id)
    expect(await as(resident, verdict, [filed.id, version])).toBe('42501')
    const guess = (result: string) =>
      as(staff.hand, 'select request_change($1, $2, $3)', [filed.id, version, JSON.stringify({ result })])
    const answers = []
    for (const result of ['solved', 'partly', 'unsolved', 'withdrawn']) answers.push(await guess(result))
    expect(new Set(answers).size, answers.join()).toBe(1)
  })

  test('what is released is changed by whoever releases, and its numbers by nobody', async () => {
    const filed = await file({ phone: '13911110035', text: '楼道灯坏了' })
    await server.superuser.query('update request set consent_public = true where id = $1', [filed.id])
    await does(staff.secretary, filed.id, 'publish', { title: '楼道灯坏了', text: '楼道灯坏了' })
    const change = (set: string): [string, unknown[]] => [
      `update publication set ${set} where request = $1`,
      [filed.id],
    ]
    for (const set of ['me_too = 999', "result = 'solved'", "path = '32/'"])
      expect(await as(staff.secretary, ...change(set)), set).toBe('42501')
    expect(await as(staff.dispatcher, ...change("body = 'other'"))).toBe('42501')
    expect(await as(null, ...change("body = 'other'"), filed.link)).toBe('42501')
    expect(await as(null, ...change('withdrawn_at = now()'), filed.link)).toBe('done 1')
  })

  test('no link is made by a link', async () => {
    const filed = await file()
    expect(await as(null, "select access.grant_token(sha256('x'), 'follow', $1, null)", [filed.id], filed.link)).toBe(
      '42501',
    )
  })
})

test('names and titles stand on one line; marks that turn what follows them are left out', async () => {
  const asked = { as: staff.leader.cookie, params: { id: staff.gridWorker.post } }
  const invited = await server.call(bodiesEndpoints.invite, {
    ...asked,
    body: { name: '王\n小路', mail: 'a@example.org' },
  })
  expect([invited.status, invited.problem.detail]).toEqual([400, '名称和标题写在一行里，请去掉换行再试。'])
  const filed = await file({ title: '灯\u202e坏了', text: '电话\u2066 1391 \u2069' })
  expect(await row(filed.id)).toMatchObject({ title: '灯坏了', body: '电话 1391' })
})

test('where the clock is real, nothing is of another time', async () => {
  await server.superuser.query('insert into installation (demonstration) values (false)')
  const filed = await file()
  const act = `insert into ledger.act (id, kind, record, path, at, leaf) values (uuidv7(), 'request.add', $1, '${places.community.path}', $2, sha256('x'))`
  expect(await as(null, act, [filed.id, '2021-01-01'], filed.link)).toBe('42501')
  expect(await as(null, act, [filed.id, new Date()], filed.link)).toBe('done 1')
  await client.query("select form_keep(sha256('form'), 'x', now() + interval '10 years')")
  expect(await server.one("select max(expires_at) <= now() + interval '24 hours' from form_draft")).toBe(true)
  const verdicts = (at: string) =>
    server.one<string | null>(`select judged from public_counts($1, ${at})`, [places.subdistrict.path])
  for (let i = 0; i < 6; i += 1)
    await server.superuser.query(
      `with a as (insert into request_answer (id, request, kind, state, text, author) values (uuidv7(), $1, 'answer', 'sent', 'x', $2) returning id)
       insert into judgement (request, answer, path, solved, given_by, month) select $1, a.id, $3, $4, 'link', date_trunc('month', now() at time zone 'Asia/Shanghai')::date from a`,
      [filed.id, staff.hand.tenure, places.community.path, i > 2 ? 'not' : 'solved'],
    )
  expect(await verdicts("now() + interval '1 month'")).toBeNull()
})
