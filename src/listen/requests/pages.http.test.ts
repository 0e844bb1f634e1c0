import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { formatNumber } from './number.ts'
import { fileRequest } from './requests.desk.api.ts'

// What a resident does by the pages, as a browser without script posts it: no account, a link, a token.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, read, row, sentTo, answered } = requestsOf(server, organisation)
const { staff, bodies, resident } = organisation
const { superuser } = server

const post = async (path: string, fields: Record<string, string> | [string, string][]) => {
  server.clock.advance(1_000)
  const answer = await server.fetch(path, {
    method: 'POST',
    headers: { Origin: server.address, Accept: 'text/html' },
    body: new URLSearchParams(fields),
  })
  return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() }
}
const get = async (path: string) => (await server.fetch(path, { headers: { Accept: 'text/html' } })).text()

describe('by link and token alone', () => {
  test('followed, added to, corrected, answered, judged "not", reopened by one tap, answered, solved', async () => {
    const filed = await file({ phone: '13911112222' })
    const mine = `/r/${filed.link}`
    expect(await get(mine)).toContain(filed.number)
    expect((await post(`${mine}/add`, { text: '还有一盏也不亮' })).status).toBe(303)
    expect((await post(`${mine}/correct`, { title: '三单元的灯', text: '是三单元的灯不亮', spot: '' })).status).toBe(
      303,
    )
    expect(await row(filed.id)).toMatchObject({ body: '是三单元的灯不亮' })
    await answered(filed, '灯泡已换。')
    // The place to judge is made by a job: before that the page says so, and leads nowhere that is not there.
    const before = await get(mine)
    expect(before).toContain('灯泡已换。')
    expect(before).toContain('评价的地方正在准备')
    expect(before).not.toContain('action="/j/')
    const token = (await sentTo('13911112222'))?.token as string
    expect(await get(mine)).toContain(`action="/j/${token}"`)
    expect(await get(`/j/${token}`)).toContain('灯泡已换。')
    // Nothing is preselected, and nothing is taken for said.
    expect((await post(`/j/${token}`, { verdict: '' })).status).toBe(422)
    expect((await post(`/j/${token}`, { verdict: 'not', satisfaction: '1', words: '还是黑的' })).status).toBe(303)
    expect(await row(filed.id)).toMatchObject({ state: 'closed', result: 'unsolved' })
    expect((await post(`/j/${token}/reopen`, {})).status).toBe(303)
    expect(await row(filed.id)).toMatchObject({ state: 'accepted', holder: bodies.office })
    expect((await post(`/j/${token}`, { verdict: 'solved' })).status).toBe(422)
    await does(staff.dispatcher, filed.id, 'dispatch', { body: bodies.lamps })
    await does(staff.lampKeeper, filed.id, 'acknowledge')
    await does(staff.lampKeeper, filed.id, 'answer', { text: '线路已修。' })
    const again = (await sentTo('13911112222'))?.token as string
    expect((await post(`/j/${again}`, { verdict: 'solved', satisfaction: '5' })).status).toBe(303)
    expect(await row(filed.id)).toMatchObject({ state: 'closed', result: 'solved' })
    // What is told internally never comes to the page.
    await does(staff.dispatcher, filed.id, 'note', { text: '内部说的话' })
    expect(await get(mine)).not.toContain('内部说的话')
  })

  test('a token that is not of this world, and a link where a token belongs, judge nothing', async () => {
    const filed = await file({ phone: '13911113333' })
    await answered(filed)
    for (const token of ['x'.repeat(22), filed.link])
      expect((await post(`/j/${token}`, { verdict: 'solved' })).status).toBe(404)
    expect(await row(filed.id)).toMatchObject({ state: 'answered' })
  })

  test('withdrawn; a complaint about handling is a request of its own', async () => {
    const filed = await file({ phone: '13911112233' })
    await answered(filed)
    const complained = await post(`/r/${filed.link}/complain`, [
      ['text', '推来推去'],
      ['faults', 'passing_on'],
    ])
    expect(complained.status, complained.html.slice(0, 400)).toBe(303)
    const made = await server.one<string>('select id from request where about_request = $1', [filed.id])
    expect(await row(made)).toMatchObject({ holder: bodies.office })
    // It is answered to whoever told of the matter, says what it is about and what was ticked; the matter says so to its reporter alone.
    const receipt = await get(complained.location ?? '')
    expect(receipt).toContain(filed.number)
    expect(receipt).toContain('推来推去')
    expect(receipt).toContain('139****2233')
    const complaint = await get((complained.location ?? '').replace('/receipt', ''))
    expect(complaint).toMatch(/对哪件事的办理有意见[\s\S]*您选的/)
    expect(complaint).toContain(filed.number)
    const number = formatNumber(Number(await server.one('select number from request where id = $1', [made])))
    expect(await get(`/r/${filed.link}`)).toContain(number)
    for (const who of [staff.secretary, staff.manager]) {
      expect((await read(who, filed.id)).text).not.toContain(number)
      expect((await server.fetch(`/my/requests/${filed.id}`, { headers: { Cookie: who.cookie } })).status).toBe(404)
    }
    await superuser.query("update access.token set handed_by = $2 where record = $1 and kind = 'follow'", [
      filed.id,
      staff.secretary.tenure,
    ])
    expect(await get(`/r/${filed.link}`)).not.toContain(number)
    const other = await file()
    expect((await post(`/r/${other.link}/withdraw`, { reason: '自己修好了' })).status).toBe(303)
    expect(await row(other.id)).toMatchObject({ state: 'closed', result: 'withdrawn' })
  })

  test('published with consent; "me too" once for each phone; the contact is nowhere to be seen', async () => {
    const filed = await file({ text: '楼道灯坏了', phone: '13911114444' })
    expect((await post(`/r/${filed.link}/permit-publication`, {})).status).toBe(303)
    await does(staff.secretary, filed.id, 'publish', { title: '楼道灯坏了', text: '楼道灯坏了。' })
    const number = await server.one<number>('select number::int from request where id = $1', [filed.id])
    for (let i = 0; i < 2; i += 1)
      expect((await post(`/raised/${number}`, { phone: '13700000009', words: '我家也是' })).status).toBe(303)
    expect(await server.one('select me_too from publication where request = $1', [filed.id])).toBe(1)
    // Without a number one browser counts once, neighbours behind the same address each; whoever was noted is not asked again.
    const press = async (fields: Record<string, string>, cookie = '') => {
      server.clock.advance(1_000)
      return server.fetch(`/raised/${number}`, {
        method: 'POST',
        headers: { Origin: server.address, Accept: 'text/html', ...(cookie ? { Cookie: cookie } : {}) },
        body: new URLSearchParams(fields),
      })
    }
    const first = await press({})
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toContain(`Path=/raised/${number};`)
    expect((await press({}, cookie.split(';')[0])).status).toBe(422)
    for (let i = 0; i < 4; i += 1) expect((await press({})).status).toBe(303)
    expect(await server.one('select me_too from publication where request = $1', [filed.id])).toBe(6)
    expect(await get(`/raised/${number}?done=1`)).not.toContain('name="words"')
    expect(await get(`/raised/${number}`)).toContain('name="words"')
    // A message is promised, so a number that takes none is said to be so.
    for (const phone of ['12345', '0514-87654321']) {
      const refused = await press({ phone })
      expect(refused.status).toBe(422)
      expect(await refused.text()).toContain('收不到短信')
    }
    // What is for everyone says nothing of what the resident thinks of the answer.
    await answered(filed, '灯泡已换。')
    const token = (await sentTo('13911114444'))?.token as string
    expect((await post(`/j/${token}`, { verdict: 'not' })).status).toBe(303)
    expect(
      await server.one("select state || coalesce(result, '') from publication where request = $1", [filed.id]),
    ).toBe('closed')
    const html = await get(`/raised/${number}`)
    expect(html).toContain('楼道灯坏了')
    expect(html).not.toMatch(/13700000009|13911114444|我家也是/)
    expect((await post(`/r/${filed.link}/forbid-publication`, {})).status).toBe(303)
    expect((await server.fetch(`/raised/${number}`)).status).toBe(404)
  })
})

