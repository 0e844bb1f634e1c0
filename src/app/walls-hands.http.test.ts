import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// What somebody with a post tries in SQL as the application's role, in a true session of theirs: what they have in hand, beyond what
// the acts let them do with it. Each of these went through once.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered, row } = requestsOf(server, organisation)
const { staff, bodies, resident, neighbour, places, law } = organisation
const client = new pg.Client({ connectionString: server.database.databaseUrl })
const session = (cookie: string) => server.kernel.sessions.sessionToken({ cookie })

beforeAll(() => client.connect())
afterAll(() => client.end())

type Statement = readonly [text: string, values?: unknown[]]
/** Statements of whoever is asking in one transaction, checked as at its end and undone: the rows of the last, or the refusal's code. */
async function as(who: { cookie: string } | null, statements: readonly Statement[], link: string | null = null) {
  await client.query('begin')
  try {
    await client.query('select access.enter($1, sha256($2::bytea))', [who && session(who.cookie), link])
    let done = 0
    for (const [text, values] of [...statements, ['set constraints all immediate'] as Statement]) {
      const { rowCount, command } = await client.query(text, values)
      if (command !== 'SET') done = rowCount ?? 0
    }
    return `done ${done}`
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await client.query('rollback')
  }
}
const change = (id: string, version: unknown, columns: object): Statement => [
  'select request_change($1, $2, $3)',
  [id, version, JSON.stringify(columns)],
]

describe('parts', () => {
  const part = (id: string, body: string, set: string): Statement => [
    `update request_part set ${set}, version = version + 1 where request = $1 and body = $2`,
    [id, body],
  ]
  async function withUnit() {
    const filed = await file({}, resident)
    await does(staff.secretary, filed.id, 'accept')
    await does(staff.secretary, filed.id, 'dispatch', { body: bodies.property })
    return filed
  }

  test('are taken on, returned and answered by the unit whose they are', async () => {
    const { id } = await withUnit()
    for (const state of ['acknowledged', 'returned', 'answered', 'offered'])
      expect(await as(staff.secretary, [part(id, bodies.property, `state = '${state}'`)]), state).toBe('42501')
    expect(await as(staff.hand, [part(id, bodies.property, "state = 'acknowledged'")])).toBe('42501')
    const { version } = await row(id)
    const taken = change(id, version, { state: 'acknowledged', acknowledged_at: new Date() })
    expect(await as(staff.hand, [part(id, bodies.property, "state = 'acknowledged'"), taken])).toBe('done 1')
    expect(await as(staff.hand, [taken])).toBe('42501')
    expect(await as(staff.hand, [part(id, bodies.property, 'acknowledged_at = now()')])).toBe('42501')
  })

  test('do not end while the request goes on, whoever ends them', async () => {
    const filed = await withUnit()
    const ends = part(filed.id, bodies.property, "state = 'ended'")
    for (const who of [staff.secretary, staff.officeHead, resident, staff.hand])
      expect(await as(who, [ends])).toBe('42501')
    expect(await as(null, [ends], filed.link)).toBe('42501')
    await does(staff.manager, filed.id, 'acknowledge')
    await does(staff.manager, filed.id, 'assist', { body: bodies.otherProperty, task: '一起看看' } as never)
    const others = part(filed.id, bodies.otherProperty, "state = 'ended'")
    expect(await as(staff.hand, [others])).toBe('42501')
    expect(await as(staff.secretary, [others])).toBe('42501')
    expect(await as(resident, [others])).toBe('42501')
  })

  test('are given as they are given: none taken on unasked, no residents’ group that was not asked first', async () => {
    const filed = await file({}, resident)
    await does(staff.secretary, filed.id, 'accept')
    const given = (body: string, state: string, role = 'lead'): Statement => [
      'insert into request_part (id, request, body, role, state) values (uuidv7(), $1, $2, $3, $4)',
      [filed.id, body, role, state],
    ]
    const { version } = await row(filed.id)
    const sent = (state: string, body: string) =>
      change(filed.id, version, { state, responsible: body, bodies: [bodies.committee, body] })
    expect(await as(staff.secretary, [given(bodies.property, 'acknowledged')])).toBe('42501')
    expect(await as(staff.secretary, [given(bodies.group, 'dispatched')])).toBe('42501')
    expect(await as(staff.secretary, [given(bodies.property, 'dispatched')])).toBe('42501')
    expect(await as(staff.secretary, [sent('dispatched', bodies.property)])).toBe('42501')
    expect(await as(staff.secretary, [given(bodies.property, 'dispatched'), sent('dispatched', bodies.property)])).toBe(
      'done 1',
    )
  })
})

