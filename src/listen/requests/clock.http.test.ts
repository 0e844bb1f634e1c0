import { describe, expect, test } from 'vitest'
import { openDatabase, transaction } from '#kernel/database/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { judge } from './acts/judge.ts'
import { fireTimersAt, systemWriter } from './acts/system.ts'
import { listCallBacks } from './requests.acts.api.ts'
import { drawAndClose, findFaulty, nightlyCheck } from './requests.jobs.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, row, answered, holding } = requestsOf(server, organisation)
const { staff, bodies, places } = organisation
const day = 86_400_000

/** Puts the clock just after the deadline that runs. */
const pastDue = async (id: string) => server.clock.set(new Date(((await row(id)).due_at as Date).getTime() + 1_000))

describe('deadlines', () => {
  test('nothing fires before its time', async () => {
    const { id } = await file()
    await server.workJobs()
    expect(await row(id)).toMatchObject({ overdue_stage: null })
  })

  test('due soon, overdue, far overdue: each once, the last puts it under supervision by itself', async () => {
    const { id } = await file()
    const due = (await row(id)).due_at as Date
    server.clock.set(new Date(due.getTime() - 1_000))
    await server.workJobs()
    expect(await row(id)).toMatchObject({ overdue_stage: 'due_soon', supervised: null })
    await pastDue(id)
    await server.workJobs()
    expect(await row(id)).toMatchObject({ overdue_stage: 'overdue', supervised: null })
    server.clock.advance(20 * day)
    await server.workJobs()
    expect(await row(id)).toMatchObject({ overdue_stage: 'far_overdue', supervised: 'itself' })
    const { rows } = await server.superuser.query(
      "select kind from request_entry where request = $1 and kind like '%overdue' or request = $1 and kind = 'due_soon' order by at, id",
      [id],
    )
    expect(rows.map((each) => each.kind)).toEqual(['due_soon', 'overdue', 'far_overdue'])
    await server.workJobs()
    expect(rows).toHaveLength(3)
  })

  test('after weeks in which nothing ran, all of it is caught up at once', async () => {
    const { id } = await file()
    server.clock.advance(30 * day)
    await server.workJobs()
    expect(await row(id)).toMatchObject({ overdue_stage: 'far_overdue', supervised: 'itself' })
  })

  test('replayed, each mark bears the moment at which it would have been made', async () => {
    const { id } = await file()
    const due = (await row(id)).due_at as Date
    server.clock.advance(30 * day)
    const now = server.clock.now()
    await transaction(server.kernel.jobsDatabase, (database, client) =>
      fireTimersAt(systemWriter(database, client, now), server.kernel, id, now, true),
    )
    const { rows } = await server.superuser.query<{ kind: string; at: Date }>(
      "select kind, at from request_entry where request = $1 and kind in ('due_soon', 'overdue', 'far_overdue') order by at",
      [id],
    )
    expect(rows.map(({ kind }) => kind)).toEqual(['due_soon', 'overdue', 'far_overdue'])
    const [soon, over, far] = rows.map(({ at }) => new Date(at).getTime())
    expect(soon).toBeLessThan(due.getTime())
    expect(over).toBe(due.getTime())
    expect(far).toBeGreaterThan(due.getTime())
    expect(far).toBeLessThan(now.getTime() - day)
  })

  test('a step done in time leaves its timer without effect', async () => {
    const { id } = await file()
    const due = (await row(id)).due_at as Date
    await does(staff.secretary, id, 'accept')
    server.clock.set(new Date(Math.max(due.getTime(), server.clock.now().getTime())))
    const now = (await row(id)).due_at as Date
    await server.workJobs()
    if (now > server.clock.now()) expect((await row(id)).overdue_stage).not.toBe('overdue')
    await does(staff.secretary, id, 'dispatch', { body: bodies.property })
    expect(await row(id)).toMatchObject({ overdue_stage: null })
  })
})

