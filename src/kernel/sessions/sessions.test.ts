import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { testDatabase } from '#testing/database.ts'
import { createSessions, migrateSessions, type NewUser, type Sessions, type SignedIn } from './index.ts'
import { sessionKeys } from './sessions.rules.ts'

const database = await testDatabase()
const { authUrl, ownerUrl } = database
const secret = Buffer.alloc(32, 7)
const phone = '13812345678'
const strong = 'pine green on rice paper'

let sessions: Sessions
let now: Date
let sent: { to: string; code: string; language: string }[]
let users: NewUser[]
let taken: { name: string; key: string }[]
let closedLimits: Set<string>
let hookFails: boolean

const make = (changes: Partial<Parameters<typeof createSessions>[0]> = {}) =>
  createSessions({
    authUrl,
    secret,
    publicUrl: 'http://127.0.0.1:3161',
    clock: { now: () => now },
    takeLimit: async (name, key) => {
      taken.push({ name, key })
      return closedLimits.has(name)
        ? { allowed: false, retryAfterSeconds: 77 }
        : { allowed: true, retryAfterSeconds: 0 }
    },
    sendCode: async (message) => void sent.push(message),
    onUserCreated: async (user) => {
      if (hookFails) throw new Error('the roof is away')
      users.push(user)
    },
    ...changes,
  })

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const visitor = (cookies: string[] = [], agent = firefox) => ({
  address: '192.0.2.7',
  headers: { 'user-agent': agent, cookie: cookies.map((line) => line.split(';')[0]).join('; ') },
})
const row = async (text: string, values: unknown[] = []) => (await database.owner.pool.query(text, values)).rows
const code = () => sent.at(-1)?.code ?? ''
const wrong = () => String((Number(code()) + 1) % 1_000_000).padStart(6, '0')
const start = (number = phone) => sessions.startPhone({ phone: number, language: 'zh-CN', ...visitor() })
const finish = (typed: string, number = phone, from = visitor()) =>
  sessions.finishPhone({ phone: number, code: typed, ...from })

/** Opens every connection, so that what is sent at once also runs at once. */
const warm = () => Promise.all(Array.from({ length: 16 }, () => sessions.readInvitation('none')))

async function signedIn(work: Promise<{ ok: boolean }>): Promise<SignedIn> {
  const answer = await work
  expect(answer).toMatchObject({ ok: true })
  return answer as unknown as SignedIn
}
async function resident(number = phone, from = visitor()): Promise<SignedIn> {
  await start(number)
  return signedIn(finish(code(), number, from))
}
async function staff(email = 'li@example.org', reference = 'person-1'): Promise<SignedIn> {
  const { token } = await sessions.createInvitation({ reference })
  return signedIn(sessions.acceptInvitation(token, { email, password: strong, ...visitor() }))
}

beforeEach(async () => {
  now = new Date()
  sent = []
  users = []
  taken = []
  closedLimits = new Set()
  hookFails = false
  sessions = make()
})

afterEach(async () => {
  vi.useRealTimers()
  await sessions.close()
})

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

