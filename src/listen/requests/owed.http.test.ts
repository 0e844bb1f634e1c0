// What is owed to residents and to those who work for them: an officer who is asked for is named, a complaint can be made by way of
// staff, an erasure stops what still waits, a page offers nothing that is then refused.
import { expect, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type StaffRole, staffRoles } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { doing } from './acts/asked.ts'
import { judge } from './acts/judge.ts'
import { formatNumber } from './number.ts'
import { complainFor, type DeskAct, deskActs } from './requests.desk.api.ts'
import { drawAndClose } from './requests.jobs.ts'
import { searchRequests } from './requests.lists.api.ts'
import { requestsData } from './requests.personal.ts'
import { mayHear, readWatched } from './watching.store.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, read, row, answered, holding, sentTo } = requestsOf(server, organisation)
const { kernel, superuser } = server
const { staff, bodies, places, resident, law, category } = organisation
const minute = 60_000
const day = 86_400_000

const get = async (path: string) => {
  const answer = await fetch(`${server.address}${path}`)
  return { status: answer.status, text: await answer.text() }
}
/** One transaction of a member of staff. */
const as = <T>(who: StaffRole, work: Parameters<typeof enter<T>>[3]) =>
  enter(
    kernel.database,
    { session: kernel.sessions.sessionToken({ cookie: staff[who].cookie }) },
    { now: server.clock.now(), language: 'zh-CN' },
    work,
  )

test('a contact card opens the form with place and officer; who was asked for is read at the desk', async () => {
  await superuser.query('update post set shown = true where id = $1', [staff.secretary.post])
  const form = await get(`/tell?card=${staff.secretary.tenure}`)
  expect(form.text).toContain(`name="card" value="${staff.secretary.tenure}"`)
  expect(form.text).toContain('示例·社区书记')
  expect(form.text).toContain('五里社区')
  const { id } = await file({ channel: 'card', card: staff.secretary.tenure })
  expect((await read(staff.secretary, id)).body.askedFor).toBe('示例·社区书记 · 社区书记')
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'split', { parts: [{ title: '另一件', text: '另一件事。' }], reason: '两件事' })
  expect(await server.one('select asked_for from request where split_from = $1', [id])).toBe(staff.secretary.tenure)
  // Nobody is asked for whose post is not shown, nor whom the matter is about.
  const hidden = await file({ channel: 'card', card: staff.caller.tenure })
  expect((await row(hidden.id)).asked_for).toBeNull()
  const about = await file({ channel: 'card', card: staff.secretary.tenure, aboutTenure: staff.secretary.tenure })
  expect((await row(about.id)).asked_for).toBeNull()
})

test('a complaint about handling is written down for the resident, unseen by those who handled it', async () => {
  const filed = await file({ phone: '13955550001' })
  await answered(filed)
  const complaining = (who: StaffRole, phone?: string) =>
    server.call(complainFor, {
      as: staff[who].cookie,
      params: { id: filed.id },
      body: { text: '推来推去三次。', faults: ['passing_on'], channel: 'window', ...(phone ? { phone } : {}) },
    })
  expect((await complaining('secretary')).status).toBe(403)
  expect((await complaining('stranger')).status).toBe(404)
  const done = await complaining('dispatcher', '13955550009')
  expect(done.status, done.text).toBe(201)
  expect(done.body).toMatchObject({ link: null, linkSentBy: 'sms' })
  expect(await row(done.body.id)).toMatchObject({
    about_request: filed.id,
    channel: 'window',
    entered_by: staff.dispatcher.tenure,
    reporter: null,
    faults: ['passing_on'],
  })
  expect((await sentTo('13955550009'))?.text).toContain(done.body.number)
  for (const who of ['secretary', 'manager'] as const) expect((await read(staff[who], done.body.id)).status).toBe(404)
  const paper = await complaining('districtDispatcher')
  expect(paper.body).toMatchObject({ linkSentBy: null, link: expect.any(String) })
  expect((await get(`/r/${paper.body.link}`)).text).toContain('代居民登记')
})

