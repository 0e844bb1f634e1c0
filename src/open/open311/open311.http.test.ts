// GeoReport v2 over the wire: what the standard asks of each resource, what stays unseen, and what bad input is told.
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock/index.ts'
import { createKey, revokeKey } from '#kernel/keys/index.ts'
import { placeByCode } from '#organise/places/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { does, answered, file } = requestsOf(server, organisation)
const { staff, places } = organisation
const told = '楼下路灯不亮，晚上走路看不清。'
const png = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#2f7d5b' } })
  .png()
  .toBuffer()

const make = (
  more: { scopes?: string[]; place?: { id: string; path: string } | null; perMinute?: number; expiresAt?: Date } = {},
) =>
  createKey(server.database.owner, systemClock.now(), {
    name: '示例平台',
    scopes: ['open311'],
    place: null,
    perMinute: 6_000,
    expiresAt: null,
    ...more,
  })
let key = ''
let other = ''
beforeAll(async () => {
  key = (await make()).key
  other = (await make()).key
  await server.database.owner.pool.query(
    `insert into category (id, path, code, level1, level2, level3, level3_en) values
      (uuidv7(), '32/10/03/', 'light.street', '城乡建设', '市政', '路灯', 'Street light'),
      (uuidv7(), '32/10/02/', 'noise', '环境', '噪声', '施工噪声', null)`,
  )
})

const base = '/open311/v2/'
const get = async (path: string, query: Record<string, string> = {}, language = 'en') => {
  const response = await server.fetch(`${base}${path}?${new URLSearchParams(query)}`, {
    headers: { 'Accept-Language': language },
  })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}
const json = async <T = Record<string, unknown>[]>(path: string, query: Record<string, string> = {}) => {
  const answer = await get(path, query)
  expect(answer.type).toBe('application/json; charset=utf-8')
  return { ...answer, body: JSON.parse(answer.text) as T }
}
const form = { service_code: 'light.street', description: told, address_id: '321003001001' }
const post = async (path: string, fields: Record<string, string> | string[][] | FormData, at = base) => {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields as Record<string, string>)
  const response = await server.fetch(`${at}${path}`, { method: 'POST', body, headers: { 'Accept-Language': 'en' } })
  return { status: response.status, text: await response.text() }
}
let counter = 0
/** Another one each time: the same form is the same request. */
const filed = async (more: Record<string, string> = {}) => {
  counter += 1
  const { status, text } = await post('requests.json', {
    api_key: key,
    ...form,
    description: `${told} ${counter}`,
    ...more,
  })
  expect(status, text).toBe(200)
  const number = (JSON.parse(text) as { service_request_id: string }[])[0]?.service_request_id ?? ''
  const id = await server.one<string>('select id from request where number = $1', [number])
  return { number, id }
}
const released = async () => {
  const made = await filed({ 'attribute[publication]': 'yes' })
  await does(staff.secretary, made.id, 'accept')
  const words = (await server.one<string>('select body from request where id = $1', [made.id])) as string
  await does(staff.secretary, made.id, 'publish', { title: words, text: words })
  return made
}

