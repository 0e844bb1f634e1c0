import { beforeEach, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

// Whoever changes language, type or contrast in the middle of telling loses nothing, without any script.
const server = await testServer(await testDatabase({ keep: true }))
await makeOrganisation(server)
const html = { Accept: 'text/html' }
let visitor = visitorOf(server)
beforeEach(() => {
  visitor = visitorOf(server)
})

async function begun(): Promise<string> {
  return visitor.form()
}

async function pressed(fields: Record<string, string>) {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  const answer = await visitor.fetch('/tell', { method: 'POST', body, headers: html })
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const location = answer.headers.get('location') ?? ''
  return {
    status: answer.status,
    location,
    cookie,
    page: await (await visitor.fetch(location, { headers: html })).text(),
  }
}

test.each([
  ['language:en', 'linli_language=en', /<html lang="en"/],
  ['type:large', 'linli_display=large.normal', /class="large"/],
  ['contrast:high', 'linli_display=normal.high', /class="contrast"/],
])('%s keeps what was typed, ticked and not yet sent', async (display, cookie, shown) => {
  const form = await begun()
  const typed = { form, page: 'all', text: '写到一半的话 <b>', name: '半句', phone: '139', public: 'yes' }
  const after = await pressed({ ...typed, display })
  expect([after.status, after.location]).toEqual([303, `/tell?form=${form}`])
  expect(after.cookie).toContain(cookie)
  expect(after.page).toMatch(shown)
  expect(after.page).toContain('写到一半的话 &lt;b&gt;')
  expect(after.page).toContain('value="半句"')
  expect(after.page).toContain('value="139"')
  expect(after.page).toMatch(/name="public"[^>]*checked/)
  // Nothing is found fault with before it is sent.
  expect(after.page).not.toContain('id="faults"')
  expect(await server.one('select count(*)::int from request')).toBe(0)
})

test('on one question after the other one stays where one is', async () => {
  const form = await begun()
  const after = await pressed({ form, page: 'who', name: '半句', display: 'language:en' })
  expect(after.location).toBe(`/tell?form=${form}&step=who`)
  expect(after.page).toContain('value="半句"')
})

test('from one question after the other to one page and back nothing is lost', async () => {
  const form = await begun()
  const long = await pressed({ form, page: 'all', text: '写到一半的话', name: '半句', do: 'step:what' })
  expect(long.location).toBe(`/tell?form=${form}&step=what`)
  expect(long.page).toContain('写到一半的话')
  const one = await pressed({ form, page: 'what', text: '又写了几个字', do: 'step:all' })
  expect(one.location).toBe(`/tell?form=${form}`)
  expect(one.page).toContain('又写了几个字')
  expect(one.page).toContain('value="半句"')
  expect(one.page).not.toContain('id="faults"')
  expect(await server.one('select count(*)::int from request')).toBe(0)
})

test('a place that is not the right one is looked for anew with a button, and the words stay', async () => {
  const form = await begun()
  const place = await server.one<string>("select id from place where name like '五里%' limit 1")
  const chosen = await pressed({ form, page: 'all', text: '话', place, do: 'find' })
  expect(/<details><summary>[\s\S]*?<\/details>/.exec(chosen.page)?.[0]).toContain('value="find"')
  const other = await pressed({ form, page: 'all', text: '话', place, placeWords: '没有这个地方', do: 'find' })
  expect(other.page).toContain('没找到“没有这个地方”')
  expect(other.page).toContain('话')
})

test('a wish that is none changes nothing', async () => {
  const form = await begun()
  const after = await pressed({ form, page: 'all', text: '话', display: 'language:<x>' })
  expect(after.cookie).toContain('linli_language=zh-CN')
  expect(after.page).toContain('话')
})

test('Enter in a field presses no switch: the form’s first button keeps and looks up', async () => {
  const page = await (await visitor.fetch(`/tell?form=${await begun()}`, { headers: html })).text()
  const buttons = [...page.matchAll(/<button[^>]*>/g)]
    .map(([each]) => each)
    .filter((each) => each.includes('form="tell"') || !each.includes('form='))
  expect(buttons[0]).toContain('name="do" value="find"')
  expect(page).not.toContain('action="/display"')
})
