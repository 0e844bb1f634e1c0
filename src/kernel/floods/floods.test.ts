import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { createEncryption } from '../encryption/index.ts'
import { createFloods, createLoad, type Load, sweepFloods } from './index.ts'

const database = await testDatabase()
const encryption = createEncryption(Buffer.alloc(32, 3))
const loads: Load[] = []
afterEach(async () => {
  await Promise.all(loads.splice(0).map((load) => load.stop()))
})

function installation(options: { threshold?: number; now?: () => Date } = {}) {
  const load = createLoad(database.app.sql, { everyMilliseconds: 50 })
  loads.push(load)
  return { load, floods: createFloods({ database: database.app.sql, encryption, load, ...options }) }
}
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

async function solved(floods: ReturnType<typeof installation>['floods']) {
  const challenge = await floods.challenge()
  const solution = await solveChallenge({ challenge, deriveKey })
  return { challenge, solution }
}

describe('load', () => {
  test('counts what all processes take in', async () => {
    const one = installation()
    const other = installation()
    for (let at = 0; at < 5; at++) one.load.count()
    for (let at = 0; at < 7; at++) other.load.count()
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(await one.load.perMinute()).toBe(12)
    expect(await other.load.perMinute()).toBe(12)
  })

  test('what is older than a minute no longer counts, and is swept', async () => {
    const { load } = installation()
    load.count()
    await load.stop()
    await sql`update flood_load set bucket = bucket - interval '10 minutes'`.execute(database.owner.sql)
    expect(await installation().load.perMinute()).toBe(0)
    await sweepFloods(database.jobs.sql)
    expect((await sql`select from flood_load`.execute(database.owner.sql)).rows).toHaveLength(0)
  })
})

describe('whoever runs SQL as the application, or sets the clock back', () => {
  const count = (bucket: string, taken: number) =>
    database.app.pool.query(`insert into flood_load (process, bucket, taken) values (uuidv4(), ${bucket}, ${taken})`)

  test('writes no load that the sum cannot hold', async () => {
    await expect(count('now()', 1_000_001)).rejects.toThrow(/flood_load_taken_check/)
    await expect(count("now() + interval '1 hour'", 1)).rejects.toThrow(/flood_load_bucket_check/)
    await database.app.pool.query(
      'insert into flood_load (process, bucket, taken) select uuidv4(), now(), 1000000 from generate_series(1, 3000)',
    )
    expect(await installation().load.perMinute()).toBe(3_000_000_000)
  })

  test('keeps no proof as used for ever', async () => {
    const pass = (at: string) =>
      database.app.pool.query(`insert into flood_pass (id, expires_at) values (sha256('x'), ${at})`)
    await expect(pass("'infinity'")).rejects.toThrow(/flood_pass_expires_at_check/)
    await pass("now() + interval '30 minutes'")
  })

  test('makes no flood of what was counted before', async () => {
    await database.owner.pool.query('alter table flood_load drop constraint flood_load_bucket_check')
    await count("now() + interval '5 hours'", 1_000)
    expect(await installation().load.perMinute()).toBe(0)
    await sweepFloods(database.jobs.sql)
    expect((await database.owner.pool.query('select from flood_load')).rowCount).toBe(0)
  })

  test('is given a ticket anew', async () => {
    let clock = new Date('2026-11-24T07:00:00Z')
    const { floods } = installation({ threshold: -1, now: () => clock })
    const { ticket } = floods.ticket()
    clock = new Date('2026-11-24T02:00:00Z')
    expect(await floods.judge({ ticket })).toEqual({ accepted: false, key: 'floods.expired' })
  })
})

