import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { judge } from '#listen/requests/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// Direct SQL as the application's role: whoever finds a way to run it must find nothing.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, answered, holding, sentTo } = requestsOf(server, organisation)
const { staff, bodies } = organisation
const client = new pg.Client({ connectionString: server.database.databaseUrl })
const session = (cookie: string) => server.kernel.sessions.sessionToken({ cookie })
let id = ''

beforeAll(async () => {
  await client.connect()
  const filed = await file({ phone: '13911112222', name: '王小路' })
  id = filed.id
  await answered(filed)
  const token = (await sentTo('13911112222'))?.token ?? ''
  await holding({ judge: token }, (act) => judge(act, server.kernel, id, { verdict: 'not', satisfaction: 1 }, token))
})
afterAll(() => client.end())

async function within<T>(work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    return await work()
  } finally {
    await client.query('rollback')
  }
}
const count = async (from: string) =>
  (await client.query<{ n: number }>(`select count(*)::int as n from ${from}`)).rows[0]?.n
const code = (text: string, values: unknown[] = []) =>
  within(() =>
    client.query(text, values).then(
      (done) => `done ${done.rowCount}`,
      (error: { code: string }) => error.code,
    ),
  )
const enter = (cookie: string | null) =>
  client.query('select access.enter($1) as context', [cookie ? session(cookie) : null])

const tables = [
  'request',
  'request_contact',
  'request_part',
  'request_entry',
  'request_version',
  'request_answer',
  'judgement',
  'call_back',
  'visit',
  'me_too',
  'request_draft',
  'saved_filter',
  'person',
  'ledger.act',
  'access.log',
  'invitation',
] // prettier-ignore

describe('without entering', () => {
  test.each(tables)('%s is empty', async (table) => {
    expect(await within(() => count(table))).toBe(0)
  })
  test.each([
    'access.token',
    'access.key',
    'ledger.salt',
    'ledger.pending',
    'auth.session',
    'outbox',
    'form_draft',
    'request_contact_before',
    'pgboss.job',
  ])('%s cannot be read at all', async (table) => {
    expect(await code(`select * from ${table}`)).toMatch(/42501|42P01/)
  })
})

describe('forged settings', () => {
  const everything = [
    '',
    `person:${staff.leader.person}`,
    `tenures:${staff.leader.tenure}`,
    `bodies:${bodies.government}`,
    ...['request.read', 'request.contact', 'judgement.read', 'ledger.read', 'request.callback'].map(
      (duty) => `reach ${duty}:32/`,
    ),
    '',
  ].join('|')

  test.each([
    ['no seal', ''],
    ['a made-up seal', 'f'.repeat(64)],
  ])('a context with %s opens nothing', async (_name, seal) => {
    await within(async () => {
      await client.query("select set_config('linli.context', $1, true), set_config('linli.seal', $2, true)", [
        everything,
        seal,
      ])
      for (const table of tables) expect(await count(table), table).toBe(0)
    })
  })

  test('the seal of another transaction, replayed, opens nothing', async () => {
    await client.query('begin')
    await enter(staff.leader.cookie)
    expect(await count('request')).toBeGreaterThan(0)
    const { rows } = await client.query(
      "select current_setting('linli.context') as context, current_setting('linli.seal') as seal",
    )
    await client.query('commit')
    await within(async () => {
      await client.query("select set_config('linli.context', $1, true), set_config('linli.seal', $2, true)", [
        rows[0].context,
        rows[0].seal,
      ])
      expect(await count('request')).toBe(0)
    })
  })

  test('an altered context under its own seal opens nothing', async () => {
    await within(async () => {
      await enter(staff.manager.cookie)
      const { rows } = await client.query("select current_setting('linli.context') as context")
      const wider = `${rows[0].context}reach request.read:32/|`
      await client.query("select set_config('linli.context', $1, true)", [wider])
      expect(await count('request')).toBe(0)
    })
  })

  test('the seal cannot be asked for, and the key not read', async () => {
    expect(await code("select access.seal('{}')")).toBe('42501')
    expect(await code('select secret from access.key')).toBe('42501')
    expect(await code('set role linli_owner')).toBe('42501')
    expect(await code('select access.standing($1)', [staff.leader.person])).toBe('42501')
    expect(await code('set session authorization linli_jobs')).toBe('42501')
    expect(await code('alter table request disable row level security')).toBe('42501')
  })

  test('a session that is none, and a link that is none, open nothing', async () => {
    await within(async () => {
      await client.query("select access.enter('no-such-session', sha256('x'), sha256('y'))")
      expect(await count('request')).toBe(0)
    })
  })
})

