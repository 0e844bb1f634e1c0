import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, read, row } = requestsOf(server, organisation)
const { staff, places } = organisation

test('a letter and words from a group chat are written down as what they are', async () => {
  const letter = await file({ channel: 'letter', name: '来信人' }, staff.dispatcher)
  expect(await row(letter.id)).toMatchObject({ channel: 'letter', entered_by: staff.dispatcher.tenure })
  const chat = await file({ channel: 'chat', phone: '13900060001' }, staff.secretary)
  expect(await row(chat.id)).toMatchObject({ channel: 'chat', entered_by: staff.secretary.tenure })
})

test('another system files with an account of its own, over the interface alone', async () => {
  const post = (path: string, headers: Record<string, string>, body: unknown) =>
    server.fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': 'en', ...headers },
      body: JSON.stringify(body),
    })
  const signedIn = await post(
    '/api/sign-in',
    {},
    { email: 'dispatcher@example.org', password: 'pine green on rice paper' },
  )
  expect(signedIn.status).toBe(200)
  const Cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const told = {
    channel: 'system',
    place: places.community.id,
    outerNumber: 'HL-2026-000123',
    text: 'The street lamp below is dark.',
    anonymous: false,
    phone: '13900060002',
  }
  expect((await post('/api/requests', {}, told)).status).toBe(401)
  const headers = { Cookie, 'Idempotency-Key': 'hotline-000123' }
  const filed = await post('/api/requests', headers, told)
  expect(filed.status).toBe(201)
  const body = (await filed.json()) as { id: string; number: string }
  expect(body).toMatchObject({ link: null, linkSentBy: 'sms', nextStep: 'accept' })
  expect(await row(body.id)).toMatchObject({
    channel: 'system',
    outer_number: 'HL-2026-000123',
    entered_by: staff.dispatcher.tenure,
    reporter: null,
  })
  expect((await read(staff.secretary, body.id)).body.channel).toBe('system')

  // Sent again with its key it is answered as before; under another key the number is known.
  const again = await post('/api/requests', headers, told)
  expect([again.status, await again.json()]).toEqual([201, body])
  const twice = await post('/api/requests', { Cookie, 'Idempotency-Key': 'hotline-000123-b' }, told)
  expect(twice.status).toBe(409)
  expect(await twice.json()).toMatchObject({
    type: expect.stringMatching(/request-outer-number$/),
    field: 'outerNumber',
    detail: 'A request of this place has this outer number already.',
  })
  expect(await server.one("select count(*)::int from request where channel = 'system'")).toBe(1)
})

test('an outer number is what staff or a system gives, not a stranger', async () => {
  const { id } = await file({ outerNumber: 'HL-2026-000124' })
  expect((await row(id)).outer_number).toBeNull()
})
