// The figures of a place at the desk: every count opens the very requests it counts, from a district down to a grid, by mouse, by
// keyboard, on a phone and on paper.
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { dayOf } from '#kernel/calendar/days.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { addMonths, daysOf } from '#listen/figures/figures.rules.ts'
import { countRequests } from '#listen/requests/requests.lists.api.ts'
import { axeFaults, picture } from '../browser.ts'
import { desk, settled } from './desk.ts'

const { server, organisation, requests, as, at, complaints } = await desk(3253)
const { staff, places, bodies, category } = organisation
const now = dayOf(server.clock.now()).slice(0, 7)
const last = addMonths(now, -1)

afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

/** A request like another, as if it had been filed in a month; its id follows, as every id does. */
let made = 0
async function copied(of: string, month: string, changes: Readonly<Record<string, unknown>>): Promise<string> {
  const filed = `${month}-10T10:00:00+08:00`
  const id = newId(Date.parse(filed))
  made += 1
  await server.superuser.query(
    'insert into request select (jsonb_populate_record(r, $2::jsonb)).* from request r where r.id = $1',
    [of, JSON.stringify({ id, number: 9_000_000 + made, filed_at: filed, due_at: null, due_kind: null, ...changes })],
  )
  return id
}

beforeAll(async () => {
  for (const title of ['第一件', '第二件', '第三件']) await requests.file({ title })
  await requests.file({ title: '兰苑的一件', place: places.besideCommunity.id, category })
  const grid = await requests.file({ title: '网格里的一件', place: places.grid.id })
  await requests.does(staff.secretary, grid.id, 'accept')
  await requests.does(staff.secretary, grid.id, 'dispatch', { body: bodies.grid })
  const sent = await requests.file({ title: '转走的一件' })
  await requests.does(staff.secretary, sent.id, 'transfer', {
    place: places.besideCommunity.id,
    reason: '是兰苑那边的',
  })
  const answered = await requests.file({ title: '答复了的一件', category })
  await requests.answered(answered)

  const intime = { answered_at: `${last}-12T10:00:00+08:00`, promised_at: `${last}-15T10:00:00+08:00` }
  const late = { answered_at: `${last}-18T10:00:00+08:00`, promised_at: `${last}-15T10:00:00+08:00` }
  const closed = (result: string) => ({
    state: 'closed',
    result,
    judged: ['solved', 'partly', 'unsolved'].includes(result),
    closed_at: `${last}-20T10:00:00+08:00`,
  })
  const judged: string[] = []
  for (const result of ['solved', 'solved', 'solved', 'partly', 'unsolved'])
    judged.push(await copied(answered.id, last, { ...intime, ...closed(result) }))
  await copied(answered.id, last, { ...late, ...closed('unconfirmed'), category: null })
  await copied(answered.id, last, { ...intime, ...closed('explained'), category: null })
  await copied(answered.id, last, { answered_at: null, ...closed('withdrawn') })
  await copied(answered.id, last, { answered_at: null, ...closed('merged'), merged_into: answered.id })
  await copied(grid.id, last, { due_at: `${last}-11T10:00:00+08:00`, due_kind: 'acknowledge', missed: true })
  await copied(answered.id, addMonths(now, -3), closed('unconfirmed'))
  for (let place = 1; place <= 12; place += 1) {
    const code = `9${String(place).padStart(2, '0')}`
    await server.superuser.query(
      `insert into place (id, code, kind, name, short_name, path, parent_id)
       select $1, p.code || $2, 'community', $3, $3, p.path || $2 || '/', p.id from place p where p.id = $4`,
      [newId(), code, `静${code.slice(1)}社区`, places.subdistrict.id],
    )
  }
  for (const [index, id] of judged.entries()) {
    const answer = newId()
    await server.superuser.query(
      'insert into request_answer select (jsonb_populate_record(a, $2::jsonb)).* from request_answer a where a.request = $1 limit 1',
      [answered.id, JSON.stringify({ id: answer, request: id })],
    )
    await server.superuser.query(
      "insert into judgement (request, answer, path, solved, given_by, month) values ($1, $2, $3, $4, 'link', $5)",
      [id, answer, places.community.path, ['solved', 'solved', 'solved', 'partly', 'not'][index], `${last}-01`],
    )
  }
  await server.order()
  await server.kernel.publishing.publish(server.clock.now())
})

const opened = async (page: Page, search = '') => {
  await page.goto(at(`/desk/figures${search}`))
  await settled(page)
}
const number = (text: string | null) => Number((text ?? '').replaceAll(/\D/g, ''))

