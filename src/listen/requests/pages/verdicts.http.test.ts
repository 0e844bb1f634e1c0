import { expect, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'
import { drawAndClose } from '../requests.jobs.ts'

// What residents said of each answer is theirs to read in every round; nobody else reads it in their timeline.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, read, row, answered, sentTo, holding } = requestsOf(server, organisation)
const { staff, bodies, resident } = organisation
const html = { Accept: 'text/html' }
const visitor = visitorOf(server)
const english = async (page: string) =>
  (await server.fetch(page, { headers: { ...html, 'Accept-Language': 'en' } })).text()
const post = async (url: string, fields: Record<string, string>) => {
  server.clock.advance(1_000)
  return (await server.fetch(url, { method: 'POST', headers: html, body: new URLSearchParams(fields) })).status
}
const judges = async (phone: string, verdict: string) => {
  const token = (await sentTo(phone))?.token ?? ''
  expect(await post(`/j/${token}`, { verdict })).toBe(303)
  return token
}
const again = async (id: string, token: string) => {
  expect(await post(`/j/${token}/reopen`, {})).toBe(303)
  await does(staff.dispatcher, id, 'dispatch', { body: bodies.lamps })
  await does(staff.lampKeeper, id, 'acknowledge')
  await does(staff.lampKeeper, id, 'answer', { text: '线路已修。' })
}
const verdicts = (link: string, id: string) =>
  holding({ link }, async (act) => (await act.client.query('select * from request_verdicts($1)', [id])).rows)

test('each closing says what they said, the earlier one too, while it is at work again and afterwards', async () => {
  const filed = await file({ phone: '13911110011' })
  const mine = `/r/${filed.link}`
  await answered(filed)
  const token = await judges('13911110011', 'not')
  expect(await visitor.page(mine)).toContain('办结（您说没有解决）')
  await again(filed.id, token)
  expect(await visitor.page(mine)).toContain('办结（您说没有解决）')
  expect(await visitor.page(mine)).not.toContain('#reopen')
  await judges('13911110011', 'solved')
  const page = await visitor.page(mine)
  expect(page.indexOf('办结（您说解决了）')).toBeGreaterThan(0)
  expect(page.indexOf('办结（您说没有解决）')).toBeGreaterThan(page.indexOf('办结（您说解决了）'))
  expect(page).not.toContain('<strong>办结</strong>')
  const told = await english(mine)
  expect(told).toContain('Closed (you said it is not solved)')
  expect(told).toContain('Closed (you said it is solved)')
})

test('what was said after it had been closed for want of a word stands beneath that line', async () => {
  const filed = await file({ phone: '13911110012' })
  await answered(filed)
  const token = (await sentTo('13911110012'))?.token ?? ''
  for (let turn = 0; turn < 2; turn += 1) {
    server.clock.advance(8 * 86_400_000)
    await drawAndClose(server.kernel)
    await server.workJobs()
  }
  expect((await row(filed.id)).result).toBe('unconfirmed')
  expect(await post(`/j/${token}`, { verdict: 'partly' })).toBe(303)
  const page = await visitor.page(`/r/${filed.link}`)
  expect(page).toContain('没有等到您说')
  expect(page).toContain('后来您说：解决了一部分')
  expect(await english(`/r/${filed.link}`)).toContain('Later you said: partly solved')
})

test('to the reporter who signed in it is shown too; to staff in no line', async () => {
  const filed = await file({ phone: '13911110013' }, resident)
  await answered(filed)
  await again(filed.id, await judges('13911110013', 'not'))
  const own = await server.fetch(`/my/requests/${filed.id}`, { headers: { ...html, Cookie: resident.cookie } })
  expect(await own.text()).toContain('办结（您说没有解决）')
  for (const as of ['secretary', 'manager', 'overseer'] as const) {
    const seen = await read(staff[as], filed.id)
    expect(seen.status, as).toBe(200)
    expect(JSON.stringify(seen.body.entries), as).not.toMatch(/unsolved|"not"/)
  }
})

test('a link that staff handed out shows none of it, and the database gives it to nobody who entered or handled it', async () => {
  const handed = await file({ channel: 'paper', phone: '13911110014' }, staff.secretary)
  const paper = await server.one<string | null>('select handed_by from access.token where record = $1', [handed.id])
  const filed = await file({ phone: '13911110015' })
  for (const one of [handed, filed]) {
    const phone = one === handed ? '13911110014' : '13911110015'
    await answered(one)
    await again(one.id, await judges(phone, 'not'))
    await judges(phone, 'solved')
  }
  expect(await verdicts(filed.link, filed.id)).toHaveLength(2)
  expect(await verdicts(filed.link, handed.id)).toEqual([])
  await server.superuser.query("update access.token set handed_by = $2 where record = $1 and kind = 'follow'", [
    filed.id,
    paper ?? staff.secretary.tenure,
  ])
  expect(await verdicts(filed.link, filed.id)).toEqual([])
  const page = await visitor.page(`/r/${filed.link}`)
  expect(page).toContain('<strong>办结</strong>')
  expect(page).not.toMatch(/您说(没有|解决)|您说：/)
  for (const who of ['secretary', 'manager', 'lampKeeper', 'dispatcher', 'overseer'] as const) {
    const session = server.kernel.sessions.sessionToken({ cookie: staff[who].cookie })
    const given = (link: string, id: string) =>
      enter(
        server.kernel.database,
        { link, session },
        { now: server.clock.now(), language: 'zh-CN' },
        async (act) => (await act.client.query('select * from request_verdicts($1)', [id])).rows.length,
      )
    expect(await given('', filed.id), who).toBe(0)
    // Whoever entered or handled it reads none though the resident's own link should be in their hands.
    await server.superuser.query("update access.token set handed_by = null where record = $1 and kind = 'follow'", [
      filed.id,
    ])
    if (who !== 'overseer' && who !== 'dispatcher') expect(await given(filed.link, filed.id), who).toBe(0)
  }
})
