import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

// What a resident reads, types and is promised on the page of their own matter.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, answered, read, sentTo, does } = requestsOf(server, organisation)
const { staff, bodies } = organisation
const html = { Accept: 'text/html' }
const visitor = visitorOf(server)
const english = (page: string) =>
  server.fetch(page, { headers: { ...html, 'Accept-Language': 'en' } }).then((answer) => answer.text())
const post = (url: string, fields: Record<string, string>) => {
  server.clock.advance(1_000)
  return server.fetch(url, { method: 'POST', headers: html, body: new URLSearchParams(fields) })
}

test('the line of the closing says what its reporter said of the answer, to nobody else', async () => {
  const filed = await file({ phone: '13911113001' })
  await answered(filed)
  const token = (await sentTo('13911113001'))?.token
  const back = `/r/${filed.link}`
  const judged = await post(`/j/${token}`, { verdict: 'not', back })
  // Back to the page that it was judged on, which says thanks.
  expect(judged.headers.get('location')).toBe(`${back}?done=judge`)
  expect(await visitor.page(`${back}?done=judge`)).toContain('谢谢，已交给监督委员会')
  expect(await visitor.page(back)).toContain('<strong>办结（您说没有解决）</strong>')
  expect(await english(back)).toContain('<strong>Closed (you said it is not solved)</strong>')
  // What they can do next stands beneath the line, with until when, and leads to it.
  expect(await visitor.page(back)).toMatch(/<a href="#reopen">没有解决，就可以请上一级重新办，最晚到\S+[\s\S]*?<\/a>/)
  expect(await english(back)).toMatch(/<a href="#reopen">If it is not solved[^<]* until [^<]+<\/a>/)
  expect((await visitor.page(back)).match(/id="reopen"/g)).toHaveLength(1)
  const seen = await read(staff.manager, filed.id)
  expect(JSON.stringify(seen.body)).not.toMatch(/unsolved|没有解决/)
})

test('whoever judged by the link of a message is led on to the matter', async () => {
  const filed = await file({ phone: '13911113002' })
  await answered(filed)
  const token = (await sentTo('13911113002'))?.token
  const away = await post(`/j/${token}`, { verdict: 'solved', back: '//elsewhere.example/r/x' })
  expect(away.headers.get('location')).toBe(`/j/${token}?done=judge`)
  expect(await visitor.page(`/j/${token}`)).toMatch(/<a href="\/follow">看这件事的进度/)
})

test('what is far too long comes back whole and counted, in the form of telling too', async () => {
  const filed = await file()
  const novel = '字'.repeat(26_000)
  const shown = await visitor.page(`/r/${filed.link}/add`)
  const form = /name="form" value="([^"]+)"/.exec(shown)?.[1] ?? ''
  const body = new FormData()
  for (const [name, value] of Object.entries({ form, text: novel })) body.append(name, value)
  const sent = await visitor.fetch(`/r/${filed.link}/add`, { method: 'POST', body, headers: html })
  const page = await visitor.page(sent.headers.get('location') ?? '')
  expect(page).toContain('26000')
  expect(page).toContain(novel)
  const telling = new FormData()
  for (const [name, value] of Object.entries({ form: await visitor.form(), page: 'all', text: '字'.repeat(60_000) }))
    telling.append(name, value)
  const told = await visitor.fetch('/tell', { method: 'POST', body: telling, headers: html })
  const back = await visitor.page(told.headers.get('location') ?? '')
  expect(back).toContain('60000')
  expect(back).toContain('字'.repeat(60_000))
})

test('the receipt promises a lost link to a mobile alone', async () => {
  const mobile = await file({ phone: '13911113003' })
  const landline = await file({ phone: '051487651234' })
  expect(await visitor.page(`/r/${mobile.link}/receipt`)).toContain('丢了可以用您留的电话找回')
  const called = await visitor.page(`/r/${landline.link}/receipt`)
  expect(called).not.toContain('找回。')
  expect(called).toContain('您留的电话收不到短信')
  expect(await english(`/r/${landline.link}/receipt`)).toContain('takes no messages, so a lost link cannot be sent')
})

