// Another city's server that answers too late, breaks off, answers 500 after it has filed, gives a token or gives nothing for a day:
// nothing is filed twice, and each is named in the log.
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { type Answering, type Asked, elsewhere, filedAs, forwardingOf, nothing, xml } from './forwarding.harness.ts'
import { settleForwarded } from './forwarding.making.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { declare, told, later, delivery, lines, sent } = forwardingOf(server, organisation)
const { owner } = server.database

/** Files what is posted, and shows it in its list; answers to the POST as told. */
function filing(answerPost: (response: ServerResponse, number: string) => void, listed = true): Answering {
  const held: { number: string; description: string }[] = []
  return (asked, response) => {
    if (asked.method === 'POST') {
      held.push({ number: `C-${held.length + 1}`, description: asked.fields.description ?? '' })
      answerPost(response, held.at(-1)?.number ?? '')
      return
    }
    const rows = held.map(
      ({ number, description }) =>
        `<request><service_request_id>${number}</service_request_id><description>${description}</description></request>`,
    )
    if (asked.path.startsWith('requests.'))
      xml(response, `<service_requests>${listed ? rows.join('') : ''}</service_requests>`)
    else nothing(response)
  }
}
const posting = (asked: readonly Asked[]) => asked.filter(({ method }) => method === 'POST')
test('what is sent is what the standard asks for, and nobody’s name', async () => {
  const { asked, forwarding, request } = await sent((_, response) => filedAs(response, 'C-1'), {
    jurisdiction: 'example.org',
  })
  await later(1)
  const [post] = posting(asked)
  expect(post).toMatchObject({
    path: 'requests.xml',
    fields: {
      api_key: 'key-of-theirs',
      jurisdiction_id: 'example.org',
      service_code: 'lights',
      description: expect.stringContaining('楼下路灯不亮'),
      address_string: expect.stringContaining('五里社区'),
    },
  })
  expect(post?.headers['content-type']).toContain('application/x-www-form-urlencoded')
  expect(JSON.stringify(post?.fields)).not.toMatch(/王小路|13911110001|email|phone|first_name|device/)
  expect(await delivery(forwarding)).toMatchObject({ state: 'delivered', number: 'C-1', request: request.number })
  await later(200)
  expect(posting(asked)).toHaveLength(1)
})

describe('a lost answer files nothing twice', () => {
  test.each([
    ['answers too late', (_: ServerResponse) => undefined, 'timeout'],
    ['breaks off', (response: ServerResponse) => response.destroy(), 'cut off'],
    ['answers 500 after it has filed', (response: ServerResponse) => response.writeHead(500).end(), 'http 500'],
    [
      'answers with something else',
      (response: ServerResponse) => response.end('<html><body>Thanks!'),
      'malformed answer',
    ],
    [
      'leads elsewhere',
      (response: ServerResponse) => response.writeHead(303, { Location: '/thanks' }).end(),
      'http 303',
    ],
  ])('where it %s: it is found there by our mark', async (_, answer, reason) => {
    const { asked, forwarding, request } = await sent(filing(answer))
    await later(1, 0.3)
    expect(await delivery(forwarding)).toMatchObject({
      state: 'waiting',
      unsure: true,
      reason: expect.stringContaining(reason),
    })
    await later(2)
    expect(await delivery(forwarding)).toMatchObject({ state: 'delivered', number: 'C-1', attempts: 2 })
    expect(posting(asked)).toHaveLength(1)
    expect(await lines(request.id)).toEqual(['forwarded: 示例市 311 · C-1'])
  })

  test('where its list does not show it, people settle it after a day', async () => {
    const { asked, forwarding, request } = await sent(filing((response) => response.writeHead(500).end(), false))
    for (let round = 0; round < 20; round += 1) await later(121)
    const given = await delivery(forwarding)
    expect(given).toMatchObject({
      state: 'dead',
      unsure: true,
      attempts: 17,
      reason: expect.stringContaining('not in the list'),
    })
    expect(posting(asked)).toHaveLength(1)
    await settleForwarded(owner, server.clock.now(), given?.id ?? '', 'C-77')
    await later(1)
    expect(await delivery(forwarding)).toMatchObject({ state: 'delivered', number: 'C-77' })
    expect(await lines(request.id)).toEqual(['forwarded: 示例市 311 · C-77'])
    await expect(settleForwarded(owner, server.clock.now(), given?.id ?? '', null)).rejects.toThrow('has arrived')
  })

  test('it is sent again by hand where it never arrived', async () => {
    let status = 500
    const { asked, forwarding } = await sent((one, response) =>
      one.method === 'GET'
        ? nothing(response)
        : status === 500
          ? response.writeHead(500).end()
          : filedAs(response, 'C-2'),
    )
    for (let round = 0; round < 20; round += 1) await later(121)
    status = 200
    await settleForwarded(owner, server.clock.now(), (await delivery(forwarding))?.id ?? '', null)
    await later(1)
    expect(await delivery(forwarding)).toMatchObject({ state: 'delivered', number: 'C-2' })
    expect(posting(asked)).toHaveLength(2)
  })

  test('where its list is known to show all, what is not in it a while later is sent again, to the letter', async () => {
    let times = 0
    const { asked, forwarding } = await sent(
      (one, response) => {
        if (one.method === 'GET') return nothing(response)
        times += 1
        return times === 1 ? response.destroy() : filedAs(response, 'C-3')
      },
      { again: 'listed' },
    )
    await later(1)
    await later(2)
    expect(posting(asked)).toHaveLength(1)
    await later(10)
    expect(await delivery(forwarding)).toMatchObject({ state: 'delivered', number: 'C-3' })
    const [one, other] = posting(asked)
    expect(other?.fields).toEqual(one?.fields)
    expect(other?.headers['idempotency-key']).toBe(one?.headers['idempotency-key'])
  })

  test('a process that dies after sending does not send again', async () => {
    const { asked, forwarding, request } = await sent(filing(() => undefined))
    await later(1, 0.3)
    // As it stands where the process died before it could put anything back.
    await owner.pool.query(
      'update forwarding_delivery set claimed_until = $1, next_attempt_at = $1 where forwarding = $2',
      [server.clock.now(), forwarding],
    )
    await Promise.all([later(1), later(0)])
    expect(posting(asked)).toHaveLength(1)
    expect(await lines(request.id)).toEqual(['forwarded: 示例市 311 · C-1'])
  })
})

