import { parse } from 'csv-parse/sync'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { countRequests } from '#listen/requests/requests.lists.api.ts'
import { counting } from './figures.harness.ts'
import { daysOf } from './figures.rules.ts'

const {
  server,
  staff,
  places,
  resident,
  run,
  fold,
  asked,
  figures,
  thisMonth,
  copied,
  model,
  otherKind,
  nextSubdistrict,
} = await counting()

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
