// The organisation's own sign-in, against a real provider: it opens what its owner linked, and nothing else.
import { afterAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { startIdentityProvider } from '#testing/identity-provider.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

const publicUrl = 'http://127.0.0.1:3230'
const provider = await startIdentityProvider(`${publicUrl}/staff/sign-in/oidc/back`)
afterAll(() => provider.stop())
const database = await testDatabase({ keep: true })
const server = await testServer(database, {
  publicUrl,
  oidc: {
    issuer: provider.issuer,
    clientId: provider.clientId,
    clientSecret: provider.clientSecret,
    name: '区统一认证',
  },
})
const { staff, resident } = await makeOrganisation(server)
const password = 'pine green on rice paper'

beforeEach(async () => {
  provider.account = 'li'
  provider.spoil = null
  await server.superuser.query(`delete from auth.account where "providerId" = 'oidc'`)
  await server.superuser.query('update auth.session set "createdAt" = now()')
})

type Browser = ReturnType<typeof visitorOf>
/** Goes to the provider and comes back with what it answered, as far as Linli's own address. */
async function gone(browser: Browser, path = '/staff/sign-in/organisation'): Promise<string> {
  const away = await browser.fetch(path)
  expect(away.status).toBe(303)
  const back = new URL(await provider.follow(away.headers.get('location') ?? ''))
  expect(back.origin).toBe(publicUrl)
  return back.pathname + back.search
}
const signIn = async (browser: Browser, path?: string) => browser.fetch(await gone(browser, path))
const post = (path: string, cookie: string, fields: Record<string, string> = {}) =>
  server.fetch(path, {
    method: 'POST',
    headers: { Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
const count = (table: string) => server.one<number>(`select count(*)::int from auth.${table}`)
/** Whoever has this cookie links whom the provider names. */
async function link(cookie: string) {
  const browser = visitorOf({
    fetch: (path, init) =>
      server.fetch(path, {
        ...init,
        headers: { Cookie: [cookie, new Headers(init?.headers).get('Cookie')].filter(Boolean).join('; ') },
      }),
  })
  const back = await signIn(browser, '/my/security/organisation')
  expect(back.headers.get('location')).toBe('/my/security')
  return browser
}

test('whoever has not linked it is told so, and gets neither account nor session', async () => {
  const before = [await count('user'), await count('session'), await count('account')]
  const answer = await signIn(visitorOf(server))
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('还没有关联工作账号')
  expect(answer.headers.getSetCookie().join()).not.toContain('linli.session=')
  expect([await count('user'), await count('session'), await count('account')]).toEqual(before)
})

test('whoever linked it signs in with it and has their own posts; unlinked, it opens nothing', async () => {
  const { cookie, person } = staff.dispatcher
  const browser = await link(cookie)
  // Nothing is joined before its owner has said who it is that came back.
  expect(await count('account where "providerId" = \'oidc\'')).toBe(0)
  expect(await browser.page('/my/security')).toContain('li@organisation.example')
  const done = await post('/my/security/organisation/confirm', cookie)
  expect(done.headers.get('location')).toBe('/my/security?done=1')
  const [stored] = (await server.superuser.query(`select * from auth.account where "providerId" = 'oidc'`)).rows
  expect(stored.accountId).toMatch(/^[0-9a-f]{64}$/)
  expect(JSON.stringify(stored)).not.toContain('organisation.example')
  expect([stored.accessToken, stored.idToken, stored.refreshToken]).toEqual([null, null, null])

  const other = visitorOf(server)
  const entered = await signIn(other, '/staff/sign-in/organisation?to=%2Fdesk%2Frequests')
  expect(entered.status).toBe(303)
  expect(entered.headers.get('location')).toBe('/desk/requests')
  const me = (await (await other.fetch('/api/me')).json()) as { person: { id: string } }
  expect(me.person.id).toBe(person)
  const { outbox } = server.kernel
  const mails = (await outbox.listReadableMessages()).filter((each) => each.text.includes('关联统一认证'))
  expect(mails).toHaveLength(1)

  provider.account = 'somebody-else'
  expect((await signIn(visitorOf(server))).status).toBe(422)
  provider.account = 'li'
  await post('/my/security/organisation/remove', cookie)
  expect((await signIn(visitorOf(server))).status).toBe(422)
})

test('a linking that somebody else began, or that was not confirmed, joins nothing', async () => {
  const { cookie } = staff.secretary
  // A stranger's way back, followed by the owner: the browser that holds the session did not begin it.
  const stranger = visitorOf(server)
  const path = await gone(stranger)
  const followed = await server.fetch(path, { headers: { Cookie: cookie } })
  expect(followed.status).toBe(422)
  // Begun for linking in one session and ended in another.
  const away = await server.fetch('/my/security/organisation', { headers: { Cookie: cookie } })
  const held = away.headers.getSetCookie().join().split(';')[0] ?? ''
  const back = new URL(await provider.follow(away.headers.get('location') ?? ''))
  const elsewhere = await server.fetch(back.pathname + back.search, {
    headers: { Cookie: `${staff.leader.cookie}; ${held}` },
  })
  expect(elsewhere.status).toBe(422)
  for (const one of [cookie, staff.leader.cookie])
    expect((await post('/my/security/organisation/confirm', one)).status).toBe(422)
  expect(await count('account where "providerId" = \'oidc\'')).toBe(0)
})

test('one identity opens one account, and linking wants a sign-in that is minutes old', async () => {
  await link(staff.dispatcher.cookie)
  await post('/my/security/organisation/confirm', staff.dispatcher.cookie)
  await link(staff.caller.cookie)
  const refused = await post('/my/security/organisation/confirm', staff.caller.cookie)
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('已经关联了')
  provider.account = 'another'
  await link(staff.dispatcher.cookie)
  expect((await post('/my/security/organisation/confirm', staff.dispatcher.cookie)).status).toBe(422)
  await server.superuser.query(`update auth.session set "createdAt" = now() - interval '11 minutes'`)
  for (const path of ['/my/security/organisation/remove', '/my/security/organisation/confirm'])
    expect((await post(path, staff.dispatcher.cookie)).status).toBe(422)
  expect((await server.fetch('/my/security/organisation', { headers: { Cookie: resident.cookie } })).status).toBe(422)
  expect(await count('account where "providerId" = \'oidc\'')).toBe(1)
})

test('what comes back is good once, for the browser that went, with its own state', async () => {
  await link(staff.dispatcher.cookie)
  await post('/my/security/organisation/confirm', staff.dispatcher.cookie)
  const browser = visitorOf(server)
  const path = await gone(browser)
  expect((await visitorOf(server).fetch(path)).status, 'another browser').toBe(422)
  expect((await browser.fetch(path)).status).toBe(303)
  expect((await browser.fetch(path)).status, 'a second time').toBe(422)
  for (const spoil of [
    (url: URL) => url.searchParams.set('state', 'made-up'),
    (url: URL) => url.searchParams.delete('state'),
    (url: URL) => url.searchParams.set('iss', 'https://elsewhere.example'),
    (url: URL) => url.searchParams.delete('iss'),
    (url: URL) => url.searchParams.set('code', 'made-up'),
    (url: URL) => url.searchParams.append('code', 'another'),
  ]) {
    const one = visitorOf(server)
    const url = new URL(await gone(one), publicUrl)
    spoil(url)
    const answer = await one.fetch(url.pathname + url.search)
    expect(answer.status, spoil.toString()).toBe(422)
    expect(answer.headers.getSetCookie().join()).not.toContain('linli.session=')
  }
  const asked = provider.asked.at(-1)
  expect(asked?.get('code_challenge_method')).toBe('S256')
  for (const name of ['state', 'nonce', 'code_challenge'])
    expect(new Set(provider.asked.map((each) => each.get(name))).size, name).toBe(provider.asked.length)
})

test('a token is taken only with its signature, issuer, audience, nonce and time', async () => {
  await link(staff.dispatcher.cookie)
  await post('/my/security/organisation/confirm', staff.dispatcher.cookie)
  provider.spoil = (token) => ({ token, signed: true })
  expect((await signIn(visitorOf(server))).status, 'signed anew, unchanged').toBe(303)
  const claims = (changed: Record<string, unknown>, signed = true) => {
    provider.spoil = (token) => ({ token: { ...token, claims: { ...token.claims, ...changed } }, signed })
  }
  for (const changed of [
    { iss: 'https://elsewhere.example' },
    { aud: 'another-client' },
    { aud: ['linli', 'another'], azp: 'another' },
    { nonce: 'made-up' },
    { nonce: undefined },
    { exp: Math.floor(Date.now() / 1000) - 300 },
    { sub: '' },
    { sub: undefined },
  ]) {
    claims(changed)
    expect((await signIn(visitorOf(server))).status, JSON.stringify(changed)).toBe(422)
  }
  claims({ sub: 'li', name: 'not signed by the provider' }, false)
  expect((await signIn(visitorOf(server))).status, 'signature').toBe(422)
  provider.spoil = (token) => ({ token: { ...token, header: { alg: 'none' } }, signed: false })
  expect((await signIn(visitorOf(server))).status, 'alg none').toBe(422)
  provider.spoil = null
  provider.account = null
  expect((await signIn(visitorOf(server))).status, 'said no').toBe(422)
})

test('the page afterwards is one of the desk, whatever was asked for', async () => {
  await link(staff.dispatcher.cookie)
  await post('/my/security/organisation/confirm', staff.dispatcher.cookie)
  for (const to of [
    'https://elsewhere.example/',
    '//elsewhere.example/desk/',
    '/desk/../my/delete',
    '/\\elsewhere.example',
    '/desk/%0d%0aSet-Cookie:x',
    'javascript:1',
  ]) {
    const path = `/staff/sign-in/organisation?to=${encodeURIComponent(to)}`
    const entered = await signIn(visitorOf(server), path)
    expect(entered.headers.get('location'), to).toMatch(/^\/desk\/[\w%:-]*$/)
    expect(entered.headers.getSetCookie().map((line) => line.split('=')[0])).not.toContain('x')
    const form = await server.fetch(`/staff/sign-in?to=${encodeURIComponent(to)}`)
    expect(await form.text(), to).toMatch(/name="to" value="\/desk\/[\w%:-]*"/)
  }
})

test('who has a second step is asked for it here too', async () => {
  const { cookie, user } = staff.dispatcher
  await link(cookie)
  await post('/my/security/organisation/confirm', cookie)
  await server.superuser.query(
    `insert into auth.authenticator (id, "userId", secret, "lastStep", "createdAt") values ('one', $1, 'x', 0, now())`,
    [user],
  )
  const browser = visitorOf(server)
  const answer = await signIn(browser)
  expect(answer.headers.get('location')).toBe('/staff/sign-in/second')
  expect((await browser.fetch('/api/me')).status).toBe(401)
  await server.superuser.query('delete from auth.authenticator')
})

test('where the provider is away, the page says so, and the password still lets in', async () => {
  const page = await (await server.fetch('/staff/sign-in')).text()
  expect(page).toContain('用区统一认证登录')
  const away = await testServer(await testDatabase({ keep: true }), {
    oidc: { issuer: 'http://127.0.0.1:9', clientId: 'a', clientSecret: 'b', name: '区统一认证' },
  })
  const refused = await away.fetch('/staff/sign-in/organisation')
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('统一认证现在没有回应')
  const { token } = await away.kernel.sessions.createInvitation({ reference: 'test' })
  const visitor = { address: '127.0.0.1', headers: {} }
  await away.kernel.sessions.acceptInvitation(token, { email: 'li@example.org', password, ...visitor })
  const entered = await away.fetch('/staff/sign-in', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: 'li@example.org', password }).toString(),
  })
  expect(entered.status).toBe(303)
  expect(entered.headers.getSetCookie().join()).toContain('linli.session=')
})
