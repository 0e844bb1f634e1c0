import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { createDailyHash } from '../encryption/index.ts'
import { addressKey, createLimits, limits, sweepLimits } from './index.ts'

const database = await testDatabase()
const daily = createDailyHash(database.jobs.sql)
const small = { ...limits, write: { count: 3, seconds: 60 }, read: { count: 2, seconds: 1 } }

describe('rate limits', () => {
  test('so many at once, then a wait that is told', async () => {
    const own = createLimits(database.app.sql, daily, 1, small)
    for (let at = 0; at < 3; at++) expect(await own.take('write', 'a')).toEqual({ allowed: true, retryAfterSeconds: 0 })
    const refused = await own.take('write', 'a')
    expect(refused.allowed).toBe(false)
    expect(refused.retryAfterSeconds).toBeGreaterThan(15)
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(20)
  })

  test('being refused does not lengthen the wait', async () => {
    const own = createLimits(database.app.sql, daily, 1, small)
    for (let at = 0; at < 30; at++) await own.take('write', 'a')
    expect((await own.take('write', 'a')).retryAfterSeconds).toBeLessThanOrEqual(20)
  })

  test('others, and other limits, are not touched', async () => {
    const own = createLimits(database.app.sql, daily, 1, small)
    for (let at = 0; at < 4; at++) await own.take('write', 'a')
    expect((await own.take('write', 'b')).allowed).toBe(true)
    expect((await own.take('read', 'a')).allowed).toBe(true)
  })

  test('the allowance comes back with time', async () => {
    const own = createLimits(database.app.sql, daily, 1, small)
    for (let at = 0; at < 2; at++) expect((await own.take('read', 'a')).allowed).toBe(true)
    expect((await own.take('read', 'a')).allowed).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect((await own.take('read', 'a')).allowed).toBe(true)
    expect((await own.take('read', 'a')).allowed).toBe(false)
  })

  test('a hundred at once through several processes: exactly so many pass', async () => {
    const processes = [1, 2, 3].map(() => createLimits(database.app.sql, createDailyHash(database.jobs.sql), 1, small))
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) => processes[at % 3]?.take('write', 'a') ?? Promise.reject(new Error())),
    )
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(3)
  })

  test('the factor multiplies, and never to nothing', async () => {
    const more = createLimits(database.app.sql, daily, 2, small)
    const answers = []
    for (let at = 0; at < 8; at++) answers.push((await more.take('write', 'a')).allowed)
    expect(answers.filter(Boolean)).toHaveLength(6)
    const less = createLimits(database.app.sql, daily, 0.01, small)
    expect((await less.take('write', 'b')).allowed).toBe(true)
    expect((await less.take('write', 'b')).allowed).toBe(false)
    expect(() => createLimits(database.app.sql, daily, 0)).toThrow(RangeError)
    expect(() => createLimits(database.app.sql, daily, Number.NaN)).toThrow(RangeError)
  })

  test('whoever reads the table finds no caller in it', async () => {
    await createLimits(database.app.sql, daily, 1).take('write', '203.0.113.7')
    const { rows } = await sql<{ text: string }>`select r::text as text from rate r`.execute(database.owner.sql)
    expect(rows).toHaveLength(1)
    expect(rows[0]?.text).not.toContain('203.0.113')
  })

  test('the sweep forgets who has a full allowance and keeps who has not', async () => {
    const own = createLimits(database.app.sql, daily, 1, small)
    await own.take('write', 'a')
    await own.take('write', 'b')
    await sql`update rate set full_at = now() - interval '1 second' where ctid = (select min(ctid) from rate)`.execute(
      database.owner.sql,
    )
    expect(await sweepLimits(database.jobs.sql)).toBe(1)
  })
})

describe('what of an address is counted', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['', 'unknown'],
    ['<script>', 'unknown'],
    ['999.1.1.1', 'unknown'],
  ])('%s → %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})
