import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { type Act, allow } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import * as chart from './bodies.chart.ts'
import {
  as,
  body,
  community,
  database,
  district,
  elsewhere,
  owner,
  person,
  post,
  setting,
  subdistrict,
  tenure,
} from './bodies.harness.ts'
import { endAfter } from './bodies.rules.ts'
import { appointTo, endTenure } from './bodies.tenures.ts'
import { duties } from './duties.ts'
import { firstReceiver, receivers, whoServes } from './index.ts'

describe('seats, by the database', () => {
  test('two holders of one seat, a seat too many, one person twice: refused', async () => {
    const { worker } = await setting()
    const [one, two, three] = [await person('一'), await person('二'), await person('三')]
    await tenure(worker, one, 1)
    await expect(tenure(worker, two, 1)).rejects.toMatchObject({ code: '23P01' })
    await expect(tenure(worker, one, 2)).rejects.toMatchObject({ constraint: 'tenure_person_once' })
    await tenure(worker, two, 2)
    await expect(tenure(worker, three, 3)).rejects.toMatchObject({ constraint: 'tenure_within_seats' })
    await expect(owner.query('update post set seats = 1 where id = $1', [worker])).rejects.toMatchObject({
      constraint: 'post_keeps_seats',
    })
  })

  test('of many who fill the last seat at once, one does', async () => {
    const { lead, worker } = await setting()
    const people = await Promise.all(['一', '二', '三', '四'].map(person))
    const other = await post((await body(subdistrict, 'service_team', '服务队')) as string, ['request.read'], 9)
    for (const [at, who] of people.entries()) await tenure(other, who, at + 1)
    const outcomes = await Promise.allSettled(
      people.map((who) =>
        as(lead, (act) => appointTo(act, allow(act, 'post.appoint', community.path), worker, { person: who })),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ status: 409, type: 'post-full' })
  })

  test('the closed list of duties is the same in SQL', async () => {
    const { office } = await setting()
    await expect(post(office, duties)).resolves.toBeTruthy()
    await expect(post(office, ['admin'])).rejects.toMatchObject({ code: '23514' })
    const { rows } = await owner.query<{ definition: string }>(
      `select pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = 'post'::regclass and conname like '%duties%'`,
    )
    const inSql = [...(rows[0]?.definition ?? '').matchAll(/'([a-z]+\.[a-z]+)'/g)].map((match) => match[1])
    expect(inSql.sort()).toEqual([...duties].sort())
  })
})

