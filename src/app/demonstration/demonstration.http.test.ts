// The whole demonstration, loaded as a first start loads it: something stands wherever somebody may look.
import { beforeAll, expect, test } from 'vitest'
import { addDays, atMinute, dayOf, weekdayOf } from '#kernel/calendar/days.ts'
import { verify } from '#kernel/ledger/index.ts'
import { listJudgements, readTotals } from '#listen/judgements/judgements.api.ts'
import { closings, states } from '#listen/requests/requests.api.ts'
import { readRequest } from '#listen/requests/requests.desk.api.ts'
import { countQueues, listRequests, queues } from '#listen/requests/requests.lists.api.ts'
import { readLearned } from '#listen/suggestions/suggestions.api.ts'
import { learnAll } from '#listen/suggestions/suggestions.jobs.ts'
import { testDatabase } from '#testing/database.ts'
import { testServer } from '#testing/server.ts'
import { signIn } from '../desk.api.ts'
import { demonstrationAccounts, loadDemonstration } from './load.ts'

// On the evening of a Sunday, when least is due: whoever tries it out then finds something in every queue too.
const today = dayOf(new Date())
const sunday = addDays(today, -weekdayOf(today))
const server = await testServer(await testDatabase({ keep: true }), {}, atMinute(sunday, 21 * 60))
const cookies = new Map<string, string>()
let loaded = 0

beforeAll(async () => {
  loaded = await loadDemonstration(server.kernel)
  for (const { role, mail, password } of demonstrationAccounts(server.kernel.config)) {
    if (!mail || !password) continue
    const answer = await server.call(signIn, { body: { email: mail, password } })
    expect(answer.status, role).toBe(200)
    cookies.set(
      role,
      answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; '),
    )
  }
})

test('about three hundred matters, in every state and with every end', async () => {
  expect(loaded).toBeGreaterThanOrEqual(290)
  const { rows } = await server.superuser.query<{ state: string; result: string | null }>(
    'select state, result from request',
  )
  // Those that were divided are more than were told.
  expect(rows.length).toBeGreaterThanOrEqual(loaded)
  expect(states.filter((state) => !rows.some((row) => row.state === state))).toEqual([])
  // What came from another platform with its answer comes by an import alone.
  const missing = closings.filter((closing) => !rows.some((row) => row.result === closing))
  expect(missing).toEqual(['answered_elsewhere'])
})

test('every queue of the desk has something in it, for somebody who can sign in', async () => {
  const most = new Map<string, number>()
  for (const [role, cookie] of cookies) {
    const { body } = await server.call(countQueues, { as: cookie })
    for (const [queue, count] of Object.entries(body)) {
      most.set(queue, Math.max(most.get(queue) ?? 0, count))
      if (count === 0) continue
      const list = await server.call(listRequests, { as: cookie, query: { queue, limit: 100 } })
      expect(list.body.items.length, `${role} ${queue}`).toBe(Math.min(count, 100))
    }
  }
  expect(queues.filter((queue) => queue !== 'all' && !most.get(queue))).toEqual([])
})

test('those whose body answered enough see the totals of the month before, and a grid with few sees none', async () => {
  const seen = new Map<string, boolean>()
  for (const [role, cookie] of cookies) {
    const { body } = await server.call(readTotals, { as: cookie })
    seen.set(
      role,
      body.bodies.some(({ totals }) => totals !== null && totals.judgements >= 5),
    )
  }
  expect(Object.fromEntries(seen)).toEqual({
    grid_worker: false,
    community_secretary: true,
    unit: true,
    dispatcher: true,
    supervisor: true,
    caller: true,
    district_leader: true,
  })
})

test('those who supervise read what residents said, but nothing of what their own body handled', async () => {
  for (const [role, own] of [
    ['supervisor', '邗上街道办事处（演示）'],
    ['district_leader', '邗江区社会治理中心（演示）'],
  ] as const) {
    const { body } = await server.call(listJudgements, { as: cookies.get(role) ?? null, query: { limit: 100 } })
    expect(body.items.length, role).toBeGreaterThan(20)
    expect(
      body.items.flatMap((item) => item.bodies),
      role,
    ).not.toContain(own)
  }
})

test('the home of a place says how many matters of the month before were solved', async () => {
  const home = await (await server.fetch('/places/321003001')).text()
  const { rows } = await server.superuser.query<{ judged: number; solved: number; told: number }>(
    "select judged, solved, told from public_counts((select path from place where code = '321003001'), $1)",
    [server.clock.now()],
  )
  const { judged, solved } = rows[0] ?? {}
  expect(Number(judged)).toBeGreaterThanOrEqual(5)
  expect(home).toMatch(new RegExp(`<span class="value">${solved}</span>[^<]{0,20}\\b${judged}\\b`))
})

test('a released matter has a map link; a matter that was marked has its point at the desk', async () => {
  const number = await server.one<string>(
    "select p.number from publication p join request r on r.id = p.request where r.path like '32/10/03/001/003/%' order by p.number limit 1",
  )
  expect(await (await server.fetch(`/raised/${number}`)).text()).toMatch(/href="geo:32\.3\d+,119\.4\d*"/)
  const marked = await server.one<string>(
    "select id from request where longitude is not null and path like '32/10/03/001/003/%' order by id limit 1",
  )
  const { body } = await server.call(readRequest, {
    as: cookies.get('community_secretary') ?? null,
    params: { id: marked },
  })
  expect(body.point?.longitude).toBeCloseTo(119.41, 1)
  expect(body.point?.latitude).toBeCloseTo(32.39, 1)
})

test('what its closed matters teach is learned by the job of the night, soon after the start', async () => {
  const waits = "select count(*)::int from pgboss.job where name = 'suggestions.learn' and state = 'created'"
  expect(await server.one(waits)).toBe(1)
  const made = await learnAll(server.kernel)
  expect(made).toBeGreaterThanOrEqual(1)
  const answer = await server.call(readLearned, { as: cookies.get('dispatcher') ?? null })
  expect(answer.body, answer.text).toMatchObject({ standing: true, from: null })
  const [night, ...before] = answer.body.nights
  expect(before).toEqual([])
  expect(night?.rows).toBeGreaterThanOrEqual(20)
  expect(night?.levelThree).toBeGreaterThanOrEqual(night?.levelFirst ?? 1)
})

test('its register is whole, and read in the order of time', async () => {
  await server.order()
  const { rows } = await server.superuser.query<{ at: Date }>('select at from ledger.act order by id desc limit 300')
  const times = rows.map(({ at }) => Date.parse(String(at)))
  expect(times).toEqual(times.toSorted((one, other) => other - one))
  const client = await server.superuser.connect()
  try {
    expect(await verify(client)).toMatchObject({ ok: true, firstBroken: null })
  } finally {
    client.release()
  }
})