/** Every count on the page against the length of the list that it opens, as the same reader counts it. */
async function everyCountHolds(page: Page, cookie: string): Promise<number> {
  const found = await page.evaluate<[string, string, string][]>(
    `[...document.querySelectorAll('main a[href*="/desk/requests?"]')].map((link) => [link.href, link.textContent, link.getAttribute('aria-label')])`,
  )
  for (const [href, text, label] of found) {
    const query = Object.fromEntries(new URL(href).searchParams)
    const counted = await server.call(countRequests, { as: cookie, query })
    expect({ label, ...counted.body }, href).toEqual({ label, count: number(text), more: false })
  }
  return found.length
}

test('every count opens as many requests as it says: a district, its subdistrict, a community, a grid', async () => {
  const page = await as('leader')
  const months = `from=${last}&until=${last}`
  let counts = 0
  for (const place of [places.district, places.subdistrict, places.community, places.grid]) {
    for (const search of [`?place=${place.id}`, `?place=${place.id}&${months}`]) {
      await opened(page, search)
      counts += await everyCountHolds(page, staff.leader.cookie)
    }
  }
  expect(counts).toBeGreaterThan(60)

  // Gone through by hand: last month's closed ones of the district.
  await opened(page, `?${months}`)
  const { filedFrom, filedUntil } = daysOf(last, last)
  const byHand = await server.one<number>(
    `select count(*)::int from request where path like '${places.district.path}%' and state = 'closed'
       and (filed_at at time zone 'Asia/Shanghai')::date between $1 and $2`,
    [filedFrom, filedUntil],
  )
  expect(byHand).toBe(9)
  const closed = page.getByRole('region', { name: '收到多少' }).getByRole('link', { name: /已办结 9 件/ })
  expect(number(await closed.textContent())).toBe(byHand)
  // Of ten two are left out that needed no answer: seven of eight.
  const rates = page.getByRole('region', { name: '比率' })
  await rates.getByText('9 / 10', { exact: false }).waitFor()
  await rates.getByText('7 / 8', { exact: false }).waitFor()
  // What is past its time without an answer is not on time; of those answered alone it stands beside.
  await rates.getByText('6 / 8', { exact: false }).waitFor()
  await rates.getByText('只看答复过的：85.7%（6 / 7）').waitFor()
  await rates.getByRole('link', { name: /过期没有答复 1 件/ }).waitFor()
  await rates.getByText('3 / 5', { exact: false }).waitFor()
  await rates.getByText('评价算在作出的那个月，不论诉求是哪个月收到的。').waitFor()
  await rates.getByText('这几个月收到的里面，有 1 件到期无人确认').waitFor()
  await closed.click()
  await page.locator('tr[data-request]').first().waitFor()
  await settled(page)
  expect(await page.locator('tr[data-request]').count()).toBe(byHand)
  // And back: the list leads to the figures of its place and months.
  await page.getByRole('link', { name: '看这些的统计' }).click()
  await page.getByRole('heading', { level: 1, name: /邗江区.*统计/ }).waitFor()
  expect(page.url()).toContain(months)

  // What was judged, and what came late, are lists that say so.
  await page.getByRole('link', { name: /邗江区，居民评价过的 5 件/ }).click()
  await expect.poll(() => page.locator('tr[data-request]').count()).toBe(5)
  await page.goBack()
  await page
    .getByRole('region', { name: '比率' })
    .getByRole('link', { name: /超时答复 1 件/ })
    .click()
  await expect.poll(() => page.locator('tr[data-request]').count()).toBe(1)
})

test('what was sent elsewhere is told where it was sent from, and opened there', async () => {
  const page = await as('leader')
  await opened(page, `?place=${places.community.id}`)
  await page.getByRole('link', { name: /五里社区，从这里转走（次） 1 件/ }).click()
  await expect
    .poll(() => page.locator('tr[data-request]').allTextContents())
    .toEqual([expect.stringContaining('转走的一件')])
  await opened(page, `?place=${places.besideCommunity.id}`)
  await page.getByRole('heading', { level: 1, name: /兰苑社区/ }).waitFor()
  expect(await page.getByRole('link', { name: /转走/ }).count()).toBe(0)
})

