import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transaction } from '#kernel/database/index.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import { sequence, verify } from '#kernel/ledger/index.ts'
import { judge } from '#listen/requests/index.ts'
import { bodiesEndpoints } from '#organise/bodies/bodies.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// Direct SQL as the application's role, by somebody who is really signed in or really holds a link: what the rules forbid, the
// database refuses too.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered, holding, sentTo, row } = requestsOf(server, organisation)
const { staff, bodies, resident } = organisation
const client = new pg.Client({ connectionString: server.database.databaseUrl })

interface Who {
  readonly cookie?: string
  readonly link?: string
  readonly judge?: string
}
const hash = (token: string | undefined) => (token ? hashToken(token) : null)

/** Runs one statement as somebody, and takes it back. Its rows, or the code of the refusal. */
async function as(who: Who, text: string, values: unknown[] = []): Promise<Record<string, unknown>[] | string> {
  await client.query('begin')
  try {
    const session = who.cookie ? server.kernel.sessions.sessionToken({ cookie: who.cookie }) : null
    await client.query('select access.enter($1, $2, $3)', [session, hash(who.link), hash(who.judge)])
    return (await client.query(text, values)).rows
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await client.query('rollback')
  }
}
const change = (who: Who, id: string, version: number, to: object) =>
  as(who, 'select request_change($1, $2, $3::jsonb) as version', [id, version, JSON.stringify(to)])

beforeAll(() => client.connect())
afterAll(() => client.end())

describe('how a request ended', () => {
  let id = ''
  let link = ''
  beforeAll(async () => {
    const filed = await file({ phone: '13911110001' })
    id = filed.id
    link = filed.link
    await answered(filed)
    const token = (await sentTo('13911110001'))?.token ?? ''
    await holding({ judge: token }, (act) =>
      judge(act, server.kernel, id, { verdict: 'not', satisfaction: 1 }, { by: 'link', token }),
    )
  })

  test('is a column that nobody reads', async () => {
    for (const cookie of [staff.manager.cookie, staff.leader.cookie])
      expect(await as({ cookie }, 'select result from request')).toBe('42501')
  })

  test('is told by the function to the resident and to those who read judgements, and to no handler', async () => {
    const told = async (who: Who) => as(who, 'select result from request_results(array[$1::uuid])', [id])
    for (const who of ['manager', 'hand', 'secretary', 'dispatcher', 'caller'] as const)
      expect(await told(staff[who]), who).toEqual([{ result: null }])
    for (const who of [{ link }, staff.overseer, staff.leader, staff.supervisor])
      expect(await told(who)).toEqual([{ result: 'unsolved' }])
    expect(await told(staff.stranger)).toEqual([])
  })

  test('stays as it was where a handler writes a note', async () => {
    await does(staff.manager, id, 'note', { text: '已记' })
    expect(await row(id)).toMatchObject({ state: 'closed', result: 'unsolved' })
  })
})

describe('the index of a phone', () => {
  test('is not read, and asking again seizes nothing', async () => {
    const { id, number } = await file({ phone: '13911110002' })
    for (const table of ['request_contact', 'me_too'])
      expect(await as(staff.dispatcher, `select phone_index from ${table}`), table).toBe('42501')
    expect(await as(staff.dispatcher, 'select * from request_contact')).toBe('42501')
    const index = server.kernel.encryption.blindIndex('phone', '+8613911110002')
    const plain = Number(number.replace(/\D/g, ''))
    expect(await as({}, 'select follow_again($1, $2) as id', [plain, index])).toEqual([{ id }])
    expect(await server.one<number>('select count(*)::int from access.token where record = $1', [id])).toBe(1)
  })
})

