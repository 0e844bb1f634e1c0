import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { countRequests, listRequests } from '#listen/requests/requests.lists.api.ts'
import { placeMove } from '#organise/places/places.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type Staff } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { counts, type Figure, type Figures, readFigures } from './figures.api.ts'
import { daysOf } from './figures.rules.ts'
import { foldFigures, markMissed, recountFigures } from './figures.store.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, answered, row } = requestsOf(server, organisation)
const { staff, places, bodies, resident } = organisation
const run = (text: string, values: unknown[] = []) => server.superuser.query(text, values)
const fold = () => foldFigures(server.database.jobs.sql, 100_000)

const asked = (as: { cookie: string } | null, query: Record<string, string> = {}, language = 'zh-CN') =>
  server.call(readFigures, { as: as?.cookie ?? null, query, language })
async function figures(as: Staff, query: Record<string, string> = {}, language?: string): Promise<Figures> {
  const answer = await asked(as, query, language)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

const thisMonth = () => new Date(server.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 7)

/** What the requests themselves say, counted the plain way. */
async function plainly(path: string, from: string, until: string): Promise<Figure> {
  const { filedFrom, filedUntil } = daysOf(from, until)
  const closed = (result: string) => `count(*) filter (where result = '${result}')::int`
  const { rows } = await run(
    `select count(*)::int as told, ${['received', 'accepted', 'dispatched', 'acknowledged', 'answered', 'closed']
      .map((state) => `count(*) filter (where state = '${state}')::int as ${state}`)
      .join(', ')},
       ${['explained', 'unconfirmed', 'withdrawn', 'merged'].map((result) => `${closed(result)} as ${result}`).join(', ')},
       ${closed('answered_elsewhere')} as "answeredElsewhere",
       count(*) filter (where result in ('solved', 'partly', 'unsolved'))::int as said,
       count(*) filter (where answered_late is not true and (answered_at <= promised_at
         or answered_at is null and (heard_at <= promised_at or heard_at is not null and answered_late is false)))::int as "inTime",
       count(*) filter (where answered_late or answered_at > promised_at
         or answered_late is null and answered_at is null and heard_at > promised_at)::int as late,
       count(*) filter (where missed and answered_late is not true and answered_at is null and heard_at is null)::int as missed,
       ${['transferred', 'returned', 'accepted_late']
         .map(
           (
             kind,
           ) => `(select count(*)::int from request_event e join request q on q.id = e.request where e.kind = '${kind}'
         and starts_with(e.path, $1) and (q.filed_at at time zone 'Asia/Shanghai')::date between $2 and $3)
         as "${kind === 'accepted_late' ? 'acceptedLate' : kind}"`,
         )
         .join(', ')}
     from request where starts_with(path, $1) and (filed_at at time zone 'Asia/Shanghai')::date between $2 and $3`,
    [path, filedFrom, filedUntil],
  )
  return rows[0]
}
const bare = (figure: Figure): Figure => Object.fromEntries(counts.map((count) => [count, figure[count]])) as Figure

/** Copies a request that was really filed, as often as wanted, with other columns. */
const copied = (id: string, columns: Record<string, unknown>, times = 1) =>
  run(
    `insert into request select (jsonb_populate_record(r, $2::jsonb || jsonb_build_object('id', uuidv7(), 'number', nextval('request_number') * 10 + 5,
       'outer_number', null))).* from request r, generate_series(1, $3) where r.id = $1`,
    [id, JSON.stringify(columns), times],
  )

let model = ''
const otherKind = '019c0000-0000-7000-8000-00000000000a'
const nextSubdistrict = '019c0000-0000-7000-8000-00000000000b'

beforeAll(async () => {
  model = (await file()).id
  await run(
    `insert into category (id, path, code, level1, level2, level3, level1_en) values ($1, $2, 'noise', '环境保护', '噪声', '夜间', 'Environment')`,
    [otherKind, places.district.path],
  )
  await run(
    `insert into place (id, code, kind, name, short_name, path, parent_id) values ($1, '321003002', 'subdistrict', '双桥街道', '双桥', '32/10/03/002/', $2)`,
    [nextSubdistrict, places.district.id],
  )
})

describe('what is folded and what waits', () => {
  const here = Object.values(places).map(({ path }) => path)
  const closings = [
    'solved',
    'partly',
    'unsolved',
    'unconfirmed',
    'explained',
    'withdrawn',
    'merged',
    'answered_elsewhere',
  ]
  const moments = ['2026-07-31T23:59:59.9+08:00', '2026-08-01T00:00:00+08:00', '2026-09-15T12:00:00+08:00']
  const one = 'where id = (select id from request order by id offset $1 limit 1)'
  const nth = fc.nat({ max: 12 })
  type Step = readonly [string, unknown[]]
  const step = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(...here),
        fc.constantFrom(...moments),
        fc.constantFrom(organisation.category, otherKind, null),
      )
      .map(
        ([path, filed_at, category]): Step => [
          `insert into request select (jsonb_populate_record(r, $2::jsonb || jsonb_build_object('id', uuidv7(), 'number', nextval('request_number') * 10 + 5))).*
           from request r where r.id = $1`,
          [model, JSON.stringify({ path, filed_at, category })],
        ],
      ),
    fc
      .tuple(nth, fc.constantFrom('received', 'accepted', 'dispatched', 'acknowledged'))
      .map(
        ([at, state]): Step => [
          `update request set state = $2, result = null, answered_at = null, closed_at = null, reopen_until = null ${one}`,
          [at, state],
        ],
      ),
    fc.tuple(nth, fc.constantFrom(...closings), fc.boolean()).map(
      ([at, result, late]): Step => [
        `update request set state = 'closed', result = $2, due_at = null, due_kind = null, promised_at = now(),
           answered_at = now() + case when $3 then interval '1 day' else interval '0' end ${one}`,
        [at, result, late],
      ],
    ),
    fc
      .tuple(nth, fc.constantFrom(...here))
      .map(([at, path]): Step => [`update request set path = $2 ${one}`, [at, path]]),
    fc
      .tuple(nth, fc.constantFrom(organisation.category, otherKind, null))
      .map(([at, category]): Step => [`update request set category = $2 ${one}`, [at, category]]),
    nth.map((at): Step => [`update request set version = version + 1, due_at = null ${one}`, [at]]),
    // Sent elsewhere, returned, accepted, in time or not; heard of after a merge; a promise that passes.
    fc.tuple(nth, fc.constantFrom(...here), fc.boolean()).map(
      ([at, path, late]): Step => [
        `update request set path = $2, transfers = transfers + 1, state = 'received', result = null, answered_at = null, closed_at = null, reopen_until = null,
             due_kind = 'accept', due_at = now() + case when $3 then interval '-1 day' else interval '1 day' end, step_at = now() ${one}`,
        [at, path, late],
      ],
    ),
    nth.map((at): Step => [`update request set returns = returns + 1, step_at = now() ${one}`, [at]]),
    nth.map(
      (at): Step => [`update request set state = 'accepted', step_at = now() ${one} and state = 'received'`, [at]],
    ),
    fc.tuple(nth, fc.boolean()).map(
      ([at, late]): Step => [
        `update request set state = 'closed', result = 'merged', answered_at = null, heard_at = now(), due_at = null, due_kind = null,
             promised_at = now() + case when $2 then interval '-1 day' else interval '1 day' end ${one}`,
        [at, late],
      ],
    ),
    nth.map((at): Step => [`update request set promised_at = now() - interval '1 hour' ${one}`, [at]]),
    fc.constant<Step>(['select figures_missed(now(), 1000, true)', []]),
    nth.map(
      (at): Step => [
        `delete from request where id <> $2 and id = (select id from request r where not exists (select from request_entry e where e.request = r.id) order by id offset $1 limit 1)`,
        [at, model],
      ],
    ),
    fc
      .constantFrom('环境', '环境保护')
      .map((level1): Step => ['update category set level1 = $2 where id = $1', [otherKind, level1]]),
    fc.constant<Step>(['fold', []]),
  )

  test('say together what the requests say, whatever is done to them, in every place, month and kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        for (const [text, values] of steps) await (text === 'fold' ? fold() : run(text, values))
        for (const place of Object.values(places)) {
          const reader = place.path.startsWith(places.otherDistrict.path) ? staff.stranger : staff.leader
          if (!place.path.startsWith('32/10/0')) continue
          if (reader === staff.stranger && place === places.otherDistrict) continue
          const told = await figures(reader, { place: place.id, from: '2026-07', until: '2026-11' })
          expect(bare(told.whole), place.path).toEqual(await plainly(place.path, '2026-07', '2026-11'))
          for (const { month, figure } of told.months)
            expect(bare(figure), `${place.path} ${month}`).toEqual(await plainly(place.path, month, month))
          if (told.parts.length > 0)
            expect(told.parts.reduce((sum, { figure }) => sum + figure.told, 0)).toBe(told.whole.told)
          expect(told.kinds.reduce((sum, { figure }) => sum + figure.told, 0)).toBe(told.whole.told)
        }
      }),
      { numRuns: 12, seed: 20261123 },
    )
    const { rows } = await run(
      `select coalesce(c.level1, '-') as kind, count(*)::int as told from request r left join category c on c.id = r.category
       where starts_with(r.path, $1) group by 1 order by 1`,
      [places.district.path],
    )
    const { kinds } = await figures(staff.leader, { place: places.district.id, from: '2026-07', until: '2026-11' })
    expect(
      kinds
        .map(({ name, figure }) => ({ kind: name ?? '-', told: figure.told }))
        .sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    ).toEqual(rows.sort((a, b) => (a.kind < b.kind ? -1 : 1)))
    // Nothing had gone wrong that the night would have to mend, and nothing of it is left to fold.
    await fold()
    expect(await recountFigures(server.database.jobs.sql)).toBe(0)
    expect(await fold()).toBe(0)
    // Whatever is taken away is not counted any more.
    await run('delete from request where id <> $1', [model])
    await run('update request set path = filed_path where id = $1', [model])
    await run("update category set level1 = '环境保护' where id = $1", [otherKind])
    expect((await figures(staff.leader, { from: '2026-07', until: '2026-11' })).whole.told).toBe(1)
  })

  test('what went wrong is mended at night, and told by how many', async () => {
    const before = await figures(staff.leader, { from: '2026-01', until: '2026-11' })
    await run("update request_figure set told = told + 3 where path = '32/10/03/'")
    await run("delete from request_figure where path = '32/10/03/001/'")
    await run(
      "insert into request_figure select '32/99/', month, 'x', 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0 from request_figure limit 1",
    )
    expect((await figures(staff.leader, { from: '2026-01', until: '2026-11' })).whole.told).not.toBe(before.whole.told)
    expect(await recountFigures(server.database.jobs.sql)).toBeGreaterThan(2)
    expect({ ...(await figures(staff.leader, { from: '2026-01', until: '2026-11' })), at: '' }).toEqual({
      ...before,
      at: '',
    })
    expect((await run("select from request_figure where path = '32/99/'")).rowCount).toBe(0)
    expect(await recountFigures(server.database.jobs.sql)).toBe(0)
  })

  test('two who file at once, and the fold, wait for nobody; what is not committed is not counted', async () => {
    const before = (await figures(staff.leader)).whole.told
    const connections = await Promise.all(
      [1, 2].map(async () => {
        const client = new pg.Client({ connectionString: server.database.superuserUrl })
        await client.connect()
        await client.query("begin; set local lock_timeout = '2s'")
        return client
      }),
    )
    try {
      for (const client of connections)
        await client.query(
          `insert into request select (jsonb_populate_record(r, jsonb_build_object('id', uuidv7(), 'number', nextval('request_number') * 10 + 5,
             'filed_at', now()))).* from request r where r.id = $1`,
          [model],
        )
      await fold()
      expect((await figures(staff.leader)).whole.told).toBe(before)
      await connections[0]?.query('commit')
      expect((await figures(staff.leader)).whole.told).toBe(before + 1)
      await fold()
      expect(await recountFigures(server.database.jobs.sql)).toBe(0)
      await connections[1]?.query('commit')
      expect((await figures(staff.leader)).whole.told).toBe(before + 2)
      await fold()
      expect((await figures(staff.leader)).whole.told).toBe(before + 2)
    } finally {
      for (const client of connections) await client.end()
    }
  })

  test('a community that moves to another subdistrict takes its figures along', async () => {
    await file()
    await fold()
    const at = async (place: string) => (await figures(staff.leader, { place })).whole.told
    const [whole, moved, left] = [
      await at(places.district.id),
      await at(places.besideCommunity.id),
      await at(places.subdistrict.id),
    ]
    await copied(model, { path: places.besideCommunity.path, filed_at: server.clock.now().toISOString() }, 3)
    const done = await server.call(placeMove, {
      as: staff.leader.cookie,
      params: { id: places.besideCommunity.id },
      body: { parent: nextSubdistrict },
      version: (await server.one<number>('select version from place where id = $1', [places.besideCommunity.id])) ?? 1,
    })
    expect(done.status, done.text).toBe(200)
    const told = async () => [
      await at(places.district.id),
      await at(places.besideCommunity.id),
      await at(places.subdistrict.id),
      await at(nextSubdistrict),
    ]
    expect(await told()).toEqual([whole + 3, moved + 3, left - moved, moved + 3])
    await fold()
    expect(await told()).toEqual([whole + 3, moved + 3, left - moved, moved + 3])
    await server.call(placeMove, {
      as: staff.leader.cookie,
      params: { id: places.besideCommunity.id },
      body: { parent: places.subdistrict.id },
      version: (await server.one<number>('select version from place where id = $1', [places.besideCommunity.id])) ?? 1,
    })
    expect(await at(nextSubdistrict)).toBe(0)
    expect(await recountFigures(server.database.jobs.sql)).toBe(0)
  })
})

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