describe('what there is', () => {
  test('discovery names a production and a test endpoint in both formats', async () => {
    const { body } = await json<{ endpoints: { type: string; url: string; formats: string[] }[] }>('discovery.json')
    expect(body).toMatchObject({
      changeset: expect.any(String),
      contact: expect.any(String),
      key_service: expect.any(String),
    })
    expect(body.endpoints.map(({ type }) => type)).toEqual(['production', 'test'])
    for (const { url, formats } of body.endpoints) {
      expect(url).toMatch(/\/open311\/(test\/)?v2\/$/)
      expect(formats).toEqual(['text/xml', 'application/json'])
    }
    const xml = await get('discovery.xml')
    expect(xml.type).toBe('text/xml; charset=utf-8')
    expect(xml.text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<discovery><changeset>/)
    expect(xml.text).toContain(
      '<endpoints><endpoint><specification>http://wiki.open311.org/GeoReport_v2</specification>',
    )
    expect((await server.fetch('/open311/discovery.xml')).status).toBe(200)
  })

  test('services are those of the jurisdiction, and one for anything else', async () => {
    const { body } = await json('services.json', { jurisdiction_id: '321003001' })
    expect(body.map(({ service_code }) => service_code)).toEqual(['light.street', 'lamps', 'GENERAL'])
    expect(body[0]).toEqual({
      service_code: 'light.street',
      service_name: 'Street light',
      description: expect.any(String),
      metadata: true,
      type: 'realtime',
      keywords: '城乡建设,市政',
      group: '城乡建设',
    })
    expect((await json('services.json')).body.map(({ service_code }) => service_code)).toContain('noise')
    const xml = await get('services.xml', { jurisdiction_id: '321003001' }, 'zh-CN')
    expect(xml.text).toContain(
      '<services><service><service_code>light.street</service_code><service_name>路灯</service_name>',
    )
    expect(xml.text).not.toMatch(/<(\w+)><\/\1>|<\w+\/>/)
  })

  test('a service tells its attribute; one that is none is 404', async () => {
    const { body } = await json<{ attributes: { code: string; values: unknown[] }[] }>('services/light.street.json')
    expect(body).toMatchObject({
      service_code: 'light.street',
      attributes: [{ code: 'publication', required: false, order: 1 }],
    })
    expect((await get('services/light.street.xml')).text).toContain(
      '<attributes><attribute><variable>true</variable><code>publication</code><datatype>singlevaluelist</datatype>',
    )
    expect(await json('services/none.json')).toMatchObject({
      status: 404,
      body: [{ code: 404, description: expect.stringContaining('none') }],
    })
    expect((await get('services/none.xml')).text).toMatch(/<errors><error><code>404<\/code><description>/)
    expect((await json('services.json', { jurisdiction_id: 'nowhere' })).status).toBe(404)
  })
})

describe('a request that is filed', () => {
  test('goes through the door that all requests go through, marked with its key', async () => {
    const { number, id } = await filed({
      first_name: '示例',
      last_name: '张',
      phone: '13911110001',
      email: 'reporter@example.org',
      lat: '32.39',
      long: '119.42',
      device_id: 'abc',
      deviceid: 'abc',
      account_id: '7',
      media_url: 'https://pictures.example/1.jpg',
    })
    expect(number).toMatch(/^\d+$/)
    const { rows } = await server.superuser.query(
      `select r.channel, r.body, r.anonymous, r.reporter, r.entered_by, r.consent_public, r.latitude, c.code, p.code as place, k.name as key
       from request r left join category c on c.id = r.category join place p on p.id = r.place
         join open311_request o on o.request = r.id join api_key k on k.id = o.key where r.id = $1`,
      [id],
    )
    expect(rows).toEqual([
      {
        channel: 'system',
        body: expect.stringMatching(/Picture at: https:\/\/pictures\.example\/1\.jpg$/),
        anonymous: false,
        reporter: null,
        entered_by: null,
        consent_public: false,
        latitude: 32.39,
        code: 'light.street',
        place: '321003001001',
        key: '示例平台',
      },
    ])
    expect(JSON.stringify(rows)).not.toContain('abc')
    expect(
      await server.one('select count(*)::int from request_contact where request = $1 and phone_encrypted is not null', [
        id,
      ]),
    ).toBe(1)
    expect(
      await server.one("select count(*)::int from ledger.act where record = $1 and kind = 'request.file'", [id]),
    ).toBe(1)
  })

  test('with pictures as a form with files; without any contact it is anonymous', async () => {
    const body = new FormData()
    for (const [name, value] of Object.entries({ api_key: key, ...form, service_code: 'GENERAL' }))
      body.append(name, value)
    body.append('media_url', 'https://pictures.example/1.jpg')
    body.append('media_url', 'https://pictures.example/2.jpg')
    for (const name of ['photo1', 'photo2']) body.append(name, new Blob([png], { type: 'image/png' }), `${name}.png`)
    const { status, text } = await post('requests.xml', body)
    expect(status, text).toBe(200)
    const number = /<service_requests><request><service_request_id>(\d+)<\/service_request_id><service_notice>/.exec(
      text,
    )?.[1]
    const { rows } = await server.superuser.query(
      'select r.body, r.anonymous, r.category, (select count(*)::int from file f where f.record = r.id) as files from request r where number = $1',
      [number],
    )
    expect(rows[0]).toMatchObject({ anonymous: true, category: null, files: 2 })
    expect(rows[0].body.match(/pictures\.example/g)).toHaveLength(2)
  })

  test('is one, however often it is sent', async () => {
    const again = { api_key: key, ...form, description: '同一件事说了两次' }
    const first = await post('requests.json', again)
    expect(await post('requests.json', again)).toEqual(first)
    expect(await server.one("select count(*)::int from request where body = '同一件事说了两次'")).toBe(1)
    // From another client it is another's.
    expect((await post('requests.json', { ...again, api_key: other })).text).not.toBe(first.text)
  })

  test('is tried without being filed at the test endpoint', async () => {
    const before = await server.one('select count(*)::int from request')
    const { status, text } = await post('requests.json', { api_key: key, ...form }, '/open311/test/v2/')
    expect(status, text).toBe(200)
    expect(JSON.parse(text)[0].service_notice).toContain('nothing was filed')
    expect(await server.one('select count(*)::int from request')).toBe(before)
    expect((await post('requests.json', { api_key: key, ...form, lat: '1' }, '/open311/test/v2/')).status).toBe(400)
  })

  test('is followed by its number with its key, without its words, and is not there for anybody else', async () => {
    const { number, id } = await filed({ first_name: '示例', phone: '13911110002' })
    await does(staff.secretary, id, 'accept')
    for (const [path, query] of [
      [`requests/${number}.json`, {}],
      ['requests.json', { service_request_id: number }],
    ] as [string, Record<string, string>][]) {
      const own = await json(path, { api_key: key, extensions: 'true', ...query })
      expect(own.body).toEqual([
        expect.objectContaining({
          service_request_id: number,
          status: 'open',
          description: null,
          status_notes: null,
          lat: null,
          media_url: null,
          extended_attributes: { status: 'investigating', title: null, me_too: null },
        }),
      ])
      expect(own.text).not.toMatch(/示例|13911110002|路灯不亮/)
      for (const stranger of [{}, { api_key: other }] as Record<string, string>[]) {
        const seen = await json(path, { ...stranger, ...query })
        expect(seen.status === 404 || seen.body.length === 0).toBe(true)
      }
    }
    expect((await json(`tokens/${number}.json`, { api_key: key })).body).toEqual([
      { service_request_id: number, token: number },
    ])
    expect((await json('requests.json', { api_key: key })).text).not.toContain(number)
    // What was told another way is not the key's.
    const web = await file()
    const webNumber = String(await server.one('select number from request where id = $1', [web.id]))
    expect((await json(`requests/${webNumber}.json`, { api_key: key })).status).toBe(404)
  })
})

