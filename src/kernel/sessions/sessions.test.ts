import { createHmac } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { migrateSessions } from './index.ts'
import {
  clock,
  code,
  database,
  finish,
  make,
  ownerUrl,
  phone,
  resident,
  row,
  sessions,
  signedIn,
  staff,
  start,
  visitor,
  wrong,
} from './sessions.harness.ts'
import type { SignedIn } from './sessions.outcome.ts'
import { sessionKeys } from './sessions.rules.ts'

describe('the schema', () => {
  test('is made once and again, for the role of sign-in alone', async () => {
    await migrateSessions(ownerUrl)
    const rights = await row(
      `select has_schema_privilege('linli_app', 'auth', 'usage') app, has_table_privilege('linli_auth', 'auth.session', 'select, insert, update, delete') auth,
              has_schema_privilege('linli_auth', 'auth', 'create') makes`,
    )
    expect(rights).toEqual([{ app: false, auth: true, makes: false }])
    // A time without a zone would end sessions early or late wherever the server's zone is another.
    const times = await row(
      `select distinct data_type from information_schema.columns where table_schema = 'auth' and data_type like 'time%'`,
    )
    expect(times).toEqual([{ data_type: 'timestamp with time zone' }])
  })

  test('is closed to the application', async () => {
    await expect(database.app.pool.query('select from auth.session')).rejects.toThrow('permission denied')
  })
})

