import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

// Whose matter was merged into another reads there what becomes of both, and nothing of the other reporter.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, row, sentTo, answered, holding } = requestsOf(server, organisation)
const { staff, resident } = organisation
const visitor = visitorOf(server)
const english = (page: string) =>
  server.fetch(page, { headers: { Accept: 'text/html', 'Accept-Language': 'en' } }).then((answer) => answer.text())
const reads = (link: string, id: string) =>
  holding(
    { link },
    async (act) => (await act.client.query('select * from request_merged_followed($1)', [id])).rows[0] ?? null,
  )

test('the promised date and the unit while it is open, then the answer with who gave it; nothing of the other reporter', async () => {
  const target = await file({
    text: '三单元的灯坏了，我是隔壁老陈家。',
    name: '陈晓明',
    phone: '13911110001',
  })
  const mine = await file({ text: '楼道里黑。', phone: '13911110002' })
  await does(staff.secretary, mine.id, 'merge', { into: target.id, reason: '同一盏灯' })
  await server.workJobs()
  const page = `/r/${mine.link}`
  const open = await visitor.page(page)
  expect(open).toContain('您的事和另一件并在一起办')
  expect(open).toMatch(/答应答复的时间：\s*<time/)
  expect(await english(page)).toContain('promised an answer by')

  await answered(target, '灯泡已换，现在亮了。')
  expect((await sentTo('13911110002'))?.text).toContain('有答复了')
  const told = await visitor.page(page)
  expect(told).toContain('灯泡已换，现在亮了。')
  const { rows } = await server.superuser.query(
    'select p.title, t.holder_name from request_answer a join tenure t on t.id = a.author join post p on p.id = t.post where a.request = $1',
    [target.id],
  )
  expect(told).toContain(rows[0].title)
  expect(told).toContain(rows[0].holder_name)
  expect(await english(page)).toContain('The answer')
  for (const secret of ['老陈', '陈晓明', '0001', target.number, '/j/']) expect(told).not.toContain(secret)

  // What its reporter says of it is theirs.
  await server.workJobs()
  const token = (await sentTo('13911110001'))?.token
  const judged = await server.fetch(`/j/${token}`, {
    method: 'POST',
    headers: { Accept: 'text/html' },
    body: new URLSearchParams({ verdict: 'not', words: '还是黑' }),
  })
  expect(judged.status).toBe(303)
  expect((await row(target.id)).state).toBe('closed')
  const after = await visitor.page(page)
  expect(after).toContain('灯泡已换，现在亮了。')
  expect(after).not.toMatch(/没有解决。|您说：|还是黑/)
})

test('by two steps of merging it is the last one; by the link of another matter there is nothing', async () => {
  const last = await file({ phone: '13911110003' })
  const middle = await file()
  const mine = await file({}, resident)
  await does(staff.secretary, mine.id, 'merge', { into: middle.id, reason: '同一盏灯' })
  await does(staff.secretary, middle.id, 'merge', { into: last.id, reason: '同一盏灯' })
  await answered(last, '三处都看过了。')
  const own = await server.fetch(`/my/requests/${mine.id}`, {
    headers: { Accept: 'text/html', Cookie: resident.cookie },
  })
  expect(await own.text()).toContain('三处都看过了。')
  expect(await reads(middle.link, middle.id)).toMatchObject({ text: '三处都看过了。', state: 'answered' })
  expect(await reads(middle.link, mine.id)).toBeNull()
  expect(await reads(last.link, last.id)).toBeNull()
  expect(await reads(last.link, middle.id)).toBeNull()
})

test('that it is another matter can be said as long as there is no answer, and for thirty days from it', async () => {
  const target = await file({ phone: '13911110021' })
  const mine = await file({ text: '楼道里黑。', phone: '13911110022' })
  await does(staff.secretary, mine.id, 'merge', { into: target.id, reason: '同一盏灯' })
  server.clock.advance(45 * 86_400_000)
  const page = `/r/${mine.link}`
  expect(await visitor.page(page)).toContain('那件事答复以前，哪天都可以')
  expect(await english(page)).toContain('on any day until the other is answered')
  await answered(target)
  await server.workJobs()
  expect(await visitor.page(page)).toMatch(/不是同一回事[\s\S]*最晚到：\s*<time/)
  server.clock.advance(31 * 86_400_000)
  expect(await visitor.page(page)).not.toContain('不是同一回事？')
})