describe('a step of the lifecycle', () => {
  test.each([
    [
      'closes what one handles',
      { state: 'closed', result: 'solved', closed_at: '2026-01-01', due_at: null, due_kind: null },
    ],
    ['answers without acknowledging', { state: 'answered' }],
    ['moves a deadline', { promised_at: '2030-01-01T00:00:00Z' }],
    ['lifts the supervision', { supervised: 'above' }],
    ['rewrites what was told', { title: '没事了' }],
    ['permits publication', { consent_public: true }],
    ['hides it', { excluded_bodies: [] as string[], path: '32/10/02/' }],
  ])('that %s is not open to the unit', async (_, to) => {
    const { id } = await file()
    await does(staff.secretary, id, 'accept')
    await does(staff.secretary, id, 'dispatch', { body: bodies.property })
    expect(await change(staff.manager, id, 3, to)).toBe('42501')
    expect(await change(staff.manager, id, 3, {})).toEqual([{ version: 4 }])
  })

  test('by a link reaches what is the resident’s, and nothing else', async () => {
    const { id, link } = await file()
    expect(await change({ link }, id, 1, { title: '改过的' })).toEqual([{ version: 2 }])
    const withdrawn = { state: 'closed', result: 'withdrawn', closed_at: '2026-01-01', due_at: null, due_kind: null }
    expect(await change({ link }, id, 1, withdrawn)).toEqual([{ version: 2 }])
    for (const to of [
      { ...withdrawn, result: 'solved' },
      { urgency: 'urgent' },
      { supervised: 'above' },
      { holder: bodies.office },
      { state: 'accepted' },
      { ...withdrawn, excluded_bodies: [bodies.property] },
    ])
      expect(await change({ link }, id, 1, to), JSON.stringify(to)).toBe('42501')
  })
})

describe('a judgement', () => {
  const insert = `insert into judgement (request, answer, path, handlers, handler_bodies, solved, satisfaction, given_by, month, at)
    select $1, a.id, '32/10/02/', '{}', '{}', 'solved', 5, 'link', '2020-01-01', '2020-01-01' from request_answer a
    where a.request = $1 and a.state = 'sent' returning path, month::text <> '2020-01-01' as dated, at = now() as now`

  test('says of who handled it, where and when, what the record says', async () => {
    const filed = await file({ phone: '13911110003' })
    await answered(filed)
    const token = (await sentTo('13911110003'))?.token ?? ''
    await client.query('begin')
    await client.query('select access.enter(null, null, $1)', [hash(token)])
    // Without `returning`, which asks for the right to read.
    await client.query(insert.replace(/ returning .*/, ''), [filed.id])
    await client.query('commit')
    const written = await server.superuser.query(
      "select path, month = date_trunc('month', now() at time zone 'Asia/Shanghai')::date as dated, handlers @> array[$2::uuid] as known, handler_bodies from judgement where request = $1",
      [filed.id, staff.manager.person],
    )
    expect(written.rows).toEqual([
      { path: organisation.places.community.path, dated: true, known: true, handler_bodies: [bodies.property] },
    ])
  })

  test('with a token that was used is not given, and nothing else is done with it than asking again', async () => {
    const filed = await file({ phone: '13911110004' })
    await answered(filed)
    const token = (await sentTo('13911110004'))?.token ?? ''
    await holding({ judge: token }, (act) =>
      judge(act, server.kernel, filed.id, { verdict: 'not' }, { by: 'link', token }),
    )
    expect(await as({ judge: token }, insert.replace(/ returning .*/, ''), [filed.id])).toBe('42501')
    const { version } = await row(filed.id)
    expect(await change({ judge: token }, filed.id, Number(version), { judged: false })).toBe('42501')
    expect(await change({ judge: token }, filed.id, Number(version), { title: '改' })).toBe('42501')
    const reopened = { state: 'accepted', result: null, closed_at: null, reopened: 1 }
    expect(await change({ judge: token }, filed.id, Number(version), reopened)).toEqual([
      { version: Number(version) + 1 },
    ])
  })

  test('is no longer given once the request was withdrawn, or its time is over', async () => {
    const filed = await file({ phone: '13911110005' })
    await answered(filed)
    const token = (await sentTo('13911110005'))?.token ?? ''
    expect(await server.one('select expires_at is not null from access.token where hash = $1', [hash(token)])).toBe(
      true,
    )
    expect((await server.fetch(`/j/${token}`)).status).toBe(200)
    const withdrawn = await server.fetch(`/r/${filed.link}/withdraw`, { method: 'POST', body: new URLSearchParams({}) })
    expect(withdrawn.status).toBe(303)
    expect((await server.fetch(`/j/${token}`)).status).toBe(404)
  })
})

