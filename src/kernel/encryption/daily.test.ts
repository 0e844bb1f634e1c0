import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { createDailyHash, dropOldDailyKeys } from './index.ts'

const database = await testDatabase()
const later = () => Date.now() + 40_000

describe('the key of the day', () => {
  test('several processes agree, also when they ask at once', async () => {
    const processes = Array.from({ length: 8 }, () => createDailyHash(database.jobs.sql))
    const hashes = await Promise.all(processes.map((process) => process.hash('203.0.113.7')))
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(1)
    expect(hashes[0]).toHaveLength(16)
    const { rows } = await sql`select from daily_key`.execute(database.owner.sql)
    expect(rows).toHaveLength(1)
  })

  test('a new day has a new key and yesterday’s is gone', async () => {
    const before = await createDailyHash(database.jobs.sql).hash('203.0.113.7')
    await sql`update daily_key set day = day - 1`.execute(database.owner.sql)
    const { rows: old } = await sql<{ key: Buffer }>`select key from daily_key`.execute(database.owner.sql)
    const after = await createDailyHash(database.jobs.sql).hash('203.0.113.7')
    expect(after.equals(before)).toBe(false)
    const { rows } = await sql<{ key: Buffer }>`select key from daily_key`.execute(database.owner.sql)
    expect(rows).toHaveLength(1)
    expect(rows[0]?.key.equals(old[0]?.key ?? Buffer.alloc(0))).toBe(false)
  })

  test('a process that keeps a key asks again soon', async () => {
    let clock = Date.now()
    const daily = createDailyHash(database.jobs.sql, () => clock)
    const before = await daily.hash('x')
    await sql`delete from daily_key`.execute(database.owner.sql)
    expect((await daily.hash('x')).equals(before)).toBe(true)
    clock = later()
    expect((await daily.hash('x')).equals(before)).toBe(false)
  })

  test('a process whose clock is set back asks again', async () => {
    let clock = Date.now() + 3_600_000
    const daily = createDailyHash(database.jobs.sql, () => clock)
    const before = await daily.hash('x')
    await sql`delete from daily_key`.execute(database.owner.sql)
    clock -= 3_600_000
    expect((await daily.hash('x')).equals(before)).toBe(false)
  })

  test('is kept no longer than its day', async () => {
    let clock = Date.parse('2026-11-23T15:59:55Z')
    const daily = createDailyHash(database.jobs.sql, () => clock)
    const before = await daily.hash('x')
    await sql`delete from daily_key`.execute(database.owner.sql)
    clock += 4_999
    expect((await daily.hash('x')).equals(before)).toBe(true)
    clock += 1
    expect((await daily.hash('x')).equals(before)).toBe(false)
  })

  test('goes at night even if nobody comes', async () => {
    await createDailyHash(database.jobs.sql).hash('x')
    expect(await dropOldDailyKeys(database.jobs.sql)).toBe(0)
    await sql`update daily_key set day = day - 1`.execute(database.owner.sql)
    expect(await dropOldDailyKeys(database.jobs.sql)).toBe(1)
  })

  test('no role of the program reads the table, and it reaches no log', async () => {
    for (const role of [database.app, database.jobs]) {
      await expect(sql`select * from daily_key`.execute(role.sql)).rejects.toThrow(/permission/)
    }
    const { rows } = await sql<{ relname: string; relpersistence: string }>`
      select relname, relpersistence from pg_class where relname in ('daily_key', 'rate') order by 1`.execute(
      database.owner.sql,
    )
    expect(rows).toEqual([
      { relname: 'daily_key', relpersistence: 'u' },
      { relname: 'rate', relpersistence: 'u' },
    ])
  })
})