describe('jobs', () => {
  const put = (name: string, data: Record<string, string>): Statement => [
    'insert into pgboss.job (name, data) values ($1, $2)',
    [name, JSON.stringify(data)],
  ]

  test('a link goes out again only to who asked by number and phone, in the asking', async () => {
    const filed = await file({ phone: '13911110041' })
    const other = await file({ phone: '13911110042' })
    const again = put('request.link', { request: filed.id, again: '1' })
    expect(await as(null, [again])).toBe('42501')
    expect(await as(staff.leader, [again])).toBe('42501')
    expect(await as(null, [["select set_config('linli.again', 'x', true)"], again])).toBe('42501')
    const { number } = await row(other.id)
    const index = server.kernel.encryption.blindIndex('phone', '+8613911110042')
    const asked: Statement = ['select follow_again($1, $2)', [number, index]]
    expect(await as(null, [asked, again])).toBe('42501')
    const { rows } = await client.query('select follow_again($1, $2) as id', [number, index])
    expect(rows).toEqual([{ id: other.id }])
    expect(await as(null, [asked, put('request.link', { request: other.id, again: '1' })])).toBe('done 1')
  })

  test('a notice is of the kind that its act was', async () => {
    const filed = await file({ phone: '13911110043' })
    await does(staff.secretary, filed.id, 'accept')
    const act = await server.one<string>("select id from ledger.act where record = $1 and kind = 'request.accept'", [
      filed.id,
    ])
    const notice = (kind: string) => put('request.notice', { request: filed.id, act: act ?? '', kind })
    expect(await as(staff.secretary, [notice('request.withdraw')])).toBe('42501')
    expect(await as(staff.secretary, [notice('request.accept')])).toBe('done 1')
  })
})

describe('what was released', () => {
  test('is taken back as it was read', async () => {
    const filed = await file({ publicationPermitted: true, text: '楼道灯坏了' }, resident)
    await does(staff.secretary, filed.id, 'publish', { title: '楼道灯坏了', text: '楼道灯坏了' })
    const back = (more: string): Statement => [
      `update publication set withdrawn_at = now()${more} where request = $1`,
      [filed.id],
    ]
    for (const more of [", body = 'other'", ", title = 'x'", ', released_by = gen_random_uuid()', ", answer = 'x'"])
      for (const who of [resident, staff.secretary]) expect(await as(who, [back(more)]), more).toMatch(/42501|23503/)
    expect(await as(null, [back(", body = 'other'")], filed.link)).toBe('42501')
    expect(await as(null, [back('')], filed.link)).toBe('done 1')
    expect(await as(staff.secretary, [back('')])).toBe('done 1')
  })
})