test('a picture is added to one’s own request, and to nobody else’s', async () => {
  const mine = await file()
  const other = await file()
  const attach = (who: Who, record: string) =>
    as(
      who,
      `with held as (insert into file (sha256, kind, media_type, bytes, purpose, owner_token_hash, expires_at, created_at)
         values (sha256('a'), 'picture', 'image/webp', 1, 'request', sha256('form'), now() + interval '1 day', now()))
       select 1`,
    ).then(async (made) => {
      expect(made).toEqual([{ '?column?': 1 }])
      await client.query('begin')
      try {
        await client.query('select access.enter($1, $2, null)', [
          who.cookie ? server.kernel.sessions.sessionToken({ cookie: who.cookie }) : null,
          hash(who.link),
        ])
        await client.query(`insert into file (id, sha256, kind, media_type, bytes, purpose, owner_token_hash, expires_at, created_at)
          values ('018f0000-0000-7000-8000-000000000001', sha256('a'), 'picture', 'image/webp', 1, 'request', sha256('form'), now() + interval '1 day', now())`)
        const { rows } = await client.query(
          "select file_attach(array['018f0000-0000-7000-8000-000000000001'::uuid], sha256('form'), now(), $1) as attached",
          [record],
        )
        return rows[0].attached
      } finally {
        await client.query('rollback')
      }
    })
  expect(await attach({ link: mine.link }, mine.id)).toBe(1)
  expect(await attach({ link: mine.link }, other.id)).toBe(0)
  expect(await attach(staff.secretary, mine.id)).toBe(0)
  expect(await attach({}, mine.id)).toBe(0)
})

test('what the house keeps for itself is not asked for without a session', async () => {
  expect(await as({}, 'select key from daily_key()')).toBe('42501')
  expect(await as(staff.leader, 'select key from daily_key()')).toBe('42501')
  expect(await as({}, 'select * from official_posts($1)', [staff.hand.tenure])).toEqual([])
  expect(await as(resident, 'select * from official_posts($1)', [staff.hand.tenure])).toEqual([])
  expect(await as({}, 'select queued_count from pgboss.queue')).toBe('42501')
  expect(await as({}, 'select data from pgboss.job')).toBe('42501')
})

test('an act whose leaf is not the digest of its facts is found by the walk through the register', async () => {
  const ordered = async () => {
    while ((await sequence(server.database.jobs)) > 0);
    return transaction(server.database.owner, (_sql, connection) => verify(connection))
  }
  expect((await ordered()).firstBroken).toBeNull()
  await client.query('begin')
  await client.query('select access.enter($1)', [server.kernel.sessions.sessionToken({ cookie: staff.hand.cookie })])
  await client.query(`with act as (insert into ledger.act (id, kind, record, at, actor, tenure, leaf)
      values ('018f0000-0000-7000-8000-000000000002', 'request.accept', uuidv7(), now(), '${staff.hand.person}', '${staff.hand.tenure}', sha256('another')))
    insert into ledger.pending values ('018f0000-0000-7000-8000-000000000002')`)
  await client.query('commit')
  expect((await ordered()).firstBroken).not.toBeNull()
})

describe('what a body has in hand', () => {
  test('keeps it from being dissolved, and is said when a tenure ends', async () => {
    const api = bodiesEndpoints
    const { id } = await file()
    await does(staff.secretary, id, 'accept')
    await does(staff.secretary, id, 'dispatch', { body: bodies.otherProperty })
    const leader = staff.leader.cookie
    const seen = await server.call(api.getBody, { as: leader, params: { id: bodies.otherProperty } })
    expect(seen.body.inHand).toBe(1)
    const stranger = await server.call(api.getBody, { as: staff.stranger.cookie, params: { id: bodies.otherProperty } })
    expect(stranger.body.inHand).toBeNull()
    const dissolve = () =>
      server.call(api.dissolveBody, {
        as: leader,
        params: { id: bodies.otherProperty },
        body: { basis: '合同到期' },
        version: 1,
      })
    const refused = await dissolve()
    expect([refused.status, refused.problem.type]).toEqual([409, '/problems/body-holds'])
    expect(refused.problem.detail).toContain('1 件')
    const ended = await server.call(api.endTenure, {
      as: leader,
      params: { id: staff.otherManager.tenure },
      body: {},
      version: 1,
    })
    expect(ended.body.inHand, ended.text).toBe(1)
    await server.superuser.query("update request_part set state = 'ended' where request = $1", [id])
    await server.superuser.query('update request set responsible = holder where id = $1', [id])
    expect((await dissolve()).status).toBe(200)
  })

  test('is not asked by whoever neither founds nor appoints there', async () => {
    expect(await as(staff.dispatcher, 'select requests_held($1) as held', [bodies.committee])).toEqual([{ held: 0 }])
    expect(await as({}, 'select requests_held($1) as held', [bodies.committee])).toEqual([{ held: 0 }])
  })
})
