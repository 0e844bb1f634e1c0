import { describe, expect, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { acceptInvitation, firstAccount, takeInvitedPost } from '#organise/bodies/index.ts'
import { peopleEndpoints } from '#organise/people/people.api.ts'
import { settingsEndpoints } from '#organise/settings/settings.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { bodiesEndpoints as api } from './bodies.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { staff, bodies, places, resident } = organisation
const { file } = requestsOf(server, organisation)
const leader = staff.leader.cookie
const visitor = { address: '127.0.0.1', headers: {}, language: 'zh-CN' as const }
const password = '十二个字以上的一句示例密码'

describe('bodies over the wire', () => {
  test('a list by pages, a body with its posts, and what the reader may do', async () => {
    const first = await server.call(api.listBodies, { as: leader, query: { under: places.district.path, limit: 4 } })
    expect(first.body.bodies).toHaveLength(4)
    const rest = await server.call(api.listBodies, {
      as: leader,
      query: { under: places.district.path, limit: 200, after: first.body.next ?? '' },
    })
    const ids = [...first.body.bodies, ...rest.body.bodies].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).not.toContain(bodies.otherOffice)
    await server.database.owner.pool.query(`update place set name_en = 'Wuli' where id = $1`, [places.community.id])
    const one = await server.call(api.getBody, { as: leader, params: { id: bodies.committee } })
    expect(one.body).toMatchObject({
      placeName: '五里社区',
      placeNameEn: 'Wuli',
      can: ['edit', 'appoint'],
      posts: [{ title: '社区书记', holders: [{ seat: 1 }] }],
    })
    const outside = await server.call(api.getBody, { as: staff.stranger.cookie, params: { id: bodies.committee } })
    expect(outside.body.can).toEqual([])
    const before = await server.call(api.getBody, {
      as: leader,
      params: { id: bodies.committee },
      query: { on: '2020-01-01' },
    })
    expect(before.body.posts).toEqual([])
  })

  test.each([
    ['nobody', null, 401],
    ['a resident', resident.cookie, 403],
    ['a dispatcher without the duty', staff.dispatcher.cookie, 403],
    ['a leader of another district', staff.stranger.cookie, 403],
  ])('%s changes nothing', async (_, as, status) => {
    const { post, tenure, body } = staff.gridWorker
    const asked = [
      server.call(api.foundBody, { as, body: { place: places.community.id, kind: 'service_team', name: '示例队' } }),
      server.call(api.editBody, { as, params: { id: body }, body: { name: '改名' }, version: 1 }),
      server.call(api.dissolveBody, { as, params: { id: body }, body: { basis: '无' }, version: 1 }),
      server.call(api.addPost, { as, params: { id: body }, body: { title: '岗', duties: ['request.read'] } }),
      server.call(api.editPost, { as, params: { id: post }, body: { seats: 2 }, version: 1 }),
      server.call(api.abolishPost, { as, params: { id: post }, body: {}, version: 1 }),
      server.call(api.invite, { as, params: { id: post }, body: { name: '某', mail: 'a@example.org' } }),
      server.call(api.listInvitations, { as, params: { id: post } }),
      server.call(api.appoint, { as, params: { id: post }, body: { person: resident.person } }),
      server.call(api.endTenure, { as, params: { id: tenure }, body: {}, version: 1 }),
    ]
    for (const answer of await Promise.all(asked)) expect(answer.status, answer.text).toBe(status)
  })

  test('an edit says which version it saw, and a clash shows what stands there', async () => {
    const at = { as: leader, params: { id: bodies.lamps } }
    expect((await server.call(api.editBody, { ...at, body: { telephone: '0514-12345' } })).status).toBe(428)
    const done = await server.call(api.editBody, { ...at, body: { telephone: '0514-12345' }, version: 1 })
    expect(done.body).toMatchObject({ telephone: '0514-12345', version: 2 })
    const late = await server.call(api.editBody, { ...at, body: { telephone: '1' }, version: 1 })
    expect(late.status).toBe(412)
    expect(late.problem.current).toMatchObject({ telephone: '0514-12345', version: 2 })
    expect((await server.call(api.editBody, { ...at, body: { path: '32/' }, version: 2 })).status).toBe(400)
  })

  test('invited by mail, accepted with a password, signed in; the leaver is out at once', async () => {
    const post = await server.call(api.addPost, {
      as: leader,
      params: { id: bodies.office },
      body: { title: '接线员', duties: ['request.enter'], seats: 2, shown: true },
      key: 'one-post-and-no-more',
    })
    expect(post.status, post.text).toBe(201)
    const invited = await server.call(api.invite, {
      as: leader,
      params: { id: post.body.id },
      body: { name: '示例·新人', mail: 'newcomer@example.org' },
    })
    expect(invited.status, invited.text).toBe(201)
    expect(invited.body).toMatchObject({ link: null, invitation: { mail: 'n***@example.org' } })
    const letters = await server.kernel.outbox.listReadableMessages()
    const token =
      /\/invitation\/([\w-]{43})/.exec(letters.find(({ to }) => to === 'newcomer@example.org')?.text ?? '')?.[1] ?? ''
    expect(await acceptInvitation(server.kernel, token, { password: 'short', ...visitor })).toMatchObject({ ok: false })
    const accepted = await acceptInvitation(server.kernel, token, { password, ...visitor })
    if (!accepted.ok) throw new Error(accepted.key)
    const cookie = accepted.cookies.map((line) => line.split(';')[0]).join('; ')
    expect((await server.call(peopleEndpoints.readMe, { as: cookie })).body).toMatchObject({
      name: '示例·新人',
      mail: 'newcomer@example.org',
    })
    const shown = await server.call(api.listServing, { query: { path: places.subdistrict.path } })
    expect(JSON.stringify(shown.body)).toContain('示例·新人')
    const [holder] = (await server.call(api.getBody, { as: leader, params: { id: bodies.office } })).body.posts
      .filter(({ id }) => id === post.body.id)
      .flatMap(({ holders }) => holders)
    const ended = await server.call(api.endTenure, {
      as: leader,
      params: { id: holder?.tenure ?? '' },
      body: {},
      version: 1,
    })
    expect(ended.status, ended.text).toBe(200)
    expect((await server.call(peopleEndpoints.readMe, { as: cookie })).status).toBe(401)
    expect((await server.fetch('/api/me', { headers: { cookie } })).status).toBe(401)
  })

  /** An invitation to a post of two seats; the token of its link. */
  async function invitation(name: string, mail: string): Promise<string> {
    const post = await server.call(api.addPost, {
      as: leader,
      params: { id: bodies.office },
      body: { title: '窗口', duties: ['request.enter'], seats: 2 },
    })
    await server.call(api.invite, { as: leader, params: { id: post.body.id }, body: { name, mail } })
    const letters = await server.kernel.outbox.listReadableMessages()
    return /\/invitation\/([\w-]{43})/.exec(letters.find(({ to }) => to === mail)?.text ?? '')?.[1] ?? ''
  }
  const heldBy = (name: string) => server.one('select count(*)::int from tenure where holder_name = $1', [name])

  test('a double click accepts an invitation once, and both answers are the same', async () => {
    const mail = 'twice@example.org'
    const token = await invitation('示例·双击', mail)
    const press = (word: string) =>
      server.fetch(`/invitation/${token}`, {
        method: 'POST',
        headers: { Accept: 'text/html' },
        body: new URLSearchParams({ password: word, again: word }),
      })
    for (const answer of await Promise.all([press(password), press(password)])) {
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/desk/'])
      const cookie = answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ')
      expect((await server.call(peopleEndpoints.readMe, { as: cookie })).body).toMatchObject({ mail })
    }
    expect((await press(`${password}-other`)).status).toBe(410)
    expect(await heldBy('示例·双击')).toBe(1)
  })

  test('nor is one accepted twice by two processes, with a password or with the account one has', async () => {
    // A pool of its own is all that another process is to this one.
    const elsewhere = openDatabase(server.database.databaseUrl, { connections: 2 })
    const processes = [server.kernel, { ...server.kernel, database: elsewhere }]
    const token = await invitation('示例·两处', 'both@example.org')
    const word = { password, ...visitor }
    const answers = await Promise.all(processes.map((kernel) => acceptInvitation(kernel, token, word)))
    expect(answers).toMatchObject([{ ok: true }, { ok: true }])
    expect(await heldBy('示例·两处')).toBe(1)

    const second = await invitation('示例·又一处', 'again@example.org')
    const session = server.kernel.sessions.sessionToken({ cookie: staff.hand.cookie })
    const surroundings = { now: server.clock.now(), language: 'zh-CN' as const }
    const tenures = await Promise.all(
      processes.map(({ database }) =>
        enter(database, { session }, surroundings, (act) => takeInvitedPost(act, second)),
      ),
    )
    expect(new Set(tenures).size).toBe(1)
    expect(await heldBy('示例·又一处')).toBe(1)
    // Once more when all is done; to somebody else it is over.
    const once = (as: string) =>
      enter(elsewhere, { session: server.kernel.sessions.sessionToken({ cookie: as }) }, surroundings, (act) =>
        takeInvitedPost(act, second),
      )
    expect(await once(staff.hand.cookie)).toBe(tenures[0])
    await expect(once(staff.gridWorker.cookie)).rejects.toMatchObject({ status: 410 })
    await elsewhere.close()
  })

  test('a person who holds a post gets a further one, on its last day it ends', async () => {
    const found = await server.call(api.listHolders, { as: leader, query: { search: '网格员' } })
    expect(found.body.holders).toMatchObject([{ person: staff.gridWorker.person }])
    const { body: post } = await server.call(api.addPost, {
      as: leader,
      params: { id: bodies.committee },
      body: { title: '联络员', duties: ['request.enter'] },
    })
    const asked = { as: leader, params: { id: post.id } }
    const given = await server.call(api.appoint, { ...asked, body: { person: staff.gridWorker.person } })
    expect(given.status, given.text).toBe(201)
    const again = await server.call(api.appoint, { ...asked, body: { person: staff.hand.person } })
    expect(again.problem).toMatchObject({ status: 409, type: '/problems/post-full' })
    const [holder] = given.body.holders
    const lastDay = new Date(server.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)
    const ends = await server.call(api.endTenure, {
      as: leader,
      params: { id: holder?.tenure ?? '' },
      body: { lastDay },
      version: 1,
    })
    expect(ends.body.holders[0]?.until).not.toBeNull()
    expect(await server.one<string>("select count(*)::text from pgboss.job where name = 'bodies-leave'")).toBe('1')
  })

  test('the last person who may appoint is told so in a sentence', async () => {
    const { tenure } = staff.stranger
    const refused = await server.call(api.endTenure, {
      as: staff.stranger.cookie,
      params: { id: tenure },
      body: {},
      version: 1,
    })
    expect(refused.problem).toMatchObject({ status: 409, type: '/problems/last-appointer' })
    expect(refused.problem.detail).toContain('请先任命另一位')
  })

  test('the first account where somebody may appoint: refused', async () => {
    const doors = {
      owner: server.database.owner,
      encryption: server.kernel.encryption,
      publicUrl: 'http://127.0.0.1:3180',
      now: server.clock.now(),
    }
    await expect(firstAccount(doors, { placeCode: '321003', name: '甲', mail: 'a@example.org' })).rejects.toThrow(
      '已经有人',
    )
  })
})

