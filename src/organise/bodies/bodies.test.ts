import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Act, allow, enter } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { createEncryption } from '#kernel/encryption/index.ts'
import { personForUser } from '#organise/people/index.ts'
import { testDatabase } from '#testing/database.ts'
import * as chart from './bodies.chart.ts'
import { oversightDuties, oversightRefused } from './bodies.rules.ts'
import { appointTo, endTenure, withdrawInvitation } from './bodies.tenures.ts'
import { type Duty, duties } from './duties.ts'
import {
  type AcceptingDoors,
  acceptInvitation,
  FirstAccountRefusal,
  firstAccount,
  firstReceiver,
  inviteToPost,
  readInvitation,
  receivers,
  takeInvitedPost,
  whoServes,
} from './index.ts'

const database = await testDatabase()
const encryption = createEncryption(randomBytes(32))
const owner = database.owner.pool

const district = { id: newId(), path: '32/10/03/' }
const subdistrict = { id: newId(), path: '32/10/03/001/' }
const community = { id: newId(), path: '32/10/03/001/001/' }
const elsewhere = { id: newId(), path: '32/10/03/002/' }

/** A person with an open session; the token is the person's id. */
async function person(name: string): Promise<string> {
  const id = newId()
  await owner.query('insert into person (id, auth_user, name) values ($1, $2, $3)', [id, `user-${id}`, name])
  await openSession(`user-${id}`, id)
  return id
}

async function openSession(user: string, token: string): Promise<void> {
  await owner.query(
    `insert into auth."user" (id, name, email, "emailVerified", attached, "createdAt", "updatedAt")
     values ($1, 'u', $1 || '@users.invalid', false, true, now(), now()) on conflict do nothing`,
    [user],
  )
  await owner.query(
    `insert into auth.session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
     values ($2, $2, $1, now() + interval '1 day', now(), now())`,
    [user, token],
  )
}

async function body(
  place: { id: string; path: string },
  kind = 'subdistrict_office',
  name = '甲办事处',
): Promise<string> {
  const id = newId()
  await owner.query('insert into body (id, kind, name, place, path) values ($1, $2, $3, $4, $5)', [
    id,
    kind,
    name,
    place.id,
    place.path,
  ])
  return id
}

async function post(of: string, held: readonly string[], seats = 1, shown = false): Promise<string> {
  const id = newId()
  await owner.query('insert into post (id, body, title, duties, seats, shown) values ($1, $2, $3, $4, $5, $6)', [
    id,
    of,
    '岗位',
    held,
    seats,
    shown,
  ])
  return id
}

async function tenure(of: string, who: string, seat = 1): Promise<string> {
  const id = newId()
  await owner.query(
    `insert into tenure (id, post, seat, person, holder_name, during) values ($1, $2, $3, $4, '某人', tstzrange(now() - interval '1 day', null))`,
    [id, of, seat, who],
  )
  return id
}

const as = <T>(who: string | null, work: (act: Act) => Promise<T>): Promise<T> =>
  enter(database.app, { session: who }, { now: new Date(), language: 'zh-CN' }, work)

const quietOutbox = { channels: { mail: false }, queueMessage: async () => null }
const doors = { publicUrl: 'http://127.0.0.1:3180', encryption, outbox: quietOutbox }

beforeEach(async () => {
  for (const [place, code, kind, name] of [
    [district, '321003', 'district', '甲区'],
    [subdistrict, '321003001', 'subdistrict', '乙街道'],
    [community, '321003001001', 'community', '丙社区'],
    [elsewhere, '321003002', 'subdistrict', '丁街道'],
  ] as const) {
    await owner.query('insert into place (id, code, kind, name, short_name, path) values ($1, $2, $3, $4, $4, $5)', [
      place.id,
      code,
      kind,
      name,
      place.path,
    ])
  }
})