describe('who is told what', () => {
  test.each([
    ['a secretary', 'secretary', '五里社区', []],
    ['a dispatcher of a subdistrict', 'dispatcher', '邗上街道', []],
    ['a leader of a district', 'leader', '邗江区', []],
  ] as const)('%s, who names no place, their own', async (_, role, name, above) => {
    const told = await figures(staff[role])
    expect([told.place?.name, told.above]).toEqual([name, above])
    expect(told.from).toBe(thisMonth())
    expect(told.months.length).toBe(12)
  })

  test('below it every place with the way back; above it the part that is theirs', async () => {
    const grid = await figures(staff.leader, { place: places.grid.id })
    expect(grid.above.map(({ name }) => name)).toEqual(['邗江区', '邗上街道', '五里社区'])
    expect([grid.place?.name, grid.parts]).toEqual(['第一网格', []])
    const district = await figures(staff.leader)
    expect(district.parts.map(({ place, opens }) => [place?.name, opens])).toEqual([
      ['邗上街道', true],
      ['双桥街道', false],
    ])
    const mine = await figures(staff.secretary)
    const from = await figures(staff.secretary, { place: places.city.id })
    expect(from.parts.map(({ place }) => place?.id)).toEqual([places.community.id])
    expect([from.place?.name, from.above]).toEqual(['扬州市', []])
    expect(from.whole).toEqual(mine.whole)
    expect(from.months).toEqual(mine.months)
    expect((await asked(staff.secretary, { place: places.besideCommunity.id })).status).toBe(403)
    expect((await asked(staff.stranger, { place: places.district.id })).status).toBe(403)
    expect((await asked(resident)).status).toBe(403)
    expect((await asked(null)).status).toBe(401)
  })

  test('who serves two places is told of both, and of nothing between', async () => {
    await run('update post set seats = 2 where id = $1', [staff.stranger.post])
    await run(
      `insert into tenure (id, post, seat, person, holder_name, during)
       select uuidv7(), o.id, 2, $1, 'x', tstzrange(now() - interval '1 day', null) from post o where o.id = $2`,
      [staff.besideSecretary.person, staff.stranger.post],
    )
    const told = await figures(staff.besideSecretary)
    expect(told.place).toBeNull()
    expect(told.parts.map(({ place }) => place?.id)).toEqual([places.otherSubdistrict.id, places.besideCommunity.id])
    const each = await Promise.all(
      [places.otherSubdistrict.id, places.besideCommunity.id].map(
        async (place) => (await figures(staff.besideSecretary, { place })).whole.told,
      ),
    )
    expect(told.whole.told).toBe((each[0] ?? 0) + (each[1] ?? 0))
    await run('delete from tenure where person = $1 and post = $2', [staff.besideSecretary.person, staff.stranger.post])
  })

  test('what lies at a place itself stands as a part of its own', async () => {
    await copied(model, { path: places.district.path, filed_at: server.clock.now().toISOString() }, 2)
    const told = await figures(staff.leader)
    expect(told.parts[0]).toMatchObject({ place: null, opens: false, figure: { told: 2 } })
  })

  test('what is kept from a reader counts in nothing that they read, here or above, and for others it does', async () => {
    const readers = [staff.secretary, staff.dispatcher, staff.leader]
    const told = async () => Promise.all(readers.map(async (reader) => (await figures(reader)).whole))
    const before = await told()
    const filed_at = server.clock.now().toISOString()
    const late = { path: places.community.path, filed_at, due_at: '2026-01-05T09:00:00+08:00', due_kind: 'accept' }
    await copied(model, { ...late, excluded_people: [staff.secretary.person] }, 2)
    await copied(model, { ...late, excluded_bodies: [staff.dispatcher.body] })
    for (const folded of [false, true]) {
      if (folded) await fold()
      const after = await told()
      expect(after.map(({ told }, at) => told - (before[at]?.told ?? 0))).toEqual([1, 2, 3])
      expect(after.map(({ overdue }, at) => overdue - (before[at]?.overdue ?? 0))).toEqual([1, 2, 3])
    }
    // Nor as a rest above their parts, and as many as the list holds.
    const { filedFrom, filedUntil } = daysOf(thisMonth(), thisMonth())
    for (const reader of readers) {
      const whole = await figures(reader)
      const sum = whole.parts.reduce((all, { figure }) => all + figure.told, 0)
      if (whole.parts.length > 0) expect(sum).toBe(whole.whole.told)
      const listed = await server.call(countRequests, {
        as: reader.cookie,
        query: { place: whole.place?.id ?? '', filedFrom, filedUntil },
      })
      expect(listed.body.count).toBe(whole.whole.told)
    }
    const client = new pg.Client({ connectionString: server.database.databaseUrl })
    await client.connect()
    await expect(
      client.query("select request_figures_of_all('{32/}', '{2026-01-01}', '2026-11-01')"),
    ).rejects.toMatchObject({ code: '42501' })
    await client.end()
  })

  test('the functions of the database ask for the reach themselves, and the tables open to nobody', async () => {
    const client = new pg.Client({ connectionString: server.database.databaseUrl })
    await client.connect()
    try {
      const tell = "select * from request_figures('{32/}', '{2026-01-01}', '2026-11-01')"
      expect((await client.query(tell)).rowCount).toBe(0)
      expect((await client.query("select * from request_overdue('{32/}', now())")).rowCount).toBe(0)
      expect((await client.query("select request_moved('transferred', '32/', false)")).rowCount).toBe(0)
      expect(
        (await client.query("select * from judgement_figures('{32/}', '2026-01-01', '2026-11-01', now())")).rowCount,
      ).toBe(0)
      for (const closed of [
        'select from request_figure',
        'select from request_figure_change',
        'select from judgement_figure',
        'select from request_event',
        'select figures_missed(now(), 1, true)',
        'select figures_fold(1)',
        'select figures_recount()',
        "select judgement_shown('32/', '2026-01-01', '2026-11-01')",
      ])
        await expect(client.query(closed), closed).rejects.toMatchObject({ code: '42501' })
    } finally {
      await client.end()
    }
  })

  test('months that cannot be told are refused in a sentence', async () => {
    const refused = async (query: Record<string, string>) => {
      const { status, problem } = await asked(staff.leader, query, 'en')
      return [status, problem.detail ?? problem.title]
    }
    expect(await refused({ from: '2026-09', until: '2026-08' })).toEqual([400, expect.stringMatching(/after the last/)])
    expect(await refused({ until: '2099-01' })).toEqual([400, expect.stringMatching(/not begun/)])
    expect(await refused({ from: '2020-01', until: '2026-08' })).toEqual([400, expect.stringMatching(/36 months/)])
    expect((await asked(staff.leader, { from: '2026-13' })).status).toBe(400)
    expect((await asked(staff.leader, { from: '2023-12', until: '2026-11' })).status).toBe(200)
  })

  test('as a table for a spreadsheet, whatever a place is called; kinds in English where they have a name', async () => {
    await run("update place set name = '=1+1' where id = $1", [nextSubdistrict])
    const answer = await server.fetch('/api/figures', {
      headers: { Accept: 'text/csv', Cookie: staff.leader.cookie, 'Accept-Language': 'en' },
    })
    expect(answer.headers.get('content-type')).toContain('text/csv')
    const rows = parse(await answer.text(), { bom: true, columns: true }) as Record<string, string>[]
    expect(rows.map((row) => row.Place)).toEqual(['Held here itself', '邗上街道', "'=1+1"])
    const told = await figures(staff.leader, {}, 'en')
    expect(rows.map((row) => Number(row.Filed))).toEqual(told.parts.map(({ figure }) => figure.told))
    await run("update place set name = '双桥街道' where id = $1", [nextSubdistrict])
    await copied(model, { category: otherKind, filed_at: server.clock.now().toISOString() })
    const { kinds } = await figures(staff.leader, {}, 'en')
    expect(kinds.map(({ name }) => name)).toEqual(['Environment', null])
  })
})

