import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { doing } from './acts/asked.ts'
import { judge } from './acts/judge.ts'
import { showContact, showEarlier } from './requests.desk.api.ts'
import { listRequests } from './requests.lists.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, read, row, sentTo, answered, holding } = requestsOf(server, organisation)
const { kernel } = server
const { staff, bodies, resident } = organisation

const lines = async (id: string) =>
  (await server.superuser.query('select kind from request_entry where request = $1 order by at, id', [id])).rows.map(
    (each) => each.kind,
  )

describe('the whole loop', () => {
  let id = ''
  let link = ''
  let token = ''

  test('told by the web form, without signing in, with a phone', async () => {
    const filed = await file({ phone: '139 1111 2222', name: '王小路' })
    ;({ id, link } = filed)
    expect(filed).toMatchObject({ responsible: '五里社区居委会', nextStep: 'accept' })
    expect(filed.link.length).toBeGreaterThanOrEqual(22)
    expect(new Date(filed.by ?? 0) > server.clock.now()).toBe(true)
    expect(new Date(filed.promisedAt) >= new Date(filed.by ?? 0)).toBe(true)
  })

  test('is seen by those whose duty reaches there, and by nobody else', async () => {
    for (const who of ['secretary', 'dispatcher', 'supervisor', 'leader', 'caller', 'overseer'] as const)
      expect((await read(staff[who], id)).status, who).toBe(200)
    for (const who of ['stranger', 'besideSecretary', 'manager', 'otherManager', 'gridWorker', 'lampKeeper'] as const)
      expect((await read(staff[who], id)).status, who).toBe(404)
    expect((await read(resident, id)).status).toBe(403)
    expect((await read(null, id)).status).toBe(401)
  })

  test('accepted, dispatched, returned twice; then the dispatcher decides and it cannot be returned again', async () => {
    await does(staff.secretary, id, 'accept')
    await does(staff.secretary, id, 'dispatch', { body: bodies.property, task: '请去看看' })
    await does(staff.manager, id, 'return', { reason: '路灯归路灯所', belongsTo: bodies.lamps })
    expect(await row(id)).toMatchObject({ state: 'accepted', returns: 1 })
    // The first to receive it stays responsible, and sees it on; any other that returns it does not.
    expect(await row(id)).toMatchObject({ responsible: bodies.property })
    await does(staff.secretary, id, 'dispatch', { body: bodies.lamps })
    await does(staff.lampKeeper, id, 'return', { reason: '小区内的灯归物业' })
    expect((await read(staff.lampKeeper, id)).status).toBe(404)
    expect((await ask(staff.secretary, id, 'dispatch', { body: bodies.property })).status).toBe(409)
    await does(staff.secretary, id, 'redispatch', { body: bodies.property, reason: '小区内由物业维护' })
    expect(await row(id)).toMatchObject({ state: 'dispatched', returns: 2, responsible: bodies.property })
    const refused = await ask(staff.manager, id, 'return', { reason: '还是不归我' })
    expect(refused).toMatchObject({ status: 409, problem: { type: '/problems/request-not-decided' } })
  })

  test('acknowledged, with help, a draft that a colleague reads, and an answer that says who under which post', async () => {
    await does(staff.manager, id, 'acknowledge')
    await does(staff.manager, id, 'assist', { body: bodies.lamps, task: '请提供灯泡型号' })
    await does(staff.lampKeeper, id, 'acknowledge')
    await does(staff.lampKeeper, id, 'answer-part', { text: 'LED 40W' })
    await does(staff.manager, id, 'draft', { text: '草稿：今晚换。' })
    expect((await read(staff.hand, id)).body.draft?.text).toBe('草稿：今晚换。')
    await does(staff.manager, id, 'note', { text: '内部：备件在仓库' })
    const view = await does(staff.hand, id, 'answer', { text: '灯泡已换，现在亮了。' })
    expect(view.state).toBe('answered')
    expect(view.draft).toBeNull()
    const line = view.entries.find((each) => each.kind === 'answered')
    expect(line).toMatchObject({ who: '示例·物业经办人', post: '物业经办人', body: '五里物业' })
    expect(
      view.parts
        .filter((part) => part.state === 'answered')
        .map((part) => part.body.name)
        .sort(),
    ).toEqual(['五里物业', '路灯管理所'])
  })

  test('the reporter is asked once, by a message with a token of its own', async () => {
    const message = await sentTo('13911112222')
    expect(message?.token).toHaveLength(22)
    expect(message?.token).not.toBe(link)
    token = message?.token ?? ''
    const asked = (await kernel.outbox.listReadableMessages(200)).filter((each) => each.text.includes(token))
    expect(asked).toHaveLength(1)
  })

  test('"not", and it comes back by one tap, one level up; the judgement stays apart', async () => {
    await holding({ judge: token }, (act) =>
      judge(act, kernel, id, { verdict: 'not', satisfaction: 1, words: '还是黑的' }, token),
    )
    expect(await row(id)).toMatchObject({ state: 'closed', result: 'unsolved', judged: true })
    await expect(
      holding({ judge: token }, (act) => judge(act, kernel, id, { verdict: 'solved' }, token)),
    ).rejects.toMatchObject({ status: 409 })
    await holding({ link }, (act) => doing.reopen(act, kernel, id, { reason: '没有亮' }, null))
    expect(await row(id)).toMatchObject({ state: 'accepted', holder: bodies.office, reopened: 1, result: null })
    expect(
      await server.one('select handlers @> array[$2::uuid] from judgement where request = $1', [id, staff.hand.person]),
    ).toBe(true)
  })

  test('handled one level up, answered again, and solved', async () => {
    expect((await ask(staff.secretary, id, 'dispatch', { body: bodies.property })).status).toBe(403)
    await does(staff.dispatcher, id, 'dispatch', { body: bodies.lamps })
    await does(staff.lampKeeper, id, 'acknowledge')
    await does(staff.lampKeeper, id, 'answer', { text: '线路已修。' })
    const again = (await sentTo('13911112222'))?.token ?? ''
    expect(again).not.toBe(token)
    // As if the first had never been used: it belongs to an answer that is past, and ended with it.
    await server.superuser.query('update access.token set used_at = null where hash = sha256($1::bytea)', [token])
    await expect(
      holding({ judge: token }, (act) => judge(act, kernel, id, { verdict: 'solved' }, token)),
    ).rejects.toMatchObject({ status: 404 })
    await holding({ judge: again }, (act) => judge(act, kernel, id, { verdict: 'solved', satisfaction: 5 }, again))
    expect(await row(id)).toMatchObject({ state: 'closed', result: 'solved', due_at: null })
    expect(await lines(id)).toEqual([
      'filed',
      'accepted',
      'dispatched',
      'returned',
      'dispatched',
      'returned',
      'redispatched',
      'acknowledged',
      'assistance_asked',
      'part_acknowledged',
      'part_answered',
      'drafted',
      'noted',
      'answered',
      'closed',
      'reopened',
      'dispatched',
      'acknowledged',
      'answered',
      'closed',
    ]) // prettier-ignore
  })

  test('what was said is told neither to those who handled it nor to their heads, and to no register', async () => {
    for (const who of ['hand', 'manager', 'lampKeeper', 'secretary', 'dispatcher'] as const) {
      const seen = await read(staff[who], id)
      expect(seen.status, who).toBe(200)
      expect(seen.body.closing, who).toBeNull()
      expect(seen.text, who).not.toContain('还是黑的')
    }
    const { rows } = await server.superuser.query(
      "select result, facts from ledger.act where record = $1 and kind = 'request.judge'",
      [id],
    )
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toMatch(/solved|not|satisf/)
    expect((await read(staff.overseer, id)).body.closing).toBe('solved')
  })
})

