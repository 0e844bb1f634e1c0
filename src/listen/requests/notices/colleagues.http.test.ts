import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type StaffRole } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { doing } from '../acts/asked.ts'
import { judge } from '../acts/judge.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, row, answered, holding, sentTo } = requestsOf(server, organisation)
const { kernel, superuser } = server
const { staff, bodies, places } = organisation
const day = 86_400_000

const roleOf = new Map(Object.keys(staff).map((role) => [`${role.toLowerCase()}@example.org`, role as StaffRole]))

/** Who had which mail about a request since the last look, by their role, and the texts. */
const seen = new Set<string>()
async function mailsOf(id: string): Promise<{ to: Record<string, string>; texts: string[] }> {
  await server.workJobs()
  const { rows } = await superuser.query<{ id: string; template: string }>(
    "select id, template from outbox where record = $1 and channel = 'mail' order by id",
    [id],
  )
  const told = new Map((await kernel.outbox.listReadableMessages(200)).map((each) => [each.id, each]))
  const to: Record<string, string> = {}
  const texts: string[] = []
  for (const each of rows.filter((one) => !seen.has(one.id))) {
    seen.add(each.id)
    const message = told.get(each.id)
    const role = roleOf.get(message?.to ?? '')
    if (!role || !message) continue
    to[role] = each.template.replace('requests.notice.', '')
    texts.push(message.text)
  }
  return { to, texts }
}
/** Puts the clock just before, or just after, the deadline that runs. */
const toDeadline = async (id: string, milliseconds: number) =>
  server.clock.set(new Date(((await row(id)).due_at as Date).getTime() + milliseconds))

test('whoever is given a matter hears its number, place, what is asked by when and where it stands, and no word of the resident', async () => {
  await superuser.query("update person set language = 'en' where id = $1", [staff.hand.person])
  const { id, number } = await file({ title: '路灯不亮', name: '王小路', phone: '13900050001' })
  await does(staff.secretary, id, 'accept')
  expect((await mailsOf(id)).to).toEqual({})
  await does(staff.secretary, id, 'dispatch', { body: bodies.property, task: '请找王小路' })
  const { to, texts } = await mailsOf(id)
  expect(to).toEqual({ manager: 'turn-acknowledge', hand: 'turn-acknowledge' })
  for (const text of texts) {
    expect(text).toContain(number)
    expect(text).toContain('五里')
    expect(text).toContain(`${kernel.config.publicUrl}/desk/requests/${id}`)
    expect(text).not.toMatch(/王小路|路灯|13900050001/)
  }
  expect(texts.some((text) => /请在 \d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d 前签收/.test(text))).toBe(true)
  expect(texts.some((text) => /Please acknowledge it by \d{1,2} \w+ \d{4}, \d\d:\d\d/.test(text))).toBe(true)
})

test('due soon is told to whoever owes the step: the body that holds it, then the unit in the lead', async () => {
  const { id } = await file()
  await toDeadline(id, -1_000)
  expect((await mailsOf(id)).to).toEqual({ secretary: 'due-soon-accept' })
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await mailsOf(id)
  await toDeadline(id, -1_000)
  expect((await mailsOf(id)).to).toEqual({ manager: 'due-soon-acknowledge', hand: 'due-soon-acknowledge' })
  await does(staff.manager, id, 'acknowledge')
  await does(staff.manager, id, 'assist', { body: bodies.lamps, task: '请提供型号' })
  expect((await mailsOf(id)).to).toEqual({ lampKeeper: 'assist' })
  await toDeadline(id, -1_000)
  expect((await mailsOf(id)).to).toEqual({ manager: 'due-soon-answer', hand: 'due-soon-answer' })
})

test('overdue is told to the head of the unit and to the level above; far overdue is supervised by itself and told to them', async () => {
  const { id } = await file()
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  await mailsOf(id)
  await toDeadline(id, 1_000)
  expect((await mailsOf(id)).to).toEqual({
    manager: 'mark-overdue',
    supervisor: 'mark-overdue',
    leader: 'mark-overdue',
  })
  server.clock.advance(20 * day)
  expect((await mailsOf(id)).to).toEqual({
    manager: 'supervise-by-itself',
    supervisor: 'supervise-by-itself',
    leader: 'supervise-by-itself',
  })
  expect(await row(id)).toMatchObject({ supervised: 'itself' })
})

