import { expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type Staff } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { findUsual } from '../requests.desk.api.ts'

// Who usually does this: from what is closed of the same category, here or in the next wider place.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { staff, bodies, places, category } = organisation
const { file, does } = requestsOf(server, organisation)
const { superuser } = server

const usual = async (id: string, as: Staff = staff.secretary) => {
  const answer = await server.call(findUsual, { as: as.cookie, params: { id } })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

/** Closed requests as a unit left them, some of them judged in an earlier month. */
async function past(unit: string, count: number, path: string, verdicts: readonly string[] = []) {
  await superuser.query('set session_replication_role = replica')
  for (let each = 0; each < count; each += 1) {
    const [id, part, answer] = [newId(), newId(), newId()]
    await superuser.query(
      `insert into request (id, number, place, filed_path, path, level_path, channel, title, body, first_receiver, holder, responsible, category,
         state, result, answered_at, closed_at, judged)
       values ($1, nextval('request_number'), $2, $3, $3, $3, 'web', 't', 'b', $4, $4, $4, $5, 'closed', 'unconfirmed', now(), now(), $6)`,
      [id, places.community.id, path, bodies.committee, category, verdicts[each] !== undefined],
    )
    await superuser.query(
      `insert into request_part (id, request, body, role, state, dispatched_at, answered_at) values ($1, $2, $3, 'lead', 'answered', now(), now())`,
      [part, id, unit],
    )
    if (verdicts[each])
      await superuser.query(
        `insert into judgement (request, answer, path, handler_bodies, solved, given_by, month)
         values ($1, $2, $3, array[$4::uuid], $5, 'link', '2020-01-01')`,
        [id, answer, path, unit, verdicts[each]],
      )
  }
  await superuser.query('set session_replication_role = origin')
}

test('those who answered most in the narrowest place that has enough', async () => {
  const { id } = await file({ category })
  await does(staff.secretary, id, 'accept')
  expect(await usual(id)).toEqual({ within: null, units: [] })

  // Few in the community: the subdistrict is asked.
  await past(bodies.property, 2, places.community.path)
  await past(bodies.lamps, 4, places.besideCommunity.path)
  expect(await usual(id)).toMatchObject({
    within: 'subdistrict',
    units: [
      { id: bodies.lamps, name: '路灯管理所', answered: 4 },
      { id: bodies.property, name: '五里物业', answered: 2 },
    ],
  })
  // Nothing of another category, nor of what is still open.
  const other = await file()
  await does(staff.secretary, other.id, 'accept')
  expect((await usual(other.id)).units).toEqual([])

  await past(bodies.property, 6, places.community.path, ['solved', 'solved', 'not', 'solved', 'partly', 'solved'])
  expect(await usual(id)).toEqual({
    within: 'community',
    units: [{ id: bodies.property, name: '五里物业', answered: 8 }],
  })
})

test('what residents said is not told: neither of many nor of few, and it changes no order', async () => {
  const { id } = await file({ category })
  await past(bodies.otherProperty, 12, places.community.path, ['solved', 'not', 'solved', 'not'])
  await past(
    bodies.group,
    7,
    places.community.path,
    Array.from({ length: 6 }, () => 'solved'),
  )
  expect(await usual(id)).toEqual({
    within: 'community',
    units: [
      { id: bodies.otherProperty, name: expect.any(String), answered: 12 },
      { id: bodies.property, name: '五里物业', answered: 8 },
      { id: bodies.group, name: expect.any(String), answered: 7 },
    ],
  })
  // Nor does the function itself answer it, to whoever asks the database.
  const told = await server.one<string>(
    "select pg_get_function_result(oid) from pg_proc where proname = 'request_usual'",
  )
  expect(told).toBe('TABLE(body uuid, answered integer)')
})

test('whoever is concerned, excluded, dissolved, elsewhere or has it already is not proposed', async () => {
  const { id } = await file({ category })
  const proposed = async () => (await usual(id, staff.dispatcher)).units.map((unit) => unit.id)
  await past(bodies.besideCommittee, 20, places.community.path)
  expect(await proposed()).toContain(bodies.property)
  expect(await proposed()).not.toContain(bodies.besideCommittee)
  const set = (column: string, value: unknown) =>
    superuser.query(`update request set ${column} = $2 where id = $1`, [id, value])
  await set('excluded_bodies', [bodies.property])
  expect(await proposed()).not.toContain(bodies.property)
  await set('excluded_bodies', [])
  await set('excluded_people', [staff.manager.person])
  expect(await proposed()).not.toContain(bodies.property)
  await set('excluded_people', [])
  await superuser.query('update body set dissolved_at = now() where id = $1', [bodies.otherProperty])
  expect(await proposed()).not.toContain(bodies.otherProperty)
  await does(staff.dispatcher, id, 'accept')
  await does(staff.dispatcher, id, 'dispatch', { body: bodies.property })
  expect(await proposed()).not.toContain(bodies.property)
})

test('only for whoever dispatches there', async () => {
  const { id } = await file({ category })
  for (const [who, status] of [
    [staff.secretary, 200],
    [staff.dispatcher, 200],
    [staff.districtDispatcher, 200],
    [staff.supervisor, 403],
    [staff.leader, 403],
    [staff.manager, 404],
    [staff.stranger, 404],
    [organisation.resident, 403],
    [null, 401],
  ] as const)
    expect((await server.call(findUsual, { as: who?.cookie ?? null, params: { id } })).status).toBe(status)
})
