import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openDatabase, transaction } from '#kernel/database/index.ts'
import { record, recordMany, sequence, startSequencer } from './index.ts'
import { emptyRegister } from './ledger.harness.ts'

const { app, chain, check, database, fact, jobs, nobody, order, owner, write } = await emptyRegister()

test('facts of every shape are the same after the database has kept them', async () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
  )
  const key = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .filter((text) => !text.includes('\0') && text.isWellFormed())
  const many = fc.sample(fc.dictionary(key, value, { maxKeys: 6 }), 300)
  await transaction(jobs, (_sql, client) =>
    recordMany(
      { client, now: new Date(), actor: nobody },
      many.map((facts) => fact({ facts, times: { due: '2026-11-22T00:00:00.000Z' } })),
    ),
  )
  for (const facts of many.slice(0, 50)) await write(1, { facts })
  await order()
  expect(await check()).toMatchObject({ entries: 350, ok: true, firstBroken: null, reason: null })
})

describe('the order of the chain', () => {
  test('a late committer is not skipped: it gets its place when it commits', async () => {
    const late = await app.pool.connect()
    await late.query('begin')
    const early = await record({ client: late, now: new Date(Date.now() - 60_000), actor: nobody }, fact())
    const others = await write(5)
    await order()
    expect((await chain()).map((entry) => entry.act)).toEqual(others)
    await late.query('commit')
    late.release()
    await order()
    expect((await chain()).map((entry) => entry.act)).toEqual([...others, early])
    expect(await check()).toMatchObject({ entries: 6, ok: true })
  })

  test('what is rolled back leaves nothing', async () => {
    await expect(
      transaction(app, async (_sql, client) => {
        await record({ client, now: new Date(), actor: nobody }, fact({ personal: 'gone' }))
        throw new Error('thought better of it')
      }),
    ).rejects.toThrow('thought better')
    await order()
    for (const table of ['act', 'salt', 'pending', 'entry'])
      expect((await owner.pool.query(`select from ledger.${table}`)).rowCount, table).toBe(0)
  })

  test('the role that serves requests cannot hold up the order', async () => {
    await write(1)
    const holding = await app.pool.connect()
    try {
      for (const lock of ['for update', 'for no key update', 'for share', 'for key share']) {
        await expect(holding.query(`select from ledger.head ${lock}`)).rejects.toMatchObject({ code: '42501' })
      }
      // Reading is all it may, and whatever number it takes an advisory lock on is nobody else's.
      await holding.query('begin')
      await holding.query('select from ledger.head')
      await holding.query('select pg_advisory_lock(7263541, 1)')
      expect(await sequence(jobs)).toBe(1)
    } finally {
      holding.release(true)
    }
  })

  test('two who order at once let each other pass, and writers never wait', async () => {
    const ordering = await jobs.pool.connect()
    await write(3)
    await ordering.query('begin')
    expect((await ordering.query('select ledger.sequence() as placed')).rows[0].placed).toBe(3)
    expect(await sequence(jobs)).toBe(0)
    await write(2)
    await ordering.query('commit')
    ordering.release()
    await order()
    expect((await chain()).map((entry) => entry.place)).toEqual([1, 2, 3, 4, 5])
    expect(await check()).toMatchObject({ entries: 5, ok: true })
  })

  test('whatever the order of commits, every act has one place and no place is empty', {
    timeout: 60_000,
  }, async () => {
    const others = openDatabase(database.jobsUrl, { connections: 2 })
    const sequencers = [startSequencer(jobs, { milliseconds: 1 }), startSequencer(others, { milliseconds: 1 })]
    let written = 0
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              acts: fc.integer({ min: 1, max: 4 }),
              holds: fc.integer({ min: 0, max: 12 }),
              keeps: fc.boolean(),
            }),
            { minLength: 1, maxLength: 8 },
          ),
          async (writers) => {
            await Promise.all(
              writers.map(async ({ acts, holds, keeps }) => {
                const client = await app.pool.connect()
                try {
                  await client.query('begin')
                  for (let each = 0; each < acts; each += 1) {
                    await record({ client, now: new Date(), actor: nobody }, fact())
                    if (holds > 0) await client.query('select pg_sleep($1)', [holds / 1_000])
                  }
                  await client.query(keeps ? 'commit' : 'rollback')
                  if (keeps) written += acts
                } finally {
                  client.release()
                }
              }),
            )
          },
        ),
        { numRuns: 25 },
      )
      await expect
        .poll(async () => (await owner.pool.query('select from ledger.pending')).rowCount, { timeout: 10_000 })
        .toBe(0)
    } finally {
      await Promise.all(sequencers.map((each) => each.stop()))
      await others.close()
    }
    expect((await chain()).map((entry) => entry.place)).toEqual(
      Array.from({ length: written }, (_, index) => index + 1),
    )
    expect((await owner.pool.query('select from ledger.act')).rowCount).toBe(written)
    expect(await check()).toMatchObject({ entries: written, ok: true })
  })

  test('one notice a batch, after it is committed', async () => {
    const listener = new pg.Client({ connectionString: database.jobsUrl })
    await listener.connect()
    const heard: string[] = []
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''))
    await listener.query('listen linli_ledger')
    await write(4)
    await order()
    await expect.poll(() => heard).toEqual(['4'])
    await listener.end()
  })

  test('whatever the statistics say, placing looks at what waits and never at all that was done', async () => {
    for (let round = 0; round < 4; round += 1)
      await transaction(jobs, (_sql, client) =>
        recordMany(
          { client, now: new Date(), actor: nobody },
          Array.from({ length: 500 }, () => fact()),
        ),
      )
    await order()
    // After many were placed at once the table of what waits is thought to be as large as ever, until it is vacuumed.
    const superuser = new pg.Client({ connectionString: database.superuserUrl })
    await superuser.connect()
    await superuser.query(`update pg_class set reltuples = 1e6, relpages = 1 where oid = 'ledger.pending'::regclass`)
    await superuser.end()
    await write(3)
    const { rows } = await jobs.pool.query('explain (analyze, buffers, format json) select ledger.sequence()')
    const pages = Number(rows[0]['QUERY PLAN'][0].Plan['Shared Hit Blocks'])
    expect(await chain()).toHaveLength(2003)
    // A look at each of the two thousand would be three pages each.
    expect(pages).toBeLessThan(1000)
  })

  test('an act put among the waiting a second time does not stop the chain', async () => {
    const [first] = await write(2)
    await order()
    await jobs.pool.query('insert into ledger.pending (act) values ($1)', [first])
    const [third] = await write(1)
    await order()
    expect((await chain()).map((entry) => entry.act).at(-1)).toBe(third)
    expect((await owner.pool.query('select from ledger.pending')).rowCount).toBe(0)
    expect(await check()).toMatchObject({ entries: 3, ok: true })
  })
})