test('a number that was not finished, and none at all, are called what they are', async () => {
  const filed = await file()
  const wrong = async (phone: string, language = 'zh-CN') => {
    const answer = await server.fetch(`/r/${filed.link}/phone`, {
      method: 'POST',
      headers: { ...html, 'Accept-Language': language },
      body: new URLSearchParams({ phone }),
    })
    expect(answer.status).toBe(422)
    return answer.text()
  }
  expect(await wrong('139')).toContain('这个电话号码好像不对，请再检查一下')
  expect(await wrong('12345')).toContain('这是服务热线')
  expect(await wrong('')).toContain('请写上新的电话号码')
  for (const typed of ['139', '12345', '']) {
    expect(await wrong(typed)).not.toMatch(/也可以不留|这里还空着/)
    expect(await wrong(typed, 'en')).not.toMatch(/leave it empty|or none|write something/)
  }
})

test('one that was merged may be asked for by itself, after what becomes of it, in the words of the button', async () => {
  const target = await file()
  const mine = await file()
  await does(staff.secretary, mine.id, 'merge', { into: target.id, reason: '同一盏灯' })
  await answered(target)
  await server.workJobs()
  const page = await visitor.page(`/r/${mine.link}`)
  const places = ['灯泡已换', '不是同一回事？请上一级单独办', '>请单独办<'].map((words) => page.indexOf(words))
  expect(places).not.toContain(-1)
  expect([...places].sort((one, other) => one - other)).toEqual(places)
  expect(page).not.toContain('>请重新办<')
})

test("moving a visit does not put the other side's note into the reporter's mouth", async () => {
  const filed = await file()
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'dispatch', { body: organisation.bodies.property })
  await does(staff.manager, filed.id, 'acknowledge')
  const from = new Date(server.clock.now().getTime() + 2 * 86_400_000)
  from.setUTCHours(2, 0, 0, 0)
  const until = new Date(from.getTime() + 3_600_000)
  await does(staff.manager, filed.id, 'arrange-visit', {
    from: from.toISOString(),
    until: until.toISOString(),
    note: '我们带梯子来',
  })
  const shown = await visitor.page(`/r/${filed.link}`)
  expect(shown).toContain('我们带梯子来')
  expect(shown).toMatch(/class="unprinted"><a href="[^"]+\/visit"/)
  expect(await visitor.page(`/r/${filed.link}/visit`)).not.toContain('我们带梯子来')
})

test.each([
  ['/follow', { link: '', number: '1 000 0', phone: '139 1111', by: 'number' }],
  ['/follow', { link: 'https://example.org/r/x', number: '', phone: '', by: 'link' }],
])('%s keeps what was typed when the language is switched, and looks for nothing', async (page, { by, ...typed }) => {
  const shown = await visitor.page(page)
  expect(shown).toContain('form="filled"')
  const answer = await post(page, { ...typed, display: 'language:en' })
  expect(answer.status).toBe(200)
  expect(answer.headers.getSetCookie().join()).toContain('linli_language=en')
  const after = await answer.text()
  expect(after).toContain('<html lang="en"')
  for (const value of Object.values(typed).filter(Boolean)) expect(after).toContain(`value="${value}"`)
  expect(after).not.toContain('id="faults"')
  expect((await post(page, { ...typed, by })).status).toBe(422)
})

test('"me too" keeps what was typed when the language is switched, and counts nobody', async () => {
  const filed = await file({ publicationPermitted: true })
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'publish', { title: '楼下路灯不亮', text: '楼下路灯不亮。' })
  const number = await server.one<string>('select number::text from request where id = $1', [filed.id])
  const page = `/raised/${number}`
  expect(await visitor.page(page)).toContain('form="filled"')
  const answer = await post(page, { phone: '1391111', words: '我家也是', display: 'language:en' })
  expect(answer.status).toBe(200)
  const after = await answer.text()
  expect(after).toContain('<html lang="en"')
  expect(after).toContain('value="1391111"')
  expect(after).toContain('我家也是')
  expect(after).not.toContain('id="faults"')
  expect(await server.one('select count(*)::int from me_too where request = $1', [filed.id])).toBe(0)
})