describe('proofs', () => {
  test('none is asked for in quiet times', async () => {
    const { floods } = installation()
    expect(await floods.asked()).toBe(false)
    expect(await floods.judge({})).toEqual({ accepted: true })
  })

  test('under load a form without one is held', async () => {
    const { floods } = installation({ threshold: 2 })
    for (let at = 0; at < 3; at++) floods.count()
    expect(await floods.asked()).toBe(true)
    expect(await floods.judge({})).toEqual({ accepted: false, key: 'floods.needed' })
  })

  test('a solved challenge is good once, also when it is sent twice at the same time', async () => {
    const { floods } = installation({ threshold: -1 })
    const altcha = encode(await solved(floods))
    const answers = await Promise.all([floods.judge({ altcha }), floods.judge({ altcha }), floods.judge({ altcha })])
    expect(answers.filter((answer) => answer.accepted)).toHaveLength(1)
    expect(await floods.judge({ altcha })).toEqual({ accepted: false, key: 'floods.used' })
  })

  test('another process takes it too', async () => {
    const altcha = encode(await solved(installation({ threshold: -1 }).floods))
    expect(await installation({ threshold: -1 }).floods.judge({ altcha })).toEqual({ accepted: true })
  })

  test('a made-up, changed or foreign solution is not', async () => {
    const { floods } = installation({ threshold: -1 })
    const { challenge, solution } = await solved(floods)
    const foreign = createFloods({
      database: database.app.sql,
      encryption: createEncryption(Buffer.alloc(32, 4)),
      load: installation().load,
      threshold: -1,
    })
    const wrong: unknown[] = [
      { challenge, solution: { counter: 1, derivedKey: '00'.repeat(32) } },
      { challenge, solution: null },
      { challenge: { ...challenge, signature: undefined }, solution },
      { challenge: { ...challenge, parameters: { ...challenge.parameters, cost: 1 } }, solution },
      { challenge: { ...challenge, parameters: { ...challenge.parameters, expiresAt: 9_999_999_999 } }, solution },
      { challenge: { ...challenge, parameters: { ...challenge.parameters, expiresAt: undefined } }, solution },
      await solved(foreign),
      {},
      [],
      null,
      'text',
      { challenge: 1, solution: 2 },
    ]
    for (const payload of wrong) {
      expect(await floods.judge({ altcha: encode(payload) })).toEqual({ accepted: false, key: 'floods.wrong' })
    }
    for (const altcha of ['%%%', 'a'.repeat(100_000), 5, {}, ['x'], null]) {
      expect((await floods.judge({ altcha })).accepted).toBe(false)
    }
    expect(await floods.judge({ altcha: encode({ challenge, solution }) })).toEqual({ accepted: true })
  })

  test('a challenge runs out', async () => {
    let clock = new Date()
    const { floods } = installation({ threshold: -1, now: () => clock })
    const altcha = encode(await solved(floods))
    clock = new Date(clock.getTime() + 601_000)
    expect(await floods.judge({ altcha })).toEqual({ accepted: false, key: 'floods.expired' })
  })

  test('a ticket waits a minute, is good once, and runs out', async () => {
    let clock = new Date('2026-11-24T02:00:00Z')
    const { floods } = installation({ threshold: -1, now: () => clock })
    const { ticket } = floods.ticket()
    const second = floods.ticket().ticket
    clock = new Date('2026-11-24T02:00:45Z')
    expect(await floods.judge({ ticket })).toEqual({ accepted: false, key: 'floods.early', retryAfterSeconds: 15 })
    clock = new Date('2026-11-24T02:01:00Z')
    expect(await floods.judge({ ticket })).toEqual({ accepted: true })
    expect(await floods.judge({ ticket })).toEqual({ accepted: false, key: 'floods.used' })
    clock = new Date('2026-11-24T02:31:00Z')
    expect(await floods.judge({ ticket: second })).toEqual({ accepted: false, key: 'floods.expired' })
  })

  test('a forged ticket is none', async () => {
    const clock = new Date('2026-11-24T02:02:00Z')
    const { floods } = installation({ threshold: -1, now: () => clock })
    const [id, , signature] = floods.ticket().ticket.split('.')
    const earlier = String(clock.getTime() / 1000 - 90)
    for (const ticket of [`${id}.${earlier}.${signature}`, `${id}.${earlier}.`, 'x', 5, null, {}, 'a'.repeat(1e6)]) {
      expect((await floods.judge({ ticket })).accepted, String(ticket).slice(0, 80)).toBe(false)
    }
  })
})