describe('a code by phone', () => {
  test('signs in, makes one account and no second', async () => {
    const first = await resident()
    const second = await resident('+86 138-1234-5678')
    expect(second.userId).toBe(first.userId)
    expect(users).toEqual([{ userId: first.userId, phone: '+8613812345678' }])
    expect(sent[0]).toMatchObject({ to: '+8613812345678', language: 'zh-CN' })
    expect(code()).toMatch(/^\d{6}$/)
  })

  test('leaves neither code nor number in the tables or limits', async () => {
    await start()
    const before = JSON.stringify(await row('select * from auth.verification'))
    expect(before).not.toContain(code())
    expect(before).not.toContain(phone)
    await signedIn(finish(code()))
    const user = JSON.stringify(await row('select * from auth.user'))
    expect(user).not.toContain(phone)
    expect(user).toContain('@residents.invalid')
    expect(JSON.stringify(taken)).not.toContain(phone)
    expect(await row('select * from auth.verification')).toEqual([])
  })

  test('allows five tries, and the right one no more after them', async () => {
    await start()
    for (let turn = 0; turn < 5; turn++) {
      expect(await finish(wrong())).toEqual({ ok: false, key: 'sessions.code-wrong' })
    }
    expect(await finish(code())).toEqual({ ok: false, key: 'sessions.code-wrong' })
    await start()
    await signedIn(finish(code()))
  })

  test('is good at the fifth try', async () => {
    await start()
    for (let turn = 0; turn < 4; turn++) await finish(wrong())
    await signedIn(finish(code()))
  })

  test.each([
    ['just before ten minutes', 599, true],
    ['at ten minutes', 600, false],
  ])('%s', async (_name, seconds, good) => {
    now = new Date('2020-05-06T07:08:09Z')
    await start()
    now = new Date(now.getTime() + seconds * 1000)
    expect((await finish(code())).ok).toBe(good)
  })

  test('cannot be used twice, nor the older of two, nor for another number', async () => {
    await start()
    const first = code()
    await start()
    if (first !== code()) expect((await finish(first)).ok).toBe(false)
    expect((await finish(code(), '13900000000')).ok).toBe(false)
    await signedIn(finish(code()))
    expect((await finish(code())).ok).toBe(false)
  })

  test('is won once by many at a time', async () => {
    await start()
    await warm()
    const answers = await Promise.all(Array.from({ length: 8 }, () => finish(code())))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    expect(await row('select id from auth.session')).toHaveLength(1)
  })

  test('counts every one of many wrong tries at a time', async () => {
    await start()
    await warm()
    await Promise.all(Array.from({ length: 8 }, () => finish(wrong())))
    expect((await finish(code())).ok).toBe(false)
  })

  test.each([
    '',
    '12345',
    '23812345678',
    '138123456789',
    '+8612345678901',
    '010-12345678',
    `1${'3'.repeat(500)}`,
    '<b>',
  ])('is not sent to %j', async (typed) => {
    expect(await start(typed)).toEqual({ ok: false, key: 'sessions.phone-invalid' })
    expect(sent).toEqual([])
  })

  test.each([
    '13812345678',
    '138 1234 5678',
    '+8613812345678',
    '008613812345678',
    '８６138-1234-5678',
    '１３８１２３４５６７８',
  ])('finds the same number in %j', async (typed) => {
    await start(typed)
    expect(sent[0]?.to).toBe('+8613812345678')
  })

  test('what cannot be a code costs no try', async () => {
    await start()
    for (const typed of ['', '12345', '1234567', 'abcdef', '12345\u0000']) {
      expect(await finish(typed)).toEqual({ ok: false, key: 'sessions.code-wrong' })
    }
    expect((await row('select value from auth.verification'))[0].value).toMatch(/:0$/)
  })

  test.each(['code.phone', 'code.address'])('is not sent beyond the limit %s', async (name) => {
    closedLimits.add(name)
    expect(await start()).toEqual({ ok: false, key: 'sessions.too-many', retryAfterSeconds: 77 })
    expect(sent).toEqual([])
  })

  test.each(['code-check.phone', 'code-check.address'])('is not looked at beyond the limit %s', async (name) => {
    await start()
    closedLimits.add(name)
    expect(await finish(code())).toEqual({ ok: false, key: 'sessions.too-many', retryAfterSeconds: 77 })
  })

  test('is off, and says so, without a way to send', async () => {
    const mute = make({ sendCode: null })
    expect(mute.phoneSignIn).toEqual({ available: false, reason: 'sessions.phone-off' })
    expect(await mute.startPhone({ phone, language: 'en', ...visitor() })).toEqual({
      ok: false,
      key: 'sessions.phone-off',
    })
    await mute.close()
  })

  test('says that it was not sent, and leaves nothing', async () => {
    const broken = make({ sendCode: async () => Promise.reject(new Error('gateway')) })
    expect(await broken.startPhone({ phone, language: 'en', ...visitor() })).toEqual({
      ok: false,
      key: 'sessions.code-not-sent',
    })
    expect(await row('select * from auth.verification')).toEqual([])
    await broken.close()
  })

  test('tells the roof again when it failed the first time', async () => {
    await start()
    hookFails = true
    await expect(finish(code())).rejects.toThrow()
    expect(await row('select id from auth.session')).toEqual([])
    hookFails = false
    await resident()
    expect(users).toHaveLength(1)
  })

  test('does not open an account that has a password', async () => {
    const { userId } = await resident()
    const { token } = await sessions.createInvitation({ reference: 'person-1', userId })
    await signedIn(sessions.acceptInvitation(token, { email: 'li@example.org', password: strong, ...visitor() }))
    await start()
    expect(await finish(code())).toEqual({ ok: false, key: 'sessions.use-password' })
  })
})

