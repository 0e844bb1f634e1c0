// Devices that asked to be told: by the secret link of one matter, or by whoever signed in. What arrives says nothing of either.
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { dropPush, keepPush, type PushPurpose } from '#kernel/push/push.api.ts'
import { deleteMe, readMyData } from '#organise/people/people.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { senderOf, testDevice, testPushService } from '#testing/push.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { signOut } from './desk.api.ts'

const service = await testPushService()
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered } = requestsOf(server, organisation)
const { resident, staff } = organisation
const page = async (path: string, cookie = '') =>
  (await server.fetch(path, { headers: { Accept: 'text/html', Cookie: cookie, 'Accept-Language': 'zh-CN' } })).text()

const keep = (purpose: PushPurpose, device: ReturnType<typeof testDevice>, who: { link?: string; as?: string }) =>
  server.call(keepPush, { ...who, body: { purpose, endpoint: device.endpoint, keys: device.keys } })
const devices = () => server.one<number>('select count(*)::integer from push_device')
/** Sends what is due and says what became of it. */
async function deliver() {
  await server.workJobs()
  return server.kernel.outbox.deliver()
}
const reasons = async () =>
  (await server.superuser.query("select state, reason from outbox where channel = 'push' order by id")).rows

const sweep = async () => {
  await server.superuser.query(
    "insert into pgboss.job (name, data, state, start_after) values ('push.sweep', '{}', 'created', now())",
  )
  expect(await server.workJobs()).toContain('push.sweep')
}

beforeEach(async () => {
  await deliver()
  await server.superuser.query("delete from outbox where channel = 'push'; delete from push_device")
  service.arrived.length = 0
  service.answer = 201
  service.answerHeaders = {}
})