/** An appointer at the subdistrict, and a post in the community with two seats. */
async function setting() {
  const lead = await person('甲')
  const office = await body(subdistrict)
  const leadPost = await post(office, ['post.appoint', 'body.edit'])
  const leadTenure = await tenure(leadPost, lead)
  const committee = await body(community, 'residents_committee', '丙居委会')
  const worker = await post(committee, ['request.accept', 'request.read'], 2, true)
  return { lead, office, leadPost, leadTenure, committee, worker }
}

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

describe('oversight is given from above', () => {
  /** An appointer in the community, beneath the one of the subdistrict. */
  async function secretary(held: readonly string[] = ['post.appoint', 'body.edit', 'request.dispatch']) {
    const made = await setting()
    const who = await person('书记')
    await tenure(await post(made.committee, held), who)
    return { ...made, who }
  }
  const oversight = { status: 409, type: 'oversight' }
  const add = (who: string, of: string, at: { path: string }, given: readonly Duty[]) =>
    as(who, (act) => chart.addPost(act, allow(act, 'body.edit', at.path), of, { title: '监督员', duties: given }))

  test.each(oversightDuties.map((duty) => [duty]))('%s, by a post of the community itself: refused', async (duty) => {
    const { who, committee, lead } = await secretary()
    await expect(add(who, committee, community, ['request.read', duty])).rejects.toMatchObject(oversight)
    await expect(add(lead, committee, community, ['request.read', duty])).resolves.toBeTruthy()
  })

  test('nor beneath it, nor by widening a post, filling one, inviting to one, or prolonging', async () => {
    const { who, committee, worker } = await secretary()
    const grid = { id: newId(), path: `${community.path}g01/` }
    await owner.query("insert into place (id, kind, name, short_name, path) values ($1, 'grid', '一格', '一格', $2)", [
      grid.id,
      grid.path,
    ])
    const below = await body(grid, 'grid', '一格')
    await expect(add(who, below, grid, ['judgement.read'])).rejects.toMatchObject(oversight)
    await expect(
      as(who, (act) =>
        chart.editPost(act, allow(act, 'body.edit', community.path), worker, 1, { duties: ['request.callback'] }),
      ),
    ).rejects.toMatchObject(oversight)
    const overseer = await post(committee, ['judgement.read'])
    const second = await person('另一个账号')
    const past = await tenure(worker, second)
    const appointing = (act: Act) => allow(act, 'post.appoint', community.path)
    await expect(as(who, (act) => appointTo(act, appointing(act), overseer, { person: second }))).rejects.toMatchObject(
      oversight,
    )
    await expect(
      as(who, (act) => inviteToPost(act, doors, appointing(act), overseer, { name: '甲', mail: 'a@example.org' })),
    ).rejects.toMatchObject(oversight)
    await owner.query(
      "update tenure set post = $2, during = tstzrange(now() - interval '2 days', now() - interval '1 day') where id = $1",
      [past, overseer],
    )
    await expect(
      as(who, (act) =>
        act.client.query('update tenure set during = tstzrange(lower(during), null) where id = $1', [past]),
      ),
    ).rejects.toMatchObject({ constraint: 'oversight_from_above' })
  })

  test('to hold a duty beside the post is not enough, from a level above it is', async () => {
    const { who, committee } = await secretary(['post.appoint', 'body.edit', 'request.agree'])
    await expect(add(who, committee, community, ['request.agree'])).rejects.toMatchObject(oversight)
    const beside = await body(community, 'service_team', '自己的队')
    await expect(add(who, beside, community, ['request.agree'])).rejects.toMatchObject(oversight)
    const above = await person('街道督查')
    await tenure(await post(await body(subdistrict), ['body.edit', 'request.supervise']), above)
    await expect(add(above, committee, community, ['request.supervise'])).resolves.toBeTruthy()
    await expect(add(above, committee, community, ['request.supervise', 'ledger.read'])).rejects.toMatchObject(
      oversight,
    )
  })

  test('nor do the watched end, empty, rename or hide those who watch them; from above it is done', async () => {
    const { who, lead } = await secretary(['post.appoint', 'body.edit', 'judgement.read', 'ledger.read'])
    const supervision = await body(community, 'supervision_committee', '监督委员会')
    const chair = await post(supervision, ['request.read', 'judgement.read', 'ledger.read'], 2, true)
    const held = await tenure(chair, await person('主任'))
    const open = await as(lead, (act) =>
      inviteToPost(act, doors, allow(act, 'post.appoint', community.path), chair, {
        name: '乙',
        mail: 'b@example.org',
      }),
    )
    const appointing = (act: Act) => allow(act, 'post.appoint', community.path)
    const editing = (act: Act) => allow(act, 'body.edit', community.path)
    const stands = { status: 409, type: 'oversight-stands' }
    const ways: ((act: Act) => Promise<unknown>)[] = [
      (act) => endTenure(act, appointing(act), held, 1),
      (act) => endTenure(act, appointing(act), held, 1, { lastDay: '2099-01-01' }),
      (act) => withdrawInvitation(act, appointing(act), open.invitation.id),
      (act) => chart.editPost(act, editing(act), chair, 1, { duties: ['request.read'] }),
      (act) => chart.editPost(act, editing(act), chair, 1, { shown: false }),
      (act) => chart.editPost(act, editing(act), chair, 1, { seats: 1 }),
      (act) => chart.abolishPost(act, editing(act), chair, 1),
      (act) => chart.editBody(act, editing(act), supervision, 1, { name: '文艺队' }),
      (act) => chart.dissolveBody(act, editing(act), supervision, 1, '撤销'),
    ]
    for (const [at, way] of ways.entries()) await expect(as(who, way), `way ${at}`).rejects.toMatchObject(stands)
    await as(who, (act) => chart.editBody(act, editing(act), supervision, 1, { telephone: '0514-00000000' }))
    await as(lead, (act) => endTenure(act, appointing(act), held, 1))
    await as(lead, (act) => chart.dissolveBody(act, editing(act), supervision, 2, '撤销'))
  })

  test('an empty post of those who watch is not abolished from beside, nor its body dissolved; one leaves it oneself', async () => {
    const { who } = await secretary()
    const supervision = await body(community, 'supervision_committee', '监督委员会')
    const chair = await post(supervision, ['post.appoint', 'judgement.read'])
    const editing = (act: Act) => allow(act, 'body.edit', community.path)
    const stands = { status: 409, type: 'oversight-stands' }
    await expect(as(who, (act) => chart.abolishPost(act, editing(act), chair, 1))).rejects.toMatchObject(stands)
    await expect(as(who, (act) => chart.dissolveBody(act, editing(act), supervision, 1, '撤销'))).rejects.toMatchObject(
      stands,
    )
    const own = await person('主任')
    const held = await tenure(chair, own)
    await as(own, (act) => endTenure(act, allow(act, 'post.appoint', community.path), held, 1))
  })

  test('the first appointer of an installation gives all, until somebody stands above', async () => {
    const who = await person('第一人')
    const committee = await body(community, 'residents_committee', '丙居委会')
    await tenure(await post(committee, ['post.appoint', 'body.edit']), who)
    await expect(add(who, committee, community, ['judgement.read'])).resolves.toBeTruthy()
    await tenure(await post(await body(subdistrict), ['post.appoint']), await person('街道'))
    await expect(add(who, committee, community, ['judgement.read'])).rejects.toMatchObject(oversight)
  })

  test('an invitation by somebody who may no longer give it is not taken', async () => {
    const { lead, committee } = await setting()
    const overseer = await post(committee, ['judgement.read'])
    const { link } = await as(lead, (act) =>
      inviteToPost(act, doors, allow(act, 'post.appoint', community.path), overseer, {
        name: '甲',
        mail: 'a@example.org',
      }),
    )
    const token = link?.split('/').at(-1) ?? ''
    // The inviter now appoints in the community alone, beneath another.
    await tenure(await post(await body(subdistrict), ['post.appoint']), await person('后来者'))
    await owner.query(
      'update tenure set during = tstzrange(lower(during), now()) where person = $1 and upper_inf(during)',
      [lead],
    )
    await tenure(await post(committee, ['post.appoint']), lead)
    const newcomer = await person('新人')
    await expect(as(newcomer, (act) => takeInvitedPost(act, token))).rejects.toMatchObject({ status: 410 })
  })

  test('the rule and the database say the same, wherever giver and post stand', async () => {
    const kinds: Record<string, string> = {
      [district.path]: 'district',
      [subdistrict.path]: 'subdistrict',
      [community.path]: 'community',
    }
    const bodies = new Map<string, string>()
    for (const at of [district, subdistrict, community]) bodies.set(at.path, await body(at))
    const asked: Duty[] = ['request.read', 'judgement.read', 'request.agree']
    const appointers: string[] = []
    for (const above of [null, subdistrict.path, district.path]) {
      if (above) {
        await tenure(await post(bodies.get(above) ?? '', ['post.appoint']), await person('上'))
        appointers.push(above)
      }
      for (const giverAt of [district.path, subdistrict.path, community.path]) {
        for (const held of [['post.appoint'], ['post.appoint', 'judgement.read'], ['body.edit', 'request.agree']]) {
          const giver = await person('给')
          const id = await tenure(await post(bodies.get(giverAt) ?? '', held), giver)
          const all = held.includes('post.appoint') ? [...appointers, giverAt] : appointers
          for (const path of [district.path, subdistrict.path, community.path]) {
            const { rows } = await owner.query('select oversight_refused($1, $2, $3) as refused', [giver, asked, path])
            const said = oversightRefused(
              asked,
              path,
              [{ duties: held, path: giverAt, kind: kinds[giverAt] ?? '' }],
              all,
            )
            expect([...rows[0].refused].sort(), `${above} ${giverAt} ${held} ${path}`).toEqual([...said].sort())
          }
          await owner.query('delete from tenure where id = $1', [id])
        }
      }
    }
    const { rows } = await owner.query('select oversight_duties() as listed')
    expect([...rows[0].listed].sort()).toEqual([...oversightDuties].sort())
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

describe('invitations', () => {
  const tokenOf = (link: string | null): string => link?.split('/').at(-1) ?? ''

  test('the link is good once, for somebody else, while the inviter may appoint', async () => {
    const { lead, worker } = await setting()
    const invited = await as(lead, (act) =>
      inviteToPost(act, doors, allow(act, 'post.appoint', community.path), worker, {
        name: '新人',
        mail: 'new@example.org',
      }),
    )
    const token = tokenOf(invited.link)
    expect(invited.invitation.mail).toBe('n***@example.org')
    const seen = await as(null, (act) => readInvitation(act, encryption, token))
    expect(seen).toMatchObject({ name: '新人', mail: 'new@example.org', title: '岗位', bodyName: '丙居委会' })
    await expect(as(null, (act) => takeInvitedPost(act, token))).rejects.toMatchObject({ status: 401 })
    await expect(as(lead, (act) => takeInvitedPost(act, token))).rejects.toMatchObject({
      status: 409,
      type: 'own-duty',
    })
    const newcomer = await person('新人')
    await as(newcomer, (act) => takeInvitedPost(act, token))
    expect(await as(newcomer, async (act) => act.actor.reach['request.accept'])).toEqual([community.path])
    const another = await person('别人')
    await expect(as(another, (act) => takeInvitedPost(act, token))).rejects.toMatchObject({ status: 410 })
    const { rows } = await owner.query(
      "select kind from ledger.act where kind in ('invitation.sent', 'tenure.began') order by id",
    )
    expect(rows.map(({ kind }) => kind)).toEqual(['invitation.sent', 'tenure.began'])
  })

  test('by mail, where there is mail, and then the link is shown to nobody', async () => {
    const { lead, worker } = await setting()
    const sent: unknown[] = []
    const outbox = {
      channels: { mail: true },
      queueMessage: async (_: unknown, message: unknown) => {
        sent.push(message)
        return newId()
      },
    }
    const invited = await as(lead, (act) =>
      inviteToPost(act, { ...doors, outbox }, allow(act, 'post.appoint', community.path), worker, {
        name: '新人',
        mail: 'new@example.org',
      }),
    )
    expect(invited.link).toBeNull()
    expect(sent).toMatchObject([{ to: 'new@example.org', channel: 'mail', values: { name: '新人', body: '丙居委会' } }])
  })

  test('nobody invites out of reach, in another’s name, or to a full post', async () => {
    const { lead, worker, committee } = await setting()
    const outsider = await person('外')
    const forged = (act: Act, by: string) =>
      act.client.query(
        `insert into invitation (id, post, name, mail_encrypted, token_hash, invited_by, expires_at)
         values ($1, $2, '甲', '', sha256('x'), $3, now() + interval '1 day')`,
        [newId(), worker, by],
      )
    await expect(as(outsider, (act) => forged(act, outsider))).rejects.toMatchObject({ code: '42501' })
    await expect(as(outsider, (act) => forged(act, lead))).rejects.toMatchObject({ code: '42501' })
    await expect(as(lead, (act) => forged(act, outsider))).rejects.toMatchObject({ code: '42501' })
    const single = await post(committee, ['request.read'])
    await tenure(single, outsider)
    await expect(
      as(lead, (act) =>
        inviteToPost(act, doors, allow(act, 'post.appoint', community.path), single, { name: '甲', mail: 'a@b.cn' }),
      ),
    ).rejects.toMatchObject({ status: 409, type: 'post-full' })
  })

  test('the first account of a place: once, and it may appoint', async () => {
    const given = { placeCode: '321003', name: '甲', mail: 'a@example.org' }
    const first = { owner: database.owner, encryption, publicUrl: 'http://127.0.0.1:3180', now: new Date() }
    const before = await firstAccount(first, given)
    const again = await firstAccount(first, given)
    expect(again.body).toBe(before.body)
    const sessions: AcceptingDoors['sessions'] = {
      createInvitation: async () => ({ token: 'inner', expiresAt: new Date() }),
      revokeInvitations: async () => undefined,
      acceptInvitation: async () => {
        await openSession('first-user', 'first-token')
        await personForUser(database.jobs.sql, encryption, { userId: 'first-user' })
        return { ok: true, userId: 'first-user', cookies: ['linli.session=first-token; Path=/'] }
      },
      signIn: async () => ({ ok: false, key: 'sessions.sign-in-wrong' }),
      sessionToken: () => 'first-token',
    }
    const accepting: AcceptingDoors = { database: database.app, encryption, sessions, clock: { now: () => new Date() } }
    const visitor = { password: '很长的一句话当作密码', language: 'zh-CN' as const, address: '127.0.0.1', headers: {} }
    await expect(acceptInvitation(accepting, tokenOf(before.link), visitor)).rejects.toMatchObject({ status: 410 })
    expect(await acceptInvitation(accepting, tokenOf(again.link), visitor)).toMatchObject({ ok: true })
    expect(await as('first-token', async (act) => act.actor.reach['post.appoint'])).toEqual([district.path])
    await expect(firstAccount(first, given)).rejects.toBeInstanceOf(FirstAccountRefusal)
    await expect(firstAccount(first, { ...given, placeCode: '321003001' })).rejects.toBeInstanceOf(FirstAccountRefusal)
    await expect(firstAccount(first, { ...given, placeCode: '990000' })).rejects.toBeInstanceOf(FirstAccountRefusal)
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