test('my data keeps the name that was typed when the language is switched', async () => {
  const headers = { ...html, Cookie: organisation.resident.cookie }
  const answer = await server.fetch('/my/data', {
    method: 'POST',
    headers,
    body: new URLSearchParams({ name: '半个名', display: 'language:en' }),
  })
  expect(answer.status).toBe(200)
  const after = await answer.text()
  expect(after).toContain('<html lang="en"')
  expect(after).toContain('value="半个名"')
  expect(after).toContain('form="filled"')
  const now = await (await server.fetch('/my/data', { headers })).text()
  expect(now).not.toContain('半个名')
})

test.each(['answered', 'returned', 'withdrawn'])('no visit stands once it is %s', async (how) => {
  const filed = await file()
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'dispatch', { body: organisation.bodies.property })
  await does(staff.manager, filed.id, 'acknowledge')
  const from = new Date(server.clock.now().getTime() + 2 * 86_400_000)
  from.setUTCHours(2, 0, 0, 0)
  const until = new Date(from.getTime() + 3_600_000)
  const window = { from: from.toISOString(), until: until.toISOString() }
  await does(staff.manager, filed.id, 'arrange-visit', window)
  const page = `/r/${filed.link}`
  const standing = () =>
    server.one("select count(*)::int from visit where request = $1 and state in ('proposed', 'agreed')", [filed.id])
  expect(await visitor.page(page)).toContain(`href="${page}/visit"`)
  expect(await standing()).toBe(1)
  if (how === 'answered') await does(staff.manager, filed.id, 'answer', { text: '换好了。' })
  else if (how === 'returned')
    await does(staff.manager, filed.id, 'return', { reason: '不归我们', belongsTo: organisation.bodies.lamps })
  else expect((await post(`${page}/withdraw`, {})).status).toBe(303)
  expect(await standing()).toBe(0)
  expect(await visitor.page(page)).not.toContain('经办单位想这个时间上门')
})

test('whoever said that it is solved is not asked to reopen it, and finds the way should it come back', async () => {
  const filed = await file({ phone: '13911113090' })
  await answered(filed)
  const back = `/r/${filed.link}`
  await post(`/j/${(await sentTo('13911113090'))?.token}`, { verdict: 'solved', back })
  const page = await visitor.page(back)
  expect(page).not.toContain(`action="${back}/reopen"`)
  expect(page).toContain(`<a href="${back}/reopen">又出问题了？请上一级重新办</a>`)
  expect((await post(`${back}/reopen`, { reason: '夜里又灭了' })).status).toBe(303)
  expect(await visitor.page(back)).toContain('夜里又灭了')
})

test('the next remedy is named where there is an answer to disagree with', async () => {
  const remedy = '不同意这个答复？'
  const withAnswer = await file()
  await answered(withAnswer)
  expect(await visitor.page(`/r/${withAnswer.link}`)).toContain(remedy)
  const taken = await file()
  await post(`/r/${taken.link}/withdraw`, {})
  const page = await visitor.page(`/r/${taken.link}`)
  expect(page).toContain('您撤回了')
  expect(page).not.toContain(remedy)
})

test('who has it in hand is named where another stays responsible; a spot stands after its place in either language', async () => {
  const { lamps, property } = organisation.bodies
  const filed = await file({ spot: '3 栋北侧' })
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'dispatch', { body: lamps })
  expect(await visitor.page(`/r/${filed.link}`)).not.toContain('现在交给的是')
  await does(staff.lampKeeper, filed.id, 'return', { reason: '院内的灯归物业。' })
  await does(staff.secretary, filed.id, 'dispatch', { body: property })
  const page = await visitor.page(`/r/${filed.link}`)
  expect(page).toContain('现在交给的是五里物业。')
  expect(page).toContain('五里社区，3 栋北侧')
  expect(await english(`/r/${filed.link}`)).toMatch(/, 3 栋北侧/)
})

test('whoever works here and proposes a visit in their own matter does it as its reporter: no post is named', async () => {
  const { id } = await file({}, staff.gridWorker)
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  const day = new Date(server.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)
  await does(staff.gridWorker, id, 'arrange-visit', { from: `${day}T09:00:00+08:00`, until: `${day}T11:00:00+08:00` })
  const line = (await read(staff.manager, id)).body.entries.find(({ kind }) => kind === 'visit_arranged')
  expect(line).toMatchObject({ post: null, who: null })
  expect(await server.one('select tenure from visit where request = $1', [id])).toBeNull()
})