describe('who says what was done', () => {
  test('a call back is said by whoever called, of what was drawn', async () => {
    const filed = await file({ phone: '13911110051' })
    await answered(filed)
    const answer = await server.one<string>("select id from request_answer where request = $1 and state = 'sent'", [
      filed.id,
    ])
    await server.superuser.query(
      "insert into call_back (id, request, answer, path, drawn_on, seed) values (uuidv7(), $1, $2, $3, current_date, 'x')",
      [filed.id, answer, places.community.path],
    )
    const said = (set: string): Statement => [
      `update call_back set ${set}, tries = tries + 1, tried_at = now() where request = $1`,
      [filed.id],
    ]
    for (const set of ["seed = 'y'", "path = '32/'", 'drawn_on = current_date + 1', 'request = uuidv7()'])
      expect(await as(staff.caller, [said(set)]), set).toBe('42501')
    expect(await as(staff.caller, [said(`state = 'closed', tenure = '${staff.caller.tenure}'`)])).toBe('42501')
    expect(await as(staff.caller, [said(`state = 'reached', tenure = '${staff.leader.tenure}'`)])).toBe('42501')
    expect(await as(staff.caller, [said(`state = 'reached', tenure = '${staff.caller.tenure}'`)])).toBe('done 1')
    expect(await as(staff.hand, [said(`state = 'reached', tenure = '${staff.hand.tenure}'`)])).toBe('done 0')
  })

  test('a visit is agreed to by the other side', async () => {
    const filed = await file({}, resident)
    await does(staff.secretary, filed.id, 'accept')
    await does(staff.secretary, filed.id, 'dispatch', { body: bodies.property })
    const proposed = (by: string, tenure: string | null): Statement => [
      `insert into visit (id, request, day, from_time, to_time, state, proposed_by, tenure) values (uuidv7(), $1, '2030-01-01', '09:00', '10:00', 'proposed', $2, $3)`,
      [filed.id, by, tenure],
    ]
    const set = (state: string): Statement => [`update visit set state = '${state}' where request = $1`, [filed.id]]
    const unit = proposed('unit', staff.hand.tenure)
    expect(await as(staff.hand, [unit, set('agreed')])).toBe('42501')
    expect(await as(staff.hand, [unit, set('done')])).toBe('42501')
    expect(await as(staff.hand, [unit, set('cancelled')])).toBe('done 1')
    expect(await as(resident, [proposed('resident', null), set('agreed')])).toBe('42501')
  })

  test('an explanation is agreed to by another person, under whatever post', async () => {
    const filed = await file({}, resident)
    await does(staff.secretary, filed.id, 'accept')
    await does(staff.secretary, filed.id, 'explain', {
      ...{ kind: 'outside_remit', basis: law, text: '这件事归法院管。', remedy: '可以向法院起诉。' },
    } as never)
    const agreed = (tenure: string): Statement => [
      "update request_answer set state = 'sent', agreed_by = $2, agreed_at = now(), sent_at = now() where request = $1",
      [filed.id, tenure],
    ]
    // A second post of the same person above.
    const post = await server.one<string>(
      "insert into post (id, body, title, duties) values (uuidv7(), $1, '二职', '{request.agree}') returning id",
      [bodies.office],
    )
    const second = await server.one<string>(
      "insert into tenure (id, post, seat, person, holder_name, during) values (uuidv7(), $1, 1, $2, 'x', tstzrange(now() - interval '1 hour', null)) returning id",
      [post, staff.secretary.person],
    )
    expect(await as(staff.secretary, [agreed(second ?? '')])).toBe('done 0')
    // Nor by somebody else of the body that proposed it.
    const colleague = staff.besideSecretary
    await server.superuser.query(
      `with post as (insert into post (id, body, title, duties) values (uuidv7(), $1, '主任', '{request.read,request.agree}') returning id)
       insert into tenure (id, post, seat, person, holder_name, during)
       select uuidv7(), post.id, 1, $2, 'x', tstzrange(now() - interval '1 hour', null) from post`,
      [bodies.committee, colleague.person],
    )
    expect(await as(colleague, [agreed(colleague.tenure)])).toBe('42501')
    await server.superuser.query(
      'delete from tenure using post where post.id = tenure.post and post.body = $1 and tenure.person = $2',
      [bodies.committee, colleague.person],
    )
    expect(await as(staff.officeHead, [agreed(staff.officeHead.tenure)])).toBe('done 1')
  })
})

describe('the register', () => {
  const act = (kind: string, record: string, path: string | null, tenure: string | null = null): Statement => [
    `insert into ledger.act (id, kind, record, path, at, actor, tenure, leaf)
     values (uuidv7(), $1, $2, $3, now(), access.person(), $4, sha256('x'))`,
    [kind, record, path, tenure],
  ]

  test('takes of a resident what they did in their own matters, not what is done in an office', async () => {
    const { path } = places.community
    expect(await as(resident, [act('body.dissolved', bodies.committee, path)])).toBe('42501')
    expect(await as(resident, [act('tenure.ended', staff.leader.tenure, null)])).toBe('42501')
    expect(await as(resident, [act('person.deletion-asked', neighbour.person, null)])).toBe('42501')
    expect(await as(resident, [act('person.corrected', resident.person, null)])).toBe('done 1')
    const own = await file({}, resident)
    expect(await as(resident, [act('request.add', own.id, path)])).toBe('done 1')
    expect(await as(resident, [act('request.add', own.id, places.otherCommunity.path)])).toBe('42501')
  })

  test('takes of an office what lies below it', async () => {
    const dissolved = (path: string): Statement =>
      act('body.dissolved', bodies.committee, path, staff.besideSecretary.tenure)
    expect(await as(staff.besideSecretary, [dissolved(places.community.path)])).toBe('42501')
    expect(await as(staff.besideSecretary, [dissolved(places.besideCommunity.path)])).toBe('done 1')
    expect(await as(staff.stranger, [act('place.renamed', places.community.id, places.community.path)])).toBe('42501')
  })

  test('takes no reading of nobody', async () => {
    const read =
      "insert into access.log (subject_person, subject_record, record_kind, what) values ($1, uuidv7(), 'request', 'x')"
    expect(await as(null, [[read, [resident.person]]])).toBe('42501')
  })
})

describe('from above', () => {
  test('no body stands at one place and bears the path of another', async () => {
    const founded = (place: string, path: string): Statement => [
      "insert into body (id, kind, name, place, path) values (uuidv7(), 'service_team', '队', $1, $2)",
      [place, path],
    ]
    // Of a body at the district that lies in a community it would be read that it stands above the community's grids.
    expect(await as(staff.secretary, [founded(places.district.id, places.community.path)])).toBe('42501')
    expect(await as(staff.secretary, [founded(places.community.id, places.community.path)])).toBe('done 1')
  })
})

