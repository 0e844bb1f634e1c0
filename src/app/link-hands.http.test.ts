import { describe, expect, test } from 'vitest'
import { type Act, enter } from '#kernel/access/index.ts'
import { actsAsked as doing } from '#listen/requests/index.ts'
import { testDatabase } from '#testing/database.ts'
import { type Member, makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// What staff write down for a resident stays the resident's: who gets the link, and what it says of itself.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, read, row, answered } = requestsOf(server, organisation)
const { staff } = organisation
const { kernel } = server
const as = <T>(who: Member, work: (act: Act) => Promise<T>) =>
  enter(
    kernel.database,
    { session: kernel.sessions.sessionToken({ cookie: who.cookie }) },
    { now: server.clock.now(), language: 'zh-CN' },
    work,
  )
let phones = 0
const anotherPhone = () => `1391000${String(++phones).padStart(4, '0')}`

const post = (url: string, cookie: string | null = null) =>
  server.fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(cookie ? { cookie } : {}) },
    body: new URLSearchParams({}).toString(),
  })
const sent = async (phone: string) => {
  await server.workJobs()
  return (await server.kernel.outbox.listReadableMessages(200)).filter((each) => each.to.endsWith(phone))
}
const linkIn = (texts: readonly { text: string }[]) => {
  for (const { text } of texts) {
    const token = /\/r\/([\w-]{43})/.exec(text)?.[1]
    if (token) return token
  }
  return ''
}

describe('a phone that takes messages', () => {
  test('is sent the link; whoever wrote it down is shown none', async () => {
    const phone = anotherPhone()
    const filed = await file({ channel: 'phone', phone, name: '赵大山' }, staff.secretary)
    expect(filed).toMatchObject({ link: null, linkSentBy: 'sms' })
    const before = await server.one<number>('select count(*)::int from access.token where record = $1', [filed.id])
    expect(before).toBe(0)
    const token = linkIn(await sent(phone))
    expect((await server.fetch(`/r/${token}`)).status).toBe(200)
    // Worked twice, the job makes one link and one message.
    await server.kernel.jobs.enqueueMany({ client: server.superuser as never }, 'request.link', [
      { ids: { request: filed.id } },
    ])
    expect((await sent(phone)).filter(({ text }) => text.includes('/r/'))).toHaveLength(1)
    // Done by it, nothing says that staff had a hand in it.
    expect((await post(`/r/${token}/withdraw`)).status).toBe(303)
    expect(
      await server.one('select handed_by from request_entry where request = $1 and kind = $2', [filed.id, 'withdrawn']),
    ).toBeNull()
  })

  test('of a resident who told it themselves changes nothing: their browser has the link', async () => {
    const filed = await file({ phone: anotherPhone() })
    expect(filed.link).toMatch(/^[\w-]{43}$/)
    expect(filed).toMatchObject({ linkSentBy: null })
  })
})

describe('a paper link', () => {
  test.each([
    ['nothing was left', {}],
    ['a phone without a screen', { phone: '0514-87654321' }],
    ['they would not be named', { anonymous: true }],
  ])('is printed where %s, and what is done by it says who handed it out', async (_, left) => {
    const filed = await file({ channel: 'paper', ...left }, staff.secretary)
    expect(filed).toMatchObject({ linkSentBy: null })
    expect(filed.link).toMatch(/^[\w-]{43}$/)
    expect((await post(`/r/${filed.link}/withdraw`)).status).toBe(303)
    const seen = await read(staff.secretary, filed.id)
    expect(seen.body.entries.find((entry) => entry.kind === 'withdrawn')?.handedBy).toBe('五里社区居委会 · 社区书记')
    const page = await (await server.fetch(`/r/${filed.link}`)).text()
    expect(page).toContain('通过 五里社区居委会 · 社区书记 交出的纸质链接')
    expect(
      await server.one("select facts ->> 'handedBy' from ledger.act where record = $1 and kind = 'request.withdraw'", [
        filed.id,
      ]),
    ).toBe(staff.secretary.tenure)
  })

  test('a complaint written by way of it goes on saying so', async () => {
    const filed = await file({ channel: 'paper' }, staff.secretary)
    await answered(filed)
    const told = await server.fetch(`/r/${filed.link}/complain`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ text: '没人来看过' }).toString(),
    })
    expect(told.status).toBe(303)
    const made = await server.one(
      'select handed_by from access.token where record = (select id from request where about_request = $1)',
      [filed.id],
    )
    expect(made).toBe(staff.secretary.tenure)
  })

  test('in a browser where whoever wrote it down is signed in, decides nothing in the resident’s name', async () => {
    const filed = await file({ channel: 'paper' }, staff.secretary)
    for (const act of ['withdraw', 'permit-publication'])
      expect((await post(`/r/${filed.link}/${act}`, staff.secretary.cookie)).status, act).toBe(403)
    const refused = await (await post(`/r/${filed.link}/withdraw`, staff.secretary.cookie)).text()
    expect(refused).toContain('这件事是您代居民登记的')
    // A colleague's browser, and one where nobody is signed in, are not told apart from the resident's: they are marked.
    expect((await post(`/r/${filed.link}/withdraw`, staff.gridWorker.cookie)).status).toBe(303)
    expect((await post(`/r/${filed.link}/reopen`, staff.secretary.cookie)).status).toBe(403)
    expect(await row(filed.id)).toMatchObject({ state: 'closed', result: 'withdrawn' })
  })
})

describe('at the desk', () => {
  test('whoever wrote it down neither withdraws nor reopens it; a colleague does, and the reporter hears of it', async () => {
    const phone = anotherPhone()
    const filed = await file({ channel: 'phone', phone }, staff.secretary)
    await sent(phone)
    const refused = { status: 403, type: 'request-not-enterer' }
    await expect(as(staff.secretary, (act) => doing.withdraw(act, kernel, filed.id, {}, null))).rejects.toMatchObject(
      refused,
    )
    for (const said of [{}, { reason: '。' }])
      await expect(
        as(staff.dispatcher, (act) => doing.withdraw(act, kernel, filed.id, said, null)),
      ).rejects.toMatchObject({ status: 422, type: 'request-says-something' })
    await as(staff.dispatcher, (act) => doing.withdraw(act, kernel, filed.id, { reason: '来电说自己修好了' }, null))
    const told = (await sent(phone)).map(({ text }) => text).join('\n')
    expect(told).toContain('已按您的名义撤回')
    const silent = await file({ channel: 'paper' }, staff.secretary)
    await expect(
      as(staff.dispatcher, (act) => doing.withdraw(act, kernel, silent.id, { reason: '来电说自己修好了' }, null)),
    ).rejects.toMatchObject({ status: 409, type: 'request-reporter-reachable' })
    await expect(as(staff.secretary, (act) => doing.reopen(act, kernel, filed.id, {}, null))).rejects.toMatchObject(
      refused,
    )
    const undo = /\/r\/([\w-]+)/.exec(told)?.[1] ?? ''
    expect((await post(`/r/${undo}/reopen`)).status).toBe(303)
    expect(await row(filed.id)).toMatchObject({ state: 'accepted', result: null })
  })
})
