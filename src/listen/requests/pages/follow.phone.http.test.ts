import { expect, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

// Whoever left a wrong number puts it right; nobody turns it to a telephone of their own for them.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, answered, read, sentTo, does } = requestsOf(server, organisation)
const { staff, resident } = organisation
const html = { Accept: 'text/html' }
const visitor = visitorOf(server)
const post = (url: string, phone: string, cookie = '') => {
  server.clock.advance(1_000)
  const headers = { ...html, ...(cookie ? { Cookie: cookie } : {}) }
  return server.fetch(url, { method: 'POST', headers, body: new URLSearchParams({ phone }) })
}
const left = async (id: string) => {
  const sealed = await server.one<Buffer | null>('select phone_encrypted from request_contact where request = $1', [id])
  return sealed && server.kernel.encryption.decrypt('contact', sealed, `${id}.phone`)
}

test('the new number is told of the answer and finds the link again, the old one is told nothing and finds nothing', async () => {
  const filed = await file({ phone: '13911118888' })
  const mine = `/r/${filed.link}`
  await sentTo('13911118888')
  expect(await visitor.page(mine)).toContain(`href="${mine}/phone"`)
  expect(await visitor.page(`${mine}/phone`)).toContain('139****8888')
  const done = await post(`${mine}/phone`, '139 1111 9999')
  expect([done.status, done.headers.get('location')]).toEqual([303, `${mine}?done=phone`])
  expect(await left(filed.id)).toBe('+8613911119999')
  const page = await visitor.page(mine)
  expect(page).toContain('139****9999')
  expect(page).not.toMatch(/8888|13911119999/)
  // Staff see that there is another; neither number stays in the line, in whose language it was ever done.
  const seen = (await read(staff.secretary, filed.id)).body
  expect(seen.entries.find(({ kind }) => kind === 'phone_corrected')?.text).toBeNull()
  expect(JSON.stringify(seen.entries)).not.toMatch(/9999|8888/)
  expect(page).toContain('<strong>您改了联系电话</strong>')
  // The same again is no change.
  const same = await post(`${mine}/phone`, '+86 13911119999')
  expect(same.headers.get('location')).toBe(`${mine}?done=unchanged`)
  const lines = "select count(*)::int from request_entry where request = $1 and kind = 'phone_corrected'"
  expect(await server.one(lines, [filed.id])).toBe(1)
  const before = await server.one<Buffer>('select phone_encrypted from request_contact_before where request = $1', [
    filed.id,
  ])
  expect(server.kernel.encryption.decrypt('contact', before, `${filed.id}.phone`)).toBe('+8613911118888')
  await answered(filed)
  expect((await sentTo('13911119999'))?.token).toBeTruthy()
  expect((await sentTo('13911118888'))?.token ?? null).toBeNull()
  const messages = async () => (await server.kernel.outbox.listReadableMessages(200)).length
  const count = await messages()
  const again = (phone: string) =>
    server.fetch('/follow', {
      method: 'POST',
      headers: html,
      body: new URLSearchParams({ number: filed.number, phone }),
    })
  expect((await again('13911118888')).status).toBe(303)
  await server.workJobs()
  expect(await messages()).toBe(count)
  expect((await again('13911119999')).status).toBe(303)
  await server.workJobs()
  expect(await messages()).toBe(count + 1)
})

test('after the answer too: what was sent to the old number opens nothing, and the new one is asked', async () => {
  const filed = await file({ phone: '13911112222' })
  const mine = `/r/${filed.link}`
  await answered(filed)
  const old = (await sentTo('13911112222'))?.token ?? ''
  expect(old).not.toBe('')
  await server.fetch('/follow', {
    method: 'POST',
    headers: html,
    body: new URLSearchParams({ number: filed.number, phone: '13911112222' }),
  })
  await server.workJobs()
  const lost = (await server.kernel.outbox.listReadableMessages(200))
    .filter(({ to }) => to.endsWith('13911112222'))
    .flatMap(({ text }) => /\/r\/([\w-]+)/.exec(text)?.[1] ?? [])
    .find((token) => token !== filed.link)
  expect((await server.fetch(`/r/${lost}`, { headers: html })).status).toBe(200)
  expect((await post(`${mine}/phone`, '13911113333')).status).toBe(303)
  await server.workJobs()
  const asked = (await sentTo('13911113333'))?.token ?? ''
  expect(asked).not.toBe('')
  expect(asked).not.toBe(old)
  const judge = (token: string) =>
    server.fetch(`/j/${token}`, { method: 'POST', headers: html, body: new URLSearchParams({ verdict: 'solved' }) })
  expect((await judge(old)).status).toBe(404)
  expect((await server.fetch(`/r/${lost}`, { headers: html })).status).toBe(404)
  // The link by which it was put right goes on, and the page asks with the token that the new number was sent.
  expect(await visitor.page(mine)).toContain(`/j/${asked}`)
  expect((await judge(asked)).headers.get('location')).toBe(`/j/${asked}?done=judge`)
})

test('what is no number comes back with what was typed; one can be left where there was none, but not with what is anonymous', async () => {
  const filed = await file()
  const wrong = await post(`/r/${filed.link}/phone`, '12345')
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain('value="12345"')
  expect((await post(`/r/${filed.link}/phone`, '051487654321')).status).toBe(303)
  expect(await left(filed.id)).toBe('+8651487654321')
  const anonymous = await file({ anonymous: true })
  expect(await visitor.page(`/r/${anonymous.link}`)).not.toContain('/phone"')
  expect((await post(`/r/${anonymous.link}/phone`, '13911119999')).status).toBe(422)
  expect(await server.one('select count(*)::int from request_contact where request = $1', [anonymous.id])).toBe(0)
})

test('a link that staff handed out changes none: not on the page, not as an act, not in the database', async () => {
  const filed = await file({ channel: 'paper', phone: '051487651234' }, staff.secretary)
  const link = filed.link ?? ''
  expect(await visitor.page(`/r/${link}`)).not.toContain('/phone"')
  const refused = await post(`/r/${link}/phone`, '13911110000')
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('这个链接是工作人员交出来的')
  const surroundings = { now: server.clock.now(), language: 'zh-CN' as const }
  const asked = await enter(server.kernel.database, { link }, surroundings, (act) =>
    act.client.query('select request_phone_correct($1, $2, $3, now(), null) as done', [
      filed.id,
      Buffer.from('x'),
      null,
    ]),
  )
  expect(asked.rows[0]).toEqual({ done: false })
  // Nor does whoever wrote it down, signed in, by the number of the request alone.
  expect((await post(`/my/requests/${filed.id}/phone`, '13911110000', staff.secretary.cookie)).status).toBe(404)
  expect(await left(filed.id)).toBe('+8651487651234')
})

test('whoever signed in puts it right on their own page, and is told where the account is', async () => {
  const filed = await file({}, resident)
  const mine = `/my/requests/${filed.id}`
  const page = await (await server.fetch(`${mine}/phone`, { headers: { ...html, Cookie: resident.cookie } })).text()
  expect(page).toContain('href="/my/data"')
  expect((await post(`${mine}/phone`, '13911112345', resident.cookie)).status).toBe(303)
  expect(await left(filed.id)).toBe('+8613911112345')
  expect(await server.one('select person from request_contact where request = $1', [filed.id])).toBe(resident.person)
})

test('after a merge, a withdrawal and a judgement a wrong number is still put right', async () => {
  const target = await file({ phone: '13911114000' })
  const merged = await file({ phone: '13911114001' })
  await does(staff.secretary, merged.id, 'merge', { into: target.id, reason: '同一盏灯' })
  const withdrawn = await file({ phone: '13911114002' })
  expect((await post(`/r/${withdrawn.link}/withdraw`, '')).status).toBe(303)
  await answered(target)
  const token = (await sentTo('13911114000'))?.token
  const body = new URLSearchParams({ verdict: 'solved' })
  expect((await server.fetch(`/j/${token}`, { method: 'POST', headers: html, body })).status).toBe(303)
  for (const each of [merged, withdrawn, target]) {
    expect(await visitor.page(`/r/${each.link}`)).toContain(`href="/r/${each.link}/phone"`)
    const done = await post(`/r/${each.link}/phone`, '13911114009')
    expect(done.headers.get('location')).toBe(`/r/${each.link}?done=phone`)
    expect(await left(each.id)).toBe('+8613911114009')
  }
})
