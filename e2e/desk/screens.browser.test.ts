// Every screen of the desk, in both languages, wide and on a phone: nothing for axe to find, nothing wider than the window.
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { axeFaults, picture } from '../browser.ts'
import { desk, dialogOf, phone, settled } from './desk.ts'

const { server, organisation, requests, as, at, complaints } = await desk(3252)
let id = ''

beforeAll(async () => {
  const { staff, bodies } = organisation
  for (const title of ['第一件', '第二件', '第三件']) await requests.file({ title, phone: '13911112222', name: '张三' })
  const filed = await requests.file({ title: '办了一半的一件', phone: '13911112222', name: '张三' })
  id = filed.id
  await requests.does(staff.secretary, id, 'accept')
  await requests.does(staff.secretary, id, 'dispatch', { body: bodies.property, task: '请看线路' })
  await requests.does(staff.manager, id, 'acknowledge')
  await requests.does(staff.manager, id, 'assist', { body: bodies.lamps, task: '请提供灯泡型号' })
  await requests.does(staff.manager, id, 'note', { text: '备件在仓库' })
  // Two nights on which categories were learned: what was learned is gone, how good it was stays.
  await server.database.owner.pool.query(
    `insert into category_model (id, path, made_at, rows, texts, level_first, level_three, category_first, category_three)
     select uuidv7(), $1, now() - night * interval '1 day', 400 - night, 900, 0.91, 0.99, 0.72, null
     from generate_series(1, 2) night`,
    [organisation.places.district.path],
  )
})

afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

async function clean(page: Page, screen: string): Promise<string[]> {
  // The stage scrolls by itself: what is too wide in it never widens the page.
  const wide = await page.evaluate(
    "Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('.stage, .stage > *, .table-frame')].map((one) => one.scrollWidth - one.clientWidth))",
  )
  return [
    ...(await axeFaults(page)).map((fault) => `${screen}: ${fault}`),
    // A key in the place of its words.
    ...(
      ((await page.evaluate('document.body.innerText')) as string).match(
        /\b(?:requests|desk|bodies|settings|judgements|register|suggestions)\.[a-z][\w.-]+/g,
      ) ?? []
    ).map((key) => `${screen}: no words for ${key}`),
    ...(Number(wide) > 0 ? [`${screen}: ${wide} px too wide`] : []),
  ]
}

test.each([
  ['zh-CN', { width: 1280, height: 800 }],
  ['zh-CN', phone],
  ['en', { width: 1280, height: 800 }],
  ['en', phone],
] as const)('%s, %o', async (language, viewport) => {
  const faults: string[] = []
  const door = await as(null, { language, viewport })
  await door.goto(at('/desk/sign-in'))
  await settled(door)
  faults.push(...(await clean(door, 'sign-in')))
  const body = organisation.bodies.committee
  const secretary = await as('secretary', { language, viewport })
  const leader = await as('leader', { language, viewport })
  const manager = await as('manager', { language, viewport })
  const screens: [Page, string][] = [
    [secretary, '/requests?queue=to-accept'],
    [secretary, '/requests?queue=returned'],
    [secretary, '/new'],
    [secretary, '/waiting'],
    [secretary, '/bodies'],
    [secretary, `/bodies/${body}`],
    [secretary, `/requests/${id}`],
    [manager, `/requests/${id}`],
    [leader, `/requests/${id}`],
    [leader, '/requests?queue=all'],
    [leader, '/judgements'],
    [leader, '/register'],
    [leader, '/settings'],
    [leader, '/settings?section=templates'],
    [leader, '/settings?section=laws'],
    [leader, '/settings?section=hours'],
    [leader, '/settings?section=place'],
  ]
  for (const [page, path] of screens) {
    await page.goto(at(`/desk${path}`))
    await settled(page)
    await picture(page, `desk-${language}${path.replaceAll(/\W+/g, '-')}`)
    faults.push(...(await clean(page, path)))
  }
  // Dialogs: one with a search, one of the settings.
  await leader.goto(at('/desk/settings'))
  await settled(leader)
  await leader.locator('.inline-form .ant-btn').first().click()
  await dialogOf(leader).waitFor()
  faults.push(...(await clean(leader, 'a new category')))
  await secretary.goto(at(`/desk/bodies/${body}`))
  await settled(secretary)
  await secretary.locator('.part-acts .ant-btn').first().click()
  await dialogOf(secretary).waitFor()
  faults.push(...(await clean(secretary, 'change a body')))
  expect(faults).toEqual([])
})

test('larger type enlarges everything, and nothing runs out of the window', async () => {
  const page = await as('manager', { viewport: phone })
  await page.goto(at(`/desk/requests/${id}`))
  await settled(page)
  const button = page.getByRole('button', { name: '存为稿，请同事看' })
  const before = (await button.boundingBox())?.height ?? 0
  await page.evaluate("document.documentElement.style.fontSize = '200%'")
  // The parts grow by a short transition.
  const height = async () => (await button.boundingBox())?.height ?? 0
  await expect.poll(height).toBeGreaterThan(before * 1.3)
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  await picture(page, 'desk-large-type')
})

test('a body that is opened from far down the list is in sight, and on a phone leads back to it', async () => {
  for (const viewport of [phone, { width: 1280, height: 400 }]) {
    const page = await as('leader', { viewport })
    await page.goto(at('/desk/bodies'))
    await settled(page)
    const last = page.locator('.brief a').last()
    const name = (await last.textContent()) ?? ''
    await last.click()
    const heading = page.getByRole('heading', { level: 2, name })
    await heading.waitFor()
    await settled(page)
    expect((await heading.boundingBox())?.y).toBeGreaterThan(0)
    expect((await heading.boundingBox())?.y).toBeLessThan(viewport.height - 60)
    if (viewport !== phone) continue
    await page.getByRole('link', { name: '回到机构列表' }).click()
    await last.waitFor()
  }
})
