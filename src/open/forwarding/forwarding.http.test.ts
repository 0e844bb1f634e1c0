// Requests that are sent on: to a second installation of this program, with nothing personal, and what is heard from there.
import { beforeEach, expect, test } from 'vitest'
import { createKey } from '#kernel/keys/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { forwardingOf } from './forwarding.harness.ts'
import { revokeForwarding } from './forwarding.making.ts'
import { readForwardings } from './forwarding.store.ts'

const here = await testServer(await testDatabase({ keep: true }))
const there = await testServer(await testDatabase({ keep: true }), { publicUrl: 'http://127.0.0.1:3231' })
const ours = await makeOrganisation(here)
const theirs = await makeOrganisation(there)
const { declare, told, later, heard, delivery, lines, does, secretary } = forwardingOf(here, ours)
const back = forwardingOf(there, theirs)
const thereDoes = requestsOf(there, theirs)
const url = `${there.address}/open311/v2/`
const keyThere = async () =>
  (
    await createKey(there.database.owner, there.clock.now(), {
      name: '这边的平台',
      scopes: ['open311'],
      place: null,
      perMinute: 6_000,
      expiresAt: null,
    })
  ).key
const towards = async (more: Partial<Parameters<typeof declare>[0]> = {}) =>
  declare({ url, service: 'GENERAL', jurisdiction: '321003001001', key: await keyThere(), again: 'same', ...more })
const arrived = async () =>
  (await there.superuser.query('select id, number, body, anonymous, consent_public from request order by id')).rows

// Two installations, one time.
beforeEach(() => there.clock.set(here.clock.now()))

test.each(['xml', 'json'] as const)('goes there and is followed, in %s, without anybody’s name', async (format) => {
  const before = (await arrived()).length
  const { id: forwarding, category } = await towards({ format, language: 'en' })
  const request = await told(category)
  await later(1)
  const filed = (await arrived()).slice(before)
  expect(filed).toHaveLength(1)
  expect(filed[0]).toMatchObject({ anonymous: true, consent_public: false })
  expect(filed[0].body).toContain('楼下路灯不亮')
  expect(filed[0].body).toContain(`[http://127.0.0.1:3230 · ${request.number}]`)
  expect(filed[0].body).not.toMatch(/王小路|13911110001/)
  expect(await delivery(forwarding)).toMatchObject({ state: 'delivered', number: String(filed[0].number), attempts: 1 })
  expect(await lines(request.id)).toEqual([`forwarded: 示例市 311 · ${filed[0].number}`])
  expect(
    await here.one("select count(*)::int from ledger.act where record = $1 and kind = 'request.forward'", [request.id]),
  ).toBe(1)
  // What was sent is not kept.
  expect(await here.one('select form from forwarding_delivery where forwarding = $1', [forwarding])).toBeNull()

  await thereDoes.answered({ id: filed[0].id })
  await heard()
  await heard()
  const news = (await lines(request.id)).slice(1)
  expect(news).toHaveLength(3)
  expect(news[0]).toMatch(/^heard: 示例市 311 · being looked into\n/)
  expect(await here.one('select state from request where id = $1', [request.id])).toBe('accepted')
  // Its reporter reads it too; nobody else does.
  const page = await (await here.fetch(`/r/${request.link}`, { headers: { 'Accept-Language': 'en' } })).text()
  expect(page).toContain('Sent on to a service elsewhere')
  expect(page).toContain('News from the service it was sent on to')
  const raised = await (await here.fetch(`/raised/${request.number}`)).text()
  expect(raised).not.toContain('示例市 311')
})

test('closed there is told, and not solved here', async () => {
  const before = (await arrived()).length
  const { category } = await towards()
  const request = await told(category)
  await later(1)
  const [filed] = (await arrived()).slice(before)
  await thereDoes.answered({ id: filed.id })
  // Nobody said anything of the answer: it is closed there by the clock.
  await there.database.owner.pool.query(
    "insert into open311_update (id, request, at, kind) values (uuidv7(), $1, $2, 'closed')",
    [filed.id, there.clock.now()],
  )
  await heard()
  const last = await here.one<{ closed?: boolean }>(
    "select facts from request_entry where request = $1 and kind = 'heard' order by at desc, id desc limit 1",
    [request.id],
  )
  expect((await lines(request.id)).at(-1)).toMatch(/已关闭/)
  expect(last).toEqual({ closed: true })
  expect(await here.one('select result from request where id = $1', [request.id])).toBeNull()
})

