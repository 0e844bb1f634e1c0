// GeoReport v2, posted over the wire: requests that are filed, and updates that are added.
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { form, open311Of, png } from './open311.harness.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { does, file } = requestsOf(server, organisation)
const { staff } = organisation
const { keys, make, json, post, filed, released } = open311Of(server, organisation)

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
    for (const [name, value] of Object.entries({ api_key: keys.key, ...form, service_code: 'GENERAL' }))
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
    const again = { api_key: keys.key, ...form, description: '同一件事说了两次' }
    const first = await post('requests.json', again)
    expect(await post('requests.json', again)).toEqual(first)
    expect(await server.one("select count(*)::int from request where body = '同一件事说了两次'")).toBe(1)
    // From another client it is another's.
    expect((await post('requests.json', { ...again, api_key: keys.other })).text).not.toBe(first.text)
  })

  test('is tried without being filed at the test endpoint', async () => {
    const before = await server.one('select count(*)::int from request')
    const { status, text } = await post('requests.json', { api_key: keys.key, ...form }, '/open311/test/v2/')
    expect(status, text).toBe(200)
    expect(JSON.parse(text)[0].service_notice).toContain('nothing was filed')
    expect(await server.one('select count(*)::int from request')).toBe(before)
    expect((await post('requests.json', { api_key: keys.key, ...form, lat: '1' }, '/open311/test/v2/')).status).toBe(
      400,
    )
  })

  test('is followed by its number with its key, without its words, and is not there for anybody else', async () => {
    const { number, id } = await filed({ first_name: '示例', phone: '13911110002' })
    await does(staff.secretary, id, 'accept')
    for (const [path, query] of [
      [`requests/${number}.json`, {}],
      ['requests.json', { service_request_id: number }],
    ] as [string, Record<string, string>][]) {
      const own = await json(path, { api_key: keys.key, extensions: 'true', ...query })
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
      for (const stranger of [{}, { api_key: keys.other }] as Record<string, string>[]) {
        const seen = await json(path, { ...stranger, ...query })
        expect(seen.status === 404 || seen.body.length === 0).toBe(true)
      }
    }
    expect((await json(`tokens/${number}.json`, { api_key: keys.key })).body).toEqual([
      { service_request_id: number, token: number },
    ])
    expect((await json('requests.json', { api_key: keys.key })).text).not.toContain(number)
    // What was told another way is not the key's.
    const web = await file()
    const webNumber = String(await server.one('select number from request where id = $1', [web.id]))
    expect((await json(`requests/${webNumber}.json`, { api_key: keys.key })).status).toBe(404)
  })
})

describe('list, definition and filing agree', () => {
  const listed = async (code: string) =>
    (await json('services.json', { jurisdiction_id: code })).body.map(({ service_code }) => service_code)

  test('a jurisdiction tells what any of its places takes, each kind once, and takes it where it holds', async () => {
    // The same code in the lists of two subdistricts, and none above them.
    await server.database.owner.pool.query(
      `insert into category (id, path, code, level1, level2, level3) values
        (uuidv7(), '32/10/03/001/', 'bench', '城乡建设', '小区', '长椅'), (uuidv7(), '32/10/03/000/', 'bench', '别处', '别处', '别处的长椅')`,
    )
    for (const place of ['32', '3210', '321003', '321003001', '321003001001']) {
      const codes = await listed(place)
      expect(codes.toSorted(), place).toEqual([...new Set(codes)].toSorted())
      expect(codes, place).toContain('bench')
      expect((await json('services/bench.json', { jurisdiction_id: place })).status, place).toBe(200)
      const { status, text } = await post('requests.json', {
        api_key: keys.key,
        ...form,
        service_code: 'bench',
        jurisdiction_id: place,
        description: `长椅，${place}`,
      })
      expect(status, `${place} ${text}`).toBe(200)
    }
    const names = (await json('services.json', { jurisdiction_id: '321003001' })).body
    expect(names.find(({ service_code }) => service_code === 'bench')?.service_name).not.toBe('别处的长椅')
    expect(await listed('321002')).not.toContain('bench')
    expect((await json('services/bench.json', { jurisdiction_id: '321002' })).status).toBe(404)
  })

  test('a code of the jurisdiction that does not hold where it is filed is said to be that', async () => {
    const outside = { api_key: keys.key, ...form, service_code: 'bench', address_id: '321003' }
    const refused = await post('requests.json', { ...outside, jurisdiction_id: '321003' })
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('GENERAL')
    expect((await post('requests.json', { ...outside, service_code: 'none', jurisdiction_id: '321003' })).status).toBe(
      404,
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
    const fields = { api_key: keys.key, service_request_id: number, status: 'FIXED', ...update }
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
    for (const [name, value] of Object.entries({ api_key: keys.key, service_request_id: number, status: 'OPEN' }))
      body.append(name, value)
    body.append('photo', new Blob([png], { type: 'image/png' }), 'p.png')
    expect((await post('servicerequestupdates.json', body)).status).toBe(200)
    expect(await server.one('select count(*)::int from file where record = $1', [id])).toBe(1)
  })

  test('is for the key that filed it alone', async () => {
    const { number, id } = await released()
    for (const api_key of [keys.other, (await make({ scopes: ['open311'] })).key])
      expect(
        (await post('servicerequestupdates.json', { api_key, service_request_id: number, ...update })).status,
      ).toBe(404)
    expect((await post('servicerequestupdates.json', { service_request_id: number, ...update })).status).toBe(403)
    expect(await lines(id)).toBeNull()
  })
})