test('an erasure stops the messages that still wait', async () => {
  const filed = await file({ phone: '13800000001' }, resident)
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'transfer', { place: places.besideCommunity.id, reason: '在兰苑' })
  const states = async () =>
    (
      await superuser.query('select state, reason, recipient, content from outbox where record = $1 order by id', [
        filed.id,
      ])
    ).rows
  await kernel.outbox.queueMessage(
    { sql: kernel.jobsDatabase.sql, now: server.clock.now() },
    {
      channel: 'sms',
      to: '13800000001',
      template: 'requests.notice.transfer',
      values: {
        number: formatNumber((await server.one('select number from request where id = $1', [filed.id])) as number),
      },
      language: 'zh-CN',
      record: filed.id,
    },
  )
  expect((await states()).some((each) => each.state === 'waiting')).toBe(true)
  await requestsData(kernel.encryption).erase?.(kernel.jobsDatabase.sql, resident.person)
  const left = await states()
  expect(left.length).toBeGreaterThan(0)
  for (const each of left) expect(each).toMatchObject({ recipient: null, content: null })
  expect(left.some((each) => each.state === 'waiting')).toBe(false)
})

test('a judge link that ended says that there is a newer answer, or that it is at work again', async () => {
  const filed = await file({ phone: '13955550002' })
  await answered(filed)
  const first = (await sentTo('13955550002'))?.token ?? ''
  await holding({ judge: first }, (act) => judge(act, kernel, filed.id, { verdict: 'not' }, first))
  await holding({ link: filed.link }, (act) => doing.reopen(act, kernel, filed.id, {}, null))
  await superuser.query("update access.token set expires_at = now() where kind = 'judge' and record = $1", [filed.id])
  expect(await get(`/j/${first}`)).toMatchObject({ status: 410, text: expect.stringContaining('这件事正在重新办') })
  await does(staff.dispatcher, filed.id, 'dispatch', { body: bodies.property })
  await does(staff.manager, filed.id, 'acknowledge')
  await does(staff.manager, filed.id, 'answer', { text: '换了三盏灯。' })
  expect(await get(`/j/${first}`)).toMatchObject({ status: 410, text: expect.stringContaining('这件事又有了新的答复') })
  const second = (await sentTo('13955550002'))?.token ?? ''
  await holding({ judge: second }, (act) => judge(act, kernel, filed.id, { verdict: 'solved' }, second))
  expect((await get(`/j/${first}`)).text).toContain('这件事又有了新的答复')
  expect((await get(`/j/${'a'.repeat(22)}`)).text).toContain('这个评价链接打不开')
})

test('calls in vain count once an hour and three times, also for whoever writes past the program', async () => {
  const filed = await file({ phone: '13955550003' })
  await answered(filed)
  await superuser.query(
    `insert into call_back (id, request, answer, path, drawn_on, seed, at)
      select gen_random_uuid(), r.id, a.id, r.path, current_date, 'x', $2 from request r join request_answer a on a.request = r.id
      where r.id = $1`,
    [filed.id, server.clock.now()],
  )
  const tried = (tries: string) =>
    as('caller', (act) =>
      act.client.query(
        `update call_back set state = 'not_reached', tries = ${tries}, tenure = $2, tried_at = $3 where request = $1`,
        [filed.id, staff.caller.tenure, server.clock.now()],
      ),
    )
  await expect(tried('3')).rejects.toThrow('a call that does not count')
  await expect(tried('tries')).rejects.toThrow('a call that does not count')
  await tried('tries + 1')
  await expect(tried('tries + 1')).rejects.toThrow('a call that does not count')
  expect((await ask(staff.caller, filed.id, 'miss-call-back')).status).toBe(409)
  server.clock.advance(61 * minute)
  await does(staff.caller, filed.id, 'miss-call-back')
  server.clock.advance(61 * minute)
  await tried('tries + 1')
  server.clock.advance(61 * minute)
  await expect(tried('tries + 1')).rejects.toThrow('a call that does not count')
  expect(await server.one('select tries from call_back where request = $1', [filed.id])).toBe(3)
})