describe('answers and verdicts', () => {
  test('what is sent as the answer answers the request', async () => {
    const filed = await file({}, resident)
    await does(staff.secretary, filed.id, 'accept')
    await does(staff.secretary, filed.id, 'dispatch', { body: bodies.property })
    await does(staff.manager, filed.id, 'acknowledge')
    const sent = (at: string): Statement => [
      `insert into request_answer (id, request, kind, state, text, author, sent_at) values (uuidv7(), $1, 'answer', 'sent', 'x', $2, ${at})`,
      [filed.id, staff.manager.tenure],
    ]
    expect(await as(staff.manager, [sent('now()')])).toBe('42501')
    expect(await as(staff.manager, [sent('null')])).toBe('42501')
    const note = change(filed.id, (await row(filed.id)).version, {})
    expect(await as(staff.manager, [sent('now()'), note])).toBe('42501')
  })

  test('a verdict by telephone is of an answer that was drawn, and not called back before', async () => {
    const filed = await file({ phone: '13911110052' })
    await answered(filed)
    const answer = await server.one<string>("select id from request_answer where request = $1 and state = 'sent'", [
      filed.id,
    ])
    const verdict: Statement = [
      `insert into judgement (request, answer, path, solved, given_by, tenure, month) values ($1, $2, $3, 'solved', 'call_back', $4, current_date)`,
      [filed.id, answer, places.community.path, staff.caller.tenure],
    ]
    expect(await as(staff.caller, [verdict])).toBe('42501')
    await server.superuser.query(
      "insert into call_back (id, request, answer, path, drawn_on, seed) values (uuidv7(), $1, $2, $3, current_date, 'x')",
      [filed.id, answer, places.community.path],
    )
    expect(await as(staff.caller, [verdict])).toBe('done 1')
    await server.superuser.query("update call_back set state = 'reached' where request = $1", [filed.id])
    expect(await as(staff.caller, [verdict])).toBe('42501')
  })
})

describe('past the functions', () => {
  test('every function that runs as its owner names its search path and is granted by name', async () => {
    const { rows } = await server.superuser.query<{ name: string }>(
      `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where p.prosecdef and n.nspname in ('public', 'access', 'ledger') and (
         not exists (select from unnest(p.proconfig) c where c like 'search_path=%')
         -- A trigger cannot be called; a fact is read by policies of every role, and only out of a sealed context.
         or has_function_privilege('public', p.oid, 'execute') and p.prorettype <> 'trigger'::regtype and p.proname <> 'fact')
       order by 1`,
    )
    expect(rows).toEqual([])
    // A table of the same name would be found before the true one.
    expect(await as(staff.leader, [['create temporary table request (id uuid)']])).toBe('42501')
  })

  test('what the application’s role may touch without a policy holds nothing of anybody', async () => {
    const { rows } = await server.superuser.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and not c.relrowsecurity and n.nspname in ('public', 'access', 'ledger', 'auth')
         and has_any_column_privilege('linli_app', c.oid, 'select, insert, update') order by 1`,
    )
    expect(rows.map(({ name }) => name)).toEqual(['calendar_day', 'flood_load', 'flood_pass', 'rate'])
  })

  test('nothing is filed and no contact added but by the function that asks', async () => {
    const { path, id: place } = places.community
    const filed = `insert into request (id, number, place, filed_path, path, level_path, channel, title, body, first_receiver, holder, responsible)
      values (uuidv7(), 1, $1, $2, $2, $2, 'web', 'x', 'x', $3, $3, $3)`
    expect(await as(null, [[filed, [place, path, bodies.committee]]])).toBe('42501')
    const { id } = await file({ anonymous: true })
    expect(await as(null, [['insert into request_contact (request) values ($1)', [id]]])).toBe('42501')
  })

  test('an answer that was kept for a repeat stays', async () => {
    await server.superuser.query("insert into idempotency (key_hash, body_hash, status) values ('k', 'b', 200)")
    expect(await as(staff.leader, [["update idempotency set status = 500 where key_hash = 'k'"]])).toBe('done 0')
    expect(await as(staff.leader, [["update idempotency set body_hash = 'x'"]])).toBe('42501')
  })

  test('who looks for other matters of a caller hears of none about themselves', async () => {
    const phone = '13911110061'
    const first = await file({ phone })
    await server.superuser.query('update post set shown = true where id = $1', [staff.dispatcher.post])
    const about = await file({ phone, aboutTenure: staff.dispatcher.tenure }, resident)
    const earlier: Statement = ['select request_earlier($1)', [first.id]]
    expect((await row(about.id)).excluded_people).toContain(staff.dispatcher.person)
    expect(await as(staff.dispatcher, [earlier])).toBe('done 0')
    expect(await as(staff.districtDispatcher, [earlier])).toBe('done 1')
  })
})
