import { expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { listJudgements } from '#listen/judgements/judgements.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { type Filter, listRequests, searchRequests } from '../requests.lists.api.ts'
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

  await told('41/01/02/003/004/', places.community.id, 24_000)
  await server.superuser.query('analyze request')
  // What was told before is kept for ten minutes.
  await knowWidths(act, [district])
  expect(isWide(district)).toBe(true)
  server.clock.advance(11 * 60_000)
  await knowWidths({ ...act, now: server.clock.now() }, [district, '41/'])
  expect([isWide(district), isWide('41/')]).toEqual([false, true])
  expect(shareOf(district)).toBeLessThan(0.01)
  expect(await newest({ urgency: 'urgent' })).toEqual(urgent)
  expect(await newest({ state: 'received', limit: 100 })).toEqual(all)
})

test('words of many texts and of few are found newest first, page after page, in a narrow reach', async () => {
  await told(places.community.path, places.community.id, 520)
  await server.superuser.query('set session_replication_role = replica')
  await server.superuser.query(
    `update request set words = (case when right(title, 1) in ('1', '3') then '''路灯''' else '''井盖''' end
         || case when title in ('t5', 't507') then ' ''锦鲤''' else '' end)::tsvector where path = $1`,
    [places.community.path],
  )
  await server.superuser.query('set session_replication_role = origin')
  const expected = async (words: string) =>
    (
      await server.superuser.query<{ id: string }>(
        'select id from request where words @@ $1::tsquery and path = $2 order by id desc',
        [`'${words}'`, places.community.path],
      )
    ).rows.map(({ id }) => id)
  const found = async (words: string, more: Filter = {}) => {
    const ids: string[] = []
    for (let after: string | undefined; ; ) {
      const body = { words, limit: 50, ...more, ...(after ? { after } : {}) }
      const page = (await server.call(searchRequests, { as: staff.leader.cookie, body })).body
      ids.push(...page.items.map(({ id }) => id))
      if (!page.next) return ids
      after = page.next
    }
  }
  expect(isWide(district)).toBe(false)
  expect(await expected('路灯')).toHaveLength(128)
  expect(await found('路灯')).toEqual(await expected('路灯'))
  // One lies among the newest, two among what is looked up by the index on words.
  expect(await expected('锦鲤')).toHaveLength(3)
  expect(await found('锦鲤')).toEqual(await expected('锦鲤'))
  expect(await found('路灯', { state: 'received' })).toEqual(await expected('路灯'))
  expect(await found('喷泉')).toEqual([])
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
