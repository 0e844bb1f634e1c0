// What is divided stays its reporter's, and what is sent to another place stays in the sight of whoever sent it.
import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { doing } from './acts/asked.ts'
import { publicCounts } from './counts.store.ts'
import { forgetSurroundings } from './reading/surroundings.ts'
import { showContact } from './requests.desk.api.ts'
import { listRequests } from './requests.lists.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, read, row, holding } = requestsOf(server, organisation)
const { staff, bodies, places, resident } = organisation

const get = async (path: string, cookie?: string) => {
  const answer = await fetch(`${server.address}${path}`, { headers: cookie ? { Cookie: cookie } : {} })
  return { status: answer.status, text: await answer.text() }
}
const partsOf = async (id: string) =>
  (await server.superuser.query('select * from request where split_from = $1 order by id', [id])).rows
/** A minute on: the clock of the test may stand a moment behind that of the database, which said when it was filed. */
const told = async () => {
  const at = new Date(server.clock.now().getTime() + 60_000)
  return (await holding({}, (act) => publicCounts(act.sql, places.community.path, at)))?.told
}

const parts = [{ title: '垃圾没人收', text: '垃圾没人收。' }]

test('what is divided is told once, on its day, with its reporter, its contact and its promise', async () => {
  const { id, promisedAt } = await file({ phone: '13977778888', text: '路灯不亮。另外垃圾没人收。' }, resident)
  const before = await told()
  expect(before).toBe(1)
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'split', { parts, reason: '一件讲了几件事' })
  const whole = await row(id)
  const [part] = await partsOf(id)
  expect(part).toMatchObject({
    state: 'accepted',
    title: '垃圾没人收',
    responsible: bodies.committee,
    reporter: resident.person,
    entered_by: null,
    filed_at: whole.filed_at,
  })
  expect(part.promised_at.toISOString()).toBe(new Date(promisedAt).toISOString())
  const contact = await server.call(showContact, { as: staff.secretary.cookie, params: { id: part.id }, body: {} })
  expect(contact.body.phone).toContain('13977778888')
  expect(await told()).toBe(before)
  // Signed in, the reporter finds it among their own and from the page of the whole.
  const page = await get(`/my/requests/${id}`, resident.cookie)
  expect(page.text).toContain(`/my/requests/${part.id}`)
  expect((await get(`/my/requests/${part.id}`, resident.cookie)).text).toContain('从您说的另一件里分出来')
})

test('who follows the whole by its link follows each part by its own, and nobody else finds it', async () => {
  const { id, link } = await file({ phone: '13977770000', text: '路灯不亮。另外垃圾没人收。' })
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'split', { parts, reason: '一件讲了几件事' })
  const [part] = await partsOf(id)
  const href = /\/r\/[\w-]{22}(?=")/.exec((await get(`/r/${link}`)).text.replaceAll(`/r/${link}`, ''))?.[0]
  expect(href).toBeTruthy()
  const followed = await get(href as string)
  expect(followed).toMatchObject({ status: 200 })
  expect(followed.text).toContain('垃圾没人收')
  // It is the reporter's to judge and to withdraw, like the whole.
  await does(staff.secretary, part.id, 'dispatch', { body: bodies.property })
  await does(staff.manager, part.id, 'acknowledge')
  await does(staff.manager, part.id, 'answer', { text: '已清运。' })
  await server.workJobs()
  expect((await get(href as string)).text).toContain('解决了没有')
  expect((await read(organisation.neighbour, part.id)).status).toBe(403)
  expect((await get(`/my/requests/${part.id}`, organisation.neighbour.cookie)).status).toBe(404)
})

test('what staff wrote down stays entered by them when another divides it, and its parts came by the same paper', async () => {
  const { id, link } = await file({ channel: 'window', text: '路灯不亮。另外垃圾没人收。' }, staff.secretary)
  await does(staff.secretary, id, 'accept')
  await does(staff.dispatcher, id, 'split', { parts, reason: '一件讲了几件事' })
  const [part] = await partsOf(id)
  expect(part).toMatchObject({ entered_by: staff.secretary.tenure, reporter: null })
  expect(link).toBeTruthy()
  expect(await server.one("select handed_by from access.token where record = $1 and kind = 'follow'", [part.id])).toBe(
    staff.secretary.tenure,
  )
})

