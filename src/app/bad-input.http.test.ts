import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { deskActs, fileRequest, readRequest } from '#listen/requests/requests.desk.api.ts'
import { listRequests, searchRequests } from '#listen/requests/requests.lists.api.ts'
import { getBody } from '#organise/bodies/bodies.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, read, version } = requestsOf(server, organisation)
const { staff, places } = organisation
const told = { channel: 'web', text: '路灯不亮', anonymous: false, place: places.community.id }
const tell = (body: unknown, headers: Record<string, string> = {}, key?: string) =>
  server.call(fileRequest, { body, headers, ...(key ? { key } : {}) })
const count = () => server.one<number>('select count(*)::int from request')

describe('what a body may hold', () => {
  test.each([
    ['an unknown field', { ...told, colour: 'red' }, 'unknown-field', 'colour'],
    ['a missing field', { ...told, text: undefined }, 'missing-field', 'text'],
    ['a number for a text', { ...told, text: 7 }, 'invalid-field', 'text'],
    ['a text for a truth', { ...told, anonymous: 'no' }, 'invalid-field', 'anonymous'],
    ['a list for a text', { ...told, text: ['a'] }, 'invalid-field', 'text'],
    ['nothing but spaces', { ...told, text: ' \n ' }, 'invalid-field', 'text'],
    ['a text too long', { ...told, text: '长'.repeat(5_001) }, 'invalid-field', 'text'],
    ['an unknown channel', { ...told, channel: 'pigeon' }, 'invalid-field', 'channel'],
    ['a place that is no id', { ...told, place: "' or 1=1 --" }, 'invalid-field', 'place'],
    ['a point outside the country', { ...told, longitude: 0, latitude: 0 }, 'invalid-field', 'longitude'],
    ['null for an object', null, 'invalid-field', ''],
    ['a list for an object', [told], 'invalid-field', ''],
  ])('%s: 400, the field at fault is named', async (_name, body, type, field) => {
    const before = await count()
    const answer = await tell(body)
    expect(answer.status, answer.text).toBe(400)
    expect(answer.problem).toMatchObject({ type: `/problems/${type}`, status: 400, field })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await count()).toBe(before)
  })

  test.each([
    ['NUL', '{"text":"a\\u0000b"}'],
    ['an unpaired surrogate', '{"text":"a\\ud800b"}'],
    ['an unpaired surrogate in a name of a field', '{"a\\ud800":"b"}'],
    ['an escape character', '{"text":"a\\u001bb"}'],
  ])('%s: 400', async (_name, raw) => {
    const answer = await tell(JSON.stringify(told).replace('"text":"路灯不亮"', raw.slice(1, -1)))
    expect(answer.status, answer.text).toBe(400)
  })

  test('an emoji of two halves is a whole character', async () => {
    expect((await tell({ ...told, text: '路灯💡不亮' })).status).toBe(201)
  })

  test.each([
    ['half an object', '{"text":'],
    ['no JSON', 'text=1'],
    ['a prototype', '{"__proto__":{"a":1},"channel":"web"}'],
    ['an object of a thousand depths', `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`],
    ['nothing', ''],
  ])('%s: 400', async (_name, raw) => {
    const answer = await tell(raw)
    expect(answer.status, answer.text).toBe(400)
  })

  test('a text of 1 MB: 413', async () => {
    const answer = await tell({ ...told, text: 'a'.repeat(1024 * 1024) })
    expect(answer).toMatchObject({ status: 413, problem: { type: '/problems/too-large' } })
  })

  test('XML: 415', async () => {
    expect((await tell('<a/>', { 'Content-Type': 'application/xml' })).status).toBe(415)
  })

  test('SQL and HTML in every field: kept as they are, shown as text', async () => {
    const nasty = `<img src=x onerror=alert(1)>'; drop table request; -- "&<script>`
    const filed = await file({ title: nasty, text: nasty, spot: nasty, name: nasty.slice(0, 60), phone: '13911110000' })
    const view = (await read(staff.secretary, filed.id)).body
    expect(view).toMatchObject({ title: nasty, text: nasty, spot: nasty })
    await does(staff.secretary, filed.id, 'note', { text: nasty })
    const page = await server.fetch(`/r/${filed.link}`)
    const html = await page.text()
    expect(page.status).toBe(200)
    expect(html).toContain('&lt;img src=x')
    expect(html).not.toContain('<img src=x')
    expect(html).not.toContain('<script>')
    for (const words of [nasty, "'", '\\', '% _', "a' | !'b", '():*&|!<->']) {
      const found = await server.call(searchRequests, { as: staff.secretary.cookie, body: { words } })
      expect(found.status, `${words}: ${found.text}`).toBe(200)
    }
    expect(await server.one("select to_regclass('request')::text")).toBe('request')
  })
})

