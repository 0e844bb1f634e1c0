import { describe, expect, test, vi } from 'vitest'
import { createDailyHash } from '#kernel/encryption/index.ts'
import { createLimits, limits } from '#kernel/limits/index.ts'
import {
  clock,
  closedLimits,
  database,
  finish,
  make,
  phone,
  resident,
  roof,
  row,
  sessions,
  signedIn,
  code as smsCode,
  staff,
  start,
  strong,
  taken,
  told,
  visitor,
  warm,
} from './sessions.harness.ts'
import { codeAt, stepAt } from './sessions.totp.ts'

const email = 'li@example.org'
const enter = (from = visitor(), password = strong) => sessions.signIn({ email, password, ...from })
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const bytesOf = (secret: string) => {
  const bits = [...secret].map((one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}
const codeOf = (secret: string, away = 0) => codeAt(bytesOf(secret), stepAt(clock.now()) + away)
const wrongCode = (secret: string) => {
  const right = [-1, 0, 1].map((away) => codeOf(secret, away))
  return ['000000', '111111', '222222', '333333'].find((one) => !right.includes(one)) ?? ''
}
const cookieOf = (lines: readonly string[]) => visitor([...lines])
const ok = async <T extends { ok: boolean }>(work: Promise<T>) => {
  const answer = await work
  expect(answer).toMatchObject({ ok: true })
  return answer as Extract<T, { ok: true }>
}

/** Somebody of staff with an app: their cookies, its secret and their recovery codes. The clock then stands half a minute later. */
async function withApp() {
  const here = await staff()
  const { headers } = cookieOf(here.cookies)
  const { secret } = await ok(sessions.security.startAuthenticator(headers))
  const { codes } = await ok(sessions.security.confirmAuthenticator(headers, codeOf(secret)))
  clock.advance(60_000)
  return { ...here, headers, secret, codes }
}

/** At the second step: the password was right. */
async function atStep(from = visitor()) {
  const answer = await ok(enter(from))
  expect(answer.second).toBe(true)
  return { ...cookieOf([...answer.cookies, ...from.headers.cookie.split('; ')]), cookies: answer.cookies }
}

describe('a second step', () => {
  test('stands between a right password and a session', async () => {
    const { secret } = await withApp()
    await database.owner.pool.query('delete from auth.session')
    const step = await atStep()
    expect(await row('select id from auth.session')).toEqual([])
    expect(sessions.sessionToken(step.headers)).toBeNull()
    expect(step.cookies.join()).toMatch(/^linli\.step=[\w-]{32}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
    const opened = await signedIn(sessions.finishSecond({ code: codeOf(secret), ...step }))
    expect(opened.cookies.join()).toContain('linli.step=; Max-Age=0')
    expect((await sessions.listSessions(cookieOf(opened.cookies).headers)).ok).toBe(true)
    expect((await row('select id from auth.session')).length).toBe(1)
  })

  test('keeps remembering or not as it was chosen with the password', async () => {
    const { secret } = await withApp()
    const life = async (remember: boolean) => {
      const asked = await ok(sessions.signIn({ email, password: strong, remember, ...visitor() }))
      const opened = await ok(sessions.finishSecond({ code: codeOf(secret), ...cookieOf(asked.cookies) }))
      clock.advance(60_000)
      return opened.cookies.find((line) => line.startsWith('linli.session='))?.includes('Max-Age=2592000')
    }
    expect(await life(true)).toBe(true)
    expect(await life(false)).toBe(false)
  })

  test('is asked of a code by phone too', async () => {
    const here = await resident()
    const { headers } = cookieOf(here.cookies)
    const { secret } = await ok(sessions.security.startAuthenticator(headers))
    await ok(sessions.security.confirmAuthenticator(headers, codeOf(secret)))
    clock.advance(60_000)
    await start()
    const answer = await ok(finish(smsCode(), phone) as Promise<{ ok: true; second?: true; cookies: string[] }>)
    expect(answer.second).toBe(true)
    expect(sessions.sessionToken(cookieOf(answer.cookies).headers)).toBeNull()
  })

  test('takes no code twice, in no other sign-in either', async () => {
    const { secret } = await withApp()
    const code = codeOf(secret)
    await signedIn(sessions.finishSecond({ code, ...(await atStep()) }))
    expect(await sessions.finishSecond({ code, ...(await atStep()) })).toEqual({
      ok: false,
      key: 'sessions.step-wrong',
    })
    expect((await sessions.finishSecond({ code: codeOf(secret, -1), ...(await atStep()) })).ok).toBe(false)
    await signedIn(sessions.finishSecond({ code: codeOf(secret, 1), ...(await atStep()) }))
  })

  test('lets in one of many who bring the same code at once', async () => {
    const { secret } = await withApp()
    const steps = await Promise.all(Array.from({ length: 6 }, () => atStep()))
    await warm()
    const answers = await Promise.all(steps.map((step) => sessions.finishSecond({ code: codeOf(secret), ...step })))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
  })

  test('is over after five wrong codes, also when they come at once, and the owner hears of it', async () => {
    const { secret, userId } = await withApp()
    told.length = 0
    const step = await atStep()
    await warm()
    await Promise.all(Array.from({ length: 8 }, () => sessions.finishSecond({ code: wrongCode(secret), ...step })))
    expect(await sessions.finishSecond({ code: codeOf(secret), ...step })).toEqual({
      ok: false,
      key: 'sessions.step-over',
    })
    expect(told).toMatchObject([{ userId, kind: 'second-failed' }])
  })

  test('counts wrong codes over all sign-ins, and gives back right ones', async () => {
    const { secret, userId } = await withApp()
    taken.length = 0
    await sessions.finishSecond({ code: wrongCode(secret), ...(await atStep()) })
    expect(taken).toContainEqual({ name: 'second.failures', key: userId })
    closedLimits.add('second.failures')
    expect(await sessions.finishSecond({ code: codeOf(secret), ...(await atStep()) })).toMatchObject({
      ok: false,
      key: 'sessions.too-many',
    })
    // Whoever spends the allowance with a stolen password does not shut the owner out of their own browser.
    closedLimits.clear()
    const opened = await signedIn(sessions.finishSecond({ code: codeOf(secret), ...(await atStep()) }))
    clock.advance(60_000)
    closedLimits.add('second.failures')
    const known = visitor(opened.cookies.filter((line) => line.startsWith('linli.known=')))
    await signedIn(sessions.finishSecond({ code: codeOf(secret), ...(await atStep(known)) }))
  })

  test('ends after ten minutes, belongs to one browser, and leaves nothing readable', async () => {
    const { secret } = await withApp()
    const step = await atStep()
    const stored = JSON.stringify(await row('select * from auth.verification'))
    expect(stored).not.toContain(step.headers.cookie.split('linli.step=')[1]?.split(';')[0])
    for (const cookie of ['', 'linli.step=', `linli.step=${'x'.repeat(32)}`, 'linli.step=<script>'])
      expect(
        await sessions.finishSecond({ code: codeOf(secret), address: step.address, headers: { cookie } }),
      ).toMatchObject({ key: 'sessions.step-over' })
    clock.advance(601_000)
    expect(await sessions.finishSecond({ code: codeOf(secret), ...step })).toMatchObject({ key: 'sessions.step-over' })
  })

  test('what cannot be a code costs no try', async () => {
    const { secret } = await withApp()
    const step = await atStep()
    for (const code of ['', '12345', 'hello', '1234567', 'x'.repeat(500), '12345\u0000']) {
      expect(await sessions.finishSecond({ code, ...step })).toMatchObject({ key: 'sessions.step-wrong' })
    }
    await signedIn(sessions.finishSecond({ code: codeOf(secret).replace(/^(...)/, '$1 '), ...step }))
  })
})

describe('recovery codes', () => {
  test('are ten, each good once, in any case, and only digests of them are kept', async () => {
    const { codes } = await withApp()
    expect(new Set(codes).size).toBe(10)
    expect(codes[0]).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
    const [first = '', second = ''] = codes
    const stored = JSON.stringify(await row('select * from auth."recoveryCode"'))
    for (const code of codes) expect(stored).not.toContain(code.replaceAll('-', ''))
    await signedIn(sessions.finishSecond({ code: first, ...(await atStep()) }))
    expect((await sessions.finishSecond({ code: first, ...(await atStep()) })).ok).toBe(false)
    await signedIn(sessions.finishSecond({ code: second.toLowerCase().replaceAll('-', ' '), ...(await atStep()) }))
    expect(told.at(-1)).toMatchObject({ kind: 'recovery-used' })
    expect(await row('select id from auth."recoveryCode"')).toHaveLength(8)
  })

  test('of one account open no other, and old ones end with new ones', async () => {
    const { codes, headers } = await withApp()
    const other = await staff('wang@example.org', 'person-2')
    const there = cookieOf(other.cookies).headers
    const { secret } = await ok(sessions.security.startAuthenticator(there))
    await ok(sessions.security.confirmAuthenticator(there, codeOf(secret)))
    const asked = await ok(sessions.signIn({ email: 'wang@example.org', password: strong, ...visitor() }))
    expect((await sessions.finishSecond({ code: codes[0] ?? '', ...cookieOf(asked.cookies) })).ok).toBe(false)
    const renewed = await ok(sessions.security.renewRecoveryCodes(headers))
    expect((await sessions.finishSecond({ code: codes[0] ?? '', ...(await atStep()) })).ok).toBe(false)
    await signedIn(sessions.finishSecond({ code: renewed.codes[0] ?? '', ...(await atStep()) }))
  })

  test('are won once by many at a time', async () => {
    const { codes } = await withApp()
    const steps = await Promise.all(Array.from({ length: 6 }, () => atStep()))
    await warm()
    const answers = await Promise.all(steps.map((step) => sessions.finishSecond({ code: codes[0] ?? '', ...step })))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
  })
})

describe('whoever tries', () => {
  test('recovery codes is stopped after five, as with codes of the app', async () => {
    const { codes } = await withApp()
    const step = await atStep()
    taken.length = 0
    const made = (last: string) => `0000-0000-000${last}`
    for (const last of ['1', '2', '3', '4', '5'])
      expect((await sessions.finishSecond({ code: made(last), ...step })).ok).toBe(false)
    expect(taken.filter(({ name }) => name === 'second.failures')).toHaveLength(5)
    expect(await sessions.finishSecond({ code: codes[0] ?? '', ...step })).toMatchObject({ key: 'sessions.step-over' })
    expect(await row('select id from auth."recoveryCode"')).toHaveLength(10)
  })

  test('to plant a session finds it ended by the sign-in that followed, with a second step too', async () => {
    const { secret } = await withApp()
    const planted = await staff('wang@example.org', 'person-2')
    const before = cookieOf(planted.cookies)
    const opened = await signedIn(sessions.finishSecond({ code: codeOf(secret), ...(await atStep(before)) }))
    const after = cookieOf(opened.cookies)
    expect(sessions.sessionToken(after.headers)).not.toBe(sessions.sessionToken(before.headers))
    expect((await sessions.listSessions(before.headers)).ok).toBe(false)
    expect((await sessions.listSessions(after.headers)).ok).toBe(true)
  })
})

describe('a change to one’s own sign-in', () => {
  test('is on only with its first code, ends every other session, and is told', async () => {
    const here = await staff()
    const { headers } = cookieOf(here.cookies)
    const elsewhere = await signedIn(enter())
    const first = await ok(sessions.security.startAuthenticator(headers))
    expect(await sessions.security.startAuthenticator(headers)).toEqual(first)
    expect((await sessions.security.confirmAuthenticator(headers, wrongCode(first.secret))).ok).toBe(false)
    expect((await enter()) as object).not.toHaveProperty('second')
    await ok(sessions.security.confirmAuthenticator(headers, codeOf(first.secret)))
    expect(await sessions.listSessions(cookieOf(elsewhere.cookies).headers)).toMatchObject({ ok: false })
    expect(told).toMatchObject([{ userId: here.userId, kind: 'authenticator-on' }])
    const seen = await ok(sessions.security.overview(headers))
    expect(seen.security).toMatchObject({
      fresh: true,
      recoveryLeft: 10,
      events: [{ kind: 'authenticator-on', browser: 'sessions.browser.firefox' }],
    })
    expect(await sessions.security.startAuthenticator(headers)).toMatchObject({ key: 'sessions.authenticator-on' })
  })

  test('keeps the secret encrypted, and one that waits belongs to one session', async () => {
    const { secret } = await withApp()
    const stored = JSON.stringify(await row('select * from auth.authenticator'))
    expect(stored).not.toContain(secret)
    expect(stored).not.toContain(bytesOf(secret).toString('base64'))
    const { headers } = cookieOf((await staff('wang@example.org', 'person-2')).cookies)
    const again = cookieOf(
      (await signedIn(sessions.signIn({ email: 'wang@example.org', password: strong, ...visitor() }))).cookies,
    )
    const mine = await ok(sessions.security.startAuthenticator(headers))
    const theirs = await ok(sessions.security.startAuthenticator(again.headers))
    expect(theirs.secret).not.toBe(mine.secret)
    expect((await sessions.security.confirmAuthenticator(headers, codeOf(theirs.secret))).ok).toBe(false)
  })

  test('wants a session that has just proved itself, by password and code together', async () => {
    const { headers, secret, userId } = await withApp()
    const acts = () => [
      sessions.security.removeAuthenticator(headers),
      sessions.security.renewRecoveryCodes(headers),
      sessions.security.startPasskey(headers, 'li'),
      sessions.security.removePasskey(headers, 'x'),
      sessions.security.unlink(headers),
      sessions.security.startLinking(headers),
      sessions.security.confirmLinking(headers),
    ]
    // Nor does a sign-in count that lies ahead, from before the clock was set back.
    for (const old of ["- interval '11 minutes'", "+ interval '1 hour'"]) {
      await database.owner.pool.query(`update auth.session set "createdAt" = now() ${old}`)
      for (const answer of await Promise.all(acts())) expect(answer).toMatchObject({ key: 'sessions.confirm-first' })
    }
    for (const [password, code] of [
      ['wrong password here', codeOf(secret)],
      [strong, wrongCode(secret)],
      [strong, ''],
    ] as const)
      expect(await sessions.security.confirm(headers, { password, code })).toEqual({
        ok: false,
        key: 'sessions.confirm-wrong',
      })
    expect(taken).toContainEqual({ name: 'confirm.person', key: userId })
    clock.advance(60_000)
    await ok(sessions.security.confirm(headers, { password: strong, code: codeOf(secret) }))
    await ok(sessions.security.removeAuthenticator(headers))
    expect(await row('select id from auth."recoveryCode"')).toEqual([])
    expect((await enter()) as object).not.toHaveProperty('second')
    clock.advance(601_000)
    expect(await sessions.security.startAuthenticator(headers)).toMatchObject({ key: 'sessions.confirm-first' })
    closedLimits.add('confirm.person')
    expect(await sessions.security.confirm(headers, { password: strong, code: '' })).toMatchObject({
      key: 'sessions.too-many',
    })
  })

  test('does not let codes be tried without end by whoever has the password: the owner hears of five, and thirty a day are all', async () => {
    const { headers, secret, userId } = await withApp()
    const kept = createLimits(database.app.sql, createDailyHash(database.jobs.sql), 1)
    // Ten passwords in ten minutes would end it sooner, for these minutes.
    const open = { allowed: true, retryAfterSeconds: 0 }
    const limited = make({
      takeLimit: async (name, key) => (name === 'confirm.person' ? open : kept.take(name, key)),
      giveBackLimit: async (name, key) => (name === 'confirm.person' ? undefined : kept.giveBack(name, key)),
    })
    const confirm = (code: string) => limited.security.confirm(headers, { password: strong, code })
    const wrongOnes = (times: number) => Promise.all(Array.from({ length: times }, () => confirm(wrongCode(secret))))
    try {
      told.length = 0
      // What cannot be a code is counted nowhere.
      for (const code of ['', '12345', 'hello']) expect(await confirm(code)).toMatchObject({ ok: false })
      await wrongOnes(4)
      expect(told).toEqual([])
      await wrongOnes(1)
      expect(told).toMatchObject([{ userId, kind: 'second-failed' }])
      // A right one is given back, and what went before it is forgotten.
      await wrongOnes(4)
      await ok(confirm(codeOf(secret)))
      await wrongOnes(4)
      expect(told).toHaveLength(1)
      await wrongOnes(limits['second.failures'].count - 13)
      clock.advance(60_000)
      expect(await confirm(codeOf(secret))).toMatchObject({ key: 'sessions.too-many' })
    } finally {
      await limited.close()
    }
  })

  test('of somebody without a password wants a new sign-in, not an empty one', async () => {
    const { headers } = cookieOf((await resident()).cookies)
    await database.owner.pool.query(`update auth.session set "createdAt" = now() - interval '11 minutes'`)
    expect(await sessions.security.confirm(headers, { password: '', code: '' })).toMatchObject({
      key: 'sessions.confirm-anew',
    })
    expect(await sessions.security.startAuthenticator(headers)).toMatchObject({ key: 'sessions.confirm-first' })
    expect(await sessions.security.overview({})).toMatchObject({ key: 'sessions.not-signed-in' })
  })

  test('is told later where it could not be told at once', async () => {
    const { headers } = await withApp()
    told.length = 0
    roof.fails = true
    await ok(sessions.security.renewRecoveryCodes(headers))
    expect(told).toEqual([])
    roof.fails = false
    await sessions.prune()
    await sessions.prune()
    expect(told).toMatchObject([{ kind: 'recovery-new' }])
    clock.advance(181 * 24 * 3600_000)
    await sessions.prune()
    expect(await row('select id from auth."securityEvent"')).toEqual([])
  })

  test('goes with the account, and with a sign-in that is set up anew', async () => {
    const { userId } = await withApp()
    const { token } = await sessions.createInvitation({ reference: 'person-1', userId })
    await signedIn(sessions.acceptInvitation(token, { email, password: strong, ...visitor() }))
    for (const table of ['authenticator', '"recoveryCode"', 'passkey'])
      expect(await row(`select id from auth.${table}`), table).toEqual([])
    expect(await row('select "providerId" from auth.account')).toEqual([{ providerId: 'credential' }])
    expect((await enter()) as object).not.toHaveProperty('second')
    await sessions.removeUser(userId)
    expect(await row('select id from auth."securityEvent"')).toEqual([])
  })
})

describe('passkeys', () => {
  test('are off where the address is no name', async () => {
    expect(sessions.ways).toMatchObject({ passkeys: false, organisation: null })
    expect(await sessions.startPasskeySignIn(visitor())).toMatchObject({ key: 'sessions.passkey-off' })
    const { headers } = cookieOf((await staff()).cookies)
    expect(await sessions.security.startPasskey(headers, 'li')).toMatchObject({ key: 'sessions.passkey-off' })
  })

  test('refuse what is not an answer to their own challenge', async () => {
    const named = make({ publicUrl: 'https://linli.example' })
    const asked = await ok(named.startPasskeySignIn(visitor()))
    expect(asked.options).toMatchObject({ rpId: 'linli.example', userVerification: 'required' })
    // Nobody is named to be asked about, so nobody learns from it whether there is such an account or which keys it has.
    const other = await ok(named.startPasskeySignIn(visitor()))
    const [first, second] = [asked, other].map(({ options }) => options as { challenge: string; allowCredentials?: [] })
    expect(first?.allowCredentials ?? []).toEqual([])
    expect({ ...second, challenge: '' }).toEqual({ ...first, challenge: '' })
    expect(second?.challenge).not.toBe(first?.challenge)
    const from = visitor(asked.cookies)
    for (const response of [
      null,
      1,
      {},
      { id: 'x', response: {} },
      { id: 'x'.repeat(9999), response: { userHandle: 1 } },
    ])
      expect(await named.finishPasskeySignIn({ response, ...from })).toMatchObject({ key: 'sessions.passkey-refused' })
    await named.close()
    vi.useRealTimers()
  })
})