describe('how it comes in', () => {
  test('anonymous means it, even for someone signed in', async () => {
    const { id } = await file({ anonymous: true }, resident)
    expect(await row(id)).toMatchObject({ anonymous: true, reporter: null, entered_by: null })
    const { rows } = await server.superuser.query('select actor, tenure from ledger.act where record = $1', [id])
    expect(rows).toEqual([{ actor: null, tenure: null }])
    expect(await server.one('select count(*)::int from request_contact where request = $1', [id])).toBe(0)
    expect(
      await server.one("select count(*)::int from pgboss.job where data::text like '%' || $1 || '%'", [
        resident.person,
      ]),
    ).toBe(0)
  })

  test('written down by staff: for the resident, whom they name; the token never comes to them', async () => {
    const filed = await file({ channel: 'phone', phone: '13922223333', name: '刘大爷' }, staff.gridWorker).catch(
      () => null,
    )
    expect(filed).toBeNull()
    const byOffice = await file(
      { channel: 'phone', phone: '13922223333', name: '刘大爷', urgency: 'urgent' },
      staff.dispatcher,
    )
    expect(await row(byOffice.id)).toMatchObject({
      entered_by: staff.dispatcher.tenure,
      reporter: null,
      urgency: 'urgent',
    })
    await answered(byOffice)
    const { token } = (await sentTo('13922223333')) ?? {}
    expect(token).toBeTruthy()
    expect((await read(staff.dispatcher, byOffice.id)).text).not.toContain(token as string)
  })

  test('the contact is masked; showing it is written down, and so is looking for earlier requests', async () => {
    const { id } = await file({ phone: '13933334444', name: '陈某某' }, resident)
    const view = (await read(staff.dispatcher, id)).body
    expect(view.reporter).toMatchObject({ name: '陈**', hasContact: true })
    expect(view.reporter.phone).not.toContain('3333')
    const shown = await server.call(showContact, { as: staff.dispatcher.cookie, params: { id }, body: {} })
    expect(shown.body).toMatchObject({ name: '陈某某' })
    expect(shown.body.phone).toContain('13933334444')
    expect((await server.call(showContact, { as: staff.supervisor.cookie, params: { id }, body: {} })).status).toBe(403)
    const earlier = await server.call(showEarlier, { as: staff.dispatcher.cookie, params: { id }, body: {} })
    expect(earlier.body.items).toEqual([])
    const { rows } = await server.superuser.query(
      'select what, reader from access.log where subject_person = $1 order by at, id',
      [resident.person],
    )
    expect(rows).toEqual([
      { what: 'contact', reader: staff.dispatcher.person },
      { what: 'earlier', reader: staff.dispatcher.person },
    ])
  })

  test('about an official: above them, and invisible to them', async () => {
    // A resident names whom they are shown.
    await server.superuser.query('update post set shown = true where id = $1', [staff.secretary.post])
    const { id } = await file({ text: '书记态度差', aboutTenure: staff.secretary.tenure })
    expect(await row(id)).toMatchObject({ holder: bodies.office, excluded_people: [staff.secretary.person] })
    expect((await read(staff.secretary, id)).status).toBe(404)
    expect((await ask(staff.secretary, id, 'accept')).status).toBe(404)
    await does(staff.dispatcher, id, 'accept')
    const back = await ask(staff.dispatcher, id, 'dispatch', { body: bodies.committee })
    expect(back.status).toBe(422)
    const list = await server.call(listRequests, { as: staff.secretary.cookie, query: { limit: 100 } })
    expect(list.body.items.map((each) => each.id)).not.toContain(id)
  })

  test('about a property manager: they never read it', async () => {
    const { id } = await file({ text: '物业乱收费', aboutBody: bodies.property })
    for (const who of ['manager', 'hand'] as const) expect((await read(staff[who], id)).status).toBe(404)
    const holder = (await row(id)).holder
    const by = holder === bodies.committee ? staff.secretary : staff.dispatcher
    await does(by, id, 'accept')
    expect((await ask(by, id, 'dispatch', { body: bodies.property })).status).toBe(422)
  })
})
