import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// What the rules refuse, tried past them: in SQL as the application's role, in a true session of somebody with a post.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, row, answered, sentTo } = requestsOf(server, organisation)
const { staff, bodies, resident, neighbour, places } = organisation
const client = new pg.Client({ connectionString: server.database.databaseUrl })
const session = (cookie: string) => server.kernel.sessions.sessionToken({ cookie })

beforeAll(() => client.connect())
afterAll(() => client.end())

type Statement = readonly [text: string, values?: unknown[]]
/** Statements of whoever is asking in one transaction, checked as at its end and undone: the rows of the last, or the refusal's words. */
async function as(who: { cookie: string }, statements: readonly Statement[]) {
  await client.query('begin')
  try {
    await client.query('select access.enter($1)', [session(who.cookie)])
    let done = 0
    for (const [text, values] of statements) done = (await client.query(text, values)).rowCount ?? 0
    await client.query('set constraints all immediate')
    return `done ${done}`
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`
  } finally {
    await client.query('rollback')
  }
}
const change = (of: Record<string, unknown>, columns: object): Statement => [
  'select request_change($1, $2, $3)',
  [of.id, of.version, JSON.stringify(columns)],
]
/** A line of the timeline by the secretary. */
const line = (of: Record<string, unknown>, kind: string, text: string | null): Statement => [
  'insert into request_entry (id, request, kind, text, tenure) values (uuidv7(), $1, $2, $3, $4)',
  [of.id, kind, text, staff.secretary.tenure],
]
const noStep = expect.stringMatching(/^42501 no step/)
const hours = (of: unknown, count: number) => new Date((of as Date).getTime() + count * 3_600_000)

async function accepted(who = resident) {
  const { id } = await file({}, who)
  await does(staff.secretary, id, 'accept')
  return row(id)
}

describe('what says nothing', () => {
  test('is no reason of a merger, a withdrawal or a correction, and none given before', async () => {
    const [stays, goes] = [await accepted(), await accepted(neighbour)]
    const corrected = change(stays, { title: '别的题目' })
    const merged = change(goes, merging(stays.id))
    for (const text of [null, '', '。', '是'])
      for (const [of, kind, changed] of [
        [stays, 'corrected', corrected],
        [goes, 'merged', merged],
      ] as const)
        expect(await as(staff.secretary, [line(of, kind, text), changed]), `${kind} ${text}`).toEqual(noStep)
    expect(await as(staff.secretary, [line(goes, 'merged', '同一件事'), merged])).toBe('done 1')
    await server.superuser.query(
      "insert into request_entry (id, request, kind, text, at) values (uuidv7(), $1, 'corrected', '从前的理由', now())",
      [stays.id],
    )
    expect(await as(staff.secretary, [corrected])).toEqual(noStep)
    expect(await as(staff.secretary, [line(stays, 'corrected', '来电说写错了'), corrected])).toBe('done 1')
  })

  test('is no answer and no part of one; a draft may still be anything', async () => {
    const { id } = await accepted()
    await does(staff.secretary, id as string, 'dispatch', { body: bodies.property })
    await does(staff.manager, id as string, 'acknowledge')
    const said = (state: string, text: string): Statement => [
      `insert into request_answer (id, request, kind, state, text, author, sent_at)
       values (uuidv7(), $1, 'answer', $2, $3, $4, case $2 when 'sent' then now() end)`,
      [id, state, text, staff.manager.tenure],
    ]
    expect(await as(staff.manager, [said('draft', '。')])).toBe('done 1')
    expect(await as(staff.manager, [said('sent', '。')])).toMatch(/42501.*request_answer/)
  })
})

const merging = (into: unknown) => ({
  ...{ state: 'closed', result: 'merged', merged_into: into, closed_at: new Date(), due_at: null, due_kind: null },
  overdue_stage: null,
})

describe('a merger', () => {
  const into = async (goes: Record<string, unknown>, stays: unknown) =>
    as(staff.secretary, [line(goes, 'merged', '同一件事'), change(goes, merging(stays))])

  test('goes into what was told before in the same community and is not answered yet, not into itself', async () => {
    const stays = await accepted()
    const goes = await accepted(neighbour)
    expect(await into(goes, stays.id)).toBe('done 1')
    expect(await into(goes, goes.id)).toEqual(noStep)
    expect(await into(stays, goes.id)).toEqual(noStep)
    const elsewhere = await file({ place: places.besideCommunity.id }, resident)
    await server.superuser.query("update request set filed_at = filed_at - interval '1 day' where id = $1", [
      elsewhere.id,
    ])
    expect(await into(goes, elsewhere.id)).toEqual(noStep)
    await server.superuser.query("update request set state = 'answered' where id = $1", [stays.id])
    expect(await into(goes, stays.id)).toEqual(noStep)
  })

  test('goes neither to those beneath whoever it is about, nor into what others see', async () => {
    const [stays, goes] = [await accepted(), await accepted(neighbour)]
    const about = (of: unknown, who: string[]) =>
      server.superuser.query('update request set excluded_bodies = $2 where id = $1', [of, who])
    await about(goes.id, [bodies.property])
    expect(await into(goes, stays.id)).toEqual(noStep)
    // Both are about one body of the community, which holds the one that would stay.
    await about(stays.id, [bodies.property])
    expect(await into(goes, stays.id)).toEqual(noStep)
  })
})

describe('the earlier promise of what was merged', () => {
  async function two() {
    const stays = await file({}, resident)
    server.clock.advance(3 * 24 * 3_600_000)
    const goes = await file({}, neighbour)
    for (const { id } of [stays, goes]) await does(staff.secretary, id, 'accept')
    // The later one was promised for an earlier day.
    await server.superuser.query(
      "update request set promised_at = (select promised_at from request where id = $2) - interval '1 day' where id = $1",
      [goes.id, stays.id],
    )
    return { stays: await row(stays.id), goes: await row(goes.id) }
  }
  const sooner = (stays: Record<string, unknown>, goes: Record<string, unknown>, more: object = {}): Statement => [
    'select request_sooner($1, $2, $3)',
    [stays.id, goes.id, JSON.stringify({ promised_at: goes.promised_at, ...more })],
  ]

  test('is taken in the merging, by whoever merges, with a deadline that comes no later', async () => {
    const { stays, goes } = await two()
    const merged = [line(goes, 'merged', '是同一件事'), change(goes, merging(stays.id))]
    expect(await as(staff.secretary, [...merged, sooner(stays, goes)])).toBe('done 1')
    expect(await as(staff.secretary, [...merged, sooner(stays, goes, { due_at: null })])).toMatch(/^42501/)
    expect(await as(staff.secretary, [...merged, sooner(stays, goes, { due_kind: 'judge' })])).toMatch(/^42501/)
    expect(await as(staff.secretary, [...merged, sooner(stays, goes, { promised_at: null })])).toMatch(/^42501/)
    expect(await as(staff.secretary, [...merged, sooner(stays, goes, { promised_at: new Date() })])).toMatch(/^42501/)
    expect(await as(staff.secretary, [sooner(stays, goes)])).toMatch(/^42501/)
    expect(await as(staff.stranger, [sooner(stays, goes)])).toMatch(/^42501/)
    await server.superuser.query(
      "update request set state = 'closed', result = 'merged', merged_into = $2, due_at = null, due_kind = null where id = $1",
      [goes.id, stays.id],
    )
    for (const who of [staff.secretary, staff.leader, resident])
      expect(await as(who, [sooner(stays, goes)])).toMatch(/^42501/)
  })
})

describe('a deadline', () => {
  test('of the step that runs keeps its beginning and its time, and none is taken away', async () => {
    const was = await accepted()
    const categorised = (columns: object) => as(staff.secretary, [change(was, { urgency: 'urgent', ...columns })])
    const putOff = expect.stringMatching(/^42501 a deadline/)
    expect(was.due_kind).toBe('dispatch')
    expect(await categorised({ due_at: hours(was.due_at, -1) })).toBe('done 1')
    expect(await categorised({ due_at: hours(was.due_at, 1) })).toEqual(putOff)
    expect(await categorised({ step_at: hours(was.step_at, 1) })).toEqual(putOff)
    expect(await categorised({ due_at: null, due_kind: null })).toEqual(putOff)
    expect(await categorised({ due_kind: 'answer', due_at: hours(was.promised_at, 1) })).toEqual(putOff)
  })

  test('that passed stays passed until it is answered, whoever it is given to', async () => {
    const { id } = await accepted()
    await server.superuser.query(
      `update request set due_kind = 'answer', due_at = now() - interval '1 hour', promised_at = now() - interval '1 hour',
         overdue_stage = 'overdue' where id = $1`,
      [id],
    )
    const was = await row(id as string)
    const given = (columns: object) =>
      as(staff.secretary, [
        [
          "insert into request_part (id, request, body, role, state) values (uuidv7(), $1, $2, 'lead', 'dispatched')",
          [id, bodies.property],
        ],
        change(was, { state: 'dispatched', bodies: [bodies.committee, bodies.property], ...columns }),
      ])
    expect(await given({ step_at: new Date() })).toBe('done 1')
    const putOff = expect.stringMatching(/^42501 a deadline/)
    expect(await given({ due_at: hours(was.due_at, -1) })).toEqual(putOff)
    expect(await given({ due_kind: 'acknowledge' })).toEqual(putOff)
    expect(await given({ overdue_stage: null })).toEqual(putOff)
  })
})

describe('what is divided', () => {
  test('has at most nine parts, is at work, and is itself no part', async () => {
    const { id } = await accepted()
    await does(staff.secretary, id as string, 'split', {
      parts: Array.from({ length: 9 }, (_, index) => ({ title: `第 ${index} 件`, text: `第 ${index} 件事` })),
      reason: '一件讲了几件事',
    })
    const whole = await row(id as string)
    const part = await server.one<string>('select id from request where split_from = $1 limit 1', [id])
    /** As the application files a part, with what a true one has. */
    const filed = (of: unknown): Statement => [
      `select request_file(jsonb_build_object('request', to_jsonb(r) || jsonb_build_object('id', n.id, 'number', (nextval('request_number') * 10),
           'split_from', r.id, 'outer_number', null),
         'contact', null, 'link', null,
         'entries', jsonb_build_array(jsonb_build_object('id', uuidv7(), 'kind', 'filed', 'at', now(), 'internal', false)),
         'acts', jsonb_build_array(jsonb_build_object('id', uuidv7(), 'kind', 'request.file', 'record', n.id, 'path', r.path, 'at', now(),
           'actor', access.person(), 'tenure', $2::uuid, 'facts', '{}'::jsonb, 'times', '{}'::jsonb, 'leaf', repeat('00', 32)))))
       from (select id, place, filed_path, path, level_path, channel, language, title, body, urgency, anonymous, reporter, entered_by,
           consent_public, first_receiver, holder, responsible, bodies, senders, excluded_people, excluded_bodies, promised_at, due_at,
           due_kind, round_at, step_at, faults, promised_provisional, due_provisional from request where id = $1) r,
         lateral (select uuidv7() as id) n`,
      [of, staff.secretary.tenure],
    ]
    const refused = expect.stringMatching(/^42501 divided from what/)
    expect(await as(staff.secretary, [filed(whole.id)])).toEqual(refused)
    expect(await as(staff.secretary, [filed(part)])).toEqual(refused)
    const fresh = await accepted()
    expect(await as(staff.secretary, [filed(fresh.id)])).toBe('done 1')
    await server.superuser.query("update request set state = 'answered' where id = $1", [fresh.id])
    expect(await as(staff.secretary, [filed(fresh.id)])).toEqual(refused)
  })
})

describe('what was released', () => {
  test('was not permitted and released by one who wrote it down', async () => {
    const filed = await file({ channel: 'phone', publicationPermitted: true }, staff.secretary)
    const was = await row(filed.id)
    const released = (tenure: string): Statement => [
      `insert into publication (request, number, path, title, body, state, filed_at, released_by)
       values ($1, $2, $3, '路灯', '路灯不亮', 'received', now(), $4)`,
      [filed.id, was.number, was.path, tenure],
    ]
    expect(await as(staff.secretary, [released(staff.secretary.tenure)])).toMatch(/^42501.*publication/)
    const forged = line(was, 'publication_permitted', null)
    expect(await as(staff.secretary, [forged, released(staff.secretary.tenure)])).toMatch(/^42501.*publication/)
    await server.superuser.query(
      "insert into request_entry (id, request, kind) values (uuidv7(), $1, 'publication_permitted')",
      [filed.id],
    )
    expect(await as(staff.secretary, [released(staff.secretary.tenure)])).toBe('done 1')
  })
})

test('whoever wrote a matter down for a resident does not have it taken up again in their name', async () => {
  const filed = await file({ channel: 'phone', phone: '13911116601' }, staff.secretary)
  await answered(filed)
  const token = (await sentTo('13911116601'))?.token
  await server.fetch(`/j/${token}`, { method: 'POST', body: new URLSearchParams({ verdict: 'not' }) })
  const of = await row(filed.id)
  expect(of).toMatchObject({ state: 'closed', entered_by: staff.secretary.tenure })
  const now = new Date()
  const again = change(of, {
    ...{ state: 'accepted', result: null, closed_at: null, reopen_until: null, answered_at: null, answer_kind: null },
    ...{ judged: false, reopened: 1, reopened_at: now, round_at: now, step_at: now },
    ...{ due_kind: 'dispatch', due_at: hours(now, 2), promised_at: hours(now, 48) },
  })
  expect(await as(staff.dispatcher, [again])).toBe('done 1')
  expect(await as(staff.secretary, [again])).toEqual(noStep)
})
