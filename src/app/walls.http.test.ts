import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bodiesEndpoints } from '#organise/bodies/bodies.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// What somebody tried who had found a way to run SQL as the application's role, or who only sent forms and calls as anybody can:
// each of these went through once.
const server = await testServer(await testDatabase({ keep: true }), { limitFactor: 1 })
const organisation = await makeOrganisation(server)
const { file, does } = requestsOf(server, organisation)
const { staff, bodies, resident, neighbour } = organisation
const client = new pg.Client({ connectionString: server.database.databaseUrl })
const session = (cookie: string) => server.kernel.sessions.sessionToken({ cookie })

beforeAll(() => client.connect())
afterAll(() => client.end())

/** One statement of whoever is signed in, undone afterwards: how many rows, or the code of the refusal. */
async function as(who: { cookie: string } | null, text: string, values: unknown[] = [], link: string | null = null) {
  await client.query('begin')
  try {
    await client.query('select access.enter($1, sha256($2::bytea))', [who && session(who.cookie), link])
    return await client.query(text, values).then(
      (done) => `done ${done.rowCount}`,
      (error: { code: string }) => error.code,
    )
  } finally {
    await client.query('rollback')
  }
}

describe('a term that ends', () => {
  test('is not made longer by its holder, by call or by SQL; another may', async () => {
    const { tenure } = staff.secretary
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    const end = (who: { cookie: string }, lastDay: string, version: number) =>
      server.call(bodiesEndpoints.endTenure, { as: who.cookie, params: { id: tenure }, body: { lastDay }, version })
    expect((await end(staff.leader, tomorrow, 1)).status).toBe(200)
    const prolonged = await end(staff.secretary, '2099-12-31', 2)
    expect(prolonged.status, prolonged.text).toBe(409)
    const longer =
      "update tenure set during = tstzrange(lower(during), 'infinity'), version = version + 1 where id = $1"
    expect(await as(staff.secretary, longer, [tenure])).toBe('23514')
    const earlier = "update tenure set during = tstzrange('2001-01-01', upper(during)) where id = $1"
    expect(await as(staff.leader, earlier, [tenure])).toBe('42501')
    expect((await end(staff.leader, '2099-12-31', 2)).status).toBe(200)
  })
})

describe('jobs', () => {
  const put = (who: { cookie: string } | null, name: string, data: Record<string, string>) =>
    as(who, 'insert into pgboss.job (name, data) values ($1, $2)', [name, JSON.stringify(data)])

  test('nobody has another erased', async () => {
    const erase = { person: neighbour.person }
    expect(await put(null, 'people-erase', erase)).toBe('42501')
    expect(await put(resident, 'people-erase', erase)).toBe('42501')
    expect(await put(neighbour, 'people-erase', { ...erase, again: 'x' })).toBe('42501')
    expect(await put(staff.hand, 'people-erase', { person: staff.hand.person })).toBe('42501')
    expect(await put(neighbour, 'people-erase', erase)).toBe('done 1')
  })

  test('a job for somebody who never asked erases nobody', async () => {
    await server.superuser.query("insert into pgboss.job (name, data) values ('people-erase', $1)", [
      { person: neighbour.person },
    ])
    expect(await server.workJobs()).toContain('people-erase')
    expect(await server.one('select erased_at from person where id = $1', [neighbour.person])).toBeNull()
  })

  test('nobody forges a leaving, a notice, a link or what only the clock starts', async () => {
    const { id } = await file()
    expect(await put(staff.hand, 'bodies-leave', { tenure: staff.leader.tenure })).toBe('42501')
    expect(await put(staff.leader, 'bodies-leave', { tenure: staff.leader.tenure })).toBe('42501')
    const act = '019a0000-0000-7000-8000-000000000001'
    expect(await put(null, 'request.notice', { request: id, act, kind: 'request.answer' })).toBe('42501')
    expect(await put(null, 'request.link', { request: id })).toBe('42501')
    expect(await put(staff.leader, 'request.nightly-check', {})).toBe('42501')
    expect(await put(staff.leader, 'bodies-old-invitations', {})).toBe('42501')
  })
})

describe('"me too"', () => {
  const released = async () => {
    const filed = await file({ text: '楼道灯坏了' })
    expect((await post(`/r/${filed.link}/permit-publication`, {})).status).toBe(303)
    await does(staff.secretary, filed.id, 'publish', { title: '灯坏了', text: '楼道灯坏了。' })
    return server.one<number>('select number::int from request where id = $1', [filed.id])
  }
  const say = (number: number, fields: Record<string, string>, cookie?: string) =>
    post(`/raised/${number}`, fields, cookie)
  const post = (path: string, fields: Record<string, string>, cookie?: string) =>
    server.fetch(path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: 'http://127.0.0.1:3230',
        ...(cookie ? { cookie } : {}),
      },
      body: new URLSearchParams(fields),
    })
  const counted = (number: number) => server.one<number>('select me_too from publication where number = $1', [number])

  test('three a day from one address for one matter', async () => {
    const number = await released()
    const statuses = []
    for (let i = 0; i < 5; i += 1) statuses.push((await say(number, {})).status)
    expect(statuses).toEqual([303, 303, 303, 429, 429])
    expect(await counted(number)).toBe(3)
    expect((await say(await released(), {})).status).toBe(303)
  })

  test('once by whoever is signed in', async () => {
    const number = await released()
    for (const phone of ['13700000021', '13700000022'])
      expect((await say(number, { phone }, resident.cookie)).status).toBe(303)
    expect(await counted(number)).toBe(1)
    expect((await say(number, {}, neighbour.cookie)).status).toBe(303)
    expect(await counted(number)).toBe(2)
  })
})