describe('by the secret link', () => {
  test('an answer is told, encrypted for the device, and neither link nor number nor words go along', async () => {
    const filed = await file({ name: '王小路', phone: '13900070001' })
    const device = testDevice(service, 'one')
    expect((await keep('record', device, { link: filed.link })).status).toBe(200)
    // Asked again, as each visit of the page does: one device.
    expect((await keep('record', device, { link: filed.link })).status).toBe(200)
    expect(await devices()).toBe(1)
    await answered(filed)
    await deliver()
    expect(service.arrived).toHaveLength(1)
    const [arrived] = service.arrived as [(typeof service.arrived)[0]]
    expect(arrived.path).toBe('/one')
    expect(device.open(arrived)).toEqual({ title: '邻里', body: '您反映的事有答复了，请打开看看。' })
    expect(arrived.headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400' })
    const sender = senderOf(arrived)
    expect(sender).toMatchObject({ aud: service.address, sub: expect.stringMatching(/^https:/) })
    expect(await page(`/r/${filed.link}`)).toContain(`data-key="${sender.key}"`)
    // Another device cannot open it.
    expect(() => testDevice(service, 'two').open(arrived)).toThrow()
    for (const word of [filed.link, filed.number, filed.id]) {
      expect(JSON.stringify(arrived.headers), word).not.toContain(word)
    }
    // Once, also when the job is worked twice.
    await deliver()
    expect(service.arrived).toHaveLength(1)
  })

  test('lies sealed in the database, and no more when it is stopped', async () => {
    const filed = await file()
    const device = testDevice(service, 'sealed')
    await keep('record', device, { link: filed.link })
    const { rows } = await server.superuser.query('select * from push_device')
    expect(JSON.stringify(rows)).not.toContain(service.address)
    expect(Buffer.from(rows[0].sealed).toString('latin1')).not.toContain('sealed')
    const drop = (link: string) =>
      server.call(dropPush, { link, body: { purpose: 'record', endpoint: device.endpoint } })
    // By another's link nothing is stopped.
    expect((await drop((await file()).link)).status).toBe(204)
    expect(await devices()).toBe(1)
    expect((await drop(filed.link)).status).toBe(204)
    expect(await devices()).toBe(0)
    await answered(filed)
    await deliver()
    expect(service.arrived).toEqual([])
  })

  test('stopped between queue and delivery: not sent', async () => {
    const filed = await file()
    await keep('record', testDevice(service, 'late'), { link: filed.link })
    await answered(filed)
    await server.workJobs()
    await server.superuser.query('delete from push_device')
    await server.kernel.outbox.deliver()
    expect(service.arrived).toEqual([])
    expect(await reasons()).toEqual([{ state: 'dead', reason: 'told no more' }])
  })

  test('ends with the link by which it came, and not with another of the same record', async () => {
    const filed = await file()
    await keep('record', testDevice(service, 'ended'), { link: filed.link })
    const hash = createHash('sha256').update(filed.link).digest()
    await server.superuser.query(
      "insert into access.token (hash, kind, record, sent) values (sha256('another'), 'follow', $1, true)",
      [filed.id],
    )
    await server.superuser.query("update access.token set expires_at = now() - interval '1 minute' where hash = $1", [
      hash,
    ])
    await answered(filed)
    await deliver()
    expect(service.arrived).toEqual([])
    expect(await reasons()).toEqual([{ state: 'dead', reason: 'told no more' }])
    // One of before, of which it is not known by which link it came, is told while any stands.
    await server.superuser.query('update push_device set link_hash = null')
    await sweep()
    expect(await devices()).toBe(1)
    await server.superuser.query('update push_device set link_hash = $1', [hash])
    await sweep()
    expect(await devices()).toBe(0)
  })

  test('nobody, a wrong link, another’s purpose: refused', async () => {
    const device = testDevice(service, 'x')
    expect((await keep('record', device, {})).status).toBe(401)
    expect((await keep('record', device, { link: 'A'.repeat(43) })).status).toBe(401)
    expect((await keep('own', device, { link: (await file()).link })).status).toBe(401)
    expect((await keep('record', device, { as: resident.cookie })).status).toBe(401)
    expect(await devices()).toBe(0)
  })

  test.each(['http://push.example/a', 'https://127.0.0.1/a', 'https://10.0.0.1/a', 'http://169.254.169.254/latest'])(
    '%s is not asked',
    async (endpoint) => {
      const { link } = await file()
      // Loopback is open to this test alone, at its one address.
      const device = { ...testDevice(service, 'x'), endpoint: endpoint.replace('127.0.0.1', '127.0.0.2') }
      const refused = await keep('record', device, { link })
      expect(refused.status).toBe(422)
      expect(refused.problem.type).toBe('/problems/push-address')
    },
  )

  test('ten devices, and not one more', async () => {
    const { link } = await file()
    for (let number = 0; number < 10; number += 1)
      expect((await keep('record', testDevice(service, `d${number}`), { link })).status).toBe(200)
    const refused = await keep('record', testDevice(service, 'd10'), { link })
    expect(refused).toMatchObject({ status: 422 })
    expect(refused.problem.type).toBe('/problems/push-many')
  })
})

describe('what the push service answers', () => {
  const told = async (path: string) => {
    const filed = await file()
    await keep('record', testDevice(service, path), { link: filed.link })
    await answered(filed)
  }

  test.each([404, 410])('%i: the device is forgotten', async (status) => {
    await told('gone')
    service.answer = status
    await deliver()
    expect(await devices()).toBe(0)
    expect(await reasons()).toEqual([{ state: 'dead', reason: 'gone' }])
  })

  test.each([500, 429])('%i: tried again later, no sooner than it says', async (status) => {
    await told('busy')
    service.answer = status
    service.answerHeaders = { 'retry-after': '600' }
    await deliver()
    expect(await reasons()).toEqual([{ state: 'waiting', reason: `http ${status}` }])
    server.clock.advance(599_000)
    await server.kernel.outbox.deliver()
    expect(service.arrived).toHaveLength(1)
    service.answer = 201
    server.clock.advance(10_000)
    await server.kernel.outbox.deliver()
    expect(service.arrived).toHaveLength(2)
    expect(await devices()).toBe(1)
    expect((await reasons())[0]).toMatchObject({ state: 'sent' })
  })

  test('400: not tried again; a redirect is not followed', async () => {
    await told('bad')
    service.answer = 400
    await deliver()
    expect(await reasons()).toEqual([{ state: 'dead', reason: 'http 400' }])
    await server.superuser.query("delete from outbox where channel = 'push'")
    await told('led')
    service.answer = 307
    service.answerHeaders = { location: `${service.address}/elsewhere` }
    await deliver()
    expect(service.arrived.map(({ path }) => path)).not.toContain('/elsewhere')
  })

  test('nothing three times in a row: the device is forgotten; each message is tried twice', async () => {
    const filed = await file()
    // Nobody listens there.
    const device = testDevice({ address: 'http://127.0.0.1:9' }, 'nobody')
    await keep('record', device, { link: filed.link })
    await answered(filed)
    await deliver()
    expect(await reasons()).toEqual([{ state: 'waiting', reason: 'unreachable' }])
    server.clock.advance(60_000)
    await server.kernel.outbox.deliver()
    expect(await reasons()).toEqual([{ state: 'dead', reason: 'unreachable' }])
    expect(await server.one('select failures from push_device')).toBe(2)
    // The third in a row ends it.
    await server.superuser.query(
      "update outbox set state = 'waiting', ended_at = null, attempts = 1 where channel = 'push'",
    )
    await server.kernel.outbox.deliver()
    expect(await devices()).toBe(0)
  })

  test('a day later it is not worth sending', async () => {
    await told('old')
    service.answer = 500
    await deliver()
    server.clock.advance(86_400_000)
    await server.kernel.outbox.deliver()
    expect(await reasons()).toEqual([{ state: 'dead', reason: 'too late' }])
  })
})

describe('whoever signed in', () => {
  // The clock stands days later by now; they have been here all the while.
  beforeEach(
    async () =>
      void (await server.superuser.query(`update auth.session set "expiresAt" = "expiresAt" + interval '9 days'`)),
  )

  test('is told of all that is theirs, in the language they chose, until they sign out', async () => {
    expect(await page('/my', resident.cookie)).toContain('data-push="own"')
    const device = testDevice(service, 'mine')
    expect((await keep('own', device, { as: resident.cookie })).status).toBe(200)
    const one = await file({}, resident)
    await answered(one)
    await deliver()
    expect(service.arrived).toHaveLength(1)
    const { body } = await server.call(readMyData, { as: resident.cookie })
    expect(JSON.stringify(body)).toContain('push.data.since')
    const again = await file({}, resident)
    await server.superuser.query(`update push_device set session = 'ended' where owner = '${resident.person}'`)
    await answered(again)
    await deliver()
    expect(service.arrived).toHaveLength(1)
    expect(await devices()).toBe(1)
    await sweep()
    expect(await devices()).toBe(0)
  })

  test('in a browser that another used is asked first: what only says “again” takes nobody’s device over', async () => {
    const { manager, hand } = staff
    const device = testDevice(service, 'shared')
    const again = (as: string) =>
      server.call(keepPush, {
        as,
        body: { purpose: 'own', endpoint: device.endpoint, keys: device.keys, again: true },
      })
    expect(await again(hand.cookie)).toMatchObject({ status: 200, body: { told: false } })
    expect(await devices()).toBe(0)
    await keep('own', device, { as: hand.cookie })
    expect(await again(hand.cookie)).toMatchObject({ body: { told: true } })
    expect(await again(manager.cookie)).toMatchObject({ body: { told: false } })
    expect(await server.one('select array_agg(owner) from push_device')).toEqual([hand.person])
  })

  test('signs out: the device is told no more', async () => {
    const { hand } = staff
    await keep('own', testDevice(service, 'out'), { as: hand.cookie })
    await answered(await file({}, hand))
    await deliver()
    expect(service.arrived).toHaveLength(1)
    const filed = await file({}, hand)
    expect((await server.call(signOut, { as: hand.cookie, body: {} })).status).toBe(204)
    await answered(filed)
    await deliver()
    expect(service.arrived).toHaveLength(1)
  })

  test('hears of their work too, who has a part in it alone, and without its number', async () => {
    const { manager, otherManager, secretary } = staff
    const mine = testDevice(service, 'work')
    expect((await keep('work', mine, { as: manager.cookie })).status).toBe(200)
    await keep('work', testDevice(service, 'other'), { as: otherManager.cookie })
    await keep('own', testDevice(service, 'own'), { as: manager.cookie })
    expect(await page('/my', manager.cookie)).toMatch(/data-push="work"[^>]* data-scope="\/desk\/"/)
    expect(await page('/my', resident.cookie)).not.toContain('data-push="work"')
    const filed = await file()
    await does(secretary, filed.id, 'accept')
    await does(secretary, filed.id, 'dispatch', { body: organisation.bodies.property })
    await deliver()
    expect(service.arrived.map(({ path }) => path)).toEqual(['/work'])
    const [arrived] = service.arrived as [(typeof service.arrived)[0]]
    expect(mine.open(arrived)).toEqual({ title: '邻里', body: '您经手的诉求有新情况，请打开工作台看看。' })
    // Once, though the job is worked twice.
    await deliver()
    expect(service.arrived).toHaveLength(1)
  })

  test('deletes their account: devices of theirs and of what they told go', async () => {
    const filed = await file({}, resident)
    await keep('own', testDevice(service, 'a'), { as: resident.cookie })
    await keep('record', testDevice(service, 'b'), { link: filed.link })
    expect(await devices()).toBe(2)
    expect((await server.call(deleteMe, { as: resident.cookie, body: { sure: true } })).status).toBe(202)
    await server.workJobs()
    expect(await devices()).toBe(0)
  })
})

test('thirty new devices a day from one address, however many ask; those that are known go on', async () => {
  const one = await testServer(server.database, { push: { loopback: true }, limitFactor: 1 })
  const from = (device: ReturnType<typeof testDevice>, link: string) =>
    one.call(keepPush, { link, body: { purpose: 'record', endpoint: device.endpoint, keys: device.keys } })
  const first = testDevice(service, 'first')
  const links = await Promise.all(Array.from({ length: 4 }, async () => (await file()).link))
  expect((await from(first, links[0] ?? '')).status).toBe(200)
  const statuses: number[] = []
  for (let number = 0; number < 30; number += 1)
    statuses.push((await from(testDevice(service, `n${number}`), links[1 + (number % 3)] ?? '')).status)
  // What the tests before took of it counts a little.
  const taken = statuses.filter((status) => status === 200).length
  expect(taken).toBeGreaterThan(25)
  expect(taken).toBeLessThan(30)
  expect(statuses.at(-1)).toBe(429)
  expect((await from(first, links[0] ?? '')).status).toBe(200)
})

test('where push is off nothing is offered and nothing kept', async () => {
  const off = await testServer(server.database, { push: null })
  const { link } = await file()
  expect(await (await off.fetch(`/r/${link}`)).text()).not.toContain('data-push')
  const refused = await off.call(keepPush, {
    link,
    body: { purpose: 'record', endpoint: 'https://push.example/a', keys: testDevice(service, 'x').keys },
  })
  expect(refused.status).toBe(404)
})

test('the worker may stand above its folder, and is no secret', async () => {
  const html = await page('/')
  const worker = /data-worker="([^"]+)"/.exec(html)?.[1] ?? ''
  const answer = await server.fetch(worker)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('service-worker-allowed')).toBe('/')
  expect(answer.headers.get('content-type')).toContain('text/javascript')
})
