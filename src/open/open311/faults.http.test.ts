// Bad input over the wire: each is told by its name, in the list of the standard.
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { base, form, open311Of } from './open311.harness.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { does } = requestsOf(server, organisation)
const { staff } = organisation
const { keys, get, json, post, filed } = open311Of(server, organisation)

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
    // Elsewhere in what this key may file for, and so in the list that it is shown; there is no such service in the district.
    [{ service_code: 'noise' }, 400, 'noise is not in the list of the place'],
    [{ service_code: 'noise', jurisdiction_id: '321003' }, 404, 'no service noise'],
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
    const answer = await post('requests.json', { api_key: keys.key, ...form, ...fields })
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
    const start = `api_key=${keys.key}&service_code=GENERAL&address_id=321003001001&description=`
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

  test.each([
    [
      'XML that grows without end',
      '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;">]><request><description>&c;</description></request>',
    ],
    ['XML that is none', '<service_requests><request>'],
    [
      'a file from outside',
      '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><request><description>&b;</description></request>',
    ],
  ])('%s is not read: what is posted is a form', async (_, body) => {
    for (const type of ['text/xml', 'application/xml']) {
      const response = await server.fetch(`${base}requests.xml`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': type, 'Accept-Language': 'en' },
      })
      expect(response.status).toBe(400)
      expect(await response.text()).toMatch(
        /^<\?xml [^>]+>\n<errors><error><code>400<\/code><description>[^<]+<\/description>/,
      )
    }
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