test('by keyboard: down to a part and up again, other months, and what is wrong with a span is said at its fields', async () => {
  const page = await as('leader')
  await opened(page)
  const heading = (name: RegExp) => page.getByRole('heading', { level: 1, name })
  await heading(/邗江区/).waitFor()
  const parts = page.getByRole('region', { name: '下面各处' }).first()
  await parts.getByRole('link', { name: '邗上街道', exact: true }).focus()
  await page.keyboard.press('Enter')
  await heading(/邗上街道/).waitFor()
  await settled(page)
  // A screen reader is told where one is.
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('H1')
  expect(await page.locator('.figures-frame').first().getAttribute('tabindex')).toBe('0')
  await page.getByRole('navigation', { name: '上级地方' }).getByRole('link').last().focus()
  await page.keyboard.press('Enter')
  await heading(/邗江区/).waitFor()

  await page.getByRole('link', { name: '上月', exact: true }).click()
  await expect.poll(() => page.url()).toContain(`from=${last}&until=${last}`)
  await settled(page)
  expect(
    await page.getByRole('navigation', { name: '看哪几个月' }).locator('[aria-current]').allTextContents(),
  ).toEqual(['上月'])
  await page.getByLabel('从哪个月').fill(now)
  await page.getByLabel('到哪个月').fill(last)
  await page.getByRole('button', { name: '看这几个月' }).press('Enter')
  await page.getByRole('alert').getByText('开始的月份晚于结束的月份').waitFor()
  await page.getByLabel('从哪个月').fill(addMonths(now, -3))
  await page.getByLabel('到哪个月').fill(now)
  await page.getByRole('button', { name: '看这几个月' }).press('Enter')
  await expect.poll(() => page.url()).toContain(`from=${addMonths(now, -3)}&until=${now}`)
  await settled(page)
  expect(await page.getByRole('alert').count()).toBe(0)
  await everyCountHolds(page, staff.leader.cookie)
})

test('the parts are a file; the page is fit for paper; months with nothing in them say what to do', async () => {
  const page = await as('leader')
  await opened(page, `?place=${places.subdistrict.id}`)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载表格' }).click(),
  ])
  const [head, ...rows] = parse(await readFile((await file.path()) ?? ''), { bom: true }) as string[][]
  expect(head?.length).toBeGreaterThan(10)
  expect(rows.map(([name]) => name).join()).toMatch(/五里社区.*兰苑社区/)

  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('.rail, .figures-choice, .figures-trail').filter({ visible: true }).count()).toBe(0)
  await page.getByText('收到的诉求，按现在走到哪一步来数').waitFor()
  // A sheet is read on another day: the moment is told with its date, and who printed it.
  expect(await page.locator('.figures > .hint time').textContent()).toMatch(
    new RegExp(`^${now.slice(0, 4)}年\\d+月\\d+日.* \\d\\d:\\d\\d$`),
  )
  await page.getByText(/^打印人：.+ · .+ · .+/).waitFor()
  expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0)
  await picture(page, 'desk-figures-print')
  // The bulletin carries what was published last of the register, and no screen shows it.
  const root = await page.locator('.on-paper').textContent()
  expect(root).toMatch(/[A-Za-z0-9+/]{43}=$/)
  expect(await page.locator('.on-paper').isVisible()).toBe(true)
  await page.emulateMedia({ media: null })
  expect(await page.locator('.on-paper').isVisible()).toBe(false)

  const before = addMonths(now, -2)
  await opened(page, `?place=${places.subdistrict.id}&from=${before}&until=${before}`)
  await page.getByText('这里没有收到诉求').waitFor()
  await page
    .locator('.empty')
    .getByRole('link', { name: /现在超期（不论哪个月收到） 1 件/ })
    .waitFor()
  await page.locator('.empty').getByRole('link', { name: /年/ }).click()
  await page.getByText('收到的诉求，按现在走到哪一步来数').waitFor()
  await page.getByRole('region', { name: '收到多少' }).waitFor()
})

test('a place that is none, and one beyond their reach, is said in words with the way back to their own', async () => {
  const page = await as('leader')
  for (const [place, sentence] of [
    ['x', '没有这处地方'],
    ['5', '没有这处地方'],
    [newId(), '没有这处地方'],
    [places.otherCommunity.id, '这处地方不归您看'],
  ] as const) {
    await opened(page, `?place=${place}`)
    await page.getByRole('alert').getByText(sentence).waitFor()
    expect(await axeFaults(page)).toEqual([])
    await picture(page, 'desk-figures-no-place')
    await page.getByRole('link', { name: '看您自己地方的统计' }).click()
    await page.getByRole('heading', { level: 1, name: /邗江区/ }).waitFor()
  }
  // The browser itself tells of every refusal.
  complaints.splice(0)
})