describe('when nobody says whether it is solved', () => {
  const asked: { id: string; link: string }[] = []

  test('after seven days at least a tenth is drawn, by a seed that is kept; the others close as unconfirmed', async () => {
    for (let i = 0; i < 4; i += 1) {
      const filed = await file({ phone: `1380000100${i}` })
      await answered(filed)
      asked.push(filed)
    }
    await server.workJobs()
    expect(await drawAndClose(server.kernel)).toEqual({ drawn: 0, closed: 0 })
    server.clock.advance(8 * day)
    expect(await drawAndClose(server.kernel)).toEqual({ drawn: 1, closed: 3 })
    const { rows } = await server.superuser.query(
      'select state, result from request where id = any($1) order by state',
      [asked.map((each) => each.id)],
    )
    expect(rows).toEqual([
      { state: 'answered', result: null },
      ...Array(3).fill({ state: 'closed', result: 'unconfirmed' }),
    ])
    expect(await server.one("select facts ->> 'seed' from ledger.act where kind = 'request.draw'")).toBe(
      await server.one('select seed from call_back'),
    )
    expect(await drawAndClose(server.kernel)).toEqual({ drawn: 0, closed: 0 })
  })

  test('called by one who did not handle it; missed three times, it closes as unconfirmed', async () => {
    const list = await server.call(listCallBacks, { as: staff.caller.cookie })
    expect(list.body.items).toHaveLength(1)
    const id = list.body.items[0]?.request as string
    expect((await ask(staff.manager, id, 'call-back', { verdict: 'solved' })).status).toBe(403)
    for (let i = 0; i < 3; i += 1) {
      await does(staff.caller, id, 'miss-call-back', { note: '没人接' })
      const again = await ask(staff.caller, id, 'miss-call-back')
      expect(again.problem.type).toBe(`/problems/request-${i < 2 ? 'an-hour-since' : 'tries-left'}`)
      server.clock.advance(day / 24)
    }
    await server.workJobs()
    server.clock.advance(8 * day)
    await server.workJobs()
    expect(await row(id)).toMatchObject({ state: 'closed', result: 'unconfirmed' })
  })

  test('what is told to the caller is a judgement of its own kind', async () => {
    const filed = await file({ phone: '13800001009' })
    await answered(filed)
    server.clock.advance(8 * day)
    await drawAndClose(server.kernel)
    const done = await ask(staff.caller, filed.id, 'call-back', {
      verdict: 'partly',
      satisfaction: 3,
      words: '还差一点',
    })
    expect(done.status, done.text).toBe(200)
    expect(await row(filed.id)).toMatchObject({ state: 'closed', result: 'partly' })
    expect(await server.one('select given_by from judgement where request = $1', [filed.id])).toBe('call_back')
  })

  test('one that was closed unconfirmed can still be judged by its token', async () => {
    const closed = await server.one<string>(
      "select id from request where result = 'unconfirmed' and id = any($1) limit 1",
      [asked.map((each) => each.id)],
    )
    const index = asked.findIndex((each) => each.id === closed)
    const messages = await server.kernel.outbox.listReadableMessages(200)
    const token =
      messages
        .filter((each) => each.to.endsWith(`1380000100${index}`))
        .map((each) => /\/j\/([\w-]{22})/.exec(each.text)?.[1])
        .find(Boolean) ?? ''
    await holding({ judge: token }, (act) => judge(act, server.kernel, closed, { verdict: 'solved' }, token))
    expect(await row(closed)).toMatchObject({ state: 'closed', result: 'solved' })
  })

  test('a draw that is killed in its midst is drawn once; two at once draw once', async () => {
    for (let i = 0; i < 12; i += 1) await answered(await file({ text: `第 ${i} 件没有人评` }))
    server.clock.advance(8 * day)
    const draws = () =>
      server.one<number>(
        "select count(*)::int from ledger.act where kind = 'request.draw' and (facts ->> 'among')::int = 12",
      )
    const open = () =>
      server.one<number>(
        "select count(*)::int from request where state = 'answered' and due_kind = 'judge' and due_at <= $1",
        [server.clock.now()],
      )
    const before = await open()
    // The connection is gone once half of them are done.
    const { jobs } = server.kernel
    let left = 6
    const killed = {
      ...server.kernel,
      jobs: {
        ...jobs,
        enqueue: (...given: Parameters<typeof jobs.enqueue>) =>
          left-- > 0 ? jobs.enqueue(...given) : Promise.reject(new Error('killed')),
      },
    }
    await expect(drawAndClose(killed)).rejects.toThrow('killed')
    expect([await draws(), await open()]).toEqual([0, before])
    const both = await Promise.all([drawAndClose(server.kernel), drawAndClose(server.kernel)])
    expect(both.toSorted((one, other) => one.closed - other.closed)).toEqual([
      { drawn: 0, closed: 0 },
      { drawn: 2, closed: 10 },
    ])
    expect(await draws()).toBe(1)
  })

  test('a district whose draw fails holds up no other, and is drawn when the job is tried again', async () => {
    const held = await file({ text: '这一件正被别人改着。' })
    await answered(held)
    const elsewhere = await file({ place: places.otherCommunity.id, text: '外区的一件。' })
    await does(staff.stranger, elsewhere.id, 'accept')
    await does(staff.stranger, elsewhere.id, 'dispatch', { body: bodies.otherOffice })
    await does(staff.stranger, elsewhere.id, 'acknowledge')
    await does(staff.stranger, elsewhere.id, 'answer', { text: '已修好。' })
    server.clock.advance(8 * day)
    const drawn = (id: string) => server.one('select count(*)::int from call_back where request = $1', [id])
    const told: unknown[] = []
    const log = { error: (...given: unknown[]) => told.push(given) }
    // The jobs' own limit of a statement, but short.
    const jobsDatabase = openDatabase(server.database.jobsUrl, { connections: 2, statementSeconds: 1 })
    const kernel = { ...server.kernel, jobsDatabase, log } as unknown as typeof server.kernel
    const holder = await server.superuser.connect()
    try {
      await holder.query('begin')
      await holder.query('select request_hold($1)', [held.id])
      await expect(drawAndClose(kernel)).rejects.toMatchObject({ code: '57014' })
      expect([await drawn(held.id), await drawn(elsewhere.id)]).toEqual([0, 1])
      expect(told).toEqual([[{ failed: 1, districts: 2 }, expect.any(String)]])
      await holder.query('rollback')
      expect(await drawAndClose(kernel)).toEqual({ drawn: 1, closed: 0 })
      expect([await drawn(held.id), await drawn(elsewhere.id)]).toEqual([1, 1])
      expect(told).toHaveLength(1)
    } finally {
      holder.release(true)
      await jobsDatabase.close()
    }
  })
})

