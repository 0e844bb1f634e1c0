import { createHook } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import { createDailyHash } from '#kernel/encryption/index.ts'
import { createLimits, limits } from '#kernel/limits/index.ts'
import {
  clock,
  closedLimits,
  database,
  givenBack,
  make,
  roof,
  row,
  sessions,
  signedIn,
  staff,
  strong,
  taken,
  users,
  visitor,
  warm,
} from './sessions.harness.ts'

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
    clock.advance(7 * 24 * 3600_000 - 1000)
    expect(await sessions.readInvitation(second.token)).not.toBeNull()
    clock.advance(1000)
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
    roof.fails = true
    await expect(sessions.acceptInvitation(token, input)).rejects.toThrow()
    expect(await row('select id from auth.user')).toEqual([])
    roof.fails = false
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

/** Too long to be looked at: refused as a wrong one is, without the time that takes. */
const unread = 'x'.repeat(600)

describe('a password', () => {
  test('answers alike, after the same work, for a wrong one and an unknown address', async () => {
    await staff()
    // Nearly all the time that an answer takes is that of digesting the password.
    const digests = async (email: string) => {
      let count = 0
      const counting = createHook({
        init(_, type) {
          if (type === 'SCRYPTREQUEST') count += 1
        },
      }).enable()
      const answer = await sessions.signIn({ email, password: 'wrong wrong wrong', ...visitor() })
      counting.disable()
      expect(answer).toEqual({ ok: false, key: 'sessions.sign-in-wrong' })
      return count
    }
    expect(await digests('li@example.org')).toBe(1)
    for (const email of ['nobody@example.org', 'not an address']) expect(await digests(email), email).toBe(1)
  })

  test.each(['sign-in.person', 'sign-in.address', 'sign-in.failures'])(
    'is not looked at beyond the limit %s',
    async (name) => {
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
    },
  )

  test('of one person is tried ten times from one address, without shutting the owner out elsewhere', async () => {
    await staff()
    const kept = createLimits(database.app.sql, createDailyHash(database.jobs.sql), 1)
    const limited = make({ takeLimit: kept.take, giveBackLimit: kept.giveBack })
    const from = (address: string, password: string, email = 'li@example.org') =>
      limited.signIn({ email, password, ...visitor(), address })
    for (let turn = 0; turn < 10; turn++) {
      expect(await from('203.0.113.9', unread)).toMatchObject({ key: 'sessions.sign-in-wrong' })
    }
    for (const email of ['li@example.org', ' LI@Example.org', 'ｌｉ＠example.org']) {
      expect(await from('203.0.113.9', strong, email)).toMatchObject({ key: 'sessions.too-many' })
    }
    await signedIn(from('192.0.2.7', strong))
    await limited.close()
  })

  test('is tried sixty times from one address, for whomever', async () => {
    const kept = createLimits(database.app.sql, createDailyHash(database.jobs.sql), 1)
    const limited = make({ takeLimit: kept.take, giveBackLimit: kept.giveBack })
    const answers = []
    for (let turn = 0; turn < 61; turn++) {
      const input = { email: `nobody+${turn}@example.org`, password: unread, ...visitor() }
      answers.push(await limited.signIn(input))
    }
    expect(answers.slice(0, 60).every((answer) => !answer.ok && answer.key === 'sessions.sign-in-wrong')).toBe(true)
    expect(answers[60]).toMatchObject({ key: 'sessions.too-many' })
    await limited.close()
  })

  test('that fails a hundred times from everywhere is still asked for where the account was opened before', async () => {
    const { cookies } = await staff()
    const kept = createLimits(database.app.sql, createDailyHash(database.jobs.sql), 1)
    const limited = make({ takeLimit: kept.take, giveBackLimit: kept.giveBack })
    const right = { email: 'li@example.org', password: strong }
    // What succeeds is not counted.
    await signedIn(limited.signIn({ ...right, ...visitor(), address: '198.51.100.1' }))
    for (let turn = 0; turn < limits['sign-in.failures'].count; turn++) {
      const input = { email: 'li@example.org', password: unread, ...visitor(), address: `203.0.113.${turn}` }
      expect(await limited.signIn(input), String(turn)).toMatchObject({ key: 'sessions.sign-in-wrong' })
    }
    expect(await limited.signIn({ ...right, ...visitor() })).toMatchObject({ key: 'sessions.too-many' })
    await signedIn(limited.signIn({ ...right, ...visitor(cookies) }))
    // The cookie of another account, a changed one and one cut short count as none.
    const other = (await staff('wu@example.org', 'person-2')).cookies
    const known = cookies.at(-1) ?? ''
    for (const lines of [
      other,
      [known.replace(/\.[0-9a-f];?/, (text) => (text === '.0' ? '.1' : '.0'))],
      [known.slice(0, 60)],
    ])
      expect(await limited.signIn({ ...right, ...visitor(lines) })).toMatchObject({ key: 'sessions.too-many' })
    // And a stolen one does not try without end.
    const answers = []
    for (let turn = 0; turn < 10; turn++) {
      const input = { email: 'li@example.org', password: unread, ...visitor(cookies), address: `203.0.113.${turn}` }
      answers.push(await limited.signIn(input))
    }
    expect(answers.at(-1)).toMatchObject({ key: 'sessions.too-many' })
    await limited.close()
  })

  test('gives back what it took of the failures when it was right', async () => {
    await staff()
    await sessions.signIn({ email: 'li@example.org', password: unread, ...visitor() })
    expect(givenBack).toEqual([])
    await signedIn(sessions.signIn({ email: 'li@example.org', password: strong, ...visitor() }))
    expect(givenBack).toEqual([{ name: 'sign-in.failures', key: expect.stringMatching(/^[0-9a-f]{48}@/) }])
    expect(taken).toContainEqual(givenBack[0])
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
