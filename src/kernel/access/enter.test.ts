import { expect, test } from 'vitest'
import { openDatabase, transaction } from '#kernel/database/index.ts'
import { testDatabase } from '#testing/database.ts'
import { type Act, covers, enter, nobody } from './index.ts'

const database = await testDatabase()
const surroundings = { now: new Date('2026-11-02T02:00:00Z'), language: 'en' } as const
const by = (work: (act: Act) => Promise<unknown>) => enter(database.app, {}, surroundings, work)

test('whoever shows nothing is nobody, to the database as here', async () => {
  const entered = async (token: string | null) =>
    (await database.app.pool.query<{ context: unknown }>('select access.enter($1, null, null) as context', [token]))
      .rows[0]?.context
  expect(await entered(null)).toEqual({ ...nobody, judge_used: false })
  expect(await entered('unknown')).toEqual({ ...nobody, judge_used: false })
  expect(await by(async ({ actor }) => actor)).toEqual(nobody)
})

test('a transaction that could not be begun does nothing and says why', async () => {
  const closed = openDatabase(database.databaseUrl.replace(/\/[^/?]*(?=\?|$)/, '/test_not_there'))
  const asked = enter(closed, {}, surroundings, ({ client }) => client.query('select 1'))
  await expect(asked).rejects.toMatchObject({ code: '3D000' })
  await closed.close()
  const cut = by(async ({ client }) => {
    await client.query('select pg_terminate_backend(pg_backend_pid())')
  })
  await expect(cut).rejects.toThrow()
  expect(await by(async ({ client }) => (await client.query('select 1 as one')).rows)).toEqual([{ one: 1 }])
})

test('a transaction in which a statement had failed is not taken for done', async () => {
  const swallowed = (client: Act['client']) => client.query('select 1 / 0').catch(() => 'done')
  await expect(by(({ client }) => swallowed(client))).rejects.toThrow('was taken back')
  await expect(transaction(database.jobs, (_, client) => swallowed(client))).rejects.toThrow('was taken back')
  // The connection is good for the next.
  expect(await by(async ({ client }) => (await client.query('select 1 as one')).rows)).toEqual([{ one: 1 }])
})

test('last statements are committed with the rest, and fail with it', async () => {
  const hash = (byte: number) => Buffer.alloc(32, byte)
  const insert = 'insert into idempotency (key_hash, body_hash) values ($1, $2)'
  const kept = async () =>
    (await database.owner.pool.query<{ first: number }>('select get_byte(key_hash, 0) as first from idempotency')).rows
  await by(async (act) => {
    act.along.push(() => act.client.query(insert, [hash(1), hash(1)]))
  })
  expect(await kept()).toEqual([{ first: 1 }])
  const twice = by(async (act) => {
    await act.client.query(insert, [hash(2), hash(2)])
    act.along.push(() => act.client.query(insert, [hash(1), hash(1)]))
  })
  await expect(twice).rejects.toMatchObject({ code: '23505' })
  expect(await kept()).toEqual([{ first: 1 }])
})

test('a duty reaches down from its path, never to a place whose path only holds the same digits', () => {
  expect(covers(['32/10/'], '32/10/')).toBe(true)
  expect(covers(['99/', '32/10/'], '32/10/03/')).toBe(true)
  expect(covers(['10/'], '32/10/')).toBe(false)
  expect(covers(['32/10/'], '32/')).toBe(false)
  expect(covers(undefined, '32/')).toBe(false)
})
