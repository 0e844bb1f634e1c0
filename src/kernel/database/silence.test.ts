import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { openDatabase, transaction } from './index.ts'

const { databaseUrl } = await testDatabase({ keep: true })

/** A pool of one connection, and the process of PostgreSQL behind it. */
async function poolOfOne(silentSeconds: number) {
  const database = openDatabase(databaseUrl, { connections: 1, silentSeconds })
  const behind = async () =>
    (await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0
  return { database, behind, first: await behind() }
}

test('a database that hangs is told to whoever asked, and its connection is not used again', async () => {
  const { database, behind, first } = await poolOfOne(0.3)
  process.kill(first, 'SIGSTOP')
  try {
    await expect(database.pool.query('select 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    expect(await behind()).not.toBe(first)
  } finally {
    process.kill(first, 'SIGCONT')
    await database.close()
  }
})

test('one that hangs within a transaction gives the connection back too', async () => {
  const { database, behind, first } = await poolOfOne(0.3)
  try {
    const work = transaction(database, async (_, client) => {
      process.kill(first, 'SIGSTOP')
      await Promise.all([client.query('select 1'), client.query('select 2')])
    })
    await expect(work).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    expect(await behind()).not.toBe(first)
    expect(database.pool.totalCount).toBe(1)
  } finally {
    process.kill(first, 'SIGCONT')
    await database.close()
  }
})

test('a connection that owes nothing may be silent, in the pool and lent out', async () => {
  const { database, behind, first } = await poolOfOne(0.1)
  try {
    await new Promise((done) => setTimeout(done, 400))
    expect(await behind()).toBe(first)
    await transaction(database, async (_, client) => {
      await client.query('select 1')
      await new Promise((done) => setTimeout(done, 400))
      await client.query('select 1')
    })
    expect(await behind()).toBe(first)
  } finally {
    await database.close()
  }
})
