// How requests ended, as the desk's lists tell it: to each reader as much as the request's own page tells them.
import { parse } from 'csv-parse/sync'
import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { countRequests, type Filter, listRequests, searchRequests } from '../requests.lists.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, read, answered, sentTo, holding } = requestsOf(server, organisation)
const { staff } = organisation
type Reader = keyof typeof staff

const ids = { judged: '', withdrawn: '', merged: '', open: '' }
const rows = async (query: Filter, as: Reader) => {
  const answer = await server.call(listRequests, { as: staff[as].cookie, query })
  expect(answer.status, answer.text).toBe(200)
  return answer.body.items
}
const found = async (query: Filter, as: Reader) => (await rows(query, as)).map((row) => row.id).toSorted()

/** Every page of a list, newest first, two rows a page. */
async function paged(query: Filter, as: Reader): Promise<string[]> {
  const shown: string[] = []
  for (let after: string | undefined; ; ) {
    const page = { ...query, sort: 'newest' as const, limit: 2, ...(after ? { after } : {}) }
    const answer = await server.call(searchRequests, { as: staff[as].cookie, body: page })
    expect(answer.status, answer.text).toBe(200)
    shown.push(...answer.body.items.map((row) => row.id))
    if (!answer.body.next) return shown
    after = answer.body.next
  }
}

beforeAll(async () => {
  const { judge } = await import('../acts/judge.ts')
  const judged = await file({ title: 'judged', phone: '13812345678' })
  await answered(judged)
  const token = (await sentTo('13812345678'))?.token ?? ''
  await holding({ judge: token }, (act) =>
    judge(act, server.kernel, judged.id, { verdict: 'partly', satisfaction: 3 }, token),
  )
  const open = await file({ title: 'open' })
  const merged = await file({ title: 'merged' })
  await does(staff.secretary, open.id, 'accept')
  await does(staff.secretary, merged.id, 'accept')
  await does(staff.secretary, merged.id, 'merge', { into: open.id, reason: '同一处路灯。' })
  const withdrawn = await file({ title: 'withdrawn', channel: 'window', phone: '13812345679' }, staff.secretary)
  await does(staff.dispatcher, withdrawn.id, 'withdraw', { reason: '自己修好了' })
  Object.assign(ids, { judged: judged.id, merged: merged.id, withdrawn: withdrawn.id, open: open.id })
})

test('a row says how it ended, and what a resident said only to whom the request’s page says it', async () => {
  const told = async (as: Reader) => Object.fromEntries((await rows({}, as)).map((row) => [row.id, row.result]))
  const others = { [ids.merged]: 'merged', [ids.withdrawn]: 'withdrawn', [ids.open]: null }
  expect(await told('overseer')).toEqual({ ...others, [ids.judged]: 'partly' })
  expect(await told('secretary')).toEqual({ ...others, [ids.judged]: null })
  expect(await told('leader')).toMatchObject(others)
  for (const as of ['overseer', 'secretary', 'leader', 'dispatcher'] as const)
    for (const row of await rows({}, as))
      expect(row.result, `${as} ${row.title}`).toBe((await read(staff[as], row.id)).body.closing)
})

test('narrowed and counted by how they ended, a list says no more than its rows', async () => {
  for (const as of ['overseer', 'secretary'] as const) {
    expect(await found({ result: 'merged' }, as)).toEqual([ids.merged])
    expect(await found({ result: 'withdrawn' }, as)).toEqual([ids.withdrawn])
    expect(await found({ result: 'solved' }, as)).toEqual([])
  }
  expect(await found({ result: 'partly' }, 'overseer')).toEqual([ids.judged])
  for (const as of ['secretary', 'manager', 'hand', 'dispatcher'] as const) {
    expect(await found({ result: 'partly' }, as), as).toEqual([])
    const count = await server.call(countRequests, { as: staff[as].cookie, query: { result: 'partly' } })
    expect(count.body, as).toEqual({ count: 0, more: false })
  }
})

test('page by page, by place and with other filters, a list narrowed by how they ended is whole', async () => {
  const open = await file({ title: 'goes on' })
  await does(staff.secretary, open.id, 'accept')
  const merged: string[] = []
  for (const channel of ['web', 'web', 'phone'] as const) {
    const other = await file({ title: 'goes on too', channel }, channel === 'phone' ? staff.secretary : null)
    await does(staff.secretary, other.id, 'accept')
    await does(staff.secretary, other.id, 'merge', { into: open.id, reason: '同一处路灯。' })
    merged.push(other.id)
  }
  const all = [...merged, ids.merged].toSorted().reverse()
  for (const as of ['secretary', 'leader'] as const) {
    expect(await paged({ result: 'merged' }, as), as).toEqual(all)
    expect(await paged({ words: 'too' }, as), as).toEqual(merged.toReversed())
    expect(await paged({ words: 'too', result: 'merged' }, as), as).toEqual(merged.toReversed())
    expect(await paged({ words: 'too', place: organisation.places.besideCommunity.id }, as), as).toEqual([])
    expect(await found({ result: 'merged', channel: 'phone' }, as)).toEqual(merged.slice(2))
    expect(await found({ result: 'merged', state: 'closed' }, as)).toEqual(all.toSorted())
    expect(await found({ result: 'merged', state: 'accepted' }, as)).toEqual([])
    expect(await found({ result: 'merged', place: organisation.places.community.id }, as)).toEqual(all.toSorted())
    const counted = await server.call(countRequests, { as: staff[as].cookie, query: { result: 'merged' } })
    expect(counted.body).toEqual({ count: 4, more: false })
  }
})

test('a list for a spreadsheet has the result in the reader’s words', async () => {
  const results = async (as: Reader) => {
    const answer = await server.fetch('/api/requests?state=closed', {
      headers: { Cookie: staff[as].cookie, Accept: 'text/csv', 'Accept-Language': 'en' },
    })
    const lines = parse(await answer.text(), { bom: true, columns: true }) as Record<string, string>[]
    return Object.fromEntries(lines.map((line) => [line.Title, line.Result]))
  }
  expect(await results('overseer')).toMatchObject({
    judged: expect.stringMatching(/part/i),
    merged: expect.stringMatching(/./),
  })
  expect(await results('secretary')).toMatchObject({
    judged: 'judged by the resident, not shown to handlers',
    withdrawn: expect.stringMatching(/./),
  })
})

test('taken up again it stands with whom it was lifted to, not with the unit that answered before', async () => {
  const filed = await file({ title: 'again', phone: '13812345680' })
  await answered(filed)
  const holder = async () => (await rows({ queue: 'all' }, 'leader')).find(({ id }) => id === filed.id)?.holderName
  expect(await holder()).toBe('五里物业')
  const token = (await sentTo('13812345680'))?.token ?? ''
  await server.fetch(`/j/${token}`, { method: 'POST', body: new URLSearchParams({ verdict: 'not' }) })
  expect(await holder()).toBe('五里物业')
  server.clock.advance(1_000)
  await server.fetch(`/j/${token}/reopen`, { method: 'POST', body: new URLSearchParams() })
  expect(await holder()).toBe('邗上街道办事处')
})
