import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { publicCounts } from './counts.store.ts'

// What a place says of itself in public, as anybody may ask for it.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, holding } = requestsOf(server, organisation)
const { staff, places } = organisation
const [here, beside] = [places.community.path, places.besideCommunity.path]
const above = `${here.split('/').slice(0, 4).join('/')}/`
let request = ''

beforeAll(async () => {
  request = (await file()).id
})

/** Judgements of the month that has closed, at a path. */
async function said(path: string, verdicts: readonly ('solved' | 'not')[]): Promise<void> {
  for (const verdict of verdicts)
    await server.superuser.query(
      `with a as (insert into request_answer (id, request, kind, state, text, author) values (uuidv7(), $1, 'answer', 'sent', 'x', $2) returning id)
       insert into judgement (request, answer, path, solved, given_by, month)
       select $1, a.id, $3, $4, 'link', (date_trunc('month', $5::timestamptz at time zone 'Asia/Shanghai') - interval '1 month')::date from a`,
      [request, staff.hand.tenure, path, verdict, server.clock.now()],
    )
}
const counted = (path: string) => holding({}, (act) => publicCounts(act.sql, path, server.clock.now()))

test('a part is silent where the whole would betray the rest, and nothing is said of less than a community', async () => {
  await said(`${here}g01/`, ['solved', 'solved', 'not', 'not', 'solved', 'not'])
  await said(beside, ['solved', 'not'])
  expect(await counted(above)).toMatchObject({ judged: 8, solved: 4, unconfirmed: 0 })
  expect(await counted(here)).toMatchObject({ judged: null, solved: null, unconfirmed: null })
  expect(await counted(`${here}g01/`)).toBeNull()
  // Once those beside are enough themselves, nobody is recognised by what is left.
  await said(beside, ['solved', 'not', 'solved', 'not', 'not'])
  expect(await counted(here)).toMatchObject({ judged: 6, solved: 3 })
  expect(await counted(beside)).toMatchObject({ judged: 7, solved: 3 })
  expect(await counted(`${here}g01/`)).toBeNull()
  // Nor of a piece of one: less its grids, a community would say what its few others said.
  for (const piece of [`${here}g`, here.slice(0, -1), '32/10/03/']) expect(await counted(piece), piece).toBeNull()
  // Five of one mind elsewhere in the subdistrict would be known by subtraction.
  await said(above, ['not', 'not', 'not', 'not', 'not'])
  expect(await counted(here)).toMatchObject({ judged: null })
  expect(await counted(beside)).toMatchObject({ judged: 7 })
})

test('how long answers took is told from five on, of places that have a page with counts alone', async () => {
  const before = (await counted(above))?.answered ?? 0
  const answer = (many: number) =>
    server.superuser.query(
      `insert into request select (jsonb_populate_record(r, jsonb_build_object('id', uuidv7(), 'number', nextval('request_number') * 10 + 5,
         'answered_at', $2::timestamptz, 'outer_number', null))).* from request r, generate_series(1, $3) where r.id = $1`,
      [request, server.clock.now(), many],
    )
  await answer(Math.max(0, 4 - Number(before)))
  expect(await counted(above)).toMatchObject({ answered: 4, median_days: null })
  await answer(1)
  expect((await counted(above))?.median_days).not.toBeNull()
  for (const path of ['', '32/', '32/10/03/', `${here}g01/`, `${here}g`]) expect(await counted(path), path).toBeNull()
  await server.superuser.query('delete from request where id <> $1 and answered_at = $2', [request, server.clock.now()])
})

test('those of whom nobody said how they ended stand beside', async () => {
  await server.superuser.query(
    `update request set state = 'closed', result = 'unconfirmed', due_kind = null, due_at = null,
       closed_at = date_trunc('month', $2::timestamptz at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai' - interval '3 days' where id = $1`,
    [request, server.clock.now()],
  )
  expect(await counted(above)).toMatchObject({ unconfirmed: 1 })
  const page = await (await server.fetch('/places/321003001', { headers: { Accept: 'text/html' } })).text()
  expect(page).toMatch(/还有 1 件没有人说结果/)
})

test('a matter that is kept from whom it is about is in no public count, and nor is what was said of it', async () => {
  const before = await counted(above)
  const kept = await file()
  const { rows } = await server.superuser.query<{ path: string }>(
    `update request set excluded_people = array[$2::uuid], answered_at = $3 where id = $1 returning path`,
    [kept.id, staff.leader.person, server.clock.now()],
  )
  await server.superuser.query(
    `with a as (insert into request_answer (id, request, kind, state, text, author) values (uuidv7(), $1, 'answer', 'sent', 'x', $2) returning id)
     insert into judgement (request, answer, path, solved, given_by, month)
     select $1, a.id, $3, 'not', 'link', (date_trunc('month', $4::timestamptz at time zone 'Asia/Shanghai') - interval '1 month')::date from a`,
    [kept.id, staff.hand.tenure, rows[0]?.path, server.clock.now()],
  )
  expect(before?.judged).toBeGreaterThan(4)
  expect(await counted(above)).toEqual(before)
  // By SQL as whoever reads judgements there: nothing of it for whom the matter is kept from; for others it is there.
  const { kernel } = server
  const seen = (cookie: string) =>
    enter(
      kernel.database,
      { session: kernel.sessions.sessionToken({ cookie }) },
      { now: server.clock.now(), language: 'zh-CN' },
      async (act) => (await sql`select from judgement where request = ${kept.id}`.execute(act.sql)).rows.length,
    )
  expect([await seen(staff.leader.cookie), await seen(staff.supervisor.cookie)]).toEqual([0, 1])
})
