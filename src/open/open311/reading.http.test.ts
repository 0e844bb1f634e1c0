// GeoReport v2, read over the wire: what there is, what is released, and what stays unseen.
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { form, open311Of, png, told } from './open311.harness.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { does, answered } = requestsOf(server, organisation)
const { staff } = organisation
const { keys, get, json, post, filed, released } = open311Of(server, organisation)

describe('what there is', () => {
  test('discovery names a production and a test endpoint in both formats', async () => {
    const { body } = await json<{ endpoints: { type: string; url: string; formats: string[] }[] }>('discovery.json')
    expect(body).toMatchObject({
      changeset: expect.any(String),
      contact: server.kernel.config.contact,
      key_service: expect.stringContaining(server.kernel.config.contact ?? 'nobody'),
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
    const own = (await steps({ api_key: keys.key })).filter(
      ({ service_request_id }) => service_request_id === quiet.number,
    )
    expect(own.map(({ status }) => status)).toEqual(['investigating', 'in_progress', 'in_progress'])
    expect(JSON.stringify(own)).not.toContain('灯泡')
    expect(JSON.stringify(await steps({ api_key: keys.other }))).not.toContain(quiet.number)
    expect((await get('servicerequestupdates.xml', { start_date: start, end_date: end })).text).toMatch(
      /<service_request_updates><request_update><update_id>[\w-]+<\/update_id><service_request_id>/,
    )
  })
})

test('no picture of anybody is told of: what its reporter permitted are the words without personal details', async () => {
  const body = new FormData()
  for (const [name, value] of Object.entries({
    api_key: keys.key,
    ...form,
    description: `${told} 有照片`,
    'attribute[publication]': 'yes',
  }))
    body.append(name, value)
  body.append('photo', new Blob([png], { type: 'image/png' }), 'p.png')
  const sent = await post('requests.json', body)
  const number = (JSON.parse(sent.text) as { service_request_id: string }[])[0]?.service_request_id ?? ''
  const id = await server.one<string>('select id from request where number = $1', [number])
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'publish', { title: told, text: `${told} 有照片` })
  for (const query of [{}, { api_key: keys.key }]) {
    const { body: rows } = await json(`requests/${number}.json`, query as Record<string, string>)
    expect(rows).toMatchObject([{ description: `${told} 有照片`, media_url: null }])
  }
  const picture = await server.one<string>('select id from file where record = $1', [id])
  for (const path of [`/raised/${number}/files/${picture}`, `/api/requests/${id}/files/${picture}`])
    expect((await server.fetch(path)).status).toBeGreaterThanOrEqual(401)
})