test('the figures of a month lead to what was told, answered and closed in that month', async () => {
  const said = (text: string) => ({ text, title: text, publicationPermitted: true })
  const now = await file(said('本月说的灯坏了。'))
  const before = await file(said('上月说的灯坏了。'))
  for (const { id, text } of [
    { id: now.id, text: '本月说的灯坏了。' },
    { id: before.id, text: '上月说的灯坏了。' },
  ])
    await does(staff.secretary, id, 'publish', { title: text, text })
  const ago = new Date(server.clock.now().getTime() - 32 * day)
  await superuser.query('update publication set filed_at = $2, answered_at = $2, closed_at = $2 where request = $1', [
    before.id,
    ago,
  ])
  const month = (moment: Date) => new Date(moment.getTime() + 8 * 60 * minute).toISOString().slice(0, 7)
  const home = (await get('/places/321003001001')).text
  expect(home).toContain(`raised?told=${month(server.clock.now())}`)
  const told = await get(`/places/321003001001/raised?told=${month(server.clock.now())}`)
  expect(told.text).toContain('本月说的灯坏了')
  expect(told.text).not.toContain('上月说的灯坏了')
  for (const what of ['told', 'answered', 'closed']) {
    const then = await get(`/places/321003001001/raised?${what}=${month(ago)}`)
    expect(then.text, what).toContain('上月说的灯坏了')
    expect(then.text, what).not.toContain('本月说的灯坏了')
  }
  expect((await get('/places/321003001001/raised?told=nonsense')).text).toContain('上月说的灯坏了')
})

test('what others raised is found by words, by how far it is and by its category', async () => {
  const texts = ['单元门锁坏了。', '儿童滑梯松动。', '井盖翘起来了。'] as const
  const raise = async (text: string, before?: (filed: { id: string }) => Promise<unknown>) => {
    const filed = await file({ text, title: text, publicationPermitted: true })
    await before?.(filed)
    await does(staff.secretary, filed.id, 'publish', { title: text, text })
  }
  await raise(texts[0], ({ id }) => does(staff.secretary, id, 'categorise', { category }))
  await raise(texts[1], answered)
  await raise(texts[2])
  const shown = async (query: string) => {
    const { text } = await get(`/places/321003001001/raised?${query}`)
    return texts.filter((words) => text.includes(words.slice(0, -1)))
  }
  expect(await shown('')).toEqual(texts)
  expect(await shown(`q=${encodeURIComponent('滑梯')}`)).toEqual([texts[1]])
  expect(await shown('state=answered')).toEqual([texts[1]])
  expect(await shown('state=open')).toEqual([texts[0], texts[2]])
  expect(await shown('state=closed')).toEqual([])
  expect(await shown(`category=${category}`)).toEqual([texts[0]])
  expect(await shown(`category=${category}&q=${encodeURIComponent('滑梯')}`)).toEqual([])
  // What no choice of the form could have written narrows nothing.
  expect(await shown('state=secret&category=nonsense')).toEqual(texts)
})

test('of a change hears nobody whom the matter is about, as it stands in the database', async () => {
  await superuser.query('update post set shown = true where id = $1', [staff.secretary.post])
  const { id } = await file({ aboutTenure: staff.secretary.tenure })
  const { id: plain } = await file()
  const watched = await readWatched(kernel.jobsDatabase.sql, [id, plain, staff.secretary.tenure])
  expect([...watched.keys()].sort()).toEqual([id, plain].sort())
  const secretary = {
    person: staff.secretary.person,
    bodies: [bodies.committee],
    reach: { 'request.read': [places.community.path] },
  }
  const hears = (of: string, who: Partial<typeof secretary>) =>
    mayHear({ ...secretary, ...who }, places.community.path, watched.get(of) as never)
  expect(hears(plain, {})).toBe(true)
  expect(hears(id, { bodies: [] })).toBe(false)
  expect(hears(id, { person: staff.hand.person })).toBe(false)
  expect(hears(id, { person: staff.hand.person, bodies: [] })).toBe(true)
  // Who has it hears of it without any reach.
  expect(hears(plain, { person: staff.hand.person, reach: {} as never })).toBe(true)
})