test('a unit hears that its matter is supervised, has news or came back; never of what it did itself', async () => {
  const filed = await file({ phone: '13900050002' })
  const { id, link } = filed
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  await mailsOf(id)
  await does(staff.supervisor, id, 'supervise', { reason: '催一催' })
  expect((await mailsOf(id)).to).toEqual({ manager: 'supervise', hand: 'supervise' })
  await holding({ link }, (act) => doing.add(act, kernel, id, { text: '还有一盏也不亮' }, null))
  expect((await mailsOf(id)).to).toEqual({ manager: 'news', hand: 'news' })
  const from = new Date(server.clock.now().getTime() + day).toISOString().slice(0, 10)
  await does(staff.manager, id, 'arrange-visit', { from: `${from}T09:00:00+08:00`, until: `${from}T10:00:00+08:00` })
  expect((await mailsOf(id)).to).toEqual({})
  await does(staff.officeHead, id, 'extend', { workingDays: 2, reason: '等配件' })
  expect((await mailsOf(id)).to).toEqual({ manager: 'turn-answer', hand: 'turn-answer' })
  await does(staff.manager, id, 'answer', { text: '灯泡已换。' })
  const token = (await sentTo('13900050002'))?.token ?? ''
  await mailsOf(id)
  await holding({ judge: token }, (act) => judge(act, kernel, id, { verdict: 'not' }, token))
  expect((await mailsOf(id)).to).toEqual({})
  await holding({ link }, (act) => doing.reopen(act, kernel, id, {}, null))
  expect((await mailsOf(id)).to).toEqual({ dispatcher: 'turn-dispatch', manager: 'news', hand: 'news' })
})

test('what comes back or is sent on is told to whoever has to dispatch or accept it', async () => {
  const { id } = await file()
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.lamps })
  await mailsOf(id)
  await does(staff.lampKeeper, id, 'return', { reason: '归物业' })
  expect((await mailsOf(id)).to).toEqual({ secretary: 'turn-dispatch' })
  await does(staff.dispatcher, id, 'transfer', { place: places.besideCommunity.id, reason: '在兰苑' })
  const { to, texts } = await mailsOf(id)
  expect(to).toEqual({ besideSecretary: 'turn-accept' })
  expect(texts[0]).toContain('兰苑')
})

test('whom a matter is kept from hears nothing of it', async () => {
  await superuser.query('update post set shown = true where id = $1', [staff.supervisor.post])
  const filed = await file({ aboutTenure: staff.supervisor.tenure })
  expect((await row(filed.id)).excluded_people).toContain(staff.supervisor.person)
  await toDeadline(filed.id, 1_000)
  const about = await mailsOf(filed.id)
  expect(Object.keys(about.to)).not.toContain('supervisor')
  expect(about.to).toMatchObject({ leader: 'mark-overdue' })

  const { id } = await file()
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await superuser.query('update request set excluded_people = $2, excluded_bodies = $3 where id = $1', [
    id,
    [staff.hand.person],
    [bodies.office],
  ])
  expect((await mailsOf(id)).to).toEqual({ manager: 'turn-acknowledge' })
  await toDeadline(id, 1_000)
  expect((await mailsOf(id)).to).toEqual({ manager: 'mark-overdue', leader: 'mark-overdue' })
})

test('what has been done in the meantime is asked of nobody', async () => {
  const { id } = await answeredSoon()
  expect(Object.values((await mailsOf(id)).to)).not.toContain('turn-acknowledge')
})

/** Answered before any mail was written. */
async function answeredSoon() {
  const filed = await file()
  await answered(filed)
  return filed
}

test('whoever would get very many letters at once gets some, and one that says that there is more', async () => {
  for (let turn = 0; turn < 36; turn += 1) await file({ place: places.otherCommunity.id })
  server.clock.advance(14 * day)
  await server.workJobs()
  const { rows } = await superuser.query<{ id: string }>(
    "select id from outbox where template = 'requests.notice.many'",
  )
  const told = (await kernel.outbox.listReadableMessages(2_000)).filter(({ to }) => roleOf.get(to) === 'stranger')
  const many = new Set(rows.map(({ id }) => id))
  expect(told.filter(({ id }) => !many.has(id)).length).toBeLessThanOrEqual(31)
  const more = told.filter(({ id }) => many.has(id))
  expect(more).toHaveLength(1)
  expect(more[0]?.text).toContain(`${kernel.config.publicUrl}/desk/requests`)
})