describe('a request never has nobody responsible', () => {
  test('every open one is sound', async () => {
    const open = await server.one<number>("select count(*)::int from request where state <> 'closed'")
    expect(open).toBeGreaterThan(2)
    expect(await nightlyCheck(server.kernel)).toEqual([])
    expect(
      await server.one("select result from ledger.act where kind = 'request.nightly-check' order by at desc limit 1"),
    ).toBe('sound')
  })

  test('broken on purpose, each way is found', async () => {
    const lost = await file()
    await does(staff.secretary, lost.id, 'accept')
    await does(staff.secretary, lost.id, 'dispatch', { body: bodies.property })
    const wrong = await file()
    const idle = await file()
    const gone = await file()
    await does(staff.secretary, gone.id, 'accept')
    await does(staff.secretary, gone.id, 'dispatch', { body: bodies.otherProperty })
    await does(staff.otherManager, gone.id, 'acknowledge')
    const breaking: [string, unknown[]][] = [
      ['update request_entry set part = null where request = $1', [lost.id]],
      ['delete from request_part where request = $1', [lost.id]],
      ['update request set responsible = $2 where id = $1', [wrong.id, bodies.lamps]],
      ['update request set due_at = null, due_kind = null where id = $1', [idle.id]],
      ['update body set dissolved_at = now() where id = $1', [bodies.otherProperty]],
    ]
    for (const [text, values] of breaking) await server.superuser.query(text, values)
    const found = new Map((await nightlyCheck(server.kernel)).map((each) => [each.request, each.faults]))
    expect(found.get(lost.id)).toContain('lead-missing')
    expect(found.get(wrong.id)).toContain('another-recorded')
    expect(found.get(idle.id)).toContain('nothing-due')
    expect(found.get(gone.id)).toContain('body-gone')
    expect(found.size).toBe(4)
    expect(await findFaulty(server.kernel.jobsDatabase.sql)).toHaveLength(4)
    expect(
      await server.one(
        "select result from ledger.act where kind = 'request.nightly-check' order by at desc, id desc limit 1",
      ),
    ).toBe('faulty')
  })
})