describe('signed in, but past the acts', () => {
  const as = (cookie: string, text: string, values: unknown[] = []) =>
    within(async () => {
      await enter(cookie)
      return client.query(text, values).then(
        (done) => `done ${done.rowCount}`,
        (error: { code: string }) => error.code,
      )
    })

  test.each([
    ["update request set state = 'closed', result = 'solved'"],
    ['delete from request'],
    ["update ledger.act set kind = 'x'"],
    ['delete from ledger.act'],
    ['update ledger.entry set place = place + 1'],
    ['delete from ledger.entry'],
    ['update ledger.head set place = 0'],
    ['select ledger.sequence()'],
    ["update judgement set solved = 'solved'"],
    ['delete from judgement'],
    ["update request_entry set text = 'x'"],
    ['delete from request_entry'],
    ['delete from request_part'],
    ['delete from request_version'],
    ['delete from access.log'],
    ['update post set body = body'],
    ['truncate request cascade'],
    ['drop table request'],
  ])('%s: refused, even to the leader', async (text) => {
    expect(await as(staff.leader.cookie, text)).toBe('42501')
  })

  test('an act in another’s name is not taken', async () => {
    const insert = `insert into ledger.act (id, kind, record, at, actor, tenure, leaf) values (uuidv7(), 'request.accept', uuidv7(), now(), $1, $2, sha256('x'))`
    expect(await as(staff.hand.cookie, insert, [staff.leader.person, null])).toBe('42501')
    expect(await as(staff.hand.cookie, insert, [staff.hand.person, staff.leader.tenure])).toBe('42501')
  })

  test('nobody files in another’s name, or in the past', async () => {
    const columns =
      'id, number, place, filed_path, path, level_path, channel, title, body, first_receiver, holder, responsible, reporter, filed_at, round_at'
    const insert = `insert into request (${columns}) values (uuidv7(), 1, $1, $2, $2, $2, 'web', 'x', 'x', $3, $3, $3, $4, $5::timestamptz, now())`
    const { id: place, path } = organisation.places.community
    expect(
      await as(staff.hand.cookie, insert, [place, path, bodies.committee, organisation.resident.person, 'now']),
    ).toBe('42501')
    expect(await as(staff.hand.cookie, insert, [place, path, bodies.committee, null, '2020-01-01'])).toBe('42501')
  })

  test('nobody appoints themselves, nor widens a post of their own', async () => {
    expect(
      await as(
        staff.secretary.cookie,
        `insert into tenure (id, post, seat, person, holder_name, during) values (uuidv7(), $1, 1, $2, 'x', tstzrange(now(), null))`,
        [staff.leader.post, staff.secretary.person],
      ),
    ).toMatch(/42501|23/)
    expect(
      await as(staff.secretary.cookie, "update post set duties = duties || '{ledger.read}' where id = $1", [
        staff.secretary.post,
      ]),
    ).toBe('23514')
    expect(
      await as(staff.secretary.cookie, "update post set duties = '{ledger.read}' where id = $1", [staff.leader.post]),
    ).toBe('done 0')
  })

  test('a request out of sight cannot be changed by its id', async () => {
    expect(await as(staff.stranger.cookie, `select request_change($1, 1, '{"title": "x"}')`, [id])).toBe('P0002')
    expect(await as(staff.stranger.cookie, 'select request_handlers($1)', [id])).toBe('done 0')
  })

  test('a judgement is seen by those above with the duty; never by who handled it, their head or their colleagues', async () => {
    const seen = async (cookie: string) =>
      within(async () => {
        await enter(cookie)
        return count('judgement')
      })
    for (const who of ['hand', 'manager', 'secretary', 'dispatcher', 'caller', 'stranger', 'besideSecretary'] as const)
      expect(await seen(staff[who].cookie), who).toBe(0)
    for (const who of ['leader', 'overseer', 'supervisor'] as const) expect(await seen(staff[who].cookie), who).toBe(1)
    expect(await seen(organisation.resident.cookie)).toBe(0)
  })

  test('totals: of a closed month, of five and more, not all alike, and only of one’s own body', async () => {
    const totals = (cookie: string, body: string, month: string) =>
      within(async () => {
        await enter(cookie)
        return (await client.query('select * from judgement_totals($1, $2)', [body, month])).rows
      })
    const [last] = (
      await server.superuser.query<{ last: string; present: string }>(
        "select (date_trunc('month', now() at time zone 'Asia/Shanghai') - interval '1 month')::date::text as last, date_trunc('month', now() at time zone 'Asia/Shanghai')::date::text as present",
      )
    ).rows
    const months = last as { last: string; present: string }
    const say = async (month: string, solved: string, satisfaction: number | null) => {
      await server.superuser.query(
        `with a as (insert into request_answer (id, request, kind, state, text, author) values (uuidv7(), $1, 'answer', 'sent', 'x', $2) returning id)
         insert into judgement (request, answer, path, handlers, handler_bodies, solved, satisfaction, given_by, month)
         select $1, a.id, '32/10/03/001/001/', '{}', array[$3::uuid], $4, $5, 'link', $6 from a`,
        [id, staff.hand.tenure, bodies.property, solved, satisfaction, month],
      )
    }
    for (let i = 0; i < 4; i += 1) await say(months.last, 'solved', null)
    expect(await totals(staff.manager.cookie, bodies.property, months.last)).toEqual([])
    await say(months.last, 'solved', null)
    expect(await totals(staff.manager.cookie, bodies.property, months.last)).toEqual([])
    await say(months.last, 'not', 1)
    // The mean of one mark would be that mark.
    expect(await totals(staff.manager.cookie, bodies.property, months.last)).toMatchObject([
      { judgements: '6', solved: '5', unsolved: '1', satisfaction_mean: null },
    ])
    expect(await totals(staff.otherManager.cookie, bodies.property, months.last)).toEqual([])
    expect(await totals(staff.leader.cookie, bodies.property, months.last)).toEqual([])
    for (let i = 0; i < 6; i += 1) await say(months.present, i > 2 ? 'not' : 'solved', (i % 5) + 1)
    expect(await totals(staff.manager.cookie, bodies.property, months.present)).toEqual([])
  })
})

