import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '#kernel/database/index.ts'
import { testDatabase } from '#testing/database.ts'
import { createDailyHash } from '../encryption/index.ts'
import { loadSources } from '../words/scan.ts'
import { addressKey, createLimits, limits, sweepLimits } from './index.ts'
import { limitsQueues } from './limits.jobs.ts'
import { createMemory } from './memory.ts'

const database = await testDatabase()
const daily = createDailyHash(database.jobs.sql)
const small = { ...limits, write: { count: 3, seconds: 60 }, read: { count: 2, seconds: 1 } }

test('a limit that nothing takes stands in no table', async () => {
  const sources = await loadSources(fileURLToPath(new URL('../../', import.meta.url)))
  const taken = sources.filter(({ path }) => !path.endsWith('limits/limits.ts'))
  const names = Object.keys(limits)
  expect(names.filter((name) => !taken.some(({ text }) => text.includes(`'${name}'`)))).toEqual([])
})

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

  test('what is given back can be taken again, and no more than that', async () => {
    const own = createLimits(database.app.sql, daily, 1, small)
    for (let at = 0; at < 3; at++) await own.take('write', 'a')
    await own.giveBack('write', 'b')
    expect((await own.take('write', 'a')).allowed).toBe(false)
    await own.giveBack('write', 'a')
    expect((await own.take('write', 'a')).allowed).toBe(true)
    expect((await own.take('write', 'a')).allowed).toBe(false)
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

  test('a clock that is set back shuts nobody out', async () => {
    const own = createLimits(database.app.sql, daily, 1, small)
    await own.take('write', 'a')
    await sql`update rate set full_at = full_at + interval '5 hours'`.execute(database.owner.sql)
    for (let at = 0; at < 3; at++) expect((await own.take('write', 'a')).allowed).toBe(true)
    const refused = await own.take('write', 'a')
    expect(refused.allowed).toBe(false)
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(20)
  })

  test('the role that serves requests can shut nobody out for longer than a limit lasts', async () => {
    const write = (row: string) => database.app.pool.query(`insert into rate (name, key, full_at) values (${row})`)
    const key = "decode(repeat('00', 16), 'hex')"
    await expect(write(`'write', ${key}, 'infinity'`)).rejects.toThrow(/rate_full_at_check/)
    await expect(write(`'write', ${key}, now() + interval '2 days'`)).rejects.toThrow(/rate_full_at_check/)
    await expect(write(`repeat('a', 41), ${key}, now()`)).rejects.toThrow(/rate_name_check/)
    await expect(write(`'write', decode(repeat('00', 1000), 'hex'), now()`)).rejects.toThrow(/rate_key_check/)
    await write(`'write', ${key}, now()`)
    await expect(database.app.pool.query(`update rate set full_at = 'infinity'`)).rejects.toThrow(/rate_full_at_check/)
  })

  test('where nothing can be written, callers are counted all the same and readers are not turned away', async () => {
    const { databaseUrl } = database
    const readOnly = openDatabase(`${databaseUrl}?options=-c%20default_transaction_read_only%3Don`)
    try {
      const own = createLimits(readOnly.sql, daily, 1, small)
      for (let at = 0; at < 3; at++) expect((await own.take('write', 'a')).allowed).toBe(true)
      const refused = await own.take('write', 'a')
      expect(refused).toEqual({ allowed: false, retryAfterSeconds: expect.any(Number) })
      expect(refused.retryAfterSeconds).toBeLessThanOrEqual(20)
      expect((await own.take('read', 'a')).allowed).toBe(true)
      expect((await own.take('write', 'b')).allowed).toBe(true)
    } finally {
      await readOnly.close()
    }
  })

  test('the count in memory comes back with time and has an end', () => {
    let at = 0
    const memory = createMemory(() => at)
    for (let round = 0; round < 3; round++) expect(memory.take('a', 3, 60).allowed).toBe(true)
    expect(memory.take('a', 3, 60)).toEqual({ allowed: false, retryAfterSeconds: 20 })
    at = 20_000
    expect(memory.take('a', 3, 60).allowed).toBe(true)
    expect(memory.take('a', 3, 60).allowed).toBe(false)
    for (let caller = 0; caller < 50_000; caller++) memory.take(`c${caller}`, 3, 60)
    // Forgotten: it was the first of more than are remembered.
    expect(memory.take('a', 3, 60).allowed).toBe(true)
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

test('what was counted goes by itself: what has run out every ten minutes, and at midnight the key of the day before', async () => {
  const queues = limitsQueues({ jobsDatabase: database.jobs })
  expect(queues.map(({ name, cron }) => [name, cron])).toEqual([
    ['limits.sweep', '*/10 * * * *'],
    ['limits.daily-key', '0 0 * * *'],
  ])
  const work = async (name: string) => queues.find((queue) => queue.name === name)?.handle({}, {} as never)
  const own = createLimits(database.app.sql, createDailyHash(database.jobs.sql), 1, small)
  await own.take('write', 'swept')
  await sql`update daily_key set day = day - 1`.execute(database.owner.sql)
  await sql`update rate set full_at = now() - interval '1 hour'`.execute(database.owner.sql)
  const left = async (table: string) =>
    Number(
      (await sql<{ count: string }>`select count(*) from ${sql.table(table)}`.execute(database.owner.sql)).rows[0]
        ?.count,
    )
  expect(await left('daily_key')).toBeGreaterThan(0)
  expect(await left('rate')).toBeGreaterThan(0)
  await work('limits.daily-key')
  expect(await left('daily_key')).toBe(0)
  await work('limits.sweep')
  expect(await left('rate')).toBe(0)
})
