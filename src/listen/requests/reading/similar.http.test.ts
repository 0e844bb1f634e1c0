import { expect, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { firstIdOf } from '#kernel/database/identifiers.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type Staff } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { findAlike, findSimilar } from '../requests.desk.api.ts'

// Open requests that may be about the same: found by words, place and time, shown with reasons, and never past what the reader may read.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { staff, bodies, places, category } = organisation
const { file, does } = requestsOf(server, organisation)
const day = 24 * 3_600_000

const similar = async (id: string, as: Staff = staff.secretary) => {
  const answer = await server.call(findSimilar, { as: as.cookie, params: { id } })
  expect(answer.status, answer.text).toBe(200)
  return answer.body.items
}
const ids = async (id: string, as?: Staff) => (await similar(id, as)).map((each) => each.id)

test('what is alike is shown with its score and its reasons, the most alike first', async () => {
  const one = await file({ text: '3号楼南门台阶断了一块，老人踩空两次了', category, longitude: 119.4, latitude: 32.4 })
  const same = await file({ text: '3栋南门口的台阶断了，老人踩空', category, longitude: 119.4001, latitude: 32.4 })
  const near = await file({ text: '三号楼南门的台阶断了一块', place: places.grid.id, category })
  const other = await file({ text: '5号楼北门台阶断了一块，老人踩空两次了', category })
  await file({ text: '物业费收了不开发票' })
  const [first, second, ...rest] = await similar(one.id)
  expect([first?.id, second?.id].toSorted()).toEqual([same.id, near.id].toSorted())
  expect(rest).toEqual([])
  expect(await ids(one.id)).not.toContain(other.id)
  const reasons = [first, second].find((each) => each?.id === same.id)
  expect(reasons).toMatchObject({ nearness: 'community', metres: 9, days: 0, sameCategory: true, state: 'received' })
  expect(reasons?.number).toBe(same.number)
  expect(reasons?.words).toContain('台阶')
  expect(first?.score).toBeGreaterThanOrEqual(second?.score ?? 1)
  expect(first?.score).toBeLessThanOrEqual(1)
})

test('what is being taken down is weighed as a matter that stands: by words, place, time and category', async () => {
  const told = { text: '7号楼北门路边的井盖松了，车一压就响', place: places.community.id, category }
  const stands = await file({ ...told, longitude: 119.41, latitude: 32.4 })
  // As many words in common, and another building; the same words in another community.
  const otherBuilding = await file({ ...told, text: '9号楼北门路边的井盖松了，车一压就响' })
  const ask = async (more: object, as: Staff = staff.dispatcher) => {
    const answer = await server.call(findAlike, { as: as.cookie, body: { ...told, ...more } })
    expect(answer.status, answer.text).toBe(200)
    return answer.body.items
  }
  const [found, ...rest] = await ask({ longitude: 119.4101, latitude: 32.4 })
  expect(rest.map(({ id }) => id)).not.toContain(otherBuilding.id)
  expect(found).toMatchObject({ id: stands.id, nearness: 'community', metres: 9, days: 0, sameCategory: true })
  expect(found?.words).toContain('井盖')
  // Once it stands, it is like the other by as much.
  const same = await file({ ...told, longitude: 119.4101, latitude: 32.4 })
  const beside = (await similar(same.id, staff.dispatcher)).find(({ id }) => id === stands.id)
  expect(beside?.score).toBe(found?.score)
  // Without a word in common nothing is; what the reader may not read is not told of.
  expect(await ask({ text: '楼道里堆着杂物' })).toEqual([])
  expect(await ask({}, staff.stranger)).toEqual([])
  const nowhere = { place: '019a0000-0000-7000-8000-000000000009', text: '井盖松了' }
  expect((await server.call(findAlike, { as: staff.dispatcher.cookie, body: nowhere })).status).toBe(422)
})

test('a building is one however it is written, and what is said of everything is neither found by nor told as a reason', async () => {
  const written = ['西苑2栋', '西苑 2 栋', '西苑二栋', '2＃楼', '二号楼'].map((building) =>
    file({ text: `${building}下水道堵了，污水都流到路上，一个月了一直没有人来，请尽快处理`, category }),
  )
  const [one, ...same] = await Promise.all(written)
  const other = await file({ text: '西苑5栋下水道堵了，污水都流到路上，一个月了一直没有人来，请尽快处理', category })
  const empty = await file({ text: '秋千的链子断了，一个月了一直没有人来，请尽快处理', category })
  const found = await similar(one?.id ?? '', staff.dispatcher)
  expect(found.map(({ id }) => id).toSorted()).toEqual(same.map(({ id }) => id).toSorted())
  for (const each of found) {
    expect(each.named).toEqual({ kind: 'building', number: '2' })
    expect(each.words).toContain('下水道')
    expect(each.words.join()).not.toMatch(/月|没有|尽快|处理/)
  }
  expect(await ids(other.id)).toEqual([])
  expect(await ids(empty.id)).toEqual([])
})

test('what many around say is not rare, and of what the reader may not read nothing is counted', async () => {
  const asked = (as: Staff) => {
    const session = server.kernel.sessions.sessionToken({ cookie: as.cookie })
    return enter(server.kernel.database, { session }, { now: server.clock.now(), language: 'zh-CN' }, async (act) => {
      const { rows } = await act.client.query<{ word: string }>(
        "select word from request_words_nearby(array['桂花'], $1, $2)",
        [[places.subdistrict.path], firstIdOf(0)],
      )
      return rows.map(({ word }) => word)
    })
  }
  for (let each = 0; each < 3; each += 1) await file({ text: '桂花落了一地', place: places.besideCommunity.id })
  expect(await asked(staff.dispatcher)).toEqual(['桂花'])
  expect(await asked(staff.secretary)).toEqual([])
})

test('for ninety days, as long as it is open, in the same subdistrict', async () => {
  const text = '荷花池水泵夜里轰鸣，睡不着觉。'
  // In another community the words alone do not suffice: the category is the same too.
  const at = async (place: string) => file({ text, place, category })
  const [one, two] = [await at(places.community.id), await at(places.community.id)]
  const [beside, away] = [await at(places.besideCommunity.id), await file({ text, place: places.otherCommunity.id })]
  expect(await ids(two.id)).toContain(one.id)
  expect(await ids(two.id, staff.dispatcher)).toEqual(expect.arrayContaining([one.id, beside.id]))
  expect(await ids(two.id, staff.leader)).not.toContain(away.id)
  const age = (days: number) =>
    server.superuser.query('update request set filed_at = $2 where id = $1', [
      one.id,
      new Date(server.clock.now().getTime() - days * day),
    ])
  await age(91)
  expect(await ids(two.id)).not.toContain(one.id)
  await age(1)
  expect(await ids(two.id)).toContain(one.id)
  expect(await ids(one.id)).toContain(two.id)
  await does(staff.secretary, two.id, 'merge', { into: one.id, reason: '同一件事' })
  expect(await ids(one.id)).not.toContain(two.id)
})

test('what the reader may not read is not shown, nor counted among those shown', async () => {
  const text = '楼后面的健身器材断了，跑步机割手。'
  const one = await file({ text, category })
  const beside = await file({ text, place: places.besideCommunity.id, category })
  const kept = await file({ text })
  await server.superuser.query('update request set excluded_people = array[$2::uuid] where id = $1', [
    kept.id,
    staff.secretary.person,
  ])
  const walled = await file({ text })
  await server.superuser.query('update request set excluded_bodies = array[$2::uuid] where id = $1', [
    walled.id,
    bodies.committee,
  ])
  // The secretary reads the community alone, and neither what is kept from the person nor from the body.
  expect(await ids(one.id, staff.secretary)).toEqual([])
  expect((await ids(one.id, staff.dispatcher)).toSorted()).toEqual([beside.id, kept.id, walled.id].toSorted())
  expect((await ids(one.id, staff.supervisor)).toSorted()).toEqual([beside.id, kept.id, walled.id].toSorted())
  // A unit reads what it has a part in, and among what is alike nothing else.
  await does(staff.secretary, one.id, 'accept')
  await does(staff.secretary, one.id, 'dispatch', { body: bodies.property })
  expect(await ids(one.id, staff.manager)).toEqual([])
  const second = await file({ text })
  await does(staff.secretary, second.id, 'accept')
  await does(staff.secretary, second.id, 'dispatch', { body: bodies.property })
  expect(await ids(one.id, staff.manager)).toEqual([second.id])
  for (const [who, status] of [
    [staff.stranger, 404],
    [staff.besideSecretary, 404],
    [organisation.resident, 403],
    [null, 401],
  ] as const)
    expect((await server.call(findSimilar, { as: who?.cookie ?? null, params: { id: one.id } })).status).toBe(status)
  // Asked past the page, the function that finds them holds the same walls.
  const asked = await server.call(findSimilar, { as: staff.secretary.cookie, params: { id: kept.id } })
  expect(asked.status).toBe(404)
})

test('a word that few hold is not told of, whoever asks the database', async () => {
  await server.superuser.query('analyze request')
  const { rows } = await server.superuser.query<{ word: string }>(
    "select word from request_word_shares(array['荷花', '跑步'])",
  )
  expect(rows).toEqual([])
  for (let each = 0; each < 12; each += 1) await file({ text: `荷花开了，第${each}封信。` })
  await server.superuser.query('analyze request')
  const counted = await server.superuser.query<{ word: string }>(
    "select word from request_word_shares(array['荷花', '跑步'])",
  )
  expect(counted.rows.map(({ word }) => word)).toEqual(['荷花'])
})

test('what is found costs what is open nearby, not what is closed or elsewhere', async () => {
  const superuser = server.superuser
  const columns =
    'id, number, place, filed_path, path, level_path, channel, title, body, first_receiver, holder, responsible'
  await superuser.query('set session_replication_role = replica')
  await superuser.query(
    `insert into request (${columns}, state, result, words)
       select uuidv7(), nextval('request_number'), $1, p, p, p, 'web', 't', 'b', $2, $2, $2,
         case when n % 20 = 0 then 'received' else 'closed' end, case when n % 20 = 0 then null else 'unconfirmed' end, '''路灯'''::tsvector
       from generate_series(1, 20000) n, lateral (select '41/01/' || lpad((n % 40)::text, 2, '0') || '/001/001/' as p)`,
    [places.community.id, bodies.committee],
  )
  await superuser.query('set session_replication_role = origin')
  await superuser.query('vacuum analyze request')
  const { rows } = await superuser.query<{ 'QUERY PLAN': string }>(`
    explain select newest.id from unnest(array['41/01/07/001/001/', '41/01/07/001/']) around (low) cross join lateral (
      with here as materialized (
        select r.id from public.request r
        where r.state <> 'closed' and r.path >= low collate "C" and r.path < (low || '~') collate "C" and r.id >= '${firstIdOf(0)}')
      select here.id from here order by here.id desc limit 200) newest`)
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toMatch(/Index.*Scan using request_(path_due|open\w*)/)
  expect(plan).not.toContain('Seq Scan on request')
})
