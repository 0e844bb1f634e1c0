import { describe, expect, test } from 'vitest'
import { countRequests, listRequests } from '#listen/requests/requests.lists.api.ts'
import type { Staff } from '#testing/organisation.ts'
import { counts } from './figures.api.ts'
import { counting } from './figures.harness.ts'
import { daysOf } from './figures.rules.ts'
import { markMissed, recountFigures } from './figures.store.ts'

const {
  server,
  file,
  ask,
  does,
  answered,
  row,
  staff,
  places,
  bodies,
  resident,
  run,
  fold,
  figures,
  thisMonth,
  copied,
  model,
} = await counting()

describe('the list behind a figure', () => {
  test('holds as many as the figure says, by state and by how they ended, from telling to judging', async () => {
    const done = await file({ phone: '13911110001' }, resident)
    await answered(done)
    const open = await file()
    await does(staff.secretary, open.id, 'accept')
    const now = server.clock.now()
    await copied(
      model,
      { state: 'closed', result: 'explained', filed_at: now.toISOString(), due_at: null, due_kind: null },
      2,
    )
    for (const reader of [staff.secretary, staff.dispatcher, staff.leader]) {
      const told = await figures(reader)
      const { filedFrom, filedUntil } = daysOf(told.from, told.until)
      const listed = async (narrowing: Record<string, string>) => {
        const query = { place: told.place?.id ?? '', filedFrom, filedUntil, ...narrowing }
        const counted = await server.call(countRequests, { as: reader.cookie, query })
        const { body } = await server.call(listRequests, { as: reader.cookie, query: { ...query, limit: 100 } })
        expect(body.items.length).toBe(counted.body.count)
        return counted.body.count
      }
      expect(await listed({})).toBe(told.whole.told)
      for (const state of ['received', 'accepted', 'dispatched', 'acknowledged', 'answered', 'closed'] as const)
        expect(await listed({ state }), state).toBe(told.whole[state])
      for (const result of ['explained', 'unconfirmed', 'withdrawn', 'merged'] as const)
        expect(await listed({ result }), result).toBe(told.whole[result])
      expect(await listed({ result: 'answered_elsewhere' })).toBe(told.whole.answeredElsewhere)
    }
  })

  test('a late answer stays late, though its time is prolonged when it has passed, and though another answer follows', async () => {
    const late = await file()
    await does(staff.secretary, late.id, 'accept')
    await run(
      `update request set promised_at = $2, due_at = $2, due_kind = 'answer', overdue_stage = 'overdue' where id = $1`,
      [late.id, new Date(server.clock.now().getTime() - 3_600_000)],
    )
    // As an extension leaves it: promised anew, and due as before.
    await run(`update request set promised_at = $2 where id = $1`, [
      late.id,
      new Date(server.clock.now().getTime() + 86_400_000),
    ])
    const before = (await figures(staff.leader)).whole
    await run(`update request set state = 'answered', answered_at = $2, due_kind = 'judge' where id = $1`, [
      late.id,
      server.clock.now(),
    ])
    const told = async () => {
      const { inTime, late } = (await figures(staff.leader)).whole
      return [inTime - before.inTime, late - before.late]
    }
    expect(await told()).toEqual([0, 1])
    await run(`update request set state = 'accepted', answered_at = null, due_kind = 'dispatch' where id = $1`, [
      late.id,
    ])
    expect(await told()).toEqual([0, 1])
    await run(`update request set state = 'answered', answered_at = $2, due_kind = 'judge' where id = $1`, [
      late.id,
      server.clock.now(),
    ])
    expect(await told()).toEqual([0, 1])
    await recountFigures(server.database.jobs.sql)
    expect(await told()).toEqual([0, 1])
  })

  /** What a reader's figures of a place say more than before. */
  const since = async (reader: Staff, place: string) => {
    const before = (await figures(reader, { place })).whole
    return async () => {
      const { whole } = await figures(reader, { place })
      return Object.fromEntries(
        counts.map((count) => [count, whole[count] - before[count]]).filter(([, more]) => more !== 0),
      )
    }
  }
  const past = (id: string) =>
    run('update request set promised_at = $2, due_at = $2 where id = $1', [
      id,
      new Date(server.clock.now().getTime() - 3_600_000),
    ])

  test('a merged matter is held to its own promise, whatever it was merged into', async () => {
    const more = await since(staff.leader, places.community.id)
    const stays = await file({ phone: '13911110005' })
    const timely = await file({ phone: '13911110006' })
    const late = await file({ phone: '13911110007' })
    for (const one of [timely, late])
      await does(staff.secretary, one.id, 'merge', { into: stays.id, reason: '同一盏灯' })
    // Merged is not answered: nothing is on time yet, and the one whose day passes is not.
    expect(await more()).toEqual({ told: 3, received: 1, closed: 2, merged: 2 })
    await run('update request set promised_at = $2 where id = $1', [
      late.id,
      new Date(server.clock.now().getTime() - 3_600_000),
    ])
    expect(await markMissed(server.database.jobs.sql, server.clock.now(), 100)).toBe(1)
    expect(await more()).toMatchObject({ merged: 2, missed: 1 })
    await answered(stays)
    await server.workJobs()
    expect((await row(timely.id)).heard_at).toBeTruthy()
    expect(await more()).toMatchObject({ merged: 2, inTime: 2, late: 1 })
    expect((await more()).missed).toBeUndefined()
    await recountFigures(server.database.jobs.sql)
    expect(await more()).toMatchObject({ inTime: 2, late: 1 })
  })

  test('what is past its promise is merged from above alone, and counts as not kept from that moment', async () => {
    const more = await since(staff.leader, places.community.id)
    const stays = await file()
    const late = await file()
    await past(late.id)
    const into = { into: stays.id, reason: '不相干的一件' }
    const refused = await ask(staff.secretary, late.id, 'merge', into)
    expect([refused.status, refused.problem.type]).toEqual([409, '/problems/request-promise-runs'])
    await does(staff.dispatcher, late.id, 'merge', into)
    expect(await more()).toMatchObject({ told: 2, merged: 1, missed: 1 })
  })

  test('what is overdue and not answered is not on time, and stays so when the promise is put off', async () => {
    const more = await since(staff.leader, places.community.id)
    const late = await file()
    await past(late.id)
    await run("update request set overdue_stage = 'overdue' where id = $1", [late.id])
    expect(await markMissed(server.database.jobs.sql, server.clock.now(), 100)).toBe(1)
    expect(await more()).toMatchObject({ received: 1, missed: 1 })
    await run('update request set promised_at = $2 where id = $1', [
      late.id,
      new Date(server.clock.now().getTime() + 86_400_000),
    ])
    expect(await more()).toMatchObject({ missed: 1 })
    await run("update request set state = 'answered', answered_at = $2, due_kind = 'judge' where id = $1", [
      late.id,
      server.clock.now(),
    ])
    expect(await more()).toEqual({ told: 1, answered: 1, late: 1 })
  })

  test('transfers, returns and late acceptances count where they were made, and open the list of them', async () => {
    const here = await since(staff.leader, places.community.id)
    const there = await since(staff.leader, places.besideCommunity.id)
    const above = await since(staff.leader, places.subdistrict.id)
    const sent = await file()
    await does(staff.secretary, sent.id, 'transfer', { place: places.besideCommunity.id, reason: '是兰苑那边的' })
    const late = await file()
    await run('update request set due_at = $2 where id = $1', [
      late.id,
      new Date(server.clock.now().getTime() - 60_000),
    ])
    await does(staff.secretary, late.id, 'accept')
    await does(staff.secretary, late.id, 'dispatch', { body: bodies.property })
    await does(staff.manager, late.id, 'return', { reason: '不归我们管' })
    for (const folded of [false, true]) {
      if (folded) await fold()
      expect(await here()).toEqual({ told: 1, accepted: 1, transferred: 1, returned: 1, acceptedLate: 1 })
      expect(await there()).toEqual({ told: 1, received: 1 })
      expect(await above()).toEqual({ told: 2, received: 1, accepted: 1, transferred: 1, returned: 1, acceptedLate: 1 })
    }
    const { filedFrom, filedUntil } = daysOf(thisMonth(), thisMonth())
    const ids = async (moved: string, place: string, reader: Staff = staff.leader) =>
      (
        await server.call(listRequests, {
          as: reader.cookie,
          query: { queue: 'all', place, filedFrom, filedUntil, moved, limit: 100 },
        })
      ).body.items.map(({ id }) => id)
    for (const place of [places.community.id, places.subdistrict.id, places.district.id]) {
      expect(await ids('transferred', place)).toContain(sent.id)
      expect(await ids('returned', place)).toContain(late.id)
      expect(await ids('accepted_late', place)).toContain(late.id)
    }
    expect(await ids('transferred', places.besideCommunity.id)).not.toContain(sent.id)
    // Where the reader does not reach, there is none of it.
    expect(await ids('transferred', places.community.id, staff.besideSecretary)).toEqual([])
    await run('update request set excluded_people = array[$2::uuid] where id = $1', [late.id, staff.leader.person])
    expect(await here()).toEqual({ transferred: 1 })
    expect(await ids('returned', places.community.id)).not.toContain(late.id)
    await run("update request set excluded_people = '{}' where id = $1", [late.id])
    await fold()
    expect(await recountFigures(server.database.jobs.sql)).toBe(0)
  })

  test('what is late now is what the list of late ones holds', async () => {
    await run(
      "update request set due_at = $2 where id = (select id from request where state = 'accepted' order by id desc limit 1) or id = $1",
      [model, new Date(server.clock.now().getTime() - 60_000).toISOString()],
    )
    const told = await figures(staff.dispatcher)
    const { body } = await server.call(listRequests, {
      as: staff.dispatcher.cookie,
      query: { queue: 'overdue', place: places.subdistrict.id, limit: 100 },
    })
    expect(told.whole.overdue).toBe(body.items.length)
    expect(told.whole.overdue).toBeGreaterThan(0)
  })
})