describe('an invitation', () => {
  test('makes an account, once, and is nowhere in clear', async () => {
    const { token } = await sessions.createInvitation({ reference: 'person-1' })
    expect(JSON.stringify(await row('select * from auth.invitation'))).not.toContain(token)
    expect(await sessions.readInvitation(token)).toMatchObject({ reference: 'person-1', reset: false })
    const input = { email: ' Li@Example.org', password: strong, ...visitor() }
    const { userId } = await signedIn(sessions.acceptInvitation(token, input))
    expect(users).toEqual([{ userId, reference: 'person-1', email: 'li@example.org' }])
    expect(JSON.stringify(await row('select * from auth.user'))).not.toContain('example.org')
    expect(await sessions.acceptInvitation(token, { ...input, email: 'wu@example.org' })).toEqual({
      ok: false,
      key: 'sessions.invitation-invalid',
    })
    await signedIn(sessions.signIn({ email: 'LI@example.org', password: strong, ...visitor() }))
  })

  test('is won once by many at a time', async () => {
    const { token } = await sessions.createInvitation({ reference: 'person-1' })
    await warm()
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        sessions.acceptInvitation(token, { email: `li${n}@example.org`, password: strong, ...visitor() }),
      ),
    )
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    expect(await row('select id from auth.user')).toHaveLength(1)
  })

  test('ends after seven days, when withdrawn, and when a newer one is written', async () => {
    const first = await sessions.createInvitation({ reference: 'person-1' })
    const second = await sessions.createInvitation({ reference: 'person-1' })
    expect(await sessions.readInvitation(first.token)).toBeNull()
    now = new Date(now.getTime() + 7 * 24 * 3600_000 - 1000)
    expect(await sessions.readInvitation(second.token)).not.toBeNull()
    now = new Date(now.getTime() + 1000)
    const input = { email: 'li@example.org', password: strong, ...visitor() }
    expect(await sessions.acceptInvitation(second.token, input)).toMatchObject({ key: 'sessions.invitation-invalid' })
    const third = await sessions.createInvitation({ reference: 'person-1' })
    await sessions.revokeInvitations('person-1')
    expect(await sessions.readInvitation(third.token)).toBeNull()
  })

  test.each([
    ['short', 'encryption.password.short'],
    ['elevenchars', 'encryption.password.short'],
    ['密'.repeat(11), 'encryption.password.short'],
    ['password1234', 'encryption.password.common'],
    ['li-example-org', 'encryption.password.personal'],
    ['x'.repeat(129), 'encryption.password.long'],
  ])('refuses the password %j and stays good', async (password, key) => {
    const { token } = await sessions.createInvitation({ reference: 'person-1' })
    const input = { email: 'li@example.org', ...visitor() }
    expect(await sessions.acceptInvitation(token, { ...input, password })).toMatchObject({ ok: false, key })
    await signedIn(sessions.acceptInvitation(token, { ...input, password: strong }))
  })

  test('refuses an address that is taken or none, and stays good', async () => {
    await staff()
    const { token } = await sessions.createInvitation({ reference: 'person-2' })
    const accept = (email: string) => sessions.acceptInvitation(token, { email, password: strong, ...visitor() })
    expect(await accept('li@example.org')).toEqual({ ok: false, key: 'sessions.email-taken' })
    expect(await accept('li@')).toEqual({ ok: false, key: 'sessions.email-invalid' })
    await signedIn(accept('wu@example.org'))
  })

  test('leaves no account when the roof refuses, and stays good', async () => {
    const { token } = await sessions.createInvitation({ reference: 'person-1' })
    const input = { email: 'li@example.org', password: strong, ...visitor() }
    hookFails = true
    await expect(sessions.acceptInvitation(token, input)).rejects.toThrow()
    expect(await row('select id from auth.user')).toEqual([])
    hookFails = false
    await signedIn(sessions.acceptInvitation(token, input))
  })

  test('for an existing account sets the password anew and ends its sessions', async () => {
    const before = await staff()
    const { token } = await sessions.createInvitation({ reference: 'person-1', userId: before.userId })
    const password = 'vermilion seal on paper'
    const after = await signedIn(sessions.acceptInvitation(token, { email: 'li@example.org', password, ...visitor() }))
    expect(after.userId).toBe(before.userId)
    expect((await sessions.listSessions(visitor(before.cookies).headers)).ok).toBe(false)
    expect((await sessions.signIn({ email: 'li@example.org', password: strong, ...visitor() })).ok).toBe(false)
    await signedIn(sessions.signIn({ email: 'li@example.org', password, ...visitor() }))
  })

  test('cannot be replaced by signing up', async () => {
    expect(sessions).not.toHaveProperty('signUp')
    expect(
      await sessions.acceptInvitation('', { email: 'li@example.org', password: strong, ...visitor() }),
    ).toMatchObject({
      key: 'sessions.invitation-invalid',
    })
  })
})

