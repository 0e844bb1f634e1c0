import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { guardJobs, type Jobs, migrateJobs, startJobs } from './index.ts'

const database = await testDatabase()
const queues = [
  { name: 'test.some-fail', fromRequests: true },
  { name: 'test.many', fromRequests: true },
  { name: 'test.of-jobs' },
  { name: 'test.of-one', fromRequests: "data ->> 'record' = '1'" },
] as const
let jobs: Jobs

beforeAll(async () => {
  await migrateJobs(database.ownerUrl, queues)
  await guardJobs(database.ownerUrl, queues)
  jobs = await startJobs(database.jobsUrl)
})
afterAll(() => jobs.stop())

const fill = async (queue: string, count: number) => {
  const client = await database.app.pool.connect()
  try {
    await client.query('begin')
    for (let index = 0; index < count; index += 1) await jobs.enqueue({ client }, queue, { record: String(index) })
    await client.query('commit')
  } finally {
    client.release()
  }
}

describe('jobs', { timeout: 30_000 }, () => {
  test('the role that serves requests puts in what a queue lets it put in, and reads nothing else', async () => {
    const put = (name: string, columns = 'name, data', more = '') =>
      database.app.pool.query(`insert into pgboss.job (${columns}) values ('${name}', '{"record": "1"}'${more})`).then(
        () => 'done',
        (error: { code: string }) => error.code,
      )
    expect(await put('test.many')).toBe('done')
    expect(await put('test.of-one')).toBe('done')
    expect(await put('test.of-jobs')).toBe('42501')
    expect(await put('test.many', 'name, data, state', ", 'completed'")).toBe('42501')
    await expect(
      database.app.pool.query(`insert into pgboss.job_common (name, data) values ('test.of-one', '{"record": "2"}')`),
    ).rejects.toMatchObject({ code: '42501' })
    expect((await database.app.pool.query('select id from pgboss.job')).rows).toEqual([])
    await database.jobs.pool.query("delete from pgboss.job where name like 'test.%'")
  })

  test('what a process held that was killed is given back long before its time is up', async () => {
    await fill('test.many', 1)
    const { rows } = await database.owner.pool.query(
      "select heartbeat_seconds, expire_seconds from pgboss.job where name = 'test.many'",
    )
    expect(rows).toEqual([{ heartbeat_seconds: 30, expire_seconds: 300 }])
    await database.jobs.pool.query("delete from pgboss.job where name like 'test.%'")
  })

  test('a job that fails is tried again, those fetched with it are not; a backlog does not wait for the next second', async () => {
    await fill('test.some-fail', 5)
    await fill('test.many', 200)
    const done: string[] = []
    let many = 0
    const failures: string[] = []
    await jobs.work(
      [
        {
          name: 'test.some-fail',
          concurrency: 5,
          handle: async ({ record = '' }) => {
            done.push(record)
            if (record === '2') throw new TypeError('told by 张三')
          },
        },
        {
          name: 'test.many',
          concurrency: 10,
          handle: async () => {
            many += 1
          },
        },
      ],
      (queue) => failures.push(queue),
    )
    await expect.poll(() => many, { timeout: 10_000 }).toBe(200)
    await expect
      .poll(async () => {
        const { rows } = await database.owner.pool.query(
          "select state, count(*)::integer as jobs from pgboss.job where name = 'test.some-fail' group by state order by state::text",
        )
        return rows
      })
      .toEqual([
        { state: 'completed', jobs: 4 },
        { state: 'retry', jobs: 1 },
      ])
    expect(done.toSorted()).toEqual(['0', '1', '2', '3', '4'])
    expect(failures).toEqual(['test.some-fail'])
    const { rows } = await database.owner.pool.query("select output from pgboss.job where state = 'retry'")
    expect(JSON.stringify(rows[0].output)).not.toContain('张三')
  })
})

describe('the wall', { timeout: 30_000 }, () => {
  /** Whatever is done meanwhile is done beside somebody who holds the tables against everybody. */
  async function whileHeld<T>(doing: () => Promise<T>): Promise<T> {
    const holder = await database.owner.pool.connect()
    try {
      await holder.query('begin')
      await holder.query('lock table pgboss.job, pgboss.job_common in access exclusive mode')
      return await doing()
    } finally {
      await holder.query('rollback')
      holder.release()
    }
  }
  const policies = async () =>
    (
      await database.owner.pool.query(
        "select oid::text from pg_policy where polrelid in ('pgboss.job'::regclass, 'pgboss.job_common'::regclass) order by oid",
      )
    ).rows

  test('that stands already is left alone, with no lock on the tables', async () => {
    const before = await policies()
    expect(before).toHaveLength(6)
    await whileHeld(() => guardJobs(database.ownerUrl, queues, 1))
    expect(await policies()).toEqual(before)
  })

  test('that has to be built while the tables are held: refused in a sentence, and built once they are free', async () => {
    const more = [...queues, { name: 'test.later', fromRequests: true }] as const
    await expect(whileHeld(() => guardJobs(database.ownerUrl, more, 1))).rejects.toThrow(/held by others all the time/)
    const before = await policies()
    await Promise.all([guardJobs(database.ownerUrl, more), guardJobs(database.ownerUrl, more)])
    expect(await policies()).not.toEqual(before)
    await guardJobs(database.ownerUrl, queues)
  })

  test.each([
    'drop policy linli_jobs on pgboss.job_common',
    'alter policy linli_just_put_in on pgboss.job using (true)',
    'alter table pgboss.job_common disable row level security',
    'revoke execute on function pgboss.linli_may_put_in(text, jsonb) from linli_app',
  ])('is built anew where it no longer stands: %s', async (statement) => {
    const before = await policies()
    await database.owner.pool.query(statement)
    await guardJobs(database.ownerUrl, queues)
    const after = await policies()
    expect(after).toHaveLength(6)
    expect(after).not.toEqual(before)
    const { rows } = await database.owner.pool.query(
      `select bool_and(relrowsecurity) as walled, has_function_privilege('linli_app', 'pgboss.linli_may_put_in(text, jsonb)', 'execute') as asks
       from pg_class where oid in ('pgboss.job'::regclass, 'pgboss.job_common'::regclass)`,
    )
    expect(rows).toEqual([{ walled: true, asks: true }])
  })
})
