import { expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { listJudgements } from '#listen/judgements/judgements.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { type Filter, listRequests } from '../requests.lists.api.ts'
import { forgetWidths, isWide, knowWidths, shareOf } from './width.store.ts'

const database = await testDatabase({ keep: true })
const server = await testServer(database)
const { staff, places, bodies } = await makeOrganisation(server)
const district = '32/10/03/'
// Another file's tests may have asked about the same district, of a database of their own.
forgetWidths()
const act = { sql: database.app.sql, now: server.clock.now() }

/** Many requests elsewhere in the country, and some in the community; every tenth of them is urgent. */
async function told(path: string, place: string, count: number) {
  await server.superuser.query('set session_replication_role = replica')
  await server.superuser.query(
    `insert into request (id, number, place, filed_path, path, level_path, channel, title, body, first_receiver, holder, responsible, urgency)
       select uuidv7(), nextval('request_number'), $2, $1, $1, $1, 'web', 't' || n, 'b', $4, $4, $4, case when n % 10 = 0 then 'urgent' else 'ordinary' end
       from generate_series(1, $3::int) n`,
    [path, place, count, bodies.committee],
  )
  await server.superuser.query('set session_replication_role = origin')
}

test('what is wide depends on what else there is, and never changes what a list holds', async () => {
  // Few of them: a district is taken for everything.
  await told(places.community.path, places.community.id, 120)
  await server.superuser.query('analyze request')
  await knowWidths(act, [district, places.community.path])
  expect([isWide(district), isWide(places.community.path)]).toEqual([true, false])
  const newest = async (query: Filter) =>
    (await server.call(listRequests, { as: staff.leader.cookie, query })).body.items.map(({ title }) => title)
  const [urgent, all] = [await newest({ urgency: 'urgent' }), await newest({ state: 'received', limit: 100 })]
  expect(urgent).toEqual(Array.from({ length: 12 }, (_, index) => `t${120 - 10 * index}`))
  expect(all).toHaveLength(100)

  await told('41/01/02/003/004/', places.community.id, 12_000)
  await server.superuser.query('analyze request')
  // What was told before is kept for ten minutes.
  await knowWidths(act, [district])
  expect(isWide(district)).toBe(true)
  server.clock.advance(11 * 60_000)
  await knowWidths({ ...act, now: server.clock.now() }, [district, '41/'])
  expect([isWide(district), isWide('41/')]).toEqual([false, true])
  expect(shareOf(district)).toBeCloseTo(0.01, 2)
  expect(await newest({ urgency: 'urgent' })).toEqual(urgent)
  expect(await newest({ state: 'received', limit: 100 })).toEqual(all)
})

test('judgements are the same for a wide reach and for a narrow one, page after page', async () => {
  const { rows } = await server.superuser.query<{ id: string }>(
    'select id from request where path = $1 order by id limit 7',
    [places.community.path],
  )
  await server.superuser.query('set session_replication_role = replica')
  for (const [index, { id }] of rows.entries())
    await server.superuser.query(
      `insert into judgement (request, answer, path, solved, given_by, month, at)
         values ($1, $2, $3, $4, 'link', '2026-01-01', now() - $5::int * interval '1 hour')`,
      [id, newId(), places.community.path, index % 2 ? 'solved' : 'not', index],
    )
  await server.superuser.query('set session_replication_role = origin')
  const read = async (as: string) => {
    const first = (await server.call(listJudgements, { as, query: { limit: 4 } })).body
    const second = (await server.call(listJudgements, { as, query: { limit: 4, after: first.next ?? '' } })).body
    expect([first.items.length, second.items.length, second.next]).toEqual([4, 3, null])
    return [...first.items, ...second.items].map(({ request }) => request)
  }
  const expected = rows.map(({ id }) => id)
  // Of the district, which is narrow by now, and of the subdistrict.
  expect(await read(staff.leader.cookie)).toEqual(expected)
  expect(await read(staff.supervisor.cookie)).toEqual(expected)
  const solved = await server.call(listJudgements, { as: staff.leader.cookie, query: { verdict: 'solved' } })
  expect(solved.body.items.map(({ request }) => request)).toEqual(expected.filter((_, index) => index % 2))
  // Nobody without the duty reads any.
  expect((await server.call(listJudgements, { as: staff.manager.cookie })).body.items ?? []).toEqual([])
})