describe('a session', () => {
  test('has a cookie no script and no other site reads', async () => {
    const { cookies } = await resident()
    expect(cookies).toHaveLength(2)
    expect(cookies[0]).toMatch(/^linli\.session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)
    const safe = make({ publicUrl: 'https://linli.example' })
    const asked = await safe.startPhone({ phone, language: 'en', ...visitor() })
    const challenge = asked.ok ? asked.challenge : ''
    const answer = await signedIn(safe.finishPhone({ phone, code: code(), challenge, ...visitor() }))
    expect(answer.cookies[0]).toMatch(
      /^__Host-linli\.session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(safe.sessionToken(visitor(answer.cookies).headers)).toHaveLength(32)
    await safe.close()
  })

  test('has its token read from the cookie without the database', async () => {
    const { cookies } = await resident()
    const token = sessions.sessionToken(visitor(cookies).headers)
    expect(await row('select token from auth.session')).toEqual([{ token }])
    const away = make({ authUrl: 'postgres://nobody@127.0.0.1:1/none' })
    expect(away.sessionToken(visitor(cookies).headers)).toBe(token)
    expect(away.sessionToken(new Headers({ cookie: visitor(cookies).headers.cookie }))).toBe(token)
    await away.close()
  })

  test('is nothing when the cookie was touched', async () => {
    const { cookies } = await resident()
    const value = (cookies[0] ?? '').split(';')[0]?.split('=')[1] ?? ''
    const [token, signature] = decodeURIComponent(value).split(/\.(?=[^.]*$)/)
    const foreign = createHmac('sha256', sessionKeys(Buffer.alloc(32, 8)).cookie)
      .update(`${token}`)
      .digest('base64')
    const read = (cookie: string) => sessions.sessionToken({ cookie })
    for (const bad of [
      `x${token}.${signature}`,
      `${token}.${foreign}`,
      `${token}.`,
      `${token}`,
      `.${signature}`,
      `${token}.${signature}x`,
      `${token}.${signature?.slice(0, -1)}`,
      '',
      'x'.repeat(5000),
    ]) {
      expect(read(`linli.session=${encodeURIComponent(bad)}`)).toBeNull()
    }
    expect(read('linli.session=%E0%A4%A')).toBeNull()
    expect(read(`other=1; linli.session=${value}; more=2`)).toBe(token)
    expect(read(`linli.session=planted; linli.session=${value}`)).toBeNull()
    expect(read(`xlinli.session=${value}`)).toBeNull()
    expect(sessions.sessionToken({})).toBeNull()
  })

  test('is new at every sign-in, and the one the browser came with ends', async () => {
    const planted = await resident('13900000000')
    const own = await resident(phone, visitor(planted.cookies))
    const tokens = [planted, own].map((one) => sessions.sessionToken(visitor(one.cookies).headers))
    expect(tokens[0]).not.toBe(tokens[1])
    expect((await sessions.listSessions(visitor(planted.cookies).headers)).ok).toBe(false)
    expect((await sessions.listSessions(visitor(own.cookies).headers)).ok).toBe(true)
    // A failed attempt leaves the old one alone.
    await start()
    await finish(wrong(), phone, visitor(own.cookies))
    expect((await sessions.listSessions(visitor(own.cookies).headers)).ok).toBe(true)
  })

  test('is listed in words, without address, description or token', async () => {
    const one = await resident()
    const wechat = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/120 Mobile Safari/537 MicroMessenger/8.0'
    await resident(phone, visitor([], wechat))
    const listed = await sessions.listSessions(visitor(one.cookies).headers)
    expect(listed).toMatchObject({
      ok: true,
      sessions: [
        { browser: 'sessions.browser.wechat', system: 'sessions.system.android', current: false },
        { browser: 'sessions.browser.firefox', system: 'sessions.system.windows', current: true },
      ],
    })
    expect(JSON.stringify(listed)).not.toContain(sessions.sessionToken(visitor(one.cookies).headers))
    const stored = JSON.stringify(await row('select * from auth.session'))
    expect(stored).not.toContain('Mozilla')
    expect(stored).not.toContain('192.0.2.7')
    expect(await sessions.listSessions({})).toEqual({ ok: false, key: 'sessions.not-signed-in' })
  })

  test('can be ended one by one, one’s own only', async () => {
    const one = await resident()
    const two = await resident()
    const other = await resident('13900000000')
    const list = async (by: SignedIn) => {
      const answer = await sessions.listSessions(visitor(by.cookies).headers)
      return answer.ok ? answer.sessions : []
    }
    const foreign = (await list(other))[0]?.id ?? ''
    const headers = visitor(one.cookies).headers
    expect(await sessions.endSession(headers, foreign)).toEqual({ ok: false, key: 'sessions.not-found' })
    expect(await list(other)).toHaveLength(1)
    const elsewhere = (await list(one)).find((session) => !session.current)?.id ?? ''
    expect(await sessions.endSession(headers, elsewhere)).toEqual({ ok: true, cookies: [] })
    expect(await list(two)).toEqual([])
    const here = (await list(one))[0]?.id ?? ''
    const ended = await sessions.endSession(headers, here)
    expect(ended.ok && ended.cookies.join()).toContain('linli.session=; Max-Age=0')
    expect(await list(one)).toEqual([])
  })

  test('ends at signing out, here or everywhere, and for a leaver', async () => {
    const [one, two, three, other] = [
      await resident(),
      await resident(),
      await resident(),
      await resident('13900000000'),
    ]
    const open = async (by: SignedIn) => (await sessions.listSessions(visitor(by.cookies).headers)).ok
    expect((await sessions.signOut(visitor(one.cookies).headers)).join()).toContain('linli.session=; Max-Age=0')
    expect([await open(one), await open(two), await open(three)]).toEqual([false, true, true])
    expect(await sessions.signOutEverywhere(visitor(two.cookies).headers)).toMatchObject({ ok: true })
    expect([await open(two), await open(three), await open(other)]).toEqual([false, false, true])
    expect((await sessions.signOutEverywhere(visitor(two.cookies).headers)).ok).toBe(false)
    await sessions.endSessionsOf(other.userId)
    expect(await open(other)).toBe(false)
  })

  test('is known to access while it is open, and its person once the roof has joined them', async () => {
    const { userId, cookies } = await resident()
    const headers = visitor(cookies).headers
    const who = () =>
      enter(
        database.app,
        { session: sessions.sessionToken(headers) },
        { now: clock.now(), language: 'en' },
        async (act) => act.actor,
      )
    const actor = await who()
    expect(actor).toMatchObject({ user: userId, person: null })
    expect(new Date(actor.expires ?? 0).getTime()).toBeGreaterThan(Date.now() + 29 * 24 * 3600_000)
    await sessions.signOut(headers)
    expect(await who()).toMatchObject({ user: null, session: null, expires: null })
  })

  test('slides while it is used, at most once an hour', async () => {
    const { cookies } = await resident()
    const headers = visitor(cookies).headers
    const ends = async () => new Date((await row('select "expiresAt" from auth.session'))[0].expiresAt)
    const first = await ends()
    expect(await sessions.renewal(headers, first)).toEqual([])
    // What was touched is remembered by the clock that nobody sets, which goes on with the other.
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() + 20 * 24 * 3600_000 })
    expect((await sessions.renewal(headers, first)).join()).toContain('Max-Age=2592000')
    const second = await ends()
    expect(Math.round((second.getTime() - first.getTime()) / 86_400_000)).toBe(20)
    vi.advanceTimersByTime(1800_000)
    expect(await sessions.renewal(headers, second)).toEqual([])
    vi.advanceTimersByTime(31 * 24 * 3600_000)
    expect((await sessions.renewal(headers, null)).join()).toContain('linli.session=; Max-Age=0')
    expect(await row('select id from auth.session')).toEqual([])
    expect(await sessions.renewal({}, null)).toEqual([])
  })

  test('that ends with the browser is seen, and not moved on', async () => {
    const { cookies } = await staff()
    const headers = visitor(cookies).headers
    const seen = async () => (await row('select "updatedAt", "expiresAt" from auth.session'))[0]
    const first = await seen()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 3600_000 })
    expect(await sessions.renewal(headers, first.expiresAt)).toEqual([])
    const second = await seen()
    expect(second.expiresAt).toBe(first.expiresAt)
    expect(new Date(second.updatedAt).getTime() - new Date(first.updatedAt).getTime()).toBeGreaterThan(7_000_000)
    await database.owner.pool.query('update auth.session set "updatedAt" = now()')
    expect(await sessions.renewal(headers, first.expiresAt)).toEqual([])
    expect((await seen()).updatedAt).not.toBe(second.updatedAt)
  })

  test('goes with its account, and what has run out is swept', async () => {
    const { userId, cookies } = await resident()
    await start('13900000000')
    await sessions.createInvitation({ reference: 'person-9' })
    clock.advance(8 * 24 * 3600_000)
    expect(await sessions.prune()).toEqual({ sessions: 0, codes: 1, invitations: 1 })
    await sessions.removeUser(userId)
    expect((await sessions.listSessions(visitor(cookies).headers)).ok).toBe(false)
    expect(await row('select id from auth.user')).toEqual([])
  })
})