describe('what is released', () => {
  test('is told to everybody as it was released, in the order of the standard', async () => {
    const { number } = await released()
    const { body, text } = await json('requests.json', { service_request_id: number, extensions: 'true' })
    expect(body).toEqual([
      {
        service_request_id: number,
        status: 'open',
        status_notes: null,
        service_name: 'Street light',
        service_code: 'light.street',
        description: expect.stringContaining(told),
        agency_responsible: null,
        service_notice: null,
        requested_datetime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/),
        updated_datetime: expect.stringMatching(/\+08:00$/),
        expected_datetime: expect.stringMatching(/\+08:00$/),
        address: expect.stringContaining('五里社区'),
        address_id: '321003001001',
        zipcode: null,
        lat: null,
        long: null,
        media_url: null,
        extended_attributes: { status: 'investigating', title: expect.any(String), me_too: 0 },
      },
    ])
    expect(text).not.toContain('""')
    const xml = (await get('requests.xml', { service_request_id: number })).text
    expect(xml).toMatch(
      /<service_requests><request><service_request_id>\d+<\/service_request_id><status>open<\/status><service_name>/,
    )
    expect(xml).not.toMatch(/<media_url|<(\w+)><\/\1>|<\w+\/>/)
    expect((await json(`requests/${number}.json`)).body[0]).toMatchObject({ service_request_id: number })
  })

  test('is narrowed by place, service, status, time and change', async () => {
    const { number, id } = await released()
    const numbers = async (query: Record<string, string>) =>
      (await json('requests.json', query)).body.map(({ service_request_id }) => service_request_id)
    expect(await numbers({})).toContain(number)
    expect(await numbers({ jurisdiction_id: '321003' })).toContain(number)
    expect(await numbers({ jurisdiction_id: '321002' })).toEqual([])
    expect(await numbers({ service_code: 'light.street,x' })).toContain(number)
    expect(await numbers({ service_code: 'GENERAL' })).not.toContain(number)
    expect(await numbers({ status: 'closed' })).not.toContain(number)
    expect(await numbers({ status: 'open,closed' })).toContain(number)
    const filedAt = new Date(await server.one<string>('select filed_at from publication where request = $1', [id]))
    const iso = (milliseconds: number) => new Date(filedAt.getTime() + milliseconds).toISOString()
    expect(await numbers({ start_date: iso(-5_000), end_date: iso(5_000) })).toContain(number)
    expect(await numbers({ start_date: iso(5_000) })).not.toContain(number)
    expect(await numbers({ end_date: iso(-5_000) })).not.toContain(number)
    expect(await numbers({ updated_after: iso(-5_000) })).toContain(number)
    expect(await numbers({ updated_before: iso(-86_400_000) })).not.toContain(number)
    const all = await numbers({})
    expect([
      ...(await numbers({ page: '1', page_size: '1' })),
      ...(await numbers({ page: '2', page_size: '1' })),
    ]).toEqual(all.slice(0, 2))
    await does(staff.secretary, id, 'unpublish', { reason: '居民要求撤下' })
    expect(await numbers({ service_request_id: number })).toEqual([])
  })

  test('tells its steps by their time; what is not released tells them to its key alone', async () => {
    const open = await released()
    const quiet = await filed()
    await answered(quiet)
    const start = new Date(server.clock.now().getTime() - 86_400_000).toISOString()
    const end = new Date(server.clock.now().getTime() + 86_400_000).toISOString()
    const steps = async (query: Record<string, string> = {}) =>
      (await json('servicerequestupdates.json', { start_date: start, end_date: end, ...query })).body
    const anybody = await steps()
    expect(anybody).toContainEqual({
      update_id: expect.any(String),
      service_request_id: open.number,
      status: 'investigating',
      updated_datetime: expect.stringMatching(/\+08:00$/),
      description: 'Accepted.',
      media_url: null,
    })
    expect(JSON.stringify(anybody)).not.toContain(quiet.number)
    const own = (await steps({ api_key: key })).filter(({ service_request_id }) => service_request_id === quiet.number)
    expect(own.map(({ status }) => status)).toEqual(['investigating', 'in_progress', 'in_progress'])
    expect(JSON.stringify(own)).not.toContain('灯泡')
    expect(JSON.stringify(await steps({ api_key: other }))).not.toContain(quiet.number)
    expect((await get('servicerequestupdates.xml', { start_date: start, end_date: end })).text).toMatch(
      /<service_request_updates><request_update><update_id>[\w-]+<\/update_id><service_request_id>/,
    )
  })
})

