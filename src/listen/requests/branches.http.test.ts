// What else may happen on a request's way: each branch by itself, and the register of them all.
import { describe, expect, test } from 'vitest'
import { verify } from '#kernel/ledger/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { doing } from './acts/asked.ts'
import { judge } from './acts/judge.ts'
import { complain, meToo } from './acts/resident.ts'
import { suggestRedactions } from './requests.desk.api.ts'
import { searchRequests } from './requests.lists.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, read, row, version, sentTo, answered, holding } = requestsOf(server, organisation)
const { kernel } = server
const { staff, bodies, resident } = organisation

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
    // Nor a colleague of the same body, be they its head; the button is not offered to them either.
    const head = staff.besideSecretary
    await server.superuser.query(
      `with post as (insert into post (id, body, title, duties) values (uuidv7(), $1, '主任', '{request.read,request.agree}') returning id)
       insert into tenure (id, post, seat, person, holder_name, during)
       select uuidv7(), post.id, 1, $2, 'x', tstzrange(now() - interval '1 hour', null) from post`,
      [bodies.committee, head.person],
    )
    expect((await ask(head, id, 'agree-explanation')).problem.type).toBe('/problems/request-another-body')
    expect((await read(head, id)).body.can).not.toContain('agree-explanation')
    expect((await read(staff.officeHead, id)).body.can).toContain('agree-explanation')
    await server.superuser.query(
      'delete from tenure using post where post.id = tenure.post and post.body = $1 and tenure.person = $2',
      [bodies.committee, head.person],
    )
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
      expect(whole.entries).toBeGreaterThan(60)
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