describe('a password', () => {
  test('answers alike, in like time, for a wrong one and an unknown address', async () => {
    await staff()
    const time = async (email: string) => {
      const begun = performance.now()
      expect(await sessions.signIn({ email, password: 'wrong wrong wrong', ...visitor() })).toEqual({
        ok: false,
        key: 'sessions.sign-in-wrong',
      })
      return performance.now() - begun
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let turn = 0; turn < 5; turn++) {
      known.push(await time('li@example.org'))
      unknown.push(await time('nobody@example.org'))
    }
    // scrypt takes most of it; without it the unknown would answer in a tenth.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3)
    expect(await sessions.signIn({ email: 'not an address', password: 'x', ...visitor() })).toMatchObject({
      key: 'sessions.sign-in-wrong',
    })
  })

  test.each(['password.account', 'password.address'])('is not looked at beyond the limit %s', async (name) => {
    await staff()
    closedLimits.add(name)
    for (const email of ['li@example.org', 'nobody@example.org']) {
      expect(await sessions.signIn({ email, password: strong, ...visitor() })).toEqual({
        ok: false,
        key: 'sessions.too-many',
        retryAfterSeconds: 77,
      })
    }
    expect(JSON.stringify(taken)).not.toContain('example.org')
  })

  test('is kept as scrypt makes it', async () => {
    await staff()
    const [account] = await row('select password from auth.account')
    expect(account.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
  })

  test('without remembering ends with the browser, or after a day', async () => {
    await staff()
    const brief = await signedIn(sessions.signIn({ email: 'li@example.org', password: strong, ...visitor() }))
    expect(brief.cookies[0]).not.toContain('Max-Age')
    const long = await signedIn(
      sessions.signIn({ email: 'li@example.org', password: strong, remember: true, ...visitor() }),
    )
    expect(long.cookies[0]).toContain('Max-Age=2592000')
    const lengths = await row(
      `select round(extract(epoch from "expiresAt" - now()) / 86400)::int days from auth.session order by "createdAt"`,
    )
    expect(lengths.map((one) => one.days)).toEqual([1, 1, 30])
  })
})

describe('a session', () => {
  test('has a cookie no script and no other site reads', async () => {
    const { cookies } = await resident()
    expect(cookies).toHaveLength(1)
    expect(cookies[0]).toMatch(/^linli\.session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)
    const safe = make({ publicUrl: 'https://linli.example' })
    await safe.startPhone({ phone, language: 'en', ...visitor() })
    const answer = await signedIn(safe.finishPhone({ phone, code: code(), ...visitor() }))
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
        { now, language: 'en' },
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
    const machine = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: machine + 20 * 24 * 3600_000 })
    expect((await sessions.renewal(headers, first)).join()).toContain('Max-Age=2592000')
    const second = await ends()
    expect(Math.round((second.getTime() - first.getTime()) / 86_400_000)).toBe(20)
    vi.setSystemTime(machine + 20 * 24 * 3600_000 + 1800_000)
    expect(await sessions.renewal(headers, second)).toEqual([])
    vi.setSystemTime(machine + 51 * 24 * 3600_000)
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
    now = new Date(now.getTime() + 8 * 24 * 3600_000)
    expect(await sessions.prune()).toEqual({ sessions: 0, codes: 1, invitations: 1 })
    await sessions.removeUser(userId)
    expect((await sessions.listSessions(visitor(cookies).headers)).ok).toBe(false)
    expect(await row('select id from auth.user')).toEqual([])
  })
})
