import { expect, test } from 'vitest'
import { settableClock } from '#kernel/clock/index.ts'
import { createDailyHash } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { createLimits } from '#kernel/limits/index.ts'
import { testDatabase } from '#testing/database.ts'
import { enter } from '../access/index.ts'
import { createKey, declareScope, KeyRefusal, listKeys, noteUse, revokeKey, stillHolds, takeKey } from './index.ts'
import { sweepUses } from './keys.store.ts'

const database = await testDatabase()
const clock = settableClock(new Date())
const kernel = { clock, limits: createLimits(database.app.sql, createDailyHash(database.jobs.sql), 1) }
declareScope({ name: 'tried', means: { zh: '试', en: 'tried' } })
declareScope({ name: 'other', means: { zh: '别的', en: 'other' } })

const make = (more: Partial<Parameters<typeof createKey>[2]> = {}) =>
  createKey(database.owner, clock.now(), {
    name: '示例平台',
    scopes: ['tried'],
    place: null,
    perMinute: 60,
    expiresAt: null,
    ...more,
  })
const take = (key: string, scope = 'tried') => takeKey(kernel, database.app.sql, key, scope)
const refusedAs = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Refusal)
  return error as Refusal
}

test('a key holds for its scope, and what is stored opens nothing', async () => {
  const { id, key } = await make()
  expect(await take(key)).toEqual({ id, name: '示例平台', place: null })
  const { rows } = await database.owner.pool.query('select api_key::text as row from api_key')
  expect(rows[0].row).not.toContain(key.slice(6))
  expect((await database.owner.pool.query('select kind, record from ledger.act')).rows).toEqual([
    { kind: 'key.created', record: id },
  ])
})

test('every misuse has its own sentence', async () => {
  const { id, key } = await make({ expiresAt: new Date(clock.now().getTime() + 86_400_000) })
  expect(await refusedAs(take('linli_nonsense'))).toMatchObject({ status: 403, type: 'key-unknown' })
  expect(await refusedAs(take(`linli_${'x'.repeat(43)}`))).toMatchObject({ status: 403, type: 'key-unknown' })
  expect(await refusedAs(take(key, 'other'))).toMatchObject({ type: 'key-scope', values: { scopes: 'tried' } })
  const before = clock.now()
  clock.advance(2 * 86_400_000)
  expect(await refusedAs(take(key))).toMatchObject({ status: 403, type: 'key-expired' })
  clock.set(before)
  await revokeKey(database.owner, clock.now(), id)
  expect(await refusedAs(take(key))).toMatchObject({ status: 403, type: 'key-revoked' })
  await expect(revokeKey(database.owner, clock.now(), id)).rejects.toBeInstanceOf(KeyRefusal)
})

test('a key that is revoked after it was looked at opens nothing', async () => {
  const { id, key } = await make()
  const shown = await take(key)
  const within = () =>
    enter(database.app, { key: { secret: key } }, { now: clock.now(), language: 'zh-CN' }, async (act) => {
      stillHolds(act, shown)
      return (await act.client.query('select access.api_key() as key')).rows[0].key
    })
  expect(await within()).toBe(id)
  await revokeKey(database.owner, clock.now(), id)
  expect(await refusedAs(within())).toMatchObject({ status: 403, type: 'key-revoked' })
})

test('each key has a rate of its own', async () => {
  const few = await make({ perMinute: 2 })
  const many = await make({ perMinute: 100 })
  await take(few.key)
  await take(few.key)
  const refused = await refusedAs(take(few.key))
  expect(refused).toMatchObject({ status: 429, type: 'too-many', values: { most: 2 } })
  expect(refused.values.seconds).toBeGreaterThan(0)
  for (let times = 0; times < 20; times += 1) await take(many.key)
})

test('a scope that is none makes no key', async () => {
  await expect(make({ scopes: ['tried', 'everything'] })).rejects.toThrow(/no such scope: everything/)
  expect((await database.owner.pool.query('select from api_key')).rowCount).toBe(0)
})

test('uses are counted by the hour without anything that was sent, and kept for thirty days', async () => {
  const { key } = await make()
  for (const status of [200, 200, 403]) await noteUse(database.app.sql, key, 'GET /x', status)
  await noteUse(database.app.sql, `linli_${'x'.repeat(43)}`, 'GET /x', 403)
  const [listed] = await listKeys(database.owner, clock.now())
  expect(listed).toMatchObject({ name: '示例平台', calls: 3, refused: 1, revokedAt: null })
  expect(listed?.lastUsedAt).not.toBeNull()
  await sweepUses(database.jobs.sql, clock.now())
  expect((await database.owner.pool.query('select from api_key_use')).rowCount).toBe(2)
  await sweepUses(database.jobs.sql, new Date(clock.now().getTime() + 31 * 86_400_000))
  expect((await database.owner.pool.query('select from api_key_use')).rowCount).toBe(0)
})

test('the serving role reads no list of keys, makes none and takes no context of one', async () => {
  const { key } = await make()
  for (const statement of [
    'select * from api_key',
    'select * from api_key_use',
    'update api_key set revoked_at = null',
    "insert into api_key_use (key, hour, what, status) values (uuidv7(), now(), 'x', 200)",
    "select access.settle('{}')",
  ])
    await expect(database.app.pool.query(statement), statement).rejects.toMatchObject({ code: '42501' })
  const client = await database.app.pool.connect()
  try {
    await client.query('begin')
    await client.query('select access.enter_by_key(sha256($1::bytea))', [key])
    // A setting that was written over carries no seal.
    await client.query("select set_config('linli.context', '|person:|key:' || uuidv7() || '|', true)")
    expect((await client.query('select access.api_key() as key')).rows[0].key).toBeNull()
  } finally {
    await client.query('rollback')
    client.release()
  }
})
