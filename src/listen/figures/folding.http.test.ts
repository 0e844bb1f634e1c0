import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { placeMove } from '#organise/places/places.api.ts'
import { counting } from './figures.harness.ts'
import { recountFigures } from './figures.store.ts'

const {
  server,
  organisation,
  file,
  staff,
  places,
  run,
  fold,
  figures,
  plainly,
  bare,
  copied,
  model,
  otherKind,
  nextSubdistrict,
} = await counting()

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
