// A day at the desk: by keyboard, two at once, in a stairwell.
import { afterEach, expect, test } from 'vitest'
import { picture } from '../browser.ts'
import { choose, desk, dialogOf, phone } from './desk.ts'

const { organisation, requests, as, at, complaints } = await desk(3251)
const { bodies } = organisation

afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

test('a list is worked by keyboard alone', async () => {
  for (const title of ['键盘甲', '键盘乙', '键盘丙']) {
    const { id } = await requests.file({ title })
    await requests.does(organisation.staff.dispatcher, id, 'accept')
  }
  const page = await as('dispatcher')
  await page.goto(at('/desk/requests?queue=to-dispatch&words=键盘&sort=oldest'))
  await page.locator('[data-request]').nth(2).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect.poll(() => page.locator('tr.focused').textContent()).toContain('键盘乙')
  await page.keyboard.press('k')
  await expect.poll(() => page.locator('tr.focused').textContent()).toContain('键盘甲')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: '键盘甲' }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('tr.focused').waitFor()

  // d asks to whom; the search, the choice and the sending want no mouse either.
  const typing = () => page.evaluate("document.activeElement?.matches('[role=dialog] input') ?? false")
  await page.keyboard.press('d')
  await expect.poll(typing).toBe(true)
  await page.keyboard.type('五里物业')
  await page.locator('.ant-select-item-option-active').filter({ hasText: '五里物业' }).waitFor()
  await page.keyboard.press('Enter')
  await dialogOf(page).getByRole('button', { name: /^派给/ }).focus()
  await page.keyboard.press('Enter')
  await dialogOf(page).waitFor({ state: 'hidden' })
  await page.locator('.part').waitFor()

  // Two at once: x marks, d dispatches them together.
  await page.goto(at('/desk/requests?queue=to-dispatch&words=键盘&sort=oldest'))
  await expect.poll(() => page.locator('tr[data-request]').count()).toBe(2)
  for (const key of ['j', 'x', 'j', 'x', 'd']) await page.keyboard.press(key)
  await expect.poll(typing).toBe(true)
  await page.keyboard.type('物业')
  await page.locator('.ant-select-item-option').filter({ hasText: '五里东区物业' }).first().click()
  await dialogOf(page)
    .getByRole('button', { name: /^把 2 件派给/ })
    .press('Enter')
  await dialogOf(page).waitFor({ state: 'hidden' })
  await expect.poll(() => page.locator('tr[data-request]').count()).toBe(0)

  await page.keyboard.press('?')
  await dialogOf(page).getByText('键盘操作').waitFor()
})

test('two people write at once: both versions are shown, nothing is lost', async () => {
  const { id } = await requests.file({ title: '两人同改' })
  await requests.does(organisation.staff.secretary, id, 'accept')
  await requests.does(organisation.staff.secretary, id, 'dispatch', { body: bodies.property })
  await requests.does(organisation.staff.manager, id, 'acknowledge')
  const page = await as('manager')
  await page.goto(at(`/desk/requests/${id}`))
  await page.getByLabel('答复', { exact: true }).fill('我写的答复。')
  await requests.does(organisation.staff.hand, id, 'draft', { text: '同事存的稿。' })
  await page.getByRole('button', { name: '存为稿' }).click()
  const both = page.locator('.conflict')
  await both.waitFor()
  expect(await both.textContent()).toContain('我写的答复。')
  expect(await both.textContent()).toContain('同事存的稿。')
  expect(await page.getByLabel('答复', { exact: true }).inputValue()).toBe('我写的答复。')
  await picture(page, 'desk-3-conflict')
  await both.getByRole('button', { name: '用我写的' }).click()
  await both.waitFor({ state: 'hidden' })
  expect((await requests.read(organisation.staff.hand, id)).body.draft?.text).toBe('我写的答复。')
  // The browser itself writes down that a request was refused.
  complaints.splice(0)
})

test('what was passed on to another place stays in sight, where it is now', async () => {
  const { id } = await requests.file({ title: '转走的一件' })
  await requests.does(organisation.staff.secretary, id, 'accept')
  const page = await as('secretary')
  await page.goto(at(`/desk/requests/${id}`))
  await page.getByRole('button', { name: '更多' }).click()
  await page.locator('.disclosed').getByRole('button', { name: '转往另一地' }).click()
  const dialog = dialogOf(page)
  await choose(page, dialog.getByRole('combobox'), '兰苑', '兰苑')
  await dialog.getByLabel('理由').fill('在兰苑的地界。')
  await dialog.getByRole('button', { name: '转往另一地' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.locator('.under-title').getByText('兰苑').waitFor()
  // Somebody else acts on it now.
  expect(await page.getByRole('button', { name: '转往另一地' }).count()).toBe(0)
})

test('in a stairwell: what is entered without network is kept and arrives once', async () => {
  const { id } = await requests.file({ title: '楼道里的一件', place: organisation.places.grid.id })
  await requests.does(organisation.staff.dispatcher, id, 'accept')
  await requests.does(organisation.staff.dispatcher, id, 'dispatch', { body: bodies.grid })
  const page = await as('gridWorker', { viewport: phone })
  await page.goto(at('/desk/requests?queue=unit'))
  await page.getByRole('link', { name: '楼道里的一件' }).click()
  await page.locator('.acts').getByRole('button', { name: '签收' }).waitFor()
  await page.locator('.acts').getByRole('button', { name: '退回' }).click()
  await page.context().setOffline(true)
  // What can only be found by asking says so.
  await dialogOf(page).getByRole('combobox').pressSequentially('路灯')
  await page.getByText('没有网络，查不了').waitFor()
  // What was found hangs over the buttons: a tap beside it puts it away.
  await dialogOf(page).locator('.ant-modal-title').click()
  await page.getByText('没有网络，查不了').waitFor({ state: 'hidden' })
  await dialogOf(page).getByRole('button', { name: '先不办' }).click()
  await dialogOf(page).waitFor({ state: 'hidden' })
  await page.locator('.acts').getByRole('button', { name: '签收' }).click()
  await page.getByLabel('写一条内部记录').fill('在三楼，灯座松了。')
  await page.getByRole('button', { name: '记下来' }).click()
  await page.getByText('这一件有 2 条等待发送').waitFor()
  await picture(page, 'desk-4-offline')
  await page.context().setOffline(false)
  await page.evaluate("dispatchEvent(new Event('online'))")
  await page.getByText('这一件有 2 条等待发送').waitFor({ state: 'hidden' })
  await expect
    .poll(async () => (await requests.read(organisation.staff.dispatcher, id)).body.entries.map((entry) => entry.kind))
    .toEqual(expect.arrayContaining(['acknowledged', 'noted']))
  const kinds = (await requests.read(organisation.staff.dispatcher, id)).body.entries.map((entry) => entry.kind)
  expect(kinds.filter((kind) => kind === 'noted')).toHaveLength(1)
  expect(kinds.filter((kind) => kind === 'acknowledged')).toHaveLength(1)
  // A browser writes each request without network into its console.
  complaints.splice(0)
})