test('a visit lies within ninety days', async () => {
  const { id } = await file()
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  const window = (days: number) => {
    const date = new Date(server.clock.now().getTime() + days * day + 8 * 60 * minute).toISOString().slice(0, 10)
    return { from: `${date}T23:00:00+08:00`, until: `${date}T23:30:00+08:00` }
  }
  const far = await ask(staff.manager, id, 'arrange-visit', window(91))
  expect(far).toMatchObject({ status: 422, problem: { field: 'from' } })
  expect((await ask(staff.manager, id, 'arrange-visit', window(89))).status).toBe(200)
})

test('whoever has done with their part does not come any more; nobody else takes a visit with them', async () => {
  const { id } = await file()
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'assist', { body: bodies.lamps, task: '请看配电箱' })
  const date = new Date(server.clock.now().getTime() + 3 * day).toISOString().slice(0, 10)
  const window = { from: `${date}T09:00:00+08:00`, until: `${date}T11:00:00+08:00` }
  await does(staff.lampKeeper, id, 'acknowledge')
  await does(staff.lampKeeper, id, 'arrange-visit', window)
  await does(staff.lampKeeper, id, 'return', { reason: '配电箱归物业' })
  const view = (await read(staff.manager, id)).body
  expect(view.visit).toBeNull()
  expect(await server.one('select state from visit where request = $1', [id])).toBe('cancelled')
  await does(staff.manager, id, 'arrange-visit', window)
  await does(staff.manager, id, 'assist', { body: bodies.lamps, task: '请再看一次' })
  await does(staff.lampKeeper, id, 'return', { reason: '看过了，还是归物业' })
  expect((await read(staff.manager, id)).body.visit).toMatchObject({ by: 'unit' })
})

test('as many are drawn for a call as the place asks for, and a tenth where it asks for less', async () => {
  const drawn = async (share: number, of: number) => {
    await superuser.query(
      `insert into place_setting (path, name, value) values ($1, 'call_back_share', to_jsonb($2::float8))
        on conflict (path, name) do update set value = excluded.value`,
      [places.district.path, share],
    )
    await superuser.query("update request set due_at = null, due_kind = null where state = 'answered'")
    for (let each = 0; each < of; each += 1) {
      const filed = await file()
      await answered(filed)
    }
    server.clock.advance(8 * day)
    return drawAndClose(kernel)
  }
  expect(await drawn(1, 2)).toEqual({ drawn: 2, closed: 0 })
  expect(await drawn(0.01, 2)).toEqual({ drawn: 1, closed: 1 })
  const { rows } = await superuser.query<{ share: string }>(
    "select facts ->> 'share' as share from ledger.act where kind = 'request.draw' order by at",
  )
  expect(rows.map(({ share }) => Number(share))).toEqual([1, 0.1])
})