test('the pages of one’s own are for one’s own: staff who reach a request do nothing to it there', async () => {
  const filed = await file()
  const as = async (path: string, fields: Record<string, string>) => {
    const answer = await server.fetch(`/my/requests/${filed.id}/${path}`, {
      method: 'POST',
      headers: { Origin: server.address, Accept: 'text/html', Cookie: staff.dispatcher.cookie },
      body: new URLSearchParams(fields),
    })
    return answer.status
  }
  expect(await as('correct', { title: '别的', text: '别的话' })).toBe(404)
  expect(await as('complain', { text: '不是我的' })).toBe(404)
  expect(await as('withdraw', { reason: '不办了' })).toBe(404)
  expect(await row(filed.id)).toMatchObject({ state: 'received', version: 1 })
})

describe('whoever signed in and left no number', () => {
  test('is told by the number they signed in with, and page and receipt say so', async () => {
    const filed = await file({}, resident)
    for (const path of ['', '/receipt']) expect(await get(`/r/${filed.link}${path}`)).toContain('138****0001')
    expect((await read(staff.secretary, filed.id)).text).toContain('138****0001')
    await answered(filed)
    expect((await sentTo('13800000001'))?.token).toBeTruthy()
  })
  test('unless they wish to be anonymous, or left another', async () => {
    const unknown = await file({ anonymous: true }, resident)
    expect(await get(`/r/${unknown.link}`)).not.toContain('138****0001')
    expect(await server.one('select count(*)::int from request_contact where request = $1', [unknown.id])).toBe(0)
    const other = await file({ phone: '13911117777' }, resident)
    expect(await get(`/r/${other.link}`)).toContain('139****7777')
  })
})