describe('what residents said', () => {
  const before = (months: number) =>
    `(date_trunc('month', '${server.clock.now().toISOString()}'::timestamptz at time zone 'Asia/Shanghai') - interval '${months} months')::date`
  const said = async (path: string, verdicts: readonly ('solved' | 'partly' | 'not')[], months = 1) => {
    for (const verdict of verdicts)
      await run(
        `with a as (insert into request_answer (id, request, kind, state, text, author) values (uuidv7(), $1, 'answer', 'sent', 'x', $2) returning id)
         insert into judgement (request, answer, path, solved, given_by, month) select $1, a.id, $3, $4, 'link', ${before(months)} from a`,
        [model, staff.hand.tenure, path, verdict],
      )
  }
  const month = (months: number): string => {
    const [year = 0, number = 0] = thisMonth().split('-').map(Number)
    const all = year * 12 + number - 1 - months
    return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`
  }
  const told = async (place: string, from = 1, until = 1, as: Staff = staff.leader) =>
    (await figures(as, { place, from: month(from), until: month(until) })).whole.verdicts
  const { community, besideCommunity, subdistrict, district, grid } = places

  test('is silent below five, where all are alike, and before the month is over; above, only what is told below adds up', async () => {
    await said(community.path, ['solved', 'solved', 'not', 'solved'])
    expect(await told(subdistrict.id)).toBeNull()
    await said(community.path, ['solved', 'solved', 'solved', 'solved', 'solved'], 2)
    expect(await told(subdistrict.id, 2, 2)).toBeNull()
    await said(community.path, ['solved', 'not', 'solved', 'solved', 'solved'], 0)
    expect(await told(subdistrict.id, 0, 0)).toBeNull()
    // A month that is told does not tell one that is not.
    await said(besideCommunity.path, ['partly'])
    expect(await told(subdistrict.id, 2, 0)).toEqual({ judged: 5, solved: 3, partly: 1, not: 1 })
    expect(await told(district.id, 2, 0)).toEqual({ judged: 5, solved: 3, partly: 1, not: 1 })
    // Four of another subdistrict stay out of the sum of the district.
    await said('32/10/03/002/', ['solved', 'not', 'not', 'not'])
    expect(await told(district.id)).toEqual({ judged: 5, solved: 3, partly: 1, not: 1 })
    await said('32/10/03/002/', ['partly'])
    expect(await told(district.id)).toEqual({ judged: 10, solved: 4, partly: 2, not: 4 })
  })

  test('a community by the rule of its public page; its parts, and what a subdistrict holds itself, say nothing', async () => {
    await said(community.path, ['not', 'partly'])
    // Six of the community and one beside it: less the one, the other would be known.
    expect(await told(community.id)).toBeNull()
    await said(besideCommunity.path, ['not', 'solved', 'solved', 'solved'])
    expect(await told(community.id)).toEqual({ judged: 6, solved: 3, partly: 1, not: 2 })
    const { rows } = await run('select judged::int, solved::int from public_counts($1, $2)', [
      community.path,
      server.clock.now(),
    ])
    expect(rows).toEqual([{ judged: 6, solved: 3 }])
    expect(await told(grid.id)).toBeNull()
    await said(subdistrict.path, ['not', 'not', 'solved', 'not', 'not', 'not'])
    const whole = await figures(staff.leader, { place: subdistrict.id, from: month(1), until: month(1) })
    for (const { place, figure } of whole.parts) if (place === null) expect(figure.verdicts).toBeNull()
    expect(await told(community.id, 1, 1, staff.secretary)).toEqual(await told(community.id))
  })

  test('put together at night, it is the same, and so it is after what it is about has moved', async () => {
    const all = [await told(subdistrict.id, 3, 0), await told(district.id, 3, 0)]
    const before = await told(nextSubdistrict)
    const pieces = async () => Number(await server.one('select count(*)::int from judgement_figure'))
    const apart = await pieces()
    expect(await recountFigures(server.database.jobs.sql)).toBe(0)
    expect(await pieces()).toBeLessThan(apart)
    expect([await told(subdistrict.id, 3, 0), await told(district.id, 3, 0)]).toEqual(all)
    await run('update judgement_figure set solved = solved + 1 where path = $1', [subdistrict.path])
    expect(await recountFigures(server.database.jobs.sql)).toBeGreaterThan(0)
    expect(await told(subdistrict.id, 3, 0)).toEqual(all[0])
    // Where the matter lies since changes nothing of what was told.
    await run('update judgement set path = $2 where path = $1', [besideCommunity.path, '32/10/03/002/009/'])
    expect(await told(nextSubdistrict)).toEqual(before)
    expect([await told(subdistrict.id, 3, 0), await told(district.id, 3, 0)]).toEqual(all)
    expect(await recountFigures(server.database.jobs.sql)).toBe(0)
    await run('update judgement set path = $2 where path = $1', ['32/10/03/002/009/', besideCommunity.path])
  })
})