describe('filing past the program', () => {
  // What the program hands to the database for a filing, by nobody, at a place that takes requests.
  const filing = async (changed: Record<string, Record<string, unknown>> = {}, acts?: unknown[]) => {
    const id = newId()
    const place = organisation.places.community
    const number = (await server.one<number>('select last_value from request_number')) * 10
    const request = {
      ...{ id, number, place: place.id, filed_path: place.path, path: place.path, level_path: place.path },
      ...{ channel: 'web', language: 'zh-CN', title: '试', body: '试', urgency: 'ordinary', anonymous: true },
      ...{ consent_public: false, first_receiver: bodies.committee, holder: bodies.committee },
      ...{ responsible: bodies.committee, bodies: [bodies.committee], excluded_people: [], excluded_bodies: [] },
      ...{ due_provisional: false, promised_provisional: false, round_at: new Date(), step_at: new Date(), faults: [] },
      ...changed.request,
    }
    const act = {
      ...{ id: newId(), kind: 'request.file', record: request.id, path: request.path, at: new Date().toISOString() },
      ...{ times: {}, facts: {}, leaf: '00'.repeat(32) },
      ...changed.act,
    }
    const entry = { id: newId(), kind: 'filed', at: new Date().toISOString(), internal: false, ...changed.entry }
    return JSON.stringify({
      request,
      contact: changed.contact ?? null,
      entries: [entry],
      acts: acts ?? [act],
      link: null,
    })
  }
  const files = async (given: string) => code('select from request_file($1::jsonb)', [given])

  test('as it should be, is taken', async () => {
    expect(await files(await filing())).toBe('done 1')
  })

  test.each<[string, Record<string, Record<string, unknown>>]>([
    ['in another’s name', { request: { anonymous: false, reporter: organisation.resident.person } }],
    ['under another’s tenure', { request: { entered_by: staff.manager.tenure } }],
    ['as an act of another kind', { act: { kind: 'request.judge' } }],
    ['with a result', { act: { result: 'solved' } }],
    ['as an act about another request', { act: { record: newId() } }],
    ['with a line of handling', { entry: { kind: 'answered' } }],
    ['with another’s contact', { contact: { person: organisation.resident.person, may_call: true } }],
    ['at a path that is not its place’s', { request: { path: '32/10/02/', filed_path: '32/10/02/' } }],
    ['under an id of no time', { request: { id: 'ffffffff-ffff-4fff-bfff-ffffffffffff' } }],
    ['under an id of the far future', { request: { id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' } }],
    ['with a number that was not yet given out', { request: { number: 9_999_999_999 } }],
    ['as a part of what is not in reach', { request: { split_from: newId() } }],
    ['about a matter that is not in sight', { request: { about_request: newId() } }],
  ])('%s, is refused', async (_name, changed) => {
    expect(await files(await filing(changed))).toBe('42501')
  })

  test('without an act of the register, is refused', async () => {
    expect(await files(await filing({}, []))).toBe('42501')
  })

  test('as closed, judged and supervised, is merely received', async () => {
    await within(async () => {
      const given = JSON.parse(
        await filing({ request: { state: 'closed', closed_at: '2020-01-01', supervised: 'above', judged: true } }),
      )
      await client.query('select from request_file($1::jsonb)', [JSON.stringify(given)])
      await enter(staff.leader.cookie)
      const { rows } = await client.query('select state, closed_at, supervised, judged from request where id = $1', [
        given.request.id,
      ])
      expect(rows).toEqual([{ state: 'received', closed_at: null, supervised: null, judged: false }])
    })
  })
})
