// Other software that is told: a receiver that checks what it gets, one that is away for a day, hangs, leads elsewhere, wants no more.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { send } from './sending.ts'
import { isGenuine, signedHeaders, toleranceSeconds } from './signing.ts'
import { deliverWebhooks } from './webhooks.jobs.ts'
import { createWebhook, revokeWebhook, type WebhookWanted } from './webhooks.making.ts'
import { readDeliveries, readWebhooks } from './webhooks.store.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered } = requestsOf(server, organisation)
const { staff, places } = organisation
const { owner } = server.database
const kinds = ['request.released', 'request.changed', 'request.withdrawn']
const minute = 60_000

interface Got {
  readonly headers: Record<string, string | undefined>
  readonly body: string
  readonly event: { id: string; type: string; subject: string; source: string; data: Record<string, unknown> }
}
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const { id, revokedAt } of await readWebhooks(owner.sql))
    if (!revokedAt) await revokeWebhook(owner, server.clock.now(), id)
  for (const close of closers.splice(0)) close()
})

/** A receiver on this machine, and what it was sent. */
async function receiver(answer: (response: ServerResponse, got: Got[]) => void = (response) => response.end()) {
  const got: Got[] = []
  const listening = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      got.push({ headers: request.headers as Got['headers'], body, event: JSON.parse(body) })
      answer(response, got)
    })
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    listening.closeAllConnections()
    listening.close()
  })
  return { got, url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/told` }
}
const make = (wanted: Partial<WebhookWanted>) =>
  createWebhook({ owner, encryption: server.kernel.encryption, now: server.clock.now() }, kinds, {
    url: 'https://receiver.example.org/told',
    kinds,
    place: null,
    inner: true,
    ...wanted,
  })
/** What is due now, told. */
const deliver = (seconds?: number) => deliverWebhooks(server.kernel, seconds)
const later = async (minutes: number) => {
  server.clock.advance(minutes * minute)
  await deliver()
}
async function released(title = '路灯不亮') {
  const filed = await file({ text: `${title}，请来看看。`, name: '王小路', publicationPermitted: true })
  await does(staff.secretary, filed.id, 'publish', { title, text: `${title}，请来看看。` })
  return filed
}
const types = (got: readonly Got[]) => got.map(({ event }) => event.type.replace('linli.request.', ''))
const states = async () => (await readDeliveries(owner.sql, null, 50)).map(({ state }) => state)

test('told in order, signed, as CloudEvents, without a word of what was said', async () => {
  const { got, url } = await receiver()
  const { id, secret } = await make({ url })
  const filed = await released()
  await answered(filed)
  await does(staff.secretary, filed.id, 'unpublish', { reason: '本人要求' })
  await later(1)
  expect([types(got).at(0), types(got).at(-1)]).toEqual(['released', 'withdrawn'])
  expect(
    types(got)
      .slice(1, -1)
      .every((type) => type === 'changed'),
  ).toBe(true)
  const [first] = got
  const number = filed.number.replaceAll(' ', '')
  expect(first?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
  expect(first?.event).toMatchObject({
    specversion: '1.0',
    id: first?.headers['webhook-id'],
    source: server.kernel.config.publicUrl,
    type: 'linli.request.released',
    subject: `raised/${number}`,
    datacontenttype: 'application/json',
    data: {
      number,
      place: '321003001001',
      state: 'received',
      url: `${server.kernel.config.publicUrl}/raised/${number}`,
    },
  })
  for (const { headers, body } of got) {
    expect(isGenuine(secret, headers, body, server.clock.now())).toBe(true)
    expect(body).not.toMatch(/王小路|路灯|灯泡/)
  }
  // Nothing is told twice that arrived.
  await later(60)
  expect(new Set(got.map(({ event }) => event.id)).size).toBe(got.length)
  expect(new Set(await states())).toEqual(new Set(['delivered']))
  // The secret lies sealed.
  expect(await server.one<string>('select secret_sealed::text from webhook where id = $1', [id])).not.toContain(
    Buffer.from(secret).toString('hex'),
  )
})

test('its category comes with the code of the list of services, and its times are those of the event: UTC, whole seconds', async () => {
  const { got, url } = await receiver()
  await make({ url })
  const filed = await file({ text: '灯不亮。', publicationPermitted: true, category: organisation.category })
  await does(staff.secretary, filed.id, 'publish', { title: '灯不亮', text: '灯不亮。' })
  await answered(filed)
  await later(1)
  const code = await server.one('select code from category where id = $1', [organisation.category])
  const mine = got.filter(({ event }) => event.data.number === filed.number.replaceAll(' ', ''))
  expect(mine.at(0)?.event.data).toMatchObject({ categoryCode: code, answeredAt: null, closedAt: null })
  const times = mine.flatMap(({ event: { data } }) => [data.filedAt, data.answeredAt].filter((time) => time !== null))
  expect(times.length).toBeGreaterThan(mine.length)
  for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
})

test('a receiver can tell what is ours and new from what is changed, caught or of another', async () => {
  const { got, url } = await receiver()
  const { secret } = await make({ url })
  await released()
  await later(1)
  const { headers, body } = got[0] as Got
  const now = server.clock.now()
  expect(isGenuine(secret, headers, body, now)).toBe(true)
  expect(isGenuine(secret, headers, body.replace('received', 'closed'), now)).toBe(false)
  expect(isGenuine(secret, { ...headers, 'webhook-id': 'another' }, body, now)).toBe(false)
  expect(isGenuine(secret, headers, body, new Date(now.getTime() + (toleranceSeconds + 1) * 1000))).toBe(false)
  const afterwards = String(Number(headers['webhook-timestamp']) + 60)
  expect(isGenuine(secret, { ...headers, 'webhook-timestamp': afterwards }, body, now)).toBe(false)
  expect(isGenuine(`whsec_${Buffer.alloc(32).toString('base64')}`, headers, body, now)).toBe(false)
  expect(isGenuine(secret, { ...headers, 'webhook-signature': 'v1,' }, body, now)).toBe(false)
  // Of two signatures, as while a secret is changed, one is enough.
  expect(
    isGenuine(secret, { ...headers, 'webhook-signature': `v1,x ${headers['webhook-signature']}` }, body, now),
  ).toBe(true)
})

test('the signature is that of Standard Webhooks, by its published example', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const headers = signedHeaders(
    secret,
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    '{"test": 2432232314}',
  )
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

describe('a receiver', () => {
  test('that answers 500 for a day is asked ever less often; what came later of the same record waits, then all arrives in order', async () => {
    let status = 500
    const { got, url } = await receiver((response) => response.writeHead(status).end())
    await make({ url })
    const filed = await released()
    await does(staff.secretary, filed.id, 'accept')
    const times: number[] = []
    for (let passed = 0; passed < 24 * 60; passed += 1) {
      const before = got.length
      await later(1)
      if (got.length > before) times.push(passed)
    }
    expect(types(got).every((type) => type === 'released')).toBe(true)
    expect(times.length).toBeGreaterThan(10)
    expect(times.length).toBeLessThan(18)
    // Signed anew each time, and the same to the octet.
    expect(new Set(got.map(({ body }) => body)).size).toBe(1)
    status = 200
    got.length = 0
    for (let round = 0; round < 3; round += 1) await later(121)
    expect(types(got)).toEqual(['released', 'changed'])
  })

  test('that never comes back is given up after a day, and the next is tried', async () => {
    const { got, url } = await receiver((response) => response.writeHead(503).end())
    await make({ url })
    const filed = await released()
    await does(staff.secretary, filed.id, 'accept')
    for (let round = 0; round < 20; round += 1) await later(121)
    expect(types(got).filter((type) => type === 'released')).toHaveLength(17)
    expect(types(got)).toContain('changed')
    const listed = await readDeliveries(owner.sql, null, 2)
    expect(listed.map(({ state, reason }) => [state, reason])).toEqual([
      ['waiting', 'http 503'],
      ['dead', 'http 503'],
    ])
  })

  test('that hangs costs its own time alone', async () => {
    const hanging = await receiver(() => undefined)
    const well = await receiver()
    await make({ url: hanging.url })
    await make({ url: well.url })
    await released()
    server.clock.advance(minute)
    await deliver(0.3)
    expect([hanging.got.length, well.got.length]).toEqual([1, 1])
    expect((await readDeliveries(owner.sql, null, 2)).map(({ reason }) => reason).toSorted()).toEqual([
      'http 200',
      'timeout',
    ])
  })

  test('that leads elsewhere is not followed', async () => {
    const other = await receiver()
    const { got, url } = await receiver((response) => response.writeHead(307, { Location: other.url }).end())
    await make({ url })
    await released()
    await later(1)
    expect([got.length, other.got.length]).toEqual([1, 0])
    expect((await readDeliveries(owner.sql, null, 1))[0]).toMatchObject({ state: 'waiting', reason: 'http 307' })
  })

  test('that wants no more (410) is told no more', async () => {
    const { got, url } = await receiver((response) => response.writeHead(410).end())
    const { id } = await make({ url })
    await released()
    await later(1)
    await released('又一件')
    await later(500)
    expect(got).toHaveLength(1)
    expect((await readWebhooks(owner.sql)).find((each) => each.id === id)?.revokedAt).not.toBeNull()
  })

  test('is told again what a killed process had begun, and by one of two at once', async () => {
    const { got, url } = await receiver()
    await make({ url })
    await released()
    server.clock.advance(minute)
    await owner.pool.query("update webhook_delivery set claimed_until = $1, attempts = 1 where state = 'waiting'", [
      new Date(server.clock.now().getTime() + minute),
    ])
    await deliver()
    expect(got).toHaveLength(0)
    server.clock.advance(minute)
    await Promise.all([deliver(), deliver()])
    expect(got).toHaveLength(1)
  })
})

test('of another place, of another kind, or revoked: nothing', async () => {
  const { got, url } = await receiver()
  await make({ url, place: places.besideCommunity })
  await make({ url, kinds: ['request.withdrawn'] })
  const { id } = await make({ url })
  await released()
  await revokeWebhook(owner, server.clock.now(), id)
  await later(1)
  expect(got).toEqual([])
  await expect(revokeWebhook(owner, server.clock.now(), id)).rejects.toThrow('no such webhook')
})

test('what is not released is told to nobody, and what others press under it is no news', async () => {
  const { got, url } = await receiver()
  await make({ url })
  const filed = await file({ publicationPermitted: true })
  await answered(filed)
  const open = await released()
  await later(1)
  await owner.pool.query('update publication set me_too = me_too + 1 where request = $1', [open.id])
  await later(1)
  expect(types(got)).toEqual(['released'])
})

test.each([
  'http://receiver.example.org/',
  'https://127.0.0.1/',
  'https://10.0.0.8/told',
  'https://[::1]/',
  'https://localhost/',
  'https://receiver.example.org:8443/',
  'https://somebody:secret@receiver.example.org/',
  'file:///etc/passwd',
  'nonsense',
])('%s is no address unless the operator says that it lies within', async (url) => {
  await expect(make({ url, inner: false })).rejects.toThrow('https and a name')
  const secret = `whsec_${Buffer.alloc(32).toString('base64')}`
  const attempt = await send({ url, inner: false, secret }, { id: '1', body: '{}' }, server.clock.now(), 1)
  expect(attempt).toEqual({ delivered: false, reason: 'no address to be asked' })
})

test('a kind that is none is refused', async () => {
  await expect(make({ kinds: ['request.filed'] })).rejects.toThrow('no such kind')
  await expect(make({ kinds: [] })).rejects.toThrow('no such kind')
})
