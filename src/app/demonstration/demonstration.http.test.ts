// The whole demonstration, loaded as a first start loads it: something stands wherever somebody may look.
import { beforeAll, expect, test } from 'vitest'
import { verify } from '#kernel/ledger/index.ts'
import { closings, states } from '#listen/requests/requests.api.ts'
import { countQueues, listRequests, queues } from '#listen/requests/requests.lists.api.ts'
import { testDatabase } from '#testing/database.ts'
import { testServer } from '#testing/server.ts'
import { signIn } from '../desk.api.ts'
import { demonstrationAccounts, loadDemonstration } from './load.ts'

const server = await testServer(await testDatabase({ keep: true }))
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

test('its register is whole', async () => {
  await server.order()
  const client = await server.superuser.connect()
  try {
    expect(await verify(client)).toMatchObject({ ok: true, firstBroken: null })
  } finally {
    client.release()
  }
})
