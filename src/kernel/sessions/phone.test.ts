import { describe, expect, test } from 'vitest'
import { createDailyHash } from '#kernel/encryption/index.ts'
import { createLimits } from '#kernel/limits/index.ts'
import {
  clock,
  closedLimits,
  code,
  database,
  finish,
  make,
  phone,
  resident,
  roof,
  row,
  sent,
  sessions,
  signedIn,
  start,
  strong,
  taken,
  users,
  visitor,
  warm,
  wrong,
} from './sessions.harness.ts'

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
    clock.set('2020-05-06T07:08:09Z')
    await start()
    clock.advance(seconds * 1000)
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

  test('of one browser is neither ended nor used up by another that asks and tries', async () => {
    const owner = await start()
    const mine = { code: code(), challenge: owner.ok ? owner.challenge : '' }
    const stranger = await start()
    const theirs = stranger.ok ? stranger.challenge : ''
    for (const challenge of [theirs, '', 'made up', `${mine.challenge}x`]) {
      for (let turn = 0; turn < 11; turn++) {
        expect((await finish(wrong(), phone, visitor(), challenge)).ok).toBe(false)
      }
    }
    // Nor is the code of one good for another.
    if (mine.code !== code()) expect((await finish(mine.code, phone, visitor(), theirs)).ok).toBe(false)
    expect((await finish(code(), phone, visitor(), theirs)).ok, 'five tries were spent').toBe(false)
    await signedIn(finish(mine.code, phone, visitor(), mine.challenge))
    expect((await finish(mine.code, phone, visitor(), mine.challenge)).ok, 'used').toBe(false)
  })

  test('comes to a browser that is known, however often strangers ask', async () => {
    const { cookies } = await resident()
    closedLimits.add('code.phone')
    expect(await start()).toMatchObject({ ok: false, key: 'sessions.too-many' })
    expect(await start('13900000000', visitor(cookies)), 'known for another number').toMatchObject({ ok: false })
    await signedIn(start(phone, visitor(cookies)) as Promise<{ ok: boolean }>)
    await signedIn(finish(code()))
    closedLimits.add('code.known')
    expect(await start(phone, visitor(cookies))).toMatchObject({ ok: false, key: 'sessions.too-many' })
  })

  test('leaves its challenge in no table', async () => {
    const answer = await start()
    const stored = JSON.stringify(await row('select * from auth.verification'))
    expect(stored).not.toContain(answer.ok ? answer.challenge : '')
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

  test('is not looked at beyond the limit of its address', async () => {
    await start()
    closedLimits.add('sign-in.address')
    expect(await finish(code())).toEqual({ ok: false, key: 'sessions.too-many', retryAfterSeconds: 77 })
  })

  test('meets the limits as the database keeps them', async () => {
    const limits = createLimits(database.app.sql, createDailyHash(database.jobs.sql), 1)
    const limited = make({ takeLimit: limits.take, giveBackLimit: limits.giveBack })
    const ask = (number: string) => limited.startPhone({ phone: number, language: 'en', ...visitor() })
    for (let turn = 0; turn < 5; turn++) expect((await ask(phone)).ok).toBe(true)
    expect(await ask(phone)).toMatchObject({ ok: false, key: 'sessions.too-many' })
    expect((await ask('13900000000')).ok).toBe(true)
    await limited.close()
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
    roof.fails = true
    await expect(finish(code())).rejects.toThrow()
    expect(await row('select id from auth.session')).toEqual([])
    roof.fails = false
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
