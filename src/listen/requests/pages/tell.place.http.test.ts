import { beforeEach, expect, test } from 'vitest'
import { nameGrams } from '#kernel/search/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { type Visitor, visitorOf } from '#testing/visitor.ts'

// Where it is, in words: nobody's request ends up in another city because one place alone bears the name.
const server = await testServer(await testDatabase({ keep: true }))
const { places } = await makeOrganisation(server)
const html = { Accept: 'text/html' }
const count = () => server.one<number>('select count(*)::int from request')
const placeOfLast = () => server.one<string>('select place from request order by id desc limit 1')

/** Another community, as the list has it. */
async function community(name: string, short: string, above: keyof typeof places): Promise<string> {
  return server.one(
    `insert into place (kind, name, short_name, grams, path, parent_id) values ('community', $1, $2, $3, $4, $5) returning id`,
    [name, short, nameGrams(short), `${places[above].path}x${short.length}/`, places[above].id],
  )
}
const next = await community('示例西苑社区居委会', '示例西苑', 'subdistrict')
const far = await community('西苑社区居委会', '西苑', 'otherSubdistrict')

let visitor: Visitor
beforeEach(() => {
  visitor = visitorOf(server)
})

async function post(path: string, fields: Record<string, string>) {
  const body = new URLSearchParams({ page: 'all', do: 'send', text: '井盖松了 <b>', spot: '菜场西门', ...fields })
  const answer = await visitor.fetch(path, { method: 'POST', body, headers: html })
  const location = answer.headers.get('location') ?? ''
  return { location, page: location ? await visitor.page(location) : await answer.text() }
}

const offered = (page: string) =>
  [...page.matchAll(/<input type="radio" name="place" value="([^"]+)"[^>]*>\s*<span>([^<]*)/g)].map(
    ([tag, id, name]) => ({ id, name, chosen: tag.includes('checked') }),
  )

test('a name that one place alone bears is shown with all that lies above it, and taken by one more press', async () => {
  const form = await visitor.form()
  const before = await count()
  const asked = await post('/tell', { form, placeWords: '琼花' })
  expect(asked.location).toContain('check=1')
  expect(await count()).toBe(before)
  expect(offered(asked.page)).toEqual([
    { id: places.otherCommunity.id, name: '江苏省扬州市广陵区东关街道琼花社区', chosen: false },
  ])
  expect(asked.page).toContain('找到一个，是这里吗')
  // The fault leads to it, and all that was typed stands there.
  expect(asked.page).toContain('<a href="#field-place">请看看找到的是不是您说的地方')
  for (const typed of ['井盖松了 &lt;b&gt;', 'value="菜场西门"', 'value="琼花"']) expect(asked.page).toContain(typed)
  // Pressed past, it is asked again; confirmed, it is filed.
  expect((await post('/tell', { form, placeWords: '琼花' })).location).toContain('check=1')
  const filed = await post('/tell', { form, placeWords: '琼花', place: places.otherCommunity.id })
  expect(filed.location).toMatch(/receipt$/)
  expect(await placeOfLast()).toBe(places.otherCommunity.id)
})

test('in English it is said too', async () => {
  const form = await visitor.form()
  const asked = await visitor.fetch('/tell', {
    method: 'POST',
    body: new URLSearchParams({ form, page: 'all', do: 'send', text: 'x', placeWords: '琼花' }),
  })
  const page = await visitor.fetch(asked.headers.get('location') ?? '', {
    headers: { ...html, Cookie: 'linli_language=en' },
  })
  expect(await page.text()).toMatch(
    /One was found\. Is it this one\?[\s\S]*Please look whether this is the place you mean|Please look whether this is the place you mean[\s\S]*One was found/,
  )
})

test('one question after the other stays at the place until it is confirmed', async () => {
  const form = await visitor.form()
  const asked = await post('/tell', { form, page: 'where', do: 'next', placeWords: '琼花' })
  expect(asked.location).toContain('step=where')
  expect(offered(asked.page)).toHaveLength(1)
  const on = await post('/tell', {
    form,
    page: 'where',
    do: 'next',
    placeWords: '琼花',
    place: places.otherCommunity.id,
  })
  expect(on.location).toContain('step=pictures')
})

test('beneath the place whose page they came from it is certain, and taken', async () => {
  const path = `/places/321003001/tell`
  const form = await visitor.form(path)
  const filed = await post(path, {
    form,
    place: places.subdistrict.id,
    placeWas: places.subdistrict.id,
    placeWords: '五里',
  })
  expect(filed.location).toMatch(/receipt$/)
  expect(await placeOfLast()).toBe(places.community.id)
})

test.each([
  ['beyond that place', '/places/321003001/tell', '琼花', 'otherCommunity'],
  ['beneath a whole city', '/places/3210/tell', '琼花', 'otherCommunity'],
] as const)('%s it is asked', async (_, path, placeWords, found) => {
  const form = await visitor.form(path)
  const before = await count()
  const asked = await post(path, { form, place: places.subdistrict.id, placeWas: places.subdistrict.id, placeWords })
  expect(offered(asked.page)).toMatchObject([{ id: places[found].id, chosen: false }])
  expect(await count()).toBe(before)
})

test('of several, what lies round that place comes first; so it does in what is suggested', async () => {
  const order = async (path: string) => {
    const form = await visitor.form(path)
    const asked = await post(path, { form, placeWords: '西苑' })
    const suggest = /data-suggest="([^"]+)"/.exec(asked.page)?.[1]?.replaceAll('&amp;', '&')
    const suggested = await visitor.fetch(`${suggest}${encodeURIComponent('西苑')}`)
    const codes = ((await suggested.json()) as { code: string }[]).map(({ code }) => code)
    expect(offered(asked.page).map(({ id }) => id)).toEqual(codes)
    return codes
  }
  expect(await order('/tell')).toEqual([far, next])
  expect(await order('/places/321003001/tell')).toEqual([next, far])
  expect(await order('/places/321002001/tell')).toEqual([far, next])
})

test('a form of which nothing is kept goes by the words, and not by the place that stood in it', async () => {
  const path = '/places/321003001001/tell'
  const page = await (await server.fetch(`${path}?asked=${server.clock.now().getTime().toString(36)}`)).text()
  expect(page).toContain('name="placeWas"')
  const before = await count()
  const answer = await server.fetch(path, {
    method: 'POST',
    headers: html,
    body: new URLSearchParams({
      form: /name="form" value="([^"]+)"/.exec(page)?.[1] ?? '',
      page: 'all',
      alone: 'yes',
      do: 'send',
      text: '井盖松了',
      place: places.community.id,
      placeWas: places.community.id,
      placeWords: '琼花',
    }),
  })
  const asked = await answer.text()
  expect(offered(asked)).toMatchObject([{ id: places.otherCommunity.id, chosen: false }])
  expect(await count()).toBe(before)
})