test('what the page of a request offers, the server lets be done', async () => {
  const window = () => {
    const date = new Date(server.clock.now().getTime() + 3 * day).toISOString().slice(0, 10)
    return { from: `${date}T09:00:00+08:00`, until: `${date}T11:00:00+08:00` }
  }
  const another = await file({ text: '另一盏灯也坏了。' })
  const bodyOf = (act: DeskAct): object => {
    switch (act) {
      case 'link':
        return { to: another.id, kind: 'same_kind' }
      case 'unlink':
        return { to: another.id }
      case 'dispatch':
        return { body: bodies.property }
      case 'redispatch':
      case 'assist':
        return { body: bodies.lamps, reason: '请办', task: '请办' }
      case 'explain':
        return { kind: 'not_possible_now', basis: law, text: '说明', remedy: '可申请复查' }
      case 'extend':
        return { workingDays: 1, reason: '等配件' }
      case 'split':
        return { parts: [{ title: '另一件', text: '另一件事。' }], reason: '两件事' }
      case 'transfer':
        return { place: places.besideCommunity.id, reason: '在那边' }
      case 'categorise':
        return { category, reason: '归类' }
      case 'set-urgency':
        return { urgency: 'urgent', reason: '急' }
      case 'call-back':
        return { verdict: 'solved' }
      case 'publish':
        return { title: '灯坏了', text: '灯坏了。' }
      case 'arrange-visit':
        return window()
      default:
        return { text: '补记', reason: '有原因' }
    }
  }
  const wholly = new Error('undone')
  const wrong: string[] = []
  let tried = 0
  const look = async (id: string, state: string) => {
    for (const who of staffRoles) {
      const seen = await read(staff[who], id)
      if (seen.status !== 200) continue
      const list = await server.call(searchRequests, {
        as: staff[who].cookie,
        body: { words: seen.body.number },
      })
      for (const act of list.body.items.find((each) => each.id === id)?.can ?? [])
        if (!seen.body.can.includes(act)) wrong.push(`${state} ${who}: the list offers ${act}, the page does not`)
      for (const act of (seen.body.can as DeskAct[]).filter((each) => each in deskActs && each !== 'merge')) {
        tried += 1
        await as(who, async (transaction) => {
          // It is offered beside each link; so there has to be one.
          if (act === 'unlink') await doing.link(transaction, kernel, id, bodyOf('link') as never, null)
          await doing[act as Exclude<DeskAct, never>](transaction, kernel, id, bodyOf(act) as never, null)
          throw wholly
        }).catch((error: unknown) => {
          // What was sent may be wrong; that it may be done at all is what was offered.
          if (error !== wholly && !(error instanceof Refusal && error.status === 422))
            wrong.push(`${state} ${who} ${act}: ${error instanceof Refusal ? error.key : String(error)}`)
        })
      }
    }
  }
  const { id } = await file({ text: '灯坏了。', publicationPermitted: true })
  await look(id, 'received')
  await does(staff.secretary, id, 'accept')
  await look(id, 'accepted')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await look(id, 'dispatched')
  await does(staff.manager, id, 'acknowledge')
  await look(id, 'acknowledged')
  await does(staff.manager, id, 'answer', { text: '修好了。' })
  await look(id, 'answered')
  const withdrawn = await file({ text: '灯坏了。' })
  await does(staff.secretary, withdrawn.id, 'accept')
  await does(staff.secretary, withdrawn.id, 'explain', bodyOf('explain') as never)
  await look(withdrawn.id, 'explaining')
  await holding({ link: withdrawn.link }, (act) => doing.withdraw(act, kernel, withdrawn.id, {}, null))
  await look(withdrawn.id, 'closed')
  await holding({ link: withdrawn.link }, (act) => doing.reopen(act, kernel, withdrawn.id, {}, null))
  await look(withdrawn.id, 'reopened')
  await does(staff.dispatcher, withdrawn.id, 'dispatch', { body: bodies.group })
  await look(withdrawn.id, 'offered')
  // Whoever wrote it down does not release it on a consent that they wrote down too; a colleague does.
  const written = await file({ text: '灯坏了。', publicationPermitted: true, channel: 'visit' }, staff.secretary)
  await does(staff.dispatcher, written.id, 'accept')
  await look(written.id, 'written down')
  expect((await read(staff.secretary, written.id)).body.can).not.toContain('publish')
  expect((await read(staff.dispatcher, written.id)).body.can).toContain('publish')
  expect(wrong).toEqual([])
  expect(tried).toBeGreaterThan(40)
})

test('an answer with a hole of a template left in it is not sent; once answered, nobody at work is late', async () => {
  const { id } = await file({ text: '门禁坏了。' })
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  const sent = await ask(staff.manager, id, 'answer', { text: '{姓名}您好，{事情}已修好。' })
  expect(sent.status).toBe(422)
  expect(sent.problem).toMatchObject({ type: '/problems/answer-holes', field: 'text' })
  expect(sent.problem.detail).toContain('姓名、事情')
  expect((await read(staff.manager, id)).body.state).toBe('acknowledged')
  await does(staff.manager, id, 'answer', { text: '门禁已修好。' })
  await superuser.query("update request set due_at = now() - interval '3 days' where id = $1", [id])
  expect((await read(staff.manager, id)).body.deadline).toMatchObject({ step: 'judge', late: false })
})
