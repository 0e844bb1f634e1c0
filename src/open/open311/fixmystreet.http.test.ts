// FixMyStreet's client, by what it sends and how it reads (facts of its published source; the code is ours): the whole life of a report.
//
// | Matter    | What it does                                                                                                             |
// | --------- | ------------------------------------------------------------------------------------------------------------------------ |
// | address   | endpoint and path are put together as they are; always `.xml`; jurisdiction_id with every call                           |
// | key       | api_key in what is posted, and in the query of servicerequestupdates                                                     |
// | answer    | any 2xx is success; `request[0].service_request_id` as a text, else `token`; an element that holds others is no number     |
// | services  | each with metadata `true` is asked for at `services/{code}.xml`; one that is missing from the list is deleted there       |
// | request   | description "title: …, detail: …, url: …, Submitted via FixMyStreet"; first_name, last_name (both may be empty), email,      |
// |           | phone, lat and long, `deviceid`, `attribute[…]`, media_url once or several times; or multipart with photo1, photo2 …      |
// | updates   | GET with start_date and end_date (two hours, `Z`); what lies outside the window, by the text of its time in UTC, is dropped |
// | an update | POST with update_id, service_request_id, status in capitals, updated_datetime, description, first_name, last_name ("-"     |
// |           | where there is none), email, media_url                                                                                    |
import { XMLParser } from 'fast-xml-parser'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { judge } from '#listen/requests/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { open311Of } from './open311.harness.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { does, sentTo, holding } = requestsOf(server, organisation)
const { keys } = open311Of(server, organisation)
const { secretary } = organisation.staff

const endpoint = `${server.address}/open311/v2/`
const jurisdiction = '321003001001'
const parser = new XMLParser({
  parseTagValue: false,
  isArray: (name) => ['service', 'attribute', 'request', 'request_update', 'error'].includes(name),
})
// biome-ignore lint/suspicious/noExplicitAny: whatever the parser made of it, as a client without types has it
type Read = any

async function asked(path: string, query: Record<string, string> = {}): Promise<Read> {
  const response = await fetch(`${endpoint}${path}?${new URLSearchParams({ ...query, jurisdiction_id: jurisdiction })}`)
  const text = await response.text()
  expect(response.ok, text).toBe(true)
  return Object.values(parser.parse(text)).at(-1)
}
async function posted(path: string, body: FormData | URLSearchParams): Promise<Read> {
  body.append('jurisdiction_id', jurisdiction)
  body.append('api_key', keys.key)
  const response = await fetch(`${endpoint}${path}`, { method: 'POST', body })
  const text = await response.text()
  expect(response.ok, text).toBe(true)
  return Object.values(parser.parse(text)).at(-1)
}
const w3cdtf = (at: Date) => at.toISOString().replace(/\.\d+Z$/, 'Z')

/** The updates of the last two hours, as its cron fetches them. */
async function fetched(seen: Map<string, { request: string; status: string; text: string }>) {
  server.clock.advance(2_000)
  const now = server.clock.now()
  const window = [w3cdtf(new Date(now.getTime() - 2 * 3_600_000)), w3cdtf(now)] as const
  const { request_update: updates = [] } = await asked('servicerequestupdates.xml', {
    api_key: keys.key,
    start_date: window[0],
    end_date: window[1],
  })
  for (const update of updates) {
    const at = w3cdtf(new Date(update.updated_datetime))
    if (at < window[0] || at > window[1]) continue
    expect(typeof update.update_id).toBe('string')
    if (!seen.has(update.update_id))
      seen.set(update.update_id, {
        request: update.service_request_id,
        status: update.status.toLowerCase().replaceAll('_', ' '),
        text: typeof update.description === 'string' ? update.description : '',
      })
  }
}

test('services and their attributes; one that is retired is missing, which it takes for deleted', async () => {
  const { service: services } = await asked('services.xml')
  const codes = services.map(({ service_code }: Read) => service_code)
  expect(codes).toEqual(expect.arrayContaining(['light.street', 'GENERAL']))
  for (const { service_code, service_name, metadata, keywords } of services) {
    expect([typeof service_name, metadata, ['string', 'undefined'].includes(typeof keywords)]).toEqual([
      'string',
      'true',
      true,
    ])
    const definition = await asked(`services/${service_code}.xml`)
    expect(definition.service_code).toBe(service_code)
    for (const attribute of definition.attributes.attribute)
      expect(attribute).toMatchObject({
        code: 'publication',
        required: 'false',
        variable: 'true',
        datatype: 'singlevaluelist',
      })
  }
  await server.database.owner.pool.query("update category set retired_at = now() where code = 'light.street'")
  const left = (await asked('services.xml')).service.map(({ service_code }: Read) => service_code)
  expect(codes.filter((code: string) => !left.includes(code))).toEqual(['light.street'])
  await server.database.owner.pool.query("update category set retired_at = null where code = 'light.street'")
})