describe('a token', () => {
  test('is asked for until the number is there', async () => {
    let ready = false
    const { asked, forwarding } = await sent((one, response) =>
      one.method === 'POST'
        ? xml(response, '<service_requests><request><token>t 1</token></request></service_requests>')
        : ready
          ? xml(
              response,
              '<service_requests><request><service_request_id>C-9</service_request_id><token>t 1</token></request></service_requests>',
            )
          : nothing(response),
    )
    await later(1)
    await later(2)
    expect(await delivery(forwarding)).toMatchObject({
      state: 'waiting',
      reason: 'its number comes later',
      unsure: false,
    })
    ready = true
    await later(30)
    expect(await delivery(forwarding)).toMatchObject({ state: 'delivered', number: 'C-9' })
    expect(asked.map(({ path }) => path)).toEqual(['requests.xml', 'tokens/t%201.xml', 'tokens/t%201.xml'])
  })

  test('that never becomes a number is given up after a day', async () => {
    const { forwarding, posts } = await sent((one, response) =>
      one.method === 'POST'
        ? xml(response, '<service_requests><request><token>t</token></request></service_requests>')
        : nothing(response),
    )
    for (let round = 0; round < 20; round += 1) await later(121)
    expect(await delivery(forwarding)).toMatchObject({ state: 'dead', reason: 'its number comes later' })
    expect(posts()).toHaveLength(1)
  })
})

describe('what certainly was not filed', () => {
  test('a server that is not there is tried for a day, ever less often, and then gets it once', async () => {
    const gone = await elsewhere((_, response) => filedAs(response, 'C-1'))
    const made = await declare({ url: gone.url.replace(/:\d+/, ':9') })
    await told(made.category)
    await later(1)
    expect(await delivery(made.id)).toMatchObject({ state: 'waiting', unsure: false, reason: 'unreachable' })
    await owner.pool.query('update forwarding set url = $1 where id = $2', [gone.url, made.id])
    await later(2)
    expect(await delivery(made.id)).toMatchObject({ state: 'delivered', attempts: 2 })
    expect(gone.posts()).toHaveLength(1)
  })

  test('503 with a time is kept to, and a key that was revoked there is named', async () => {
    let busy = true
    const fault = '<errors><error><code>403</code><description>This key was revoked.</description></error></errors>'
    const { posts, forwarding } = await sent((_, response) =>
      busy ? response.writeHead(503, { 'Retry-After': '3600' }).end() : xml(response, fault, 403),
    )
    await later(1)
    busy = false
    await later(30)
    expect(posts()).toHaveLength(1)
    await later(31)
    expect(await delivery(forwarding)).toMatchObject({
      state: 'waiting',
      unsure: false,
      reason: 'http 403: This key was revoked.',
    })
    expect(posts()).toHaveLength(2)
  })

  test('a refusal for what it is ends it, with its sentence', async () => {
    const { posts, forwarding } = await sent(
      (_, response) =>
        response
          .writeHead(400, { 'Content-Type': 'application/json' })
          .end('[{"code":400,"description":"service_code is unknown"}]'),
      { format: 'json' },
    )
    await later(1)
    await later(200)
    expect(await delivery(forwarding)).toMatchObject({ state: 'dead', reason: 'http 400: service_code is unknown' })
    expect(posts()).toHaveLength(1)
  })
})

test.each([
  'http://elsewhere.example.org/',
  'https://127.0.0.1/open311/v2/',
  'https://10.0.0.8/',
  'https://localhost/',
  'https://elsewhere.example.org:8443/',
  'https://somebody:secret@elsewhere.example.org/',
  'https://elsewhere.example.org/?key=1',
  'file:///etc/passwd',
])('%s is no address unless the operator says that it lies within', async (url) => {
  await expect(declare({ url, inner: false })).rejects.toThrow('https and a name')
})

test('neither is our own address, nor a category that does not hold there', async () => {
  await expect(declare({ url: `${server.kernel.config.publicUrl}/open311/v2/` })).rejects.toThrow(
    'this installation itself',
  )
  await expect(declare({ url: 'http://127.0.0.1/', category: 'no.such' } as never)).rejects.toThrow('no.such')
})