test('what is not released stays here, or goes as an outline without a word of it', async () => {
  const before = (await arrived()).length
  const { id: silent, category } = await towards()
  const { id: outlining, category: outlined } = await towards({ outline: true })
  await told(category, { released: false })
  const request = await told(outlined, { released: false, text: '我家住在三零一，门口的灯不亮。' })
  await later(1)
  expect(await delivery(silent)).toBeUndefined()
  expect(await delivery(outlining)).toMatchObject({ state: 'delivered' })
  const [filed, ...more] = (await arrived()).slice(before)
  expect(more).toEqual([])
  expect(filed.body).toContain('城乡建设 / 市政 / 路灯')
  expect(filed.body).toContain(request.number)
  expect(filed.body).not.toMatch(/三零一|门口/)
})

test('what was taken back before it was sent does not go', async () => {
  const { id: forwarding, category } = await towards()
  const request = await told(category)
  await does(secretary, request.id, 'unpublish', { reason: '本人要求' })
  await later(1)
  expect(await delivery(forwarding)).toBeUndefined()
})

test('our steps are told there where that is wished, and two installations that send to each other pass nothing back and forth', async () => {
  const before = (await arrived()).length
  const { id: forwarding, category } = await towards({ steps: true })
  const request = await told(category)
  await later(1)
  const [filed] = (await arrived()).slice(before)
  // There everything of that category comes back here.
  const keyHere = (
    await createKey(here.database.owner, here.clock.now(), {
      name: '那边的平台',
      scopes: ['open311'],
      place: null,
      perMinute: 6_000,
      expiresAt: null,
    })
  ).key
  const returning = await back.declare({
    url: `${here.address}/open311/v2/`,
    key: keyHere,
    service: 'GENERAL',
    jurisdiction: '321003001001',
    outline: true,
    steps: true,
    again: 'same',
  })
  await thereDoes.does(theirs.staff.secretary, filed.id, 'categorise', { category: returning.category, reason: '归类' })
  await thereDoes.does(theirs.staff.secretary, filed.id, 'accept')
  await does(secretary, request.id, 'dispatch', { body: ours.bodies.property })
  const mine = await here.one('select count(*)::int from request')
  there.clock.set(here.clock.now())
  for (let round = 0; round < 5; round += 1) {
    await later(10)
    await heard()
    await back.later(10)
    await back.heard()
  }
  expect(await back.delivery(returning.id)).toBeUndefined()
  expect(await here.one('select count(*)::int from request')).toBe(mine)
  const added = await there.one<string[]>(
    "select array_agg(text order by at) from request_entry where request = $1 and kind = 'added'",
    [filed.id],
  )
  expect(added).toEqual([expect.stringMatching(/^已派给办理单位。\n.*in_progress/)])
  // Their own step is heard once, ours is not heard as an echo.
  expect((await lines(request.id)).slice(1)).toEqual([expect.stringContaining('在查看')])
  expect(await delivery(forwarding)).toMatchObject({ kind: 'step', state: 'delivered' })
})

test('a forwarding that was ended sends nothing more; its key lies sealed', async () => {
  const before = (await arrived()).length
  const { id: forwarding, category } = await towards({ key: 'plain-secret-of-theirs' })
  await told(category)
  await revokeForwarding(here.database.owner, here.clock.now(), forwarding)
  await told(category)
  await later(1)
  expect((await arrived()).length).toBe(before)
  expect(await delivery(forwarding)).toMatchObject({ state: 'dead', reason: 'revoked' })
  await expect(revokeForwarding(here.database.owner, here.clock.now(), forwarding)).rejects.toThrow(
    'no such forwarding',
  )
  const row = await here.one<string>('select f::text from forwarding f where id = $1', [forwarding])
  expect(row).not.toContain('plain-secret')
  expect(row).not.toContain(Buffer.from('plain-secret').toString('hex'))
  expect((await readForwardings(here.database.owner.sql)).find(({ id }) => id === forwarding)).toMatchObject({
    revokedAt: expect.any(String),
    place: '321003',
    waiting: 0,
    dead: 1,
  })
})