test.each([
  ['addresses of pictures', false],
  ['pictures themselves', true],
])('a report with %s is filed, followed, added to, closed and picked up', async (_, uploads) => {
  const mail = `reporter${uploads ? 1 : 2}@example.org`
  const jpeg = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#7a5b2f' } })
    .withExif({ IFD0: { Make: 'ExampleCamera' } })
    .jpeg()
    .toBuffer()
  const form = uploads ? new FormData() : new URLSearchParams()
  for (const [name, value] of Object.entries({
    description: `title: Street light out${uploads ? ' again' : ''}\n\ndetail: The lamp by the east gate is dark.\n\nurl: https://fixmystreet.example/report/17\n\nSubmitted via FixMyStreet\n`,
    service_code: 'light.street',
    first_name: '',
    last_name: '',
    email: mail,
    lat: '32.39',
    long: '119.42',
    address_string: '五里社区东门',
    deviceid: 'desktop',
    'attribute[publication]': 'yes',
    'attribute[easting]': '',
  }))
    form.append(name, value)
  for (const number of [0, 1]) form.append('media_url', `https://fixmystreet.example/photo/17.${number}.full.jpeg`)
  if (form instanceof FormData)
    for (const number of [1, 2])
      form.append(`photo${number}`, new Blob([jpeg], { type: 'image/jpeg' }), `17.${number}.jpeg`)
  const answer = await posted('requests.xml', form)
  const number = answer.request[0].service_request_id
  expect(number).toMatch(/^\d+$/)
  const { rows } = await server.superuser.query(
    'select id, title, body, (select count(*)::int from file f where f.record = r.id) as files from request r where number = $1',
    [number],
  )
  const [request] = rows
  expect(request).toMatchObject({ title: `Street light out${uploads ? ' again' : ''}`, files: uploads ? 2 : 0 })
  expect(request.body.match(/fixmystreet\.example\/photo/g)).toHaveLength(2)

  const seen = new Map<string, { request: string; status: string; text: string }>()
  const mine = () => [...seen.values()].filter((update) => update.request === number)
  await does(secretary, request.id, 'accept')
  await fetched(seen)
  expect(mine().map(({ status }) => status)).toEqual(['investigating'])
  // It learns how its own stands by its number although nothing of it is released.
  const one = await asked(`requests/${number}.xml`, { api_key: keys.key })
  expect(one.request[0]).toMatchObject({ service_request_id: number, status: 'open' })
  expect((await asked('requests.xml', { service_request_id: number })).request).toBeUndefined()

  const update = () =>
    new URLSearchParams({
      update_id: `90${uploads ? 1 : 2}`,
      service_request_id: number,
      status: 'OPEN',
      updated_datetime: w3cdtf(new Date('2026-11-24T00:15:30Z')),
      description: 'It is still dark.',
      first_name: 'Example',
      last_name: '-',
      email: mail,
      media_url: 'https://fixmystreet.example/photo/c90.full.jpeg',
    })
  const added = (await posted('servicerequestupdates.xml', update())).request_update[0].update_id
  expect(added).toMatch(/^[\w-]+$/)
  server.clock.advance(60_000)
  // Where its answer was lost it posts again, and has the same.
  expect((await posted('servicerequestupdates.xml', update())).request_update[0].update_id).toBe(added)
  expect(
    await server.one("select count(*)::int from request_entry where request = $1 and kind = 'added'", [request.id]),
  ).toBe(1)

  const { manager } = organisation.staff
  await does(secretary, request.id, 'dispatch', { body: organisation.bodies.property })
  await does(manager, request.id, 'acknowledge')
  await does(manager, request.id, 'answer', { text: '灯泡已换，现在亮了。' })
  await fetched(seen)
  // Its reporter says by the link in the mail that it is solved: that closes it, and is nobody else's to know.
  const judging = (await sentTo(mail))?.token ?? ''
  await holding({ judge: judging }, (act) => judge(act, server.kernel, request.id, { verdict: 'solved' }, judging))
  await fetched(seen)
  server.clock.advance(3_600_000)
  await fetched(seen)
  expect(mine().map(({ status }) => status)).toEqual(['investigating', 'in progress', 'in progress', 'closed'])
  expect((await asked(`requests/${number}.xml`, { api_key: keys.key })).request[0]).toMatchObject({ status: 'closed' })
})