describe('reach, beneath the policies', () => {
  const insert = (client: pg.PoolClient, of: string, who: string) =>
    client.query(
      `insert into tenure (id, post, seat, person, holder_name, during) values ($1, $2, 1, $3, '甲', tstzrange(now(), null))`,
      [newId(), of, who],
    )

  test('a tenure is given only at or below the reach, never to oneself, and seats are counted without the duty to edit', async () => {
    const { lead, worker } = await setting()
    const outside = await post(await body(elsewhere), ['request.read'])
    const who = await person('乙')
    await expect(as(lead, (act) => insert(act.client, outside, who))).rejects.toMatchObject({ code: '42501' })
    await expect(as(lead, (act) => insert(act.client, worker, lead))).rejects.toMatchObject({ code: '42501' })
    await expect(as(who, (act) => insert(act.client, worker, who))).rejects.toMatchObject({ code: '42501' })
    await expect(as(null, (act) => insert(act.client, worker, who))).rejects.toMatchObject({ code: '42501' })
    const appointer = await person('只任命')
    await tenure(await post(await body(subdistrict), ['post.appoint']), appointer)
    await expect(
      as(appointer, (act) =>
        act.client.query(
          `insert into tenure (id, post, seat, person, holder_name, during) values ($1, $2, 3, $3, '甲', tstzrange(now(), null))`,
          [newId(), worker, who],
        ),
      ),
    ).rejects.toMatchObject({ constraint: 'tenure_within_seats' })
    await as(lead, (act) => insert(act.client, worker, who))
  })

  test('forged settings give nothing', async () => {
    const { lead, worker, committee } = await setting()
    const forged = {
      person: lead,
      tenures: [],
      bodies: [committee],
      reach: { 'body.edit': ['32/'], 'post.appoint': ['32/'] },
    }
    const client = await database.app.pool.connect()
    try {
      await client.query('begin')
      await client.query(
        `select set_config('linli.context', $1, true), set_config('linli.seal', repeat('0', 64), true)`,
        [JSON.stringify(forged)],
      )
      expect((await client.query('select from person')).rowCount).toBe(0)
      expect((await client.query('select from invitation')).rowCount).toBe(0)
      expect((await client.query('select from readings_of_me(null, 10)')).rowCount).toBe(0)
      expect((await client.query("update body set name = '改' returning id")).rowCount).toBe(0)
      await expect(insert(client, worker, lead)).rejects.toMatchObject({ code: '42501' })
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  test('the application cannot move a body, change who signs in, or read invitations out of reach', async () => {
    const { lead, office } = await setting()
    const refusedStatements = [
      `update body set path = '32/' where id = '${office}'`,
      `update person set auth_user = 'x'`,
      `update invitation set accepted_at = now()`,
      `delete from tenure`,
      `select access.standing('${lead}')`,
      `select ledger.erase_salts('${lead}')`,
    ]
    for (const statement of refusedStatements)
      await expect(
        as(lead, (act) => act.client.query(statement)),
        statement,
      ).rejects.toMatchObject({ code: '42501' })
  })

  test('nobody adds duties to a post of their own', async () => {
    const { lead, leadPost } = await setting()
    const attempt = as(lead, (act) =>
      chart.editPost(act, allow(act, 'body.edit', subdistrict.path), leadPost, 1, {
        duties: ['post.appoint', 'body.edit', 'judgement.read'],
      }),
    )
    await expect(attempt).rejects.toMatchObject({ status: 409, type: 'own-duty' })
  })

  test('a duty is asked where the body stands', async () => {
    const { lead } = await setting()
    await expect(as(lead, async (act) => allow(act, 'post.appoint', elsewhere.path))).rejects.toMatchObject({
      status: 403,
    })
    await expect(as(null, async (act) => allow(act, 'post.appoint', subdistrict.path))).rejects.toMatchObject({
      status: 401,
    })
  })
})

describe('the last person who may appoint', () => {
  test('stays, by every way out', async () => {
    const { lead, leadPost, leadTenure, office } = await setting()
    const proof = (act: Act) => allow(act, 'post.appoint', subdistrict.path)
    const edit = (act: Act) => allow(act, 'body.edit', subdistrict.path)
    const last = { status: 409, type: 'last-appointer' }
    await expect(as(lead, (act) => endTenure(act, proof(act), leadTenure, 1))).rejects.toMatchObject(last)
    await expect(
      as(lead, (act) => endTenure(act, proof(act), leadTenure, 1, { lastDay: '2099-01-01' })),
    ).rejects.toMatchObject(last)
    await expect(as(lead, (act) => chart.abolishPost(act, edit(act), leadPost, 1))).rejects.toMatchObject(last)
    await expect(
      as(lead, (act) => chart.editPost(act, edit(act), leadPost, 1, { duties: ['body.edit'] })),
    ).rejects.toMatchObject(last)
    await expect(as(lead, (act) => chart.dissolveBody(act, edit(act), office, 1, '并入'))).rejects.toMatchObject(last)
  })

  test('goes once there is another, and two who go at once leave one', async () => {
    const { lead, office, leadTenure } = await setting()
    const second = await person('乙')
    const secondTenure = await tenure(await post(office, ['post.appoint']), second)
    const outcomes = await Promise.allSettled([
      as(lead, (act) => endTenure(act, allow(act, 'post.appoint', subdistrict.path), secondTenure, 1)),
      as(second, (act) => endTenure(act, allow(act, 'post.appoint', subdistrict.path), leadTenure, 1)),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const { rows } = await owner.query('select appointer_at($1) as there', [subdistrict.path])
    expect(rows[0].there).toBe(true)
  })

  test('one who left reaches nothing from the next request on, and the leaver’s sign-in is named', async () => {
    const { lead, worker } = await setting()
    const who = await person('乙')
    const held = await tenure(worker, who)
    expect(await as(who, async (act) => act.actor.bodies.length)).toBe(1)
    const ended = await as(lead, (act) => endTenure(act, allow(act, 'post.appoint', community.path), held, 1))
    expect(ended).toEqual({ signIn: `user-${who}`, at: null })
    expect(await as(who, async (act) => act.actor)).toMatchObject({ bodies: [], reach: {} })
    await expect(
      as(lead, (act) => endTenure(act, allow(act, 'post.appoint', community.path), held, 1)),
    ).rejects.toMatchObject({ status: 412 })
  })
})

describe('an appointment and its end', () => {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  const appointing = (act: Act) => allow(act, 'post.appoint', community.path)

  test('is given from today on, to another, and ends after it begins', async () => {
    const { lead, worker } = await setting()
    const other = await person('乙')
    await tenure(await post(await body(subdistrict), ['request.read']), other)
    const give = (given: Parameters<typeof appointTo>[3]) =>
      as(lead, (act) => appointTo(act, appointing(act), worker, given))
    await expect(give({ person: lead })).rejects.toMatchObject({ type: 'own-duty', field: 'person' })
    await expect(give({ person: other, from: day(-2) })).rejects.toMatchObject({ type: 'past', field: 'from' })
    for (const wrong of [{ until: day(-2) }, { from: day(9), until: day(5) }])
      await expect(give({ person: other, ...wrong })).rejects.toMatchObject({ type: 'ends-before', field: 'until' })
    await expect(give({ person: newId() })).rejects.toMatchObject({ type: 'unknown-person' })
    const held = await give({ person: other, from: day(5), until: day(9) })
    const end = (lastDay: string) => as(lead, (act) => endTenure(act, appointing(act), held, 1, { lastDay }))
    await expect(end(day(-2))).rejects.toMatchObject({ type: 'past', field: 'lastDay' })
    expect((await end(day(7))).at).toEqual(endAfter(day(7)))
  })

  test('of a body waits for what is in its hands', async () => {
    const { lead, committee } = await setting()
    let open = 2
    chart.registerHolding({ room: 'of this test', count: async (_, of) => (of === committee ? open : 0) })
    const dissolve = () =>
      as(lead, (act) => chart.dissolveBody(act, allow(act, 'body.edit', community.path), committee, 1, '撤销'))
    await expect(dissolve()).rejects.toMatchObject({ status: 409, type: 'body-holds', values: { count: 2 } })
    open = 0
    await dissolve()
  })
})

describe('who receives', () => {
  test('the nearest body with somebody who accepts, up to the district, seen by an anonymous resident', async () => {
    const { worker, committee, office } = await setting()
    await expect(as(null, (act) => firstReceiver(act.sql, community.path))).rejects.toMatchObject({
      status: 409,
      type: 'no-receiver',
    })
    const government = await body(district, 'district_government', '甲区人民政府')
    await tenure(await post(government, ['request.accept']), await person('区'))
    expect(await as(null, (act) => firstReceiver(act.sql, community.path))).toMatchObject({ id: government })
    await tenure(await post(office, ['request.accept']), await person('街'))
    expect(await as(null, (act) => firstReceiver(act.sql, community.path))).toMatchObject({ id: office })
    await tenure(worker, await person('居'))
    expect(await as(null, (act) => firstReceiver(act.sql, community.path))).toMatchObject({ id: committee })
    expect(await as(null, (act) => firstReceiver(act.sql, community.path, [committee]))).toMatchObject({ id: office })
    const listed = await as(null, (act) => receivers(act.sql, community.path))
    expect(listed.map(({ id }) => id)).toEqual([committee, office, government])
    expect(await as(null, (act) => receivers(act.sql, community.path, '人民_府'))).toEqual([])
  })

  test('residents see the posts that are shown, vacant ones too', async () => {
    const { worker } = await setting()
    expect(await as(null, (act) => whoServes(act.sql, community.path))).toMatchObject([
      { name: '丙居委会', posts: [{ holders: [] }] },
    ])
    await tenure(worker, await person('居'))
    expect(await as(null, (act) => whoServes(act.sql, community.path))).toMatchObject([
      { name: '丙居委会', posts: [{ title: '岗位', holders: [{ name: '某人' }] }] },
    ])
  })
})
