import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { meToo } from '../acts/resident.ts'
import { askQueue, noticeQueue } from '../reading/queues.ts'
import { requestsJobs } from '../requests.jobs.ts'
import { sendNotices } from './notices.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, row, answered, holding } = requestsOf(server, organisation)
const { kernel, superuser } = server
const { staff, bodies } = organisation

/** How many messages there are of each template. */
async function messages(): Promise<Record<string, number>> {
  const { rows } = await superuser.query<{ template: string; count: number }>(
    "select template, count(*)::int as count from outbox where template like 'requests.%' group by template order by template",
  )
  return Object.fromEntries(rows.map(({ template, count }) => [template, count]))
}
const jobsOf = async (queue: string) =>
  (await superuser.query<{ data: Record<string, string> }>('select data from pgboss.job where name = $1', [queue])).rows

test('a job worked again, as after a kill between its commit and its receipt, tells nobody twice', async () => {
  const one = await file({ phone: '13900010001', publicationPermitted: true })
  const two = await file({ phone: '13900010002' })
  await does(staff.secretary, two.id, 'merge', { into: one.id, reason: '同一件事' })
  await does(staff.secretary, one.id, 'publish', { title: '楼下路灯不亮', text: '楼下路灯不亮。' })
  await holding({}, (act) => meToo(act, kernel, one.id, { phone: '13900010003' }))
  await does(staff.supervisor, one.id, 'supervise', { reason: '催一催' })
  await answered(one)
  await server.workJobs()

  const told = await messages()
  expect(told).toMatchObject({
    'requests.notice.asked': 1,
    'requests.notice.me-too': 1,
    'requests.notice.merge': 1,
    'requests.notice.merged-answered': 1,
  })
  expect(told['requests.notice.supervise']).toBeGreaterThan(0)
  const merged = await row(two.id)
  expect(merged.heard_at).toBeTruthy()

  server.clock.advance(60_000)
  const notices = await jobsOf(noticeQueue)
  expect(notices.length).toBeGreaterThan(3)
  for (const { data } of notices) await sendNotices(kernel, data)
  const asked = requestsJobs(kernel).find((queue) => queue.name === askQueue)
  for (const { data } of await jobsOf(askQueue)) await asked?.handle(data, { id: 'again', retryCount: 1 })
  expect(await messages()).toEqual(told)
  // What was noted with the first stands as it was noted then.
  expect(await row(two.id)).toEqual(merged)
})

test('two workers with the same job at the same moment tell once', async () => {
  const { id } = await file({ phone: '13900020001' })
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.officeHead, id, 'extend', { workingDays: 2, reason: '等配件' })
  const [job] = (await jobsOf(noticeQueue)).filter(({ data }) => data.request === id && data.kind === 'request.extend')
  await Promise.all([1, 2, 3, 4].map(() => sendNotices(kernel, job?.data ?? {})))
  expect((await messages())['requests.notice.extend']).toBe(1)
})
