// A provider that refuses or is away: staff read on the matter that its reporter was not reached, and call.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

let answers: number[] = []
const asked: string[] = []
const provider = createServer((request, response) => {
  asked.push(String(request.headers['idempotency-key']))
  request.resume()
  response.statusCode = answers.shift() ?? 200
  response.end('{}')
})
await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
afterAll(() => provider.close())
const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`

const server = await testServer(await testDatabase({ keep: true }), { sms: { url, token: null } })
const organisation = await makeOrganisation(server)
const { file, answered, read } = requestsOf(server, organisation)
const { secretary, stranger } = organisation.staff

beforeEach(() => {
  answers = []
  asked.length = 0
})

/** An answered matter, whose reporter is asked how it was. */
async function answeredMatter(phone: string): Promise<{ id: string }> {
  const filed = await file({ phone })
  await answered(filed)
  await server.workJobs()
  return filed
}
const unsent = async (id: string) => (await read(secretary, id)).body.reporter.unsent

test('sent: nothing to say', async () => {
  const { id } = await answeredMatter('13911110001')
  await server.kernel.outbox.deliver()
  expect(asked.length).toBeGreaterThan(0)
  expect(await unsent(id)).toBeNull()
})

test('away: it says that it is tried again, and no more once it came through, under the same key', async () => {
  const { id } = await answeredMatter('13911110002')
  answers = Array.from({ length: 9 }, () => 503)
  await server.kernel.outbox.deliver()
  expect(await unsent(id)).toMatchObject({ channel: 'sms', givenUp: false })
  const tried = [...asked]
  answers = []
  server.clock.advance(60_000)
  await server.kernel.outbox.deliver()
  expect(asked.slice(tried.length).toSorted()).toEqual(tried.toSorted())
  expect(await unsent(id)).toBeNull()
})

test('refused for good: it says to call; who may not see the matter is told nothing', async () => {
  const { id } = await answeredMatter('13911110003')
  answers = Array.from({ length: 9 }, () => 400)
  await server.kernel.outbox.deliver()
  expect(await unsent(id)).toMatchObject({ channel: 'sms', givenUp: true })
  expect((await read(stranger, id)).status).toBe(404)
})
