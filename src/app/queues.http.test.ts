// Jobs as the whole server puts and works them.
import { describe, expect, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { verify } from '#kernel/ledger/index.ts'
import { nightlyQueue, timerQueue } from '#listen/requests/reading/queues.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { allJobs } from './rooms.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, ask, row, answered } = requestsOf(server, organisation)
const { kernel, superuser } = server
const { staff, bodies } = organisation
const surroundings = { now: new Date(), language: 'zh-CN' as const }

const jobsOf = async (request: string) =>
  (
    await superuser.query<{ name: string; data: Record<string, string>; state: string }>(
      "select name, data, state from pgboss.job where data ->> 'request' = $1 order by created_on, id",
      [request],
    )
  ).rows

describe('a job', () => {
  test('is there exactly if its transaction is: not before the commit, not after a rollback', async () => {
    const kept = newId()
    const broken = newId()
    await enter(kernel.database, {}, surroundings, async (act) => {
      await kernel.jobs.enqueue(act, timerQueue, { request: kept, kind: 'request.accept' })
      await kernel.jobs.enqueueMany(act, timerQueue, [{ ids: { request: kept, kind: 'request.answer' } }])
      expect(await jobsOf(kept)).toEqual([])
    })
    expect(await jobsOf(kept)).toHaveLength(2)
    await enter(kernel.database, {}, surroundings, async (act) => {
      await kernel.jobs.enqueue(act, timerQueue, { request: broken, kind: 'request.accept' })
      await kernel.jobs.enqueueMany(act, timerQueue, [{ ids: { request: broken, kind: 'request.answer' } }])
      throw new Error('thought better of it')
    }).catch(() => undefined)
    expect(await jobsOf(broken)).toEqual([])
  })

  test('for a queue that nobody has is refused, and its transaction with it', async () => {
    const id = newId()
    await expect(
      enter(kernel.database, {}, surroundings, (act) => kernel.jobs.enqueue(act, 'no.such-queue', { request: id })),
    ).rejects.toThrow()
    expect(await jobsOf(id)).toEqual([])
  })

  test('cannot be read or changed by the application’s role', async () => {
    for (const text of ['select data from pgboss.job', 'update pgboss.job set data = null', 'delete from pgboss.job'])
      await expect(kernel.database.pool.query(text), text).rejects.toMatchObject({ code: '42501' })
  })
})

test('every payload of a whole journey holds ids and short names, nothing that anybody wrote', async () => {
  const filed = await file({ phone: '13922223333', name: '独名氏', title: '灯', text: '独有的话：路灯不亮' })
  await answered(filed, '独有的答复：已换')
  await server.workJobs()
  const second = await file({ mail: 'only-here@example.org', mayCall: false } as never).catch(() =>
    file({ phone: '13922224444' }),
  )
  await does(staff.secretary, second.id, 'accept')
  await does(staff.secretary, second.id, 'dispatch', { body: bodies.property, task: '独有的话' })
  await ask(staff.manager, second.id, 'return', { reason: '独有的理由', belongsTo: bodies.lamps })
  await does(staff.leader, second.id, 'supervise', { reason: '独有的督办' })
  server.clock.advance(9 * 24 * 3_600_000)
  await server.workJobs()
  const { rows } = await superuser.query<{ name: string; data: Record<string, unknown> | null }>(
    'select name, data from pgboss.job',
  )
  expect(rows.length).toBeGreaterThan(10)
  const short = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][a-z_.-]{0,40})$/
  for (const { name, data } of rows) {
    for (const [key, value] of Object.entries(data ?? {})) expect(String(value), `${name} ${key}`).toMatch(short)
  }
  const { rows: whole } = await superuser.query<{ text: string }>('select to_jsonb(j)::text as text from pgboss.job j')
  for (const { text } of whole) expect(text).not.toMatch(/独|13922223333|only-here/)
})

describe('timers', () => {
  test('missed for a week walk through every stage, each once', async () => {
    const filed = await file()
    const acts = () =>
      superuser
        .query<{ kind: string }>('select kind from ledger.act where record = $1 and actor is null order by at, id', [
          filed.id,
        ])
        .then(({ rows }) => rows.map((each) => each.kind).filter((kind) => kind !== 'request.file'))
    await server.workJobs()
    expect(await acts()).toEqual([])
    server.clock.advance(15 * 24 * 3_600_000)
    await server.workJobs()
    expect(await acts()).toEqual(['request.warn-due-soon', 'request.mark-overdue', 'request.supervise-by-itself'])
    expect(await row(filed.id)).toMatchObject({ overdue_stage: 'far_overdue', supervised: 'itself' })
    // The same job once more, as after a kill between the work and its receipt.
    await enter(kernel.database, {}, surroundings, async (act) => {
      for (let round = 0; round < 3; round += 1)
        await kernel.jobs.enqueue(act, timerQueue, { request: filed.id, kind: 'overdue' })
    })
    await server.workJobs()
    expect(await acts()).toHaveLength(3)
  })

  test('that come too early or too late do nothing', async () => {
    const filed = await file()
    await does(staff.secretary, filed.id, 'accept')
    await enter(kernel.database, {}, surroundings, (act) =>
      kernel.jobs.enqueue(act, timerQueue, { request: filed.id, kind: 'overdue' }),
    )
    await server.workJobs()
    expect(await row(filed.id)).toMatchObject({ state: 'accepted', overdue_stage: null })
    // Of a request that is gone: nothing to do, and no failure that is tried again.
    await enter(kernel.database, {}, surroundings, (act) =>
      kernel.jobs.enqueue(act, timerQueue, { request: newId(), kind: 'overdue' }),
    )
    await server.workJobs()
  })
})

test('what is due nightly or hourly is scheduled, in the time of the country, once however many processes', async () => {
  const due = allJobs(kernel).filter((queue) => queue.cron)
  expect(due.map((queue) => queue.name)).toContain(nightlyQueue)
  const idle = due.map((queue) => ({ ...queue, handle: async () => undefined }))
  await kernel.jobs.work(idle, () => undefined)
  const { rows } = await superuser.query<{ name: string; cron: string; timezone: string }>(
    'select name, cron, timezone from pgboss.schedule order by name',
  )
  expect(rows).toEqual(
    due
      .map(({ name, cron }) => ({ name, cron, timezone: 'Asia/Shanghai' }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  )
})

test('after all this the register holds', async () => {
  await server.order()
  const client = await superuser.connect()
  try {
    expect(await verify(client)).toMatchObject({ ok: true })
  } finally {
    client.release()
  }
})