describe('settings and my data over the wire', () => {
  test('a value, a category and an item of the library; others are refused', async () => {
    const { readValues, writeValue, categories, importCategories } = settingsEndpoints
    const write = { params: { name: 'call_back_share' }, body: { value: 0.2 }, version: 0 }
    expect((await server.call(writeValue, { ...write, as: staff.dispatcher.cookie })).status).toBe(403)
    const done = await server.call(writeValue, { ...write, as: leader })
    expect(done.body, done.text).toMatchObject({ name: 'call_back_share', value: 0.2, version: 1 })
    const low = await server.call(writeValue, { ...write, as: leader, body: { value: 0.05 }, version: 1 })
    expect(low.problem).toMatchObject({ status: 400, field: 'call_back_share' })
    const below = await server.call(readValues, { as: staff.dispatcher.cookie })
    expect(below.body).toMatchObject({ editable: false })
    expect(below.body.values.find(({ name }) => name === 'call_back_share')).toMatchObject({ value: 0.2, version: 0 })
    const taken = await server.call(importCategories, {
      as: leader,
      body: { csv: 'level1,level2,level3\n示例,示例,示例\n' },
    })
    expect(taken.body, taken.text).toMatchObject({ read: 1, added: 1 })
    expect((await server.call(categories.list, { as: resident.cookie })).status).toBe(403)
    expect((await server.call(categories.list, { as: leader })).body.items.length).toBeGreaterThan(0)
  })

  test('a resident sees, corrects and deletes; staff leave their post first', async () => {
    const { readMe, correctMe, readMyData, listMySessions, deleteMe } = peopleEndpoints
    const me = await server.call(readMe, { as: resident.cookie })
    const corrected = await server.call(correctMe, {
      as: resident.cookie,
      body: { name: '示例·改名' },
      version: me.body.version,
    })
    expect(corrected.body.name).toBe('示例·改名')
    const filed = await file({ phone: '13911112222', name: '示例·甲' }, resident)
    const held = await server.call(readMyData, { as: resident.cookie })
    expect(held.body.sections.map(({ room }) => room)).toEqual(expect.arrayContaining(['people', 'requests']))
    expect(held.text).toContain('+8613911112222')
    expect((await server.call(listMySessions, { as: resident.cookie })).body.sessions).toMatchObject([
      { current: true },
    ])
    const kept = await server.call(deleteMe, { as: staff.hand.cookie, body: { sure: true } })
    expect(kept.problem).toMatchObject({ status: 409, type: '/problems/hindered' })
    expect((await server.call(deleteMe, { as: resident.cookie, body: { sure: true } })).status).toBe(202)
    // The clock of the test stands still while that of the database goes on.
    server.clock.advance(600_000)
    expect(await server.workJobs()).toContain('people-erase')
    expect((await server.call(readMe, { as: resident.cookie })).status).toBe(401)
    expect(await server.one('select phone_encrypted from person where id = $1', [resident.person])).toBeNull()
    expect(await server.one('select reporter from request where id = $1', [filed.id])).toBeNull()
    const contact =
      'select coalesce(phone_encrypted, phone_index, name_encrypted) from request_contact where request = $1'
    expect(await server.one(contact, [filed.id])).toBeNull()
    expect(await server.one('select count(*)::integer from auth."user" where id = $1', [resident.user])).toBe(0)
  })
})
