// Taking down calls by keyboard alone, and what the desk says when the service behind it goes and comes.
import { afterEach, expect, test } from 'vitest'
import { picture } from '../browser.ts'
import { choose, desk, dialogOf, settled } from './desk.ts'

const { server, organisation, requests, as, at, complaints } = await desk(4524)
const { places, category } = organisation

afterEach(() => {
  expect(complaints.splice(0).filter((one) => !/Failed to load resource|status of (422|503)/.test(one))).toEqual([])
})

test('a call is filed and the next begun without a mouse; what is wrong stands at its field', async () => {
  await requests.file({ title: '去年的路灯', phone: '13911115555', anonymous: false })
  const told = await requests.file({ text: '3号楼楼下的路灯不亮，晚上看不见', place: places.community.id })
  const page = await as('dispatcher')
  await page.goto(at('/desk/new'))
  await settled(page)
  await page.locator('#phone-phone').fill('1391111')
  await page.locator('#phone-text').fill('3 栋楼下路灯不亮。')
  await choose(page, page.locator('#phone-place'), '五里', '五里社区')
  // What a neighbour told already, with how much it is alike and why.
  const alike = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: told.number }) })
  await alike.getByText(/相似 \d+%.*都说到.*“灯不亮”.*同一社区.*同一天/).waitFor()
  await alike.scrollIntoViewIfNeeded()
  await picture(page, 'phone-0-alike')
  // Typing and Enter takes the category.
  await page.locator('#phone-category').click()
  await page.keyboard.type('路灯')
  await page.locator('.ant-cascader-menu-item').first().waitFor()
  await page.keyboard.press('Enter')
  await expect
    .poll(() => page.locator('.ant-cascader .ant-select-content, .ant-cascader').first().textContent())
    .toContain('路灯')
  await page.keyboard.press('Control+Enter')
  await page.locator('#phone-phone-fault').waitFor()
  await expect.poll(() => page.evaluate("document.activeElement?.id ?? ''")).toBe('phone-phone')
  await page.locator('#phone-faults').getByRole('link').waitFor()
  await picture(page, 'phone-1-fault')
  // The number is that of somebody who called before; asking for it is a press, and written down.
  await page.locator('#phone-phone').fill('13911115555')
  await page.locator('#phone-phone-fault').waitFor({ state: 'hidden' })
  await page.getByRole('region', { name: /电话/ }).getByRole('button').first().click()
  await page
    .getByRole('region', { name: /电话/ })
    .getByRole('link', { name: /去年的路灯/ })
    .first()
    .waitFor()
  await picture(page, 'phone-2-earlier')
  await page.locator('#phone-text').focus()
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => page.evaluate("document.activeElement?.id ?? ''")).toBe('phone-filed')
  expect(await server.one('select category from request order by id desc limit 1')).toBe(category)
  // N begins the next call, Escape after it goes back to the list.
  await page.keyboard.press('n')
  await expect.poll(() => page.evaluate("document.activeElement?.id ?? ''")).toBe('phone-phone')
  expect(await page.locator('.promise').count()).toBe(0)
  await page.locator('#phone-text').fill('又一件：井盖松了。')
  await choose(page, page.locator('#phone-place'), '五里', '五里社区')
  await page.locator('#phone-text').focus()
  await page.keyboard.press('Control+Enter')
  await page.locator('#phone-filed').waitFor()
  await expect.poll(() => page.evaluate("document.activeElement?.id ?? ''")).toBe('phone-filed')
  await page.keyboard.press('Escape')
  await page.waitForURL(/\/desk\/requests/)
})

test('a reload loses neither what was typed a moment ago nor the number that is to be read out', async () => {
  const page = await as('dispatcher')
  await page.goto(at('/desk/new'))
  await settled(page)
  const said = '7 号楼的井盖松了，踩上去会响。'
  await page.locator('#phone-text').fill(said)
  await page.reload()
  await expect.poll(() => page.locator('#phone-text').inputValue()).toBe(said)
  await choose(page, page.locator('#phone-place'), '五里', '五里社区')
  // It arrives, and the page is gone before the answer.
  const before = await server.one<number>('select count(*)::int from request')
  let arrived: (() => void) | null = null
  const arriving = new Promise<void>((resolve) => {
    arrived = resolve
  })
  await page.route('**/api/requests', async (route) => {
    if (route.request().method() !== 'POST' || !arrived) return route.continue()
    await route.fetch()
    arrived()
    arrived = null
  })
  await page.locator('#phone-text').focus()
  await page.keyboard.press('Control+Enter')
  await arriving
  await page.reload()
  const number = await server.one<string>('select number::text from request order by id desc limit 1')
  const told = async () => (await page.locator('#phone-filed .code').textContent())?.replaceAll(/\D/gu, '')
  await page.locator('#phone-filed').waitFor()
  expect(await told()).toBe(number)
  await expect.poll(() => page.locator('#phone-text').inputValue()).toBe('')
  // Once more, with the number on the screen.
  await page.reload()
  await page.locator('#phone-filed').waitFor()
  expect(await told()).toBe(number)
  expect(await page.locator('#phone-text').inputValue()).toBe('')
  await picture(page, 'phone-4-reloaded')
  expect(await server.one('select count(*)::int from request')).toBe(before + 1)
  // The next call begins without it, and it does not come back.
  await page.keyboard.press('n')
  await page.locator('#phone-filed').waitFor({ state: 'hidden' })
  await page.reload()
  await settled(page)
  expect(await page.locator('#phone-filed').count()).toBe(0)
})

