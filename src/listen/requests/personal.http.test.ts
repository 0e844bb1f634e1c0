import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// What a person takes along: their own judgements, and where they said "me too" under the number they signed in with.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, sentTo, answered } = requestsOf(server, organisation)
const { staff, resident, neighbour } = organisation

interface Copy {
  readonly sections: {
    readonly heading: string
    readonly rows: { readonly label: string; readonly value: unknown; readonly spoken?: string }[][]
  }[]
}
const headers = (member: { cookie: string }) => ({ Cookie: member.cookie, 'Accept-Language': 'zh-CN' })
const section = async (member: { cookie: string }, heading: string) => {
  const copy = (await (await server.fetch('/my/copy.json', { headers: headers(member) })).json()) as Copy
  return copy.sections.find((each) => each.heading === heading)?.rows ?? []
}
const say = (path: string, fields: Record<string, string>) =>
  server.fetch(path, {
    method: 'POST',
    headers: { Origin: server.address, Accept: 'text/html' },
    body: new URLSearchParams(fields),
  })

test('judgements and "me too" are in the copy of whoever gave them, and in nobody else’s', async () => {
  const filed = await file({ phone: '13800000001', publicationPermitted: true }, resident)
  expect((await say(`/r/${filed.link}/add`, { text: '还有一盏' })).status).toBe(303)
  await answered(filed)
  await does(staff.secretary, filed.id, 'publish', { title: '楼下路灯不亮', text: '楼下路灯不亮。' })
  const number = Number(await server.one('select number from request where id = $1', [filed.id]))
  for (const phone of ['13800000002', '13800000077'])
    expect((await say(`/raised/${number}`, { phone, words: `我家也是 ${phone.slice(-2)}` })).status).toBe(303)
  const token = (await sentTo('13800000001'))?.token ?? ''
  expect((await say(`/j/${token}`, { verdict: 'partly', satisfaction: '4', words: '还差一盏' })).status).toBe(303)

  // What was said stands beside who said it.
  const words = await section(resident, 'requests.data.said')
  const by = words.map((row) => row.find((fact) => fact.label === 'requests.data.by')?.value)
  const of = (text: string) => by[words.findIndex((row) => row.some((fact) => fact.value === text))]
  expect(of('还有一盏')).toBe('您')
  expect(of('灯泡已换，现在亮了。')).toBe('五里物业')
  const judged = await section(resident, 'requests.data.judged')
  expect(judged).toHaveLength(1)
  expect(judged[0]?.map((fact) => fact.value)).toEqual(expect.arrayContaining([number, 'partly', 4, '还差一盏']))
  expect(await section(neighbour, 'requests.data.judged')).toEqual([])

  const too = await section(neighbour, 'requests.data.me-too')
  expect(too.map((row) => row.find((fact) => fact.label === 'requests.raised.me-too-words')?.value)).toEqual([
    '我家也是 02',
  ])
  expect(await section(resident, 'requests.data.me-too')).toEqual([])
  // Staff who judge nothing and left no number have neither, whatever they may read at the desk.
  expect(await section(staff.secretary, 'requests.data.judged')).toEqual([])

  const page = await (await server.fetch('/my/data', { headers: { ...headers(resident), Accept: 'text/html' } })).text()
  expect(page).toContain('138 0000 0001')
  expect(page).not.toContain('+86138')
  expect(page).toContain('解决了一部分')
  expect(page).not.toMatch(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/)
  const text = await (await server.fetch('/my/copy.txt', { headers: headers(resident) })).text()
  expect(text).toContain('满意吗：满意')
  expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}|requests\.|people\./)
})

test('whoever deletes themselves takes the number out of where they said "me too"; the count stays', async () => {
  const before = await server.one<number>('select count(*)::int from me_too where phone_index is not null')
  expect(before).toBe(2)
  const deleted = await server.fetch('/my/delete', {
    method: 'POST',
    headers: { ...headers(neighbour), Origin: server.address },
    body: new URLSearchParams({ sure: 'yes' }),
  })
  expect(deleted.headers.get('location')).toBe('/my/deleted')
  await server.workJobs()
  expect(await server.one<number>('select count(*)::int from me_too where phone_index is not null')).toBe(1)
  expect(await server.one<number>('select count(*)::int from me_too where phone_encrypted is not null')).toBe(1)
  expect(await server.one<number>('select max(me_too)::int from publication')).toBe(2)
})

test('a visit is spoken of by its day, on the page and in the copy to read', async () => {
  const filed = await file({ text: '天花板滴水。' }, resident)
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'dispatch', { body: organisation.bodies.property })
  await does(staff.manager, filed.id, 'acknowledge')
  const day = new Date(server.clock.now().getTime() + 5 * 86_400_000).toISOString().slice(0, 10)
  await does(staff.manager, filed.id, 'arrange-visit', {
    from: `${day}T09:00:00+08:00`,
    until: `${day}T11:00:00+08:00`,
    note: '带梯子',
  })
  for (const path of ['/my/data', '/my/copy.txt']) {
    const text = await (await server.fetch(path, { headers: headers(resident) })).text()
    expect(text, path).toMatch(/\d+月\d+日（周.） 09:00–11:00 带梯子/)
    expect(text, path).not.toContain(`${day} 09:00`)
  }
})