describe('what changes nothing', () => {
  test('a correction without a change is not recorded; what was withdrawn is not withdrawn again, nor shown to all', async () => {
    const filed = await file()
    const { title, body, version } = await row(filed.id)
    const same = await post(`/r/${filed.link}/correct`, { title: String(title), text: `${body}\r\n`, spot: '' })
    expect(same.location).toBe(`/r/${filed.link}?done=unchanged`)
    expect(await get(same.location ?? '')).toContain('没有改动')
    expect(await row(filed.id)).toMatchObject({ version })
    await answered(filed, '灯泡已换。')
    expect((await post(`/r/${filed.link}/withdraw`, {})).location).toContain('done=withdraw')
    const again = await post(`/r/${filed.link}/withdraw`, {})
    expect(again.location).toBe(`/r/${filed.link}?done=withdrawn-already`)
    const page = await get(again.location ?? '')
    expect(page).toContain('已经撤回过了')
    expect(page).not.toMatch(/permit-publication|没有解决？请上一级重新办/)
  })

  test('a service line is refused where an answer is promised; a landline is kept, and called', async () => {
    const places = organisation.places
    const refused = await server.call(fileRequest, {
      body: { channel: 'web', text: '灯不亮', anonymous: false, place: places.community.id, phone: '12345' },
    })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('服务热线')
    const landline = await file({ phone: '0514-87654321' })
    expect(await get(`/r/${landline.link}`)).toContain('收不到短信')
  })
})

describe('what is for this machine alone', () => {
  const asked = (headers: Record<string, string>, method = 'GET', path = '/demonstration/messages') =>
    new Promise<number>((resolve, reject) => {
      const going = request(`${server.address}${path}`, { method, headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      going.on('error', reject)
      going.end()
    })
  test.each([
    ['this machine', {}, 200],
    ['a name that was made to mean this machine', { Host: 'elsewhere.example' }, 404],
    ['through a proxy', { 'X-Forwarded-For': '203.0.113.7' }, 404],
    ['through another proxy', { Forwarded: 'for=203.0.113.7' }, 404],
  ] as [string, Record<string, string>, number][])('messages of a demonstration: %s', async (_who, headers, status) => {
    expect(await asked(headers)).toBe(status)
  })
  test('a page under such a name does nothing in a visitor’s name', async () => {
    const headers = { Host: 'elsewhere.example:3000', Origin: 'http://elsewhere.example:3000' }
    expect(await asked(headers, 'POST', '/sign-out')).toBe(403)
  })
})

describe('at once', () => {
  test('two requests merged into each other: one of them stays open', async () => {
    const one = await file()
    const two = await file()
    const both = await Promise.all([
      ask(staff.secretary, one.id, 'merge', { into: two.id, reason: '同一件事' }),
      ask(staff.dispatcher, two.id, 'merge', { into: one.id, reason: '同一件事' }),
    ])
    // Only the later one can go into the earlier.
    expect(both[1]?.status).toBe(200)
    expect([409, 422]).toContain(both[0]?.status)
    const states = [(await row(one.id)).state, (await row(two.id)).state]
    expect(states.sort()).toEqual(['closed', 'received'])
  })

  test('a token used twice at once judges once', async () => {
    const filed = await file({ phone: '13911115555' })
    await answered(filed)
    const token = (await sentTo('13911115555'))?.token as string
    const all = await Promise.all(['solved', 'not', 'partly'].map((verdict) => post(`/j/${token}`, { verdict })))
    expect(all.map((each) => each.status).sort()).toEqual([303, 422, 422])
    expect(await server.one('select count(*)::int from judgement where request = $1', [filed.id])).toBe(1)
  })

  test('a resident who adds while staff are at it is not sent away', async () => {
    const filed = await file()
    const [noted, added] = await Promise.all([
      ask(staff.secretary, filed.id, 'note', { text: '甲' }),
      post(`/r/${filed.link}/add`, { text: '补充一句' }),
    ])
    expect([200, 409]).toContain(noted.status)
    expect(added.status).toBe(303)
  })
})