test('a place elsewhere that only bears the name is not taken by Enter, and is said to be elsewhere', async () => {
  const page = await as('dispatcher')
  await page.goto(at('/desk/new'))
  await settled(page)
  const place = page.locator('#phone-place')
  const told = () => page.locator('#phone-place-told').textContent()
  await place.click()
  await place.pressSequentially('琼花')
  await page.locator('.ant-select-item-option').filter({ hasText: '江苏省扬州市广陵区东关街道琼花社区' }).waitFor()
  expect(await page.locator('.ant-select-item-option-active').count()).toBe(0)
  await picture(page, 'phone-5-elsewhere')
  await page.keyboard.press('Enter')
  expect(await told()).toBe('')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(told).toContain('广陵区东关街道琼花社区：不归您登记')
  await page.reload()
  await expect.poll(told).toContain('广陵区东关街道琼花社区：不归您登记')
  // One of their own is taken at once, with all that lies above it.
  await place.click()
  await place.pressSequentially('五里')
  await page.locator('.ant-select-item-option-active').filter({ hasText: '五里社区' }).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(told).toMatch(/^江苏省扬州市邗江区邗上街道五里社区$/)
  await page.getByRole('button', { name: '清空重来' }).click()
})

test('a draft that nobody goes on with is thrown away once that is asked', async () => {
  const cookie = organisation.staff.besideSecretary.cookie
  for (const text of ['没有说完的一件', '另一件说到一半']) {
    const answer = await server.fetch(`/api/requests/drafts/${crypto.randomUUID()}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', Cookie: cookie },
      body: JSON.stringify({ text }),
    })
    expect(answer.status).toBe(200)
  }
  const page = await as('besideSecretary')
  await page.goto(at('/desk/new'))
  await settled(page)
  await page.getByText('没登记完的草稿 2 份').click()
  await page.getByRole('button', { name: '删掉草稿“没有说完的一件”' }).click()
  await picture(page, 'phone-6-drop')
  await dialogOf(page).getByRole('button', { name: '先不办' }).click()
  await page.getByText('没登记完的草稿 2 份').waitFor()
  await page.getByRole('button', { name: '删掉草稿“没有说完的一件”' }).click()
  await dialogOf(page).getByRole('button', { name: '删掉' }).click()
  await page.getByText('没登记完的草稿 1 份').waitFor()
  expect(await page.getByRole('button', { name: '没有说完的一件', exact: true }).count()).toBe(0)
  expect(await server.one('select count(*)::int from request_draft')).toBe(1)
})

test('Ctrl and Enter sends the dispatch dialog from the field in which one is', async () => {
  const { id } = await requests.file({ title: '要派的一件', place: places.community.id })
  await requests.does(organisation.staff.secretary, id, 'accept')
  const page = await as('secretary')
  await page.goto(at(`/desk/requests/${id}`))
  await settled(page)
  await page.keyboard.press('d')
  const field = dialogOf(page).getByRole('combobox')
  await choose(page, field, '物业', '五里物业')
  await field.focus()
  await page.keyboard.press('Control+Enter')
  await dialogOf(page).waitFor({ state: 'hidden' })
  expect((await requests.row(id)).state).toBe('dispatched')
})

test('a service that is away is waited for by itself, and what is shown is read again when it is back', async () => {
  const page = await as('secretary')
  let away = true
  await page.route('**/api/**', (route) =>
    away
      ? route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          body: '{"title":"数据库暂时连不上","status":503}',
        })
      : route.continue(),
  )
  await page.goto(at('/desk/requests?queue=all'))
  await page.getByText('正在自动再试').waitFor()
  await picture(page, 'phone-3-away')
  away = false
  await page.locator('.queue-title').waitFor()
  await page.locator('.line-live').first().waitFor()

  // A line on which nothing is heard is no live line: the database goes and the desk says so without a reload.
  const name = await server.one<string>('select current_database()')
  await server.superuser.query(`revoke connect on database ${name} from linli_jobs`)
  await server.superuser.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'linli events' and datname = $1",
    [name],
  )
  await page.locator('.line-lost').first().waitFor()
  await server.superuser.query(`grant connect on database ${name} to linli_jobs`)
  const { id } = await requests.file({ title: '刚才来的一件', place: places.community.id })
  expect(id).toBeTruthy()
  await page.locator('.line-live').first().waitFor()
  await page.getByRole('link', { name: '刚才来的一件' }).first().waitFor()
})
