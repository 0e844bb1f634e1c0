import PostalMime from 'postal-mime'
import { beforeEach, describe, expect, test } from 'vitest'
import { tellingPath } from '#kernel/telling/index.ts'
import { testDatabase } from '#testing/database.ts'
import { mailSink } from '#testing/mail.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { doing } from '../acts/asked.ts'
import { sendDigests } from './digests.ts'

const { came, smtp } = await mailSink()
// A Tuesday, at ten in China.
const server = await testServer(await testDatabase({ keep: true }), { smtp }, new Date('2026-11-24T02:00:00Z'))
const organisation = await makeOrganisation(server)
const { file, does, holding } = requestsOf(server, organisation)
const { kernel, superuser } = server
const { staff, bodies, resident } = organisation

const manager = 'manager@example.org'
const handedOn = { purpose: 'work', owner: staff.manager.person } as const

beforeEach(async () => {
  await superuser.query('delete from telling_choice')
  await superuser.query('delete from telling_held')
})

/** A matter that a unit works on, with a reporter who left an address. */
async function atWork(mail: string) {
  const filed = await file({ mail })
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'dispatch', { body: bodies.property })
  await does(staff.manager, filed.id, 'acknowledge')
  await mails('')
  return filed
}
interface Mail {
  readonly to: string
  readonly text: string
  readonly html: string | undefined
  readonly header: (name: string) => string | undefined
}
/** What has been sent to an address since the last look. */
async function mails(to: string): Promise<Mail[]> {
  await server.workJobs()
  await kernel.outbox.deliver()
  const found: Mail[] = []
  for (const each of came.splice(0)) {
    const { headers, text = '', html } = await PostalMime.parse(each.text)
    const header = (name: string) => headers.find(({ key }) => key === name)?.value
    if (each.to === to) found.push({ to: each.to, text, html, header })
  }
  return found
}
/** Those of the list; deadlines that pass while the clock is put on are told as well. */
const newsTo = async (to: string) => (await mails(to)).filter(({ header }) => header('list-id'))
/** The path that a mail program leaves the list by. */
const leaving = (mail?: Mail) => new URL(mail?.header('list-unsubscribe')?.replace(/[<>]/g, '') ?? '').pathname
const choose = (path: string, often: string) =>
  server.fetch(path, { method: 'POST', headers: { Accept: 'text/html' }, body: new URLSearchParams({ often }) })
/** Puts the clock to eight in the morning of a day in China and sends what is due. */
async function morning(day: string) {
  server.clock.set(new Date(`${day}T00:00:00Z`))
  return sendDigests(kernel)
}
const tells = (id: string, link: string, text: string) =>
  holding({ link }, (act) => doing.add(act, kernel, id, { text }, null))

