import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { doing } from '../acts/asked.ts'
import { meToo } from '../acts/resident.ts'
import { askQueue, noticeQueue } from '../reading/queues.ts'
import { requestsJobs } from '../requests.jobs.ts'
import { sendNotices } from './notices.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, ask, does, row, answered, holding } = requestsOf(server, organisation)
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
    'requests.notice.merge-known': 1,
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

test('what staff correct for the reporter they hear of, with why on their page; what they correct themselves is no news', async () => {
  const told = await file({ phone: '13900030001' })
  await holding({ link: told.link }, (act) => doing.correct(act, kernel, told.id, { title: '路灯坏了' }, null))
  await server.workJobs()
  expect((await messages())['requests.notice.correct']).toBeUndefined()
  const silent = await ask(staff.dispatcher, told.id, 'correct', { title: '楼前路灯坏了', reason: '。' })
  expect(silent).toMatchObject({ status: 422, body: { type: expect.stringMatching(/request-says-something$/) } })
  await does(staff.dispatcher, told.id, 'correct', { title: '楼前路灯坏了', reason: '来电说是楼前那一盏' })
  await server.workJobs()
  expect((await messages())['requests.notice.correct']).toBe(1)
  const page = await (await server.fetch(`/r/${told.link}`)).text()
  expect(page).toContain('为什么更正：来电说是楼前那一盏')
  expect(page).toContain('路灯坏了\n楼下路灯不亮')
})

test('whose matter was merged reads into which where everybody may, and has it handled by itself if it is another', async () => {
  const stays = await file({ phone: '13900040001', publicationPermitted: true })
  const [known, unknown] = [await file({ phone: '13900040002' }), await file({ phone: '13900040003' })]
  await does(staff.secretary, unknown.id, 'merge', { into: stays.id, reason: '同一件事' })
  await server.workJobs()
  const textTo = async (phone: string) =>
    (await kernel.outbox.listReadableMessages(200)).find((each) => each.to.endsWith(phone))?.text ?? ''
  expect(await textTo('13900040003')).toContain('和另一件是同一回事')
  expect(await textTo('13900040003')).not.toContain(stays.number)
  await does(staff.secretary, stays.id, 'publish', { title: '楼下路灯不亮', text: '楼下路灯不亮。' })
  await does(staff.secretary, known.id, 'merge', { into: stays.id, reason: '同一件事' })
  await server.workJobs()
  expect(await textTo('13900040002')).toContain(`和编号 ${stays.number}“楼下路灯不亮”是同一回事`)
  const page = await (await server.fetch(`/r/${known.link}`)).text()
  expect(page).toContain(`和编号 ${stays.number}“楼下路灯不亮”是同一回事`)
  expect(page).toContain('不是同一回事？请上一级单独办')
  const again = await holding({ link: known.link }, (act) => doing.reopen(act, kernel, known.id, {}, null))
  expect(again.decision.refused).toBe(false)
  expect(await row(known.id)).toMatchObject({ state: 'accepted', merged_into: null, holder: bodies.office })
})