describe('an update that is added', () => {
  const update = {
    description: '今晚还是不亮。',
    update_id_ext: '7',
    service_request_id_ext: '3',
    updated_datetime: '2026-11-24T08:15:30+08:00',
  }
  const lines = (id: string) =>
    server.one<string[]>(
      "select array_agg(text order by at, id) from request_entry where request = $1 and kind = 'added'",
      [id],
    )

  test('becomes a line of the request, once, and says who may not be believed about being fixed', async () => {
    const { number, id } = await filed()
    const fields = { api_key: key, service_request_id: number, status: 'FIXED', ...update }
    const first = await post('servicerequestupdates.xml', fields)
    expect(first.status, first.text).toBe(200)
    expect(first.text).toMatch(
      /<service_request_updates><request_update><update_id>[0-9a-f-]{36}<\/update_id><\/request_update>/,
    )
    server.clock.advance(1_000)
    expect(await post('servicerequestupdates.xml', fields)).toEqual(first)
    expect(await lines(id)).toEqual([`今晚还是不亮。\n(Status in the other system: fixed)`])
    expect(await server.one('select state from request where id = $1', [id])).toBe('received')
    const body = new FormData()
    for (const [name, value] of Object.entries({ api_key: key, service_request_id: number, status: 'OPEN' }))
      body.append(name, value)
    body.append('photo', new Blob([png], { type: 'image/png' }), 'p.png')
    expect((await post('servicerequestupdates.json', body)).status).toBe(200)
    expect(await server.one('select count(*)::int from file where record = $1', [id])).toBe(1)
  })

  test('is for the key that filed it alone', async () => {
    const { number, id } = await released()
    for (const api_key of [other, (await make({ scopes: ['open311'] })).key])
      expect(
        (await post('servicerequestupdates.json', { api_key, service_request_id: number, ...update })).status,
      ).toBe(404)
    expect((await post('servicerequestupdates.json', { service_request_id: number, ...update })).status).toBe(403)
    expect(await lines(id)).toBeNull()
  })
})