test('who asks for a place above their own is told on the page, and by the name of the file, that it is their part', async () => {
  const page = await as('secretary')
  await opened(page, `?place=${places.city.id}`)
  await page.getByRole('heading', { level: 1, name: '扬州市（只含您看得到的部分）' }).waitFor()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载表格' }).click(),
  ])
  expect(file.suggestedFilename()).toContain('只含您看得到的部分')
  await picture(page, 'desk-figures-part')
  await opened(page)
  expect(await page.locator('h1').textContent()).toBe('五里社区 · 统计')
})

test.each(['zh-CN', 'en'] as const)('%s: no two columns are called the same', async (language) => {
  const page = await as('leader', { language })
  await opened(page, `?from=${last}&until=${last}`)
  for (const frame of await page.locator('.figures-frame').all()) {
    const names = await frame.locator('thead th').allTextContents()
    expect(names.length).toBeGreaterThan(5)
    expect(new Set(names).size, names.join()).toBe(names.length)
  }
})

test.each([
  [{ width: 1280, height: 800 }, '.figures-frame tbody tr'],
  [{ width: 360, height: 740 }, '.figures-cards > li'],
] as const)(
  '%o: places of which there is nothing to say are one line until they are asked for',
  async (viewport, row) => {
    const page = await as('leader', { viewport })
    await opened(page, `?place=${places.subdistrict.id}`)
    const parts = page.locator('section').filter({ has: page.getByRole('heading', { name: '下面各处' }) })
    const names = () => parts.locator(row).allTextContents()
    await parts.getByText('还有 12 处，这几个月没有收到诉求，现在也没有超期的。').waitFor()
    expect((await names()).length).toBe(2)
    await page.setViewportSize({ ...viewport, height: 2400 })
    await picture(page, `desk-figures-folded-${viewport.width}`)
    await parts.getByRole('button', { name: '显示这些地方' }).press('Enter')
    expect((await names()).length).toBe(14)
    expect((await names()).join()).toMatch(/静01社区.*静12社区/s)
    await parts.getByRole('button', { name: '收起这些地方' }).click()
    expect((await names()).length).toBe(2)
    // Nothing was filed in any of them, but in one something is overdue: that one stays.
    const before = addMonths(now, -2)
    await opened(page, `?place=${places.subdistrict.id}&from=${before}&until=${before}`)
    await parts.getByText('还有 13 处').waitFor()
    expect((await names()).length).toBe(1)
  },
)

test('whoever reads no requests is told whom to ask, and has no way to it in the rail', async () => {
  const page = await as('manager')
  await opened(page)
  await page.getByText('您的岗位没有查看诉求的职责').waitFor()
  expect(await page.getByRole('navigation').getByRole('link', { name: '统计' }).count()).toBe(0)
})

test.each([
  ['zh-CN', { width: 1280, height: 800 }],
  ['zh-CN', { width: 320, height: 640 }],
  ['en', { width: 1280, height: 800 }],
  ['en', { width: 320, height: 640 }],
] as const)(
  '%s, %o: nothing for axe, nothing wider than the window, no key in the place of its words',
  async (language, viewport) => {
    const faults: string[] = []
    for (const [role, search] of [
      ['leader', `?from=${last}&until=${now}`],
      ['leader', `?from=${last}&until=${last}&place=${places.subdistrict.id}`],
      ['secretary', ''],
      ['secretary', `?place=${places.grid.id}`],
      ['leader', `?place=${places.subdistrict.id}&from=${addMonths(now, -2)}&until=${addMonths(now, -2)}`],
    ] as const) {
      const page = await as(role, { language, viewport })
      await opened(page, search)
      await page.locator('h1').waitFor()
      const screen = `${role} ${search}`
      const wide = await page.evaluate<number>(
        "Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('.stage, .stage > *')].map((one) => one.scrollWidth - one.clientWidth))",
      )
      if (wide > 0) faults.push(`${screen}: ${wide} px too wide`)
      faults.push(...(await axeFaults(page)).map((fault) => `${screen}: ${fault}`))
      const keys = (await page.evaluate<string>('document.body.innerText')).match(
        /\b(?:figures|requests|desk)\.[a-z][\w.-]+/g,
      )
      faults.push(...(keys ?? []).map((key) => `${screen}: no words for ${key}`))
      // The stage scrolls by itself: for a picture of the whole the window is as tall as it.
      await page.setViewportSize({ ...viewport, height: 2400 })
      await picture(
        page,
        `desk-figures-${language}-${viewport.width}-${role}${search.replaceAll(/\W+/g, '-').slice(0, 40)}`,
      )
    }
    expect(faults).toEqual([])
  },
)