test('transferred within the district by whoever dispatches; beyond it only by whoever dispatches in both places', async () => {
  const { id } = await file()
  await does(staff.dispatcher, id, 'accept')
  for (const who of ['dispatcher', 'districtDispatcher'] as const)
    expect(
      await ask(staff[who], id, 'transfer', { place: places.otherCommunity.id, reason: '在广陵' }),
      who,
    ).toMatchObject({ status: 422, problem: { type: '/problems/request-covers-both' } })
  await does(staff.secretary, id, 'transfer', { place: places.besideCommunity.id, reason: '在兰苑' })
  expect(await row(id)).toMatchObject({
    path: places.besideCommunity.path,
    holder: bodies.besideCommittee,
    transfers: 1,
  })
})

test('who sent it sees where it went and how it was answered, and no contact; their head hears of the answer', async () => {
  const { id } = await file({ phone: '13977771111' })
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'note', { text: '内部：看着像兰苑的灯' })
  expect((await read(staff.secretary, id)).body.reporter.phone).toBeTruthy()
  await does(staff.secretary, id, 'transfer', { place: places.besideCommunity.id, reason: '在兰苑' })
  await does(staff.besideSecretary, id, 'note', { text: '内部：兰苑自己的话' })
  const seen = (await read(staff.secretary, id)).body
  expect(seen).toMatchObject({
    place: { id: places.besideCommunity.id },
    responsible: { body: '兰苑社区居委会' },
    can: [],
  })
  const listed = await server.call(listRequests, {
    as: staff.besideSecretary.cookie,
    query: { queue: 'all', limit: 100 },
  })
  expect(listed.body.items.find((each) => each.id === id)).toMatchObject({ placeName: '兰苑' })
  const table = await server.fetch(`/api/requests?queue=all&place=${places.besideCommunity.id}`, {
    headers: { Cookie: staff.besideSecretary.cookie, Accept: 'text/csv' },
  })
  expect(await table.text()).not.toContain(',五里,')
  expect(seen.reporter).toMatchObject({ name: null, phone: null, hasContact: false })
  expect(JSON.stringify(seen)).not.toContain('兰苑自己的话')
  const contact = await server.call(showContact, { as: staff.secretary.cookie, params: { id }, body: {} })
  expect(contact.status).toBe(403)
  await server.superuser.query('update person set mail_encrypted = $2 where id = $1', [
    staff.secretary.person,
    server.kernel.encryption.encrypt('person.mail', 'shuji@example.org', staff.secretary.person),
  ])
  await does(staff.besideSecretary, id, 'accept')
  await does(staff.besideSecretary, id, 'dispatch', { body: bodies.besideCommittee })
  await does(staff.besideSecretary, id, 'acknowledge')
  await does(staff.besideSecretary, id, 'answer', { text: '灯已修好。' })
  await server.workJobs()
  const mails = await server.kernel.outbox.listReadableMessages(200)
  expect(mails.filter((each) => each.to === 'shuji@example.org').map((each) => each.text)).toEqual([
    expect.stringContaining('有答复了'),
  ])
  expect((await read(staff.secretary, id)).body.entries.at(-1)).toMatchObject({ kind: 'answered', text: '灯已修好。' })
})

test('the last day to have it taken up again stands from the closing, whatever the place sets later', async () => {
  const day = 86_400_000
  const set = async (days: number) => {
    await server.superuser.query(
      `insert into place_setting (path, name, value) values ($1, 'deadlines', jsonb_build_object('reopenDays', $2::int))
        on conflict (path, name) do update set value = excluded.value`,
      [places.community.path, days],
    )
    forgetSurroundings()
  }
  const one = await file({ phone: '13977772222' })
  await holding({ link: one.link }, (act) => doing.withdraw(act, server.kernel, one.id, {}, null))
  const closed = server.clock.now()
  const until = new Date(closed.getTime() + 30 * day)
  expect(((await row(one.id)).reopen_until as Date).getTime()).toBe(until.getTime())
  await set(3)
  const two = await file({ phone: '13977773333' })
  await holding({ link: two.link }, (act) => doing.withdraw(act, server.kernel, two.id, {}, null))
  server.clock.advance(20 * day)
  const page = (await get(`/r/${one.link}`)).text
  const day8 = new Date(until.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)
  expect(page).toContain(`datetime="${day8}`)
  expect((await get(`/r/${two.link}`)).text).not.toContain('/reopen')
  await expect(
    holding({ link: two.link }, (act) => doing.reopen(act, server.kernel, two.id, {}, null)),
  ).rejects.toMatchObject({ key: 'requests.refusal.within-thirty-days' })
  await holding({ link: one.link }, (act) => doing.reopen(act, server.kernel, one.id, {}, null))
  expect(await row(one.id)).toMatchObject({ state: 'accepted', reopen_until: null })
})