describe('bad input is told by its name', () => {
  test.each([
    [{ start_date: '2026-11-24T08:00:00 08:00' }, 'holds a space'],
    [{ start_date: '2026-11-24 08:00:00' }, 'holds a space'],
    [{ end_date: '2026-11-24T08:00:00+0800' }, 'lacks its colon'],
    [{ updated_after: '2026-11-24' }, 'has no zone'],
    [{ start_date: '2026-02-30T00:00:00Z' }, 'is no date'],
    [{ start_date: '2026-01-01T00:00:00Z', end_date: '2026-12-01T00:00:00Z' }, '90 days'],
    [{ start_date: '2026-02-01T00:00:00Z', end_date: '2026-01-01T00:00:00Z' }, '90 days'],
    [{ page: '0' }, 'page must be'],
    [{ page: '1e9' }, 'page must be'],
    [{ page: '999999' }, 'rows deep'],
    [{ page_size: '100000000' }, 'page_size must be'],
    [{ status: 'fixed' }, 'open or closed'],
    [{ service_request_id: '1,'.repeat(1_200) }, 'at most at once'],
  ])('%j', async (query, sentence) => {
    const { status, body } = await json('requests.json', query as Record<string, string>)
    expect({ status, body }).toEqual({
      status: 400,
      body: [{ code: 400, description: expect.stringContaining(sentence) }],
    })
  })

  test.each([
    [{ service_code: '' }, 400, 'service_code is required'],
    [{ description: ' ' }, 400, 'description is required'],
    [{ service_code: 'nonsense' }, 404, 'no service nonsense'],
    [{ service_code: 'noise' }, 404, 'no service noise'],
    [{ address_id: '' }, 400, 'does not say where'],
    [{ address_id: '999999' }, 400, 'address_id'],
    [{ address_id: '', lat: '51.5', long: '0.12' }, 400, 'long must lie between'],
    [{ lat: '95', long: '119.4' }, 400, 'lat must lie between'],
    [{ lat: '32.39' }, 400, 'long'],
    [{ lat: 'x', long: '119.4' }, 400, 'lat is not a number'],
    [{ description: '长'.repeat(15_001) }, 400, 'too long'],
    [{ email: 'nobody' }, 400, 'email'],
    [{ phone: '12' }, 400, ''],
    [{ media_url: 'javascript:alert(1)' }, 400, 'media_url'],
    [{ 'attribute[publication]': 'maybe' }, 400, 'yes or no'],
    [{ jurisdiction_id: 'nowhere' }, 404, 'jurisdiction_id'],
    [{ jurisdiction_id: '321002' }, 400, 'does not lie within'],
    [{ api_key: '' }, 403, 'api_key is needed'],
    [{ api_key: 'linli_nonsense' }, 403, 'no such key'],
  ])('%j', async (fields, status, sentence) => {
    const answer = await post('requests.json', { api_key: key, ...form, ...fields })
    expect({ status: answer.status, body: JSON.parse(answer.text) }).toEqual({
      status,
      body: [{ code: status, description: expect.stringContaining(sentence) }],
    })
  })

  test('text that is no UTF-8, whether it says so or not, and what is no form', async () => {
    const send = async (body: string | Buffer, type = 'application/x-www-form-urlencoded') => {
      const response = await server.fetch(`${base}requests.xml`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': type, 'Accept-Language': 'en' },
      })
      return { status: response.status, text: await response.text() }
    }
    const start = `api_key=${key}&service_code=GENERAL&address_id=321003001001&description=`
    // 路灯 in GBK.
    expect(await send(`${start}%C2%B7%B5%C6`)).toMatchObject({
      status: 400,
      text: expect.stringContaining('not encoded as UTF-8'),
    })
    expect(await send(Buffer.concat([Buffer.from(start), Buffer.from([0xc2, 0xb7, 0xb5, 0xc6])]))).toMatchObject({
      status: 400,
    })
    expect(await send(`${start}x`, 'application/x-www-form-urlencoded; charset=gbk')).toMatchObject({
      status: 400,
      text: expect.stringContaining('gbk'),
    })
    for (const type of ['application/json', 'text/plain', 'text/xml'])
      expect(await send('{}', type)).toMatchObject({ status: 400 })
    expect((await get('services.xml', { jurisdiction_id: '\u0001' })).status).toBe(400)
    expect((await server.fetch(`${base}services.xml?jurisdiction_id=%ff`)).status).toBe(400)
  })

  test('markup in a text stays text', async () => {
    const made = await filed({
      description: '<b>灯</b> & "<script>alert(1)</script>" ]]>',
      'attribute[publication]': 'yes',
    })
    await does(staff.secretary, made.id, 'accept')
    const text = await server.one<string>('select body from request where id = $1', [made.id])
    await does(staff.secretary, made.id, 'publish', { title: text, text })
    const xml = (await get(`requests/${made.number}.xml`)).text
    expect(xml).toContain('&lt;b&gt;灯&lt;/b&gt; &amp; &quot;&lt;script&gt;alert(1)&lt;/script&gt;&quot; ]]&gt;')
    expect((await json(`requests/${made.number}.json`)).body[0]).toMatchObject({ description: text })
  })
})

