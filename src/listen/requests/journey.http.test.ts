import { describe, expect, test } from 'vitest'
import { verify } from '#kernel/ledger/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { doing } from './acts/asked.ts'
import { judge } from './acts/judge.ts'
import { complain, meToo } from './acts/resident.ts'
import { showContact, showEarlier, suggestRedactions } from './requests.desk.api.ts'
import { listRequests, searchRequests } from './requests.lists.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, read, row, version, sentTo, answered, holding } = requestsOf(server, organisation)
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

describe('the branches', () => {
  test('explained: basis, plain words, next remedy and a second person', async () => {
    const { id } = await file({ phone: '13944445555' })
    await does(staff.secretary, id, 'accept')
    const explanation = {
      kind: 'not_possible_now',
      basis: organisation.law,
      text: '明年才有经费',
      remedy: '可向街道申请',
    } as const
    expect((await ask(staff.secretary, id, 'explain', { ...explanation, basis: id })).status).toBe(422)
    const repeat = { ...explanation, kind: 'repeat' } as const
    expect((await ask(staff.secretary, id, 'explain', { ...repeat, repeats: organisation.law })).status).toBe(422)
    expect((await ask(staff.secretary, id, 'explain', { ...repeat, repeats: id })).status).toBe(422)
    await does(staff.secretary, id, 'explain', explanation)
    expect(await row(id)).toMatchObject({ state: 'accepted' })
    expect((await ask(staff.secretary, id, 'agree-explanation')).problem.type).toBe('/problems/request-another-person')
    await does(staff.officeHead, id, 'disagree-explanation', { reason: '写得不清楚' })
    await does(staff.secretary, id, 'explain', { ...explanation, text: '今年经费已用完，明年三月排入' })
    await does(staff.officeHead, id, 'agree-explanation')
    expect(await row(id)).toMatchObject({ state: 'answered', answer_kind: 'explanation' })
    expect((await sentTo('13944445555'))?.token).toBeTruthy()
  })

  test('extended once, by someone above, with a reason the resident reads', async () => {
    const { id } = await file({ phone: '13955556666' })
    await does(staff.secretary, id, 'accept')
    await does(staff.secretary, id, 'dispatch', { body: bodies.property })
    const before = (await row(id)).promised_at as Date
    expect((await ask(staff.manager, id, 'extend', { workingDays: 5, reason: '等料' })).status).toBe(403)
    await does(staff.officeHead, id, 'extend', { workingDays: 5, reason: '等配件到货' })
    expect(((await row(id)).promised_at as Date) > before).toBe(true)
    expect((await ask(staff.officeHead, id, 'extend', { workingDays: 5, reason: '再等' })).status).toBe(409)
    expect((await sentTo('13955556666'))?.text).toBeTruthy()
  })

  test('merged: both reporters hear of the answer', async () => {
    const one = await file({ phone: '13966660001' })
    const two = await file({ phone: '13966660002' })
    expect((await ask(staff.secretary, one.id, 'merge', { into: two.id, reason: '同一盏灯' })).status).toBe(422)
    await does(staff.secretary, two.id, 'merge', { into: one.id, reason: '同一盏灯' })
    expect(await row(two.id)).toMatchObject({ state: 'closed', result: 'merged', merged_into: one.id })
    expect(await sentTo('13966660002')).toBeTruthy()
    expect((await ask(staff.secretary, one.id, 'merge', { into: two.id, reason: '反过来' })).status).toBe(409)
    const heard = (await kernel.outbox.listReadableMessages(200)).filter((each) =>
      each.to.endsWith('13966660002'),
    ).length
    await answered(one)
    await server.workJobs()
    const after = (await kernel.outbox.listReadableMessages(200)).filter((each) =>
      each.to.endsWith('13966660002'),
    ).length
    expect(after).toBe(heard + 1)
    expect((await row(two.id)).heard_at).toBeTruthy()
  })

  test('merged into one that was promised later: it takes the earlier promise; withdrawn, both are open again', async () => {
    const one = await file({ phone: '13966660003' })
    const two = await file({ phone: '13966660004' })
    await does(staff.secretary, two.id, 'set-urgency', { urgency: 'urgent' })
    const promised = (await row(two.id)).promised_at as Date
    await does(staff.secretary, two.id, 'merge', { into: one.id, reason: '同一盏灯' })
    const stays = await row(one.id)
    expect(stays.promised_at).toEqual(promised)
    expect(stays.due_at).toEqual(promised)
    expect(await server.one("select text from request_entry where request = $1 and kind = 'merged'", [two.id])).toBe(
      '同一盏灯',
    )
    await holding({ link: one.link }, (act) => doing.withdraw(act, kernel, one.id, {}, null))
    await server.workJobs()
    expect(await row(two.id)).toMatchObject({
      state: 'accepted',
      result: null,
      merged_into: null,
      holder: bodies.committee,
      promised_at: promised,
    })
    const told = (await kernel.outbox.listReadableMessages(200)).filter((each) => each.to.endsWith('13966660004'))
    expect(told.some((each) => each.text.includes('恢复单独办理'))).toBe(true)
  })

  test('supervised by a level above only', async () => {
    const { id } = await file()
    expect((await ask(staff.secretary, id, 'supervise', { reason: '催' })).status).toBe(403)
    const view = await does(staff.supervisor, id, 'supervise', { reason: '居民反复来问' })
    expect(view.supervised).toBe(true)
  })

  test('taken up again, it is worked on at the level that now has it, before anybody is given it too', async () => {
    const { id, link } = await file({ phone: '13966660009' })
    await answered({ id })
    const token = (await sentTo('13966660009'))?.token ?? ''
    await holding({ judge: token }, (act) => judge(act, kernel, id, { verdict: 'not' }, token))
    await holding({ link }, (act) => doing.reopen(act, kernel, id, {}, null))
    expect(await row(id)).toMatchObject({ responsible: bodies.office })
    // The office has it itself: whoever supervises stands above the office.
    expect((await read(staff.supervisor, id)).body.can).not.toContain('supervise')
    await does(staff.leader, id, 'supervise', { reason: '请一周内办好' })
    await does(staff.dispatcher, id, 'set-urgency', { urgency: 'urgent' })
    expect(await row(id)).toMatchObject({ responsible: bodies.office, supervised: 'above', urgency: 'urgent' })
  })

  test('a visit is agreed between unit and resident, moved and cancelled by either', async () => {
    const { id, link } = await file({ phone: '13988889999' })
    await does(staff.secretary, id, 'accept')
    await does(staff.secretary, id, 'dispatch', { body: bodies.property })
    const day = new Date(server.clock.now().getTime() + 3 * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
    const window = { from: `${day}T09:00:00+08:00`, until: `${day}T11:00:00+08:00` }
    const view = await does(staff.manager, id, 'arrange-visit', { ...window, note: '带梯子' })
    expect(view.visit).toMatchObject({ by: 'unit', agreed: false, note: '带梯子' })
    const visit = view.visit?.id as string
    expect((await ask(staff.manager, id, 'agree-visit', { visit })).status).toBe(409)
    await holding({ link }, (act) => doing['agree-visit'](act, kernel, id, { visit }, null))
    expect((await read(staff.manager, id)).body.visit?.agreed).toBe(true)
    await holding({ link }, (act) =>
      doing['move-visit'](act, kernel, id, { visit, ...window, until: `${day}T12:00:00+08:00` }, null),
    )
    expect((await read(staff.manager, id)).body.visit).toMatchObject({ by: 'resident', agreed: false })
    await does(staff.manager, id, 'cancel-visit', { visit, reason: '停电' })
    expect((await read(staff.manager, id)).body.visit).toBeNull()
    expect((await ask(staff.manager, id, 'arrange-visit', { from: window.until, until: window.from })).status).toBe(422)
  })

  test('seen by all with consent and release only; others say "me too"; taken back at once', async () => {
    const { id, link } = await file({ text: '我叫王二，电话13812340000，楼道灯坏了。' })
    expect((await ask(staff.secretary, id, 'publish', { title: '楼道灯坏了', text: '楼道灯坏了。' })).status).toBe(409)
    await expect(holding({}, (act) => meToo(act, kernel, id, {}))).rejects.toMatchObject({ status: 404 })
    await holding({ link }, (act) => doing['permit-publication'](act, kernel, id, {}, null))
    const found = await server.call(suggestRedactions, { as: staff.secretary.cookie, params: { id } })
    expect(found.body.found.length).toBeGreaterThan(0)
    for (const said of [
      { title: '整栋楼都黑了', text: '楼道灯坏了。' },
      { title: '楼道灯坏了', text: '楼道灯已经修好了。' },
    ]) {
      const otherwise = await ask(staff.secretary, id, 'publish', said)
      expect(otherwise, said.title).toMatchObject({ status: 422, problem: { type: '/problems/request-words-kept' } })
    }
    // The suggestion was not taken: what is certain is refused.
    const open = await ask(staff.secretary, id, 'publish', {
      title: '楼道灯坏了',
      text: '我叫〔姓名〕，电话13812340000，楼道灯坏了。',
    })
    expect(open).toMatchObject({ status: 422, problem: { type: '/problems/request-numbers-removed' } })
    const invented = await ask(staff.secretary, id, 'publish', {
      title: '楼道灯坏了',
      text: '楼道灯坏了。',
      answer: '已经修好。',
    })
    expect(invented.problem.type).toBe('/problems/request-answer-sent')
    await does(staff.secretary, id, 'publish', {
      title: '楼道灯坏了',
      text: '我叫〔姓名〕，电话〔电话〕，楼道灯坏了。',
    })
    expect(await holding({}, (act) => meToo(act, kernel, id, { phone: '13700000001', words: '我家也是' }))).toBe(1)
    expect(await holding({}, (act) => meToo(act, kernel, id, { phone: '13700000001' }))).toBe(1)
    await holding({ link }, (act) => doing['forbid-publication'](act, kernel, id, {}, null))
    await expect(holding({}, (act) => meToo(act, kernel, id, {}))).rejects.toMatchObject({ status: 404 })
  })

  test('added, corrected (both versions kept), withdrawn by the holder of the link', async () => {
    const { id, link } = await file()
    await holding({ link }, (act) => doing.add(act, kernel, id, { text: '还有一盏也不亮' }, null))
    await holding({ link }, (act) => doing.correct(act, kernel, id, { text: '是三单元的灯' }, null))
    expect(await row(id)).toMatchObject({ body: '是三单元的灯' })
    const { rows } = await server.superuser.query('select body from request_version where request = $1', [id])
    expect(rows).toEqual([{ body: '楼下路灯不亮，晚上走路看不清。' }])
    // Both sides read what stood there before.
    const seen = await read(staff.secretary, id)
    expect(seen.body.entries.find((entry) => entry.kind === 'corrected')?.text).toContain('晚上走路看不清')
    expect(await (await server.fetch(`/r/${link}`)).text()).toContain('晚上走路看不清')
    expect(
      (await server.call(searchRequests, { as: staff.secretary.cookie, body: { words: '三单元' } })).body.items.map(
        (each) => each.id,
      ),
    ).toContain(id)
    await holding({ link }, (act) => doing.withdraw(act, kernel, id, { reason: '自己修好了' }, null))
    expect(await row(id)).toMatchObject({ state: 'closed', result: 'withdrawn' })
    await expect(holding({ link }, (act) => doing.add(act, kernel, id, { text: '又' }, null))).rejects.toMatchObject({
      status: 409,
    })
  })

  test('a link opens its own request alone, and nothing at the desk', async () => {
    const one = await file()
    const two = await file()
    await expect(
      holding({ link: one.link }, (act) => doing.add(act, kernel, two.id, { text: '别人的' }, null)),
    ).rejects.toMatchObject({ status: 404 })
    const desk = await server.call({ method: 'GET', url: `/api/requests/${one.id}` }, { link: one.link })
    expect(desk.status).toBe(401)
  })

  test('a complaint about handling: linked, above the handlers, invisible to them', async () => {
    const filed = await file({}, resident)
    await answered(filed)
    const made = await holding({ link: filed.link }, (act) =>
      complain(
        act,
        kernel,
        filed.id,
        { text: '推来推去', faults: ['passing_on', 'passive'] },
        { anonymous: false, person: null, language: 'zh-CN' },
      ),
    )
    expect(await row(made.id)).toMatchObject({
      about_request: filed.id,
      holder: bodies.office,
      faults: ['passing_on', 'passive'],
    })
    for (const who of ['secretary', 'manager', 'hand'] as const) {
      expect((await read(staff[who], made.id)).status, who).toBe(404)
      expect((await read(staff[who], filed.id)).text, who).not.toContain(made.id)
    }
    expect((await read(staff.dispatcher, made.id)).status).toBe(200)
  })

  test('a residents’ group is asked first; who asked stays responsible', async () => {
    const { id } = await file()
    await does(staff.secretary, id, 'accept')
    await does(staff.secretary, id, 'dispatch', { body: bodies.group })
    expect(await row(id)).toMatchObject({ responsible: bodies.committee })
    await does(staff.convener, id, 'decline')
    expect(await row(id)).toMatchObject({ state: 'accepted', responsible: bodies.committee, returns: 0 })
    await does(staff.secretary, id, 'dispatch', { body: bodies.group })
    await does(staff.convener, id, 'consent')
    expect(await row(id)).toMatchObject({ state: 'acknowledged', responsible: bodies.committee })
  })

  test('category and urgency change the promise', async () => {
    const { id } = await file()
    await does(staff.secretary, id, 'categorise', { category: organisation.category })
    const before = (await row(id)).promised_at as Date
    await does(staff.secretary, id, 'set-urgency', { urgency: 'urgent' })
    expect(((await row(id)).promised_at as Date) < before).toBe(true)
  })

  test('two people at once: one is done, the other is told the version that stands', async () => {
    const filed = await file()
    const seen = await version(filed.id)
    const both = await Promise.all([
      ask(staff.secretary, filed.id, 'note', { text: '甲' }, seen),
      ask(staff.dispatcher, filed.id, 'note', { text: '乙' }, seen),
    ])
    expect(both.map((each) => each.status).sort()).toEqual([200, 409])
    const late = both.find((each) => each.status === 409)
    expect(late?.problem).toMatchObject({ type: '/problems/version-conflict', version: seen + 1 })
  })
})

describe('the register of acts', () => {
  test('holds every act in order, and names the first that was altered', async () => {
    await server.order()
    const client = await server.database.jobs.pool.connect()
    try {
      const whole = await verify(client)
      expect(whole).toMatchObject({ ok: true, firstBroken: null })
      expect(whole.entries).toBe(await server.one('select count(*)::int from ledger.act'))
      expect(whole.entries).toBeGreaterThan(80)
      const place = 37
      await server.superuser.query(
        'update ledger.act set facts = facts || \'{"state": "solved"}\' where id = (select act from ledger.entry where place = $1)',
        [place],
      )
      expect(await verify(client)).toMatchObject({ ok: false, firstBroken: place })
    } finally {
      client.release()
    }
  })
})
