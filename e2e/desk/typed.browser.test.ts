// SQL and HTML in every field that staff and residents may write, and typed into every field of the desk: text, and nothing but text.
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { complainFor } from '#listen/requests/requests.desk.api.ts'
import { saveFilter } from '#listen/requests/requests.filters.api.ts'
import { addPost, foundBody, invite } from '#organise/bodies/bodies.api.ts'
import { laws } from '#organise/laws/laws.api.ts'
import { categories, templates, writeValue } from '#organise/settings/settings.api.ts'
import { desk, dialogOf, settled } from './desk.ts'

const { server, organisation, requests, as, at, complaints } = await desk(4133)
const { staff, bodies, places } = organisation
const { does, file } = requests
/** Whatever of it ran would leave its mark on the window; whatever was taken for markup would be a picture named x. */
const nasty = `'"><img src=x onerror="window.hit=1">;drop table body;--`
const short = '<img src=x onerror="window.hit=1">'
let founded = ''
let id = ''
let explained = ''

beforeAll(async () => {
  const leader = staff.leader.cookie
  const write = async (...[endpoint, asking]: Parameters<typeof server.call>) => {
    const done = await server.call(endpoint, { as: leader, ...asking })
    expect(done.status, done.text).toBeLessThan(300)
    return done.body as { id: string }
  }
  const query = { place: places.district.id }
  const three = { level1: nasty, level2: nasty, level3: nasty, level1En: nasty, level2En: nasty, level3En: nasty }
  const { id: category } = await write(categories.add, {
    query,
    body: { ...three, promisedDays: 3, usualBody: null, usualKind: null },
  })
  await write(templates.add, { query, body: { name: nasty, text: nasty, language: 'zh-CN' } })
  await write(laws.add, {
    query,
    body: { kind: 'rule', name: nasty, nameEn: nasty, article: short, plain: nasty, plainEn: nasty, validFrom: null },
  })
  const said = { telephone: short, address: nasty, hours: nasty }
  for (const [name, value] of Object.entries({ contact: said, notice: { text: nasty, textEn: nasty } }))
    await write(writeValue, { params: { name }, query, body: { value }, version: 0 })
  founded = (
    await write(foundBody, {
      body: { place: places.community.id, kind: 'property_manager', name: nasty, nameEn: nasty, ...said },
    })
  ).id
  const post = await write(addPost, {
    params: { id: founded },
    body: { title: nasty, titleEn: nasty, duties: ['request.handle'] },
  })
  await write(invite, { params: { id: post.id }, body: { name: nasty, mail: 'nobody@linli.example' } })
  await write(saveFilter, { body: { name: short, query: 'queue=all' } })

  const filed = await file({ title: nasty, text: nasty, spot: nasty, name: nasty, phone: '13911112222', category })
  id = filed.id
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.lamps, task: nasty })
  await does(staff.lampKeeper, id, 'return', { reason: nasty })
  await does(staff.secretary, id, 'dispatch', { body: bodies.property, task: nasty })
  await does(staff.manager, id, 'acknowledge')
  await does(staff.manager, id, 'assist', { body: founded, task: nasty })
  await does(staff.manager, id, 'note', { text: nasty })
  await does(staff.dispatcher, id, 'add', { text: nasty })
  await does(staff.leader, id, 'extend', { workingDays: 1, reason: nasty })
  await does(staff.leader, id, 'supervise', { reason: nasty })
  const day = new Date(server.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)
  const visit = { from: `${day}T09:00:00+08:00`, until: `${day}T10:00:00+08:00`, note: nasty }
  await does(staff.manager, id, 'arrange-visit', visit)
  await does(staff.manager, id, 'draft', { text: nasty })

  const other = await file({ title: nasty, text: nasty, publicationPermitted: true })
  explained = other.id
  await does(staff.secretary, explained, 'accept')
  await does(staff.secretary, explained, 'publish', { title: nasty, text: nasty })
  await does(staff.secretary, explained, 'dispatch', { body: bodies.property })
  await does(staff.manager, explained, 'acknowledge')
  const why = { kind: 'not_possible_now', basis: organisation.law, text: nasty, remedy: nasty } as const
  await does(staff.manager, explained, 'explain', why)
  await write(complainFor, {
    as: staff.dispatcher.cookie,
    params: { id: explained },
    body: { text: nasty, faults: [], channel: 'window' },
  })
  await server.order()
})

afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

async function harmless(page: Page, where: string): Promise<void> {
  expect(await page.evaluate('window.hit'), where).toBeUndefined()
  expect(await page.locator('img[src="x"]').count(), where).toBe(0)
}

test('what was written is shown as text on every screen of the desk', async () => {
  const leader = await as('leader')
  const dispatcher = await as('dispatcher')
  const manager = await as('manager')
  const screens: [Page, string][] = [
    [leader, '/requests?queue=all'],
    [dispatcher, '/requests?queue=all'],
    [manager, `/requests/${id}`],
    [leader, `/requests/${id}`],
    [dispatcher, `/requests/${explained}`],
    [leader, '/bodies'],
    [leader, `/bodies/${founded}`],
    [leader, '/settings'],
    [leader, '/settings?section=templates'],
    [leader, '/settings?section=laws'],
    [leader, '/settings?section=place'],
    [leader, '/judgements'],
    [leader, '/register'],
    [dispatcher, '/new'],
  ]
  for (const [page, path] of screens) {
    await page.goto(at(`/desk${path}`))
    await settled(page)
    await harmless(page, path)
    if (/requests|bodies|templates|laws/.test(path)) await page.getByText('onerror=').first().waitFor()
  }
  // A template with it is taken for an answer; a setting with it is opened.
  await manager.goto(at(`/desk/requests/${explained}`))
  await settled(manager)
  await leader.goto(at('/desk/settings?section=laws'))
  await settled(leader)
  await leader.getByRole('button', { name: nasty }).click()
  await dialogOf(leader).waitFor()
  await harmless(leader, 'a law')
  expect(await server.one("select to_regclass('body')::text")).toBe('body')
})

test('typed into every field of the desk it stays what was typed', async () => {
  const leader = await as('leader')
  const dispatcher = await as('dispatcher')
  const manager = await as('manager')
  const typing: [Page, string, string | null][] = [
    [dispatcher, '/requests?queue=all', null],
    [dispatcher, '/new', null],
    [manager, `/requests/${id}`, null],
    [leader, '/bodies', '设一个机构'],
    [leader, '/register', null],
    [leader, '/settings', '在邗江区加一类'],
    [leader, '/settings?section=place', null],
  ]
  for (const [page, path, dialog] of typing) {
    await page.goto(at(`/desk${path}`))
    await settled(page)
    const fields = 'input[type=text]:not([role=combobox]), input[type=search]:not([role=combobox]), textarea'
    for (const field of await page.locator(`main :is(${fields}):enabled:visible`).all()) {
      await field.fill(nasty)
      await field.press('Tab')
    }
    // What finds is asked with it too.
    for (const search of await page.locator('main search input, main form.find input').all())
      await search.press('Enter')
    await settled(page)
    await harmless(page, path)
    // What is neither a number nor an id is refused in a sentence; the browser writes that down too.
    if (path === '/register') {
      await page.getByRole('alert').waitFor()
      expect(complaints.splice(0).every((each) => each.includes('status of 400'))).toBe(true)
    }
    if (!dialog) continue
    await page.goto(at(`/desk${path}`))
    await settled(page)
    await page.getByRole('button', { name: dialog }).first().click()
    await dialogOf(page).waitFor()
    for (const field of await dialogOf(page).locator(`:is(${fields}):enabled:visible`).all()) await field.fill(nasty)
    await harmless(page, `${path}: ${dialog}`)
  }
  // A list that is searched with it finds what was told with it.
  await dispatcher.goto(at('/desk/requests?queue=all'))
  await settled(dispatcher)
  await dispatcher.locator('input[type=search]').fill("';drop table request;--")
  await dispatcher.locator('input[type=search]').press('Enter')
  await expect.poll(() => dispatcher.url()).toContain('found=')
  await settled(dispatcher)
  expect(await server.one("select to_regclass('request')::text")).toBe('request')
})