describe('keys', () => {
  test('that ended, were revoked, are for other things or another place say so', async () => {
    const sentence = async (api_key: string) => {
      const { status, text } = await post('requests.json', { api_key, ...form })
      return [status, (JSON.parse(text) as { description: string }[])[0]?.description]
    }
    expect(await sentence((await make({ expiresAt: new Date(server.clock.now().getTime() - 1_000) })).key)).toEqual([
      403,
      expect.stringContaining('expired'),
    ])
    expect(await sentence((await make({ place: await placeByCode(server.database.owner.sql, '321002') })).key)).toEqual(
      [400, expect.stringContaining('does not lie within')],
    )
    const ended = await make()
    await revokeKey(server.database.owner, systemClock.now(), ended.id)
    expect(await sentence(ended.key)).toEqual([403, expect.stringContaining('revoked')])
    expect((await json('requests.json', { api_key: ended.key })).status).toBe(403)
    const few = await make({ perMinute: 1 })
    await sentence(few.key)
    expect(await sentence(few.key)).toEqual([429, expect.stringContaining('1 times a minute')])
  })

  test('are counted, and stand nowhere but as their digest', async () => {
    const made = await make()
    await post('requests.json', { api_key: made.key, ...form, lat: 'x', long: '1' })
    await json('requests.json', { api_key: made.key })
    const { rows } = await server.superuser.query(
      'select what, status, times from api_key_use where key = $1 order by what',
      [made.id],
    )
    expect(rows).toEqual([
      { what: 'GET /open311/v2/requests.json', status: 200, times: 1 },
      { what: 'POST /open311/v2/requests.json', status: 400, times: 1 },
    ])
    const { rows: tables } = await server.superuser.query<{ name: string }>(
      "select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('public', 'ledger', 'access')",
    )
    for (const { name } of tables) {
      const found = await server.superuser.query(`select from ${name} t where t::text like '%' || $1 || '%' limit 1`, [
        made.key.slice(6),
      ])
      expect(found.rowCount, name).toBe(0)
    }
  })

  test('bound to a place file there without saying so', async () => {
    const bound = await make({ place: await placeByCode(server.database.owner.sql, '321003001002') })
    const { status, text } = await post('requests.json', {
      api_key: bound.key,
      service_code: 'light.street',
      description: told,
      address_string: '兰苑东门',
    })
    expect(status, text).toBe(200)
    const number = (JSON.parse(text) as { service_request_id: string }[])[0]?.service_request_id
    expect(
      await server.one('select p.code from request r join place p on p.id = r.place where r.number = $1', [number]),
    ).toBe('321003001002')
    expect(places.besideCommunity.path).toBe('32/10/03/001/002/')
  })
})
