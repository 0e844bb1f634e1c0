// What everybody may read, as feed readers ask for it: by place and category, in both languages, and again without need.
import { parseAtomFeed, parseJsonFeed } from 'feedsmith'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered } = requestsOf(server, organisation)
const { staff } = organisation

/** A request that everybody may read. */
async function released(title: string) {
  const filed = await file({ text: `${title}，请来看看。`, name: '王小路', publicationPermitted: true })
  server.clock.advance(60_000)
  await does(staff.secretary, filed.id, 'publish', { title, text: `${title}，请来看看。` })
  return filed
}
const ask = (path: string, headers: Record<string, string> = {}) => server.fetch(path, { headers })
const jsonAt = async (path: string) => parseJsonFeed(JSON.parse(await (await ask(path)).text()))

const lamp = await released('路灯不亮')
await file({ text: '没有公开的一件', publicationPermitted: true })

test.each(['/raised', '/places/321003001001/raised'])(
  '%s: what is released, and nothing else, as Atom and as JSON',
  async (path) => {
    const atom = await ask(`${path}.atom`)
    expect(atom.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    expect(atom.headers.get('access-control-allow-origin')).toBe('*')
    const text = await atom.text()
    expect(text).not.toMatch(/没有公开|王小路/)
    const read = parseAtomFeed(text)
    expect(read.entries).toHaveLength(1)
    expect(read.entries?.[0]?.title?.value).toBe(`路灯不亮 (${lamp.number})`)
    const json = await ask(`${path}.json`)
    expect(json.headers.get('content-type')).toBe('application/feed+json; charset=utf-8')
    const items = parseJsonFeed(JSON.parse(await json.text())).items ?? []
    expect(items.map(({ id }) => id)).toEqual([read.entries?.[0]?.id])
    // The page it names is there.
    expect((await ask(new URL(items[0]?.url ?? '').pathname)).status).toBe(200)
    // A reader finds both on the page, and whoever looks sees them.
    const page = await (await ask(path)).text()
    expect(page).toContain(`<link rel="alternate" type="application/atom+xml"`)
    expect(page).toContain(`href="${path}.atom?lang=zh-CN" type="application/atom+xml">Atom</a>`)
  },
)

test('another place, and another category, have none of it', async () => {
  expect((await jsonAt('/places/321003001002/raised.json')).items ?? []).toEqual([])
  const category = await server.one<string | null>('select category from publication where request = $1', [lamp.id])
  expect(category).toBeNull()
  expect((await jsonAt('/raised.json?category=019a0000-0000-7000-8000-000000000009')).items ?? []).toEqual([])
})

test('of one category, named in the language that is asked for', async () => {
  const category = '019a0000-0000-7000-8000-000000000007'
  await server.superuser.query(
    `insert into category (id, path, code, level1, level2, level3, level3_en) values ($1, '32/', 'lamp', '市政', '照明', '路灯', 'Lamps')`,
    [category],
  )
  await server.superuser.query('update publication set category = $2 where request = $1', [lamp.id, category])
  for (const [language, name] of [
    ['zh-CN', '路灯'],
    ['en', 'Lamps'],
  ]) {
    const feed = await jsonAt(`/places/321003001001/raised.json?category=${category}&lang=${language}`)
    expect(feed.items?.map(({ tags }) => tags)).toEqual([[name]])
    expect(feed.title).toContain(name)
    expect(feed.feed_url).toContain(`category=${category}&lang=${language}`)
  }
})

test('in the language that is asked for, each a feed of its own', async () => {
  const [chinese, english] = [await jsonAt('/raised.json?lang=zh-CN'), await jsonAt('/raised.json?lang=en')]
  expect([chinese.title, english.title]).toEqual(['大家说的事', 'Raised here'])
  expect((await ask('/raised.atom?lang=en')).headers.get('content-language')).toBe('en')
})

describe('asked again', () => {
  test('nothing new: 304 by tag; a time says nothing of what was withdrawn', async () => {
    const first = await ask('/raised.atom')
    const tag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toBe('public, no-cache')
    expect(first.headers.get('last-modified')).toBeNull()
    expect(tag).toMatch(/^"[\w-]{22}"$/)
    const known: Record<string, string>[] = [
      { 'If-None-Match': tag },
      { 'If-None-Match': `"x", W/${tag}` },
      { 'If-None-Match': '*' },
    ]
    for (const headers of known) {
      const again = await ask('/raised.atom', headers)
      expect([again.status, await again.text()], JSON.stringify(headers)).toEqual([304, ''])
      expect(again.headers.get('etag')).toBe(tag)
    }
    const later = new Date(server.clock.now().getTime() + 86_400_000).toUTCString()
    expect((await ask('/raised.atom', { 'If-Modified-Since': later })).status).toBe(200)
    expect((await ask('/raised.json', { 'If-None-Match': tag })).status).toBe(200)
  })

  test('an answer is news under the same id; what is withdrawn is gone', async () => {
    const older = await released('台阶缺角')
    await released('树枝挡路')
    const before = await ask('/raised.json')
    const tag = before.headers.get('etag') ?? ''
    const ids = (parseJsonFeed(JSON.parse(await before.text())).items ?? []).map(({ id }) => id)
    expect(ids).toHaveLength(3)
    await answered(older, '台阶补好了。')
    await server.workJobs()
    const after = (await jsonAt('/raised.json')).items ?? []
    expect(after[0]?.id).toBe(ids[1])
    expect(after[0]?.date_modified).not.toBe(after[0]?.date_published)
    expect((await ask('/raised.json', { 'If-None-Match': tag })).status).toBe(200)
    await does(staff.secretary, lamp.id, 'unpublish', { reason: '本人要求' })
    expect(((await jsonAt('/raised.json')).items ?? []).map(({ id }) => id)).not.toContain(ids[2])
  })
})

test.each([
  '/places/999999999999/raised.atom',
  '/places/nowhere/raised.json',
  '/raised.atom?category=x',
  '/raised.atom?category=1&category=2',
  '/raised.rss',
])('%s is not there', async (path) => {
  expect((await ask(path)).status).toBe(404)
})