test.each(['state', 'channel', 'urgency'])(
  'a list narrowed by a %s that is none is refused with those there are',
  async (name) => {
    const answer = await server.call(listRequests, {
      as: staff.secretary.cookie,
      query: { [name]: '示例' } as never,
      headers: { 'Accept-Language': 'en' },
    })
    expect(answer).toMatchObject({ status: 400, problem: { type: '/problems/invalid-field', field: name } })
    expect(answer.problem?.detail).toMatch(new RegExp(`^${name} is one of these: [a-z_]+, .*[a-z]\\.$`))
  },
)

test('a reason of one letter is refused without saying of everybody that the reporter reads it', async () => {
  const filed = await file({ text: '灯不亮。', publicationPermitted: true })
  await does(staff.secretary, filed.id, 'publish', { title: '灯不亮', text: '灯不亮。' })
  const answer = await server.call(deskActs.unpublish, {
    as: staff.secretary.cookie,
    params: { id: filed.id },
    body: { reason: '撤' },
    version: await version(filed.id),
  })
  expect(answer).toMatchObject({ status: 422, problem: { detail: expect.stringContaining('至少两个字') } })
  expect(answer.problem?.detail).not.toContain('诉求人')
})

describe('who sends it', () => {
  test.each([
    ['another site', { Origin: 'https://example.com' }],
    ['a page without an origin', { Origin: 'null' }],
    ['another port', { Origin: 'http://127.0.0.1:1' }],
    ['another scheme', { Origin: 'https://127.0.0.1:3230' }],
    ['a cross-site request without an origin', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('from %s: 403', async (_name, headers) => {
    const answer = await tell(told, headers)
    expect(answer).toMatchObject({ status: 403, problem: { type: '/problems/foreign-origin' } })
  })
  test('from its own pages: done', async () => {
    expect((await tell(told, { Origin: 'http://127.0.0.1:3230' })).status).toBe(201)
    expect((await tell(told, { Origin: server.address })).status).toBe(201)
  })
  test('a form of another site posts to no page either', async () => {
    const filed = await file()
    const answer = await server.fetch(`/r/${filed.link}/withdraw`, {
      method: 'POST',
      headers: { Origin: 'https://example.com', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'reason=x',
    })
    expect(answer.status).toBe(403)
    expect(await server.one('select state from request where id = $1', [filed.id])).toBe('received')
  })
})

describe('the same again', () => {
  test('a repeat with one Idempotency-Key is one request, and gets the same answer with its link', async () => {
    const key = newId()
    const before = await count()
    const one = await tell(told, {}, key)
    const two = await tell(told, {}, key)
    expect(one.status).toBe(201)
    expect(two.status).toBe(201)
    expect(two.text).toBe(one.text)
    expect(await count()).toBe(before + 1)
  })
  test('twenty at once are one', async () => {
    const key = newId()
    const before = await count()
    const all = await Promise.all(Array.from({ length: 20 }, () => tell(told, {}, key)))
    expect(new Set(all.map((each) => each.status))).toEqual(new Set([201]))
    expect(new Set(all.map((each) => each.text)).size).toBe(1)
    expect(await count()).toBe(before + 1)
  })
  test('with another body: 422; of another caller: their own', async () => {
    const key = newId()
    await tell(told, {}, key)
    expect(await tell({ ...told, text: '另一件' }, {}, key)).toMatchObject({
      status: 422,
      problem: { type: '/problems/idempotency-key-used' },
    })
    const mine = await server.call(fileRequest, { body: told, key, as: organisation.resident.cookie })
    expect(mine.status).toBe(201)
    expect(await server.one('select reporter from request where id = $1', [mine.body.id])).toBe(
      organisation.resident.person,
    )
  })
  test.each(['short', 'with space in it', 'ü'.repeat(10), 'a'.repeat(201)])(
    'a key of another shape: 400 (%s)',
    async (key) => {
      // A header holds bytes: what is not ASCII comes as Latin-1.
      expect((await tell(told, {}, key)).status).toBe(400)
    },
  )
  test('a question is answered anew each time, and no key of it is kept', async () => {
    const key = newId()
    const keys = () => server.one('select count(*)::int from idempotency')
    const asking = { as: staff.secretary.cookie, body: { queue: 'all' as const, words: '同一把钥匙' }, key }
    expect((await server.call(searchRequests, asking)).body.items).toHaveLength(0)
    const { id } = await file({ title: '同一把钥匙' })
    const before = await keys()
    expect((await server.call(searchRequests, asking)).body.items.map((row) => row.id)).toEqual([id])
    expect(await keys()).toBe(before)
  })
  test('nothing of the answer can be read in the table', async () => {
    const key = newId()
    const one = await tell(told, {}, key)
    const { rows } = await server.superuser.query('select * from idempotency')
    expect(rows.some((each) => String(each.answer).includes((one.body as { link: string }).link))).toBe(false)
    expect(JSON.stringify(rows)).not.toContain(key)
  })
})

describe('versions, ids and cursors', () => {
  test('an act without the version that was seen: 428; of a wrong shape: 400; of the past: 409 with the present one', async () => {
    const { id } = await file()
    const asking = { as: staff.secretary.cookie, params: { id }, body: {} }
    expect((await server.call(deskActs.accept, asking)).status).toBe(428)
    for (const shape of ['3', '"x"', '*', '"1", "2"', '"99999999999999999999"'])
      expect((await server.call(deskActs.accept, { ...asking, headers: { 'If-Match': shape } })).status, shape).toBe(
        400,
      )
    await does(staff.secretary, id, 'note', { text: '甲' })
    const late = await ask(staff.secretary, id, 'accept', {}, 1)
    expect(late).toMatchObject({
      status: 409,
      problem: { type: '/problems/version-conflict', version: await version(id) },
    })
  })
  test.each([
    '1',
    'abc',
    `${'9'.repeat(290)}`,
    '../../etc/passwd',
    "x'--",
    '00000000-0000-0000-0000-00000000000g',
    'ÄÖ',
  ])('an id that is none: %s', async (id) => {
    const answer = await server.call(readRequest, { as: staff.secretary.cookie, params: { id } })
    expect([400, 404]).toContain(answer.status)
  })
  test('an id of nothing: 404', async () => {
    expect((await server.call(readRequest, { as: staff.secretary.cookie, params: { id: newId() } })).status).toBe(404)
  })
  test.each([
    'x',
    'W10',
    Buffer.from('["a","b"]').toString('base64url'),
    Buffer.from('[null,"\' or 1=1"]').toString('base64url'),
    'a'.repeat(5_000),
  ])('a cursor that is none: 400', async (after) => {
    const answer = await server.call(listRequests, { as: staff.secretary.cookie, query: { after } })
    expect(answer.status, answer.text).toBe(400)
  })
  test.each([
    { limit: '0' },
    { limit: '101' },
    { limit: 'x' },
    { queue: 'none' },
    { colour: 'red' },
    { place: '1' },
    { category: 'x' },
  ])('a filter that is none: 400 (%o)', async (query) => {
    expect(
      (
        await server.call(listRequests, {
          as: staff.secretary.cookie,
          query: query as unknown as Record<string, string>,
        })
      ).status,
    ).toBe(400)
  })
  test.each(['2026-02-30', '2026-13-01', '2723-31-78', '0000-01-01', '9999-12-31'])(
    'a day that is none: 400, wherever one is asked for (%s)',
    async (day) => {
      const as = organisation.staff.secretary.cookie
      const id = organisation.bodies.committee
      expect((await server.call(getBody, { as, params: { id }, query: { on: day } })).status).toBe(400)
      expect((await server.call(listRequests, { as, query: { filedFrom: day } })).status).toBe(400)
    },
  )
  test('a list goes on from where it ended, none twice', async () => {
    for (let i = 0; i < 5; i += 1) await file()
    for (const sort of ['newest', 'oldest', 'due']) {
      const seen: string[] = []
      let after: string | null = null
      do {
        const page: Awaited<ReturnType<typeof list>> = await list(sort, after)
        expect(page.status, page.text).toBe(200)
        seen.push(...page.body.items.map((each) => each.id))
        after = page.body.next
      } while (after)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.length).toBe(await server.one("select count(*)::int from request where path like '32/10/03/%'"))
    }
  })
  const list = (sort: string, after: string | null) =>
    server.call(listRequests, {
      as: staff.leader.cookie,
      query: { queue: 'all', sort, limit: 3, ...(after ? { after } : {}) },
    })
})

describe('other ways of asking', () => {
  test('HEAD answers as GET without a body; what is not offered is 404', async () => {
    const head = await server.fetch('/api/requests', { method: 'HEAD', headers: { Cookie: staff.secretary.cookie } })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await server.fetch('/api/requests', { method })
      expect([404, 405], method).toContain(answer.status)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
  test('a problem is told in the reader’s language, and nothing of the inside', async () => {
    const zh = await server.call({ method: 'GET', url: '/api/nothing' })
    const en = await server.call({ method: 'GET', url: '/api/nothing' }, { language: 'en' })
    expect(zh.problem.detail).toContain('看看链接')
    expect(en.problem.detail).toContain('Is all of the link there')
    expect(en.text).not.toMatch(/\/work|node_modules|at \w+ \(/)
  })
  test('whoever lacks a duty, as one whose term has just ended, is told what they can do', async () => {
    const asked = { as: staff.secretary.cookie }
    const refused = await server.call({ method: 'GET', url: '/api/register' }, asked)
    expect([refused.status, refused.problem.type]).toEqual([403, '/problems/not-allowed'])
    expect(refused.problem.detail).toMatch(/任期已到.*请刷新.*同事来办/)
    const en = await server.call({ method: 'GET', url: '/api/register' }, { ...asked, language: 'en' })
    expect(en.problem.detail).toMatch(/term has ended.*Reload.*ask a colleague/)
  })
  test('a secret link of any other shape opens nothing', async () => {
    for (const token of ['x', '../..', 'a'.repeat(290), '%00', '%ff', "' or '1'='1"]) {
      const answer = await server.fetch(`/r/${token.includes('%') ? token : encodeURIComponent(token)}`)
      expect([400, 404], token).toContain(answer.status)
    }
  })
  test('a link only shows: fetched ahead, it changes nothing', async () => {
    const filed = await file()
    const before = await version(filed.id)
    for (const page of ['', '/withdraw', '/reopen', '/correct']) await server.fetch(`/r/${filed.link}${page}`)
    expect(await version(filed.id)).toBe(before)
  })
  test('answers carry the strict headers', async () => {
    const visitor = visitorOf(server)
    const { headers } = await visitor.fetch('/tell')
    const page = await visitor.fetch(headers.get('location') ?? '/')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    expect(page.headers.get('referrer-policy')).toBe('same-origin')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('x-powered-by')).toBeNull()
  })
})

describe('uploads', () => {
  test('a form of 1 GB is refused by its length, before it is sent', async () => {
    const asked = request(`${server.address}/tell`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': 2 ** 30 },
    })
    asked.on('error', () => undefined)
    // The beginning alone: a server that waited for the end would wait for ever.
    asked.write('--x\r\n')
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    expect([answer.statusCode, answer.headers.connection]).toEqual([413, 'close'])
    asked.destroy()
  })
  const upload = async (name: string, bytes: Buffer | string, type = 'image/png') => {
    const form = new FormData()
    const visitor = visitorOf(server)
    const token = await visitor.form()
    for (const [field, value] of Object.entries({ form: token, page: 'all', do: 'keep', text: '有照片' }))
      form.append(field, value)
    form.append('pictures', new Blob([bytes as never], { type }), name)
    return visitor.fetch('/tell', { method: 'POST', body: form, headers: { Accept: 'text/html' } })
  }
  test.each(['../../../../etc/passwd', '..\\..\\x.png', '/etc/cron.d/x', 'a\u0000.png', 'x'.repeat(300)])(
    'a path for a name leads nowhere: %s',
    async (name) => {
      const png = Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      )
      const answer = await upload(name, png)
      expect(answer.status).toBeLessThan(500)
      const { rows } = await server.superuser.query('select * from file')
      expect(JSON.stringify(rows)).not.toMatch(/passwd|\.\.|cron/)
    },
  )
  test('what says it is a picture and is none is not kept', async () => {
    const before = await server.one('select count(*)::int from file')
    const answer = await upload('x.png', '<script>alert(1)</script>')
    expect(answer.status).toBeLessThan(500)
    expect(await server.one('select count(*)::int from file')).toBe(before)
  })
})
