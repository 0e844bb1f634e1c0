// What is posted to a page and is no form of ours: a sentence, never a failure of the server.
import { describe, expect, test } from 'vitest'
import { routesOf } from '#kernel/http/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file } = requestsOf(server, organisation)
const filed = await file({ phone: '13911112222' })
const secretary = organisation.staff.secretary.cookie

const names = [
  [
    'phone',
    'code',
    'email',
    'password',
    'again',
    'as',
    'mail',
    'name',
    'language',
    'type',
    'contrast',
    'back',
    'display',
  ],
  [
    'number',
    'link',
    'verdict',
    'satisfaction',
    'words',
    'text',
    'title',
    'spot',
    'reason',
    'faults',
    'note',
    'day',
    'from',
  ],
  [
    'until',
    'visit',
    'form',
    'page',
    'do',
    'place',
    'placeWords',
    'placeWas',
    'card',
    'about',
    'category',
    'public',
    'anonymous',
    'alone',
  ],
].flat()
const filled = (value: string) => names.map((name): [string, string] => [name, value])

const pages = [
  ...new Set(
    routesOf(server.app)
      .filter(({ method, url }) => method === 'POST' && !/^\/(api|open311)\//.test(url))
      .map(({ url }) => url),
  ),
]
const paths = (url: string) =>
  url
    .replace(':token', url.startsWith('/r/') ? filed.link : 'x')
    .replace('/my/requests/:id', `/my/requests/${filed.id}`)
    .replace(/:\w+/g, '100001')

async function post(url: string, body: string, type: string, cookie = '') {
  server.clock.advance(1_000)
  const answer = await server.fetch(paths(url), {
    method: 'POST',
    body,
    headers: { Accept: 'text/html', 'Content-Type': type, ...(cookie ? { Cookie: cookie } : {}) },
  })
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() }
}

test('there are pages to post to', () => expect(pages.length).toBeGreaterThan(15))

// A point is sent by a script; the switches of the header read no field but their own.
const typed = pages.filter((url) => url !== '/tell/near' && url !== '/display')

describe.each(typed)('%s', (url) => {
  test('refuses JSON with a page', async () => {
    for (const value of [1, null, true, ['a'], { a: { b: 1 } }])
      for (const cookie of ['', secretary]) {
        const body = JSON.stringify(Object.fromEntries(names.map((name) => [name, value])))
        const answer = await post(url, body, 'application/json', cookie)
        expect(answer.status, JSON.stringify(value)).toBe(415)
        expect(answer.type).toContain('text/html')
      }
  })
})

describe.each(pages)('%s', (url) => {
  test('stands fields given twice, and names with brackets', async () => {
    const twice = new URLSearchParams([...filled('a'), ...filled('b')]).toString()
    const nested = names.map((name) => `${name}[a]=1&${name}[]=2&${name}.x=3`).join('&')
    for (const body of [twice, nested, ''])
      for (const cookie of ['', secretary]) {
        const { status } = await post(url, body, 'application/x-www-form-urlencoded', cookie)
        expect(status, `${body.slice(0, 20)} ${cookie === '' ? 'nobody' : 'staff'}`).toBeLessThan(500)
      }
  })
})