describe('who works on a matter', () => {
  test('is told of news at once unless they choose; the mail says how to leave the list, and leaving is done by one POST', async () => {
    const { id, link } = await atWork('one@example.org')
    await tells(id, link, '还有一盏')
    const [mail] = await newsTo(manager)
    expect(mail?.header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    expect(mail?.header('list-id')).toMatch(/^<work\.news\./)
    expect(mail?.text).toContain(`/desk/requests/${id}`)
    expect(mail?.html).toContain(`/desk/requests/${id}">`)
    const path = leaving(mail)
    expect(path).toBe(tellingPath(kernel.encryption, handedOn))

    // Programs that look for harm open every address: nothing happens by that.
    const opened = await server.fetch(path, { headers: { Accept: 'text/html' } })
    expect(opened.status).toBe(200)
    expect(await opened.text()).toMatch(/value="now"[^>]* checked/)
    await tells(id, link, '再一盏')
    expect(await newsTo(manager)).toHaveLength(1)

    // RFC 8058, 3.2: neither cookie nor sign-in, and no redirect.
    const left = await server.fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
    expect(left.status).toBe(200)
    await tells(id, link, '又一盏')
    expect(await newsTo(manager)).toEqual([])
    // What is asked of them by a date comes all the same, and is of no list.
    await does(staff.officeHead, id, 'extend', { workingDays: 2, reason: '等配件' })
    const asked = await mails(manager)
    expect(asked).toHaveLength(1)
    expect(asked[0]?.header('list-unsubscribe')).toBeUndefined()
  })

  test('is told together on the next working morning, once, in their language; not where there is nothing', async () => {
    const one = await atWork('two@example.org')
    const other = await atWork('three@example.org')
    expect((await choose(tellingPath(kernel.encryption, handedOn), 'daily')).status).toBe(303)
    expect(await morning('2026-11-25')).toEqual({ told: 0 })
    for (const filed of [one, one, other]) await tells(filed.id, filed.link, '还有')
    expect(await newsTo(manager)).toEqual([])
    // A Saturday.
    expect(await morning('2026-11-28')).toEqual({ told: 0 })
    expect(await morning('2026-11-30')).toEqual({ told: 1 })
    const sent = await newsTo(manager)
    expect(sent).toHaveLength(1)
    expect(sent[0]?.text).toContain(`/desk/requests/${one.id}`)
    expect(sent[0]?.text).toContain(`/desk/requests/${other.id}`)
    expect(sent[0]?.text).toContain('2 条')
    expect(sent[0]?.text).not.toContain('还有')
    expect(leaving(sent[0])).toBe(tellingPath(kernel.encryption, handedOn))
    expect(await morning('2026-12-01')).toEqual({ told: 0 })
  })

  test('hears nothing of a matter that is kept from them meanwhile, nor once they are gone', async () => {
    const { id, link } = await atWork('four@example.org')
    await choose(tellingPath(kernel.encryption, handedOn), 'daily')
    await tells(id, link, '还有')
    await server.workJobs()
    await superuser.query('update request set excluded_people = array[$2::uuid] where id = $1', [
      id,
      staff.manager.person,
    ])
    await morning('2026-12-02')
    expect(await newsTo(manager)).toEqual([])
    expect(await server.one('select count(*)::int from telling_held')).toBe(0)
  })

  test('who leaves the list gets nothing of it that waits in the outbox either', async () => {
    const { id, link } = await atWork('five@example.org')
    await tells(id, link, '还有')
    await server.workJobs()
    await choose(tellingPath(kernel.encryption, handedOn), 'never')
    expect(await newsTo(manager)).toEqual([])
    const { rows } = await superuser.query(
      "select reason from outbox where template = 'requests.notice.news' and record = $1 order by reason nulls last",
      [id],
    )
    expect(rows[0]).toEqual({ reason: 'not wanted' })
  })
})

describe('who told a matter', () => {
  const said = async (id: string) => {
    await does(staff.secretary, id, 'set-urgency', { urgency: 'urgent', reason: '有人摔倒' })
    await does(staff.secretary, id, 'set-urgency', { urgency: 'ordinary', reason: '已围起来' })
  }

  test('is told weekly where they choose so, of what happened and nothing else; what waits for them comes at once', async () => {
    const { id } = await atWork('li@example.org')
    server.clock.set(new Date('2026-12-03T02:00:00Z'))
    await does(staff.officeHead, id, 'extend', { workingDays: 2, reason: '等配件' })
    const [mail] = await newsTo('li@example.org')
    const path = leaving(mail)
    expect((await choose(path, 'weekly')).status).toBe(303)
    await does(staff.secretary, id, 'set-urgency', { urgency: 'urgent', reason: '有人摔倒' })
    await does(staff.secretary, id, 'set-urgency', { urgency: 'ordinary', reason: '已围起来' })
    await does(staff.manager, id, 'answer', { text: '已换。' })
    const now = await mails('li@example.org')
    expect(now).toHaveLength(1)
    expect(now[0]?.text).toContain('/j/')
    expect(now[0]?.header('list-unsubscribe')).toBeUndefined()
    expect(await morning('2026-12-04')).toEqual({ told: 0 })
    expect(await morning('2026-12-07')).toEqual({ told: 1 })
    const [digest] = await newsTo('li@example.org')
    expect(digest?.text).toContain('您反映的事（编号')
    expect(digest?.text).toContain('· 您反映的事由紧急改为一般')
    expect(digest?.text).not.toMatch(/有人摔倒|已围起来/)
  })

  test('chooses for all of theirs once signed in, unless they chose for the one', async () => {
    const own = tellingPath(kernel.encryption, { purpose: 'own', owner: resident.person })
    expect(await (await server.fetch('/my', { headers: { Cookie: resident.cookie } })).text()).toContain(own)
    await choose(own, 'never')
    const filed = await file({ mail: 'mine@example.org' }, resident)
    await does(staff.secretary, filed.id, 'accept')
    await said(filed.id)
    expect(await newsTo('mine@example.org')).toEqual([])
    await choose(tellingPath(kernel.encryption, { purpose: 'record', owner: filed.id }), 'now')
    await does(staff.secretary, filed.id, 'set-urgency', { urgency: 'urgent', reason: '又有人摔倒' })
    await does(staff.secretary, filed.id, 'set-urgency', { urgency: 'ordinary', reason: '好了' })
    expect((await newsTo('mine@example.org')).length).toBeGreaterThan(0)
  })
})

test('the page answers in both languages, refuses what is no choice, and an address that we did not make', async () => {
  const path = tellingPath(kernel.encryption, handedOn)
  expect(await (await server.fetch(path, { headers: { 'Accept-Language': 'en' } })).text()).toContain(
    'Tell me once a day',
  )
  expect((await choose(path, 'hourly')).status).toBe(422)
  expect(
    (
      await choose(
        path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
        'never',
      )
    ).status,
  ).toBe(404)
  expect((await server.fetch('/news/nothing')).status).toBe(404)
  const saved = await server.fetch((await choose(path, 'weekly')).headers.get('location') ?? '')
  const html = await saved.text()
  expect(html).toContain('记下了')
  expect(html).toMatch(/value="weekly"[^>]* checked/)
  // Another site cannot choose for somebody who is signed in here; a program, which has no origin, can.
  const foreign = await server.fetch(path, {
    method: 'POST',
    headers: { Origin: 'https://elsewhere.example', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'often=never',
  })
  expect(foreign.status).toBe(403)
})
