// The desk's lists by mouse and keyboard: a row opens, several are accepted at once, a filter stands in the address, a table is a file.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { desk, settled } from './desk.ts'

const { server, organisation, at, as, requests, complaints } = await desk(3217)

/** What is searched for stands in no address. */
async function searching(page: Page, words: string): Promise<void> {
  await page.locator('input[type=search]').fill(words)
  await page.locator('input[type=search]').press('Enter')
  await expect.poll(() => page.url()).toContain('found=')
  expect(page.url()).not.toContain(encodeURIComponent(words))
  // The keys are the list's again.
  await expect.poll(() => page.locator('input[type=search]:focus').count()).toBe(0)
}

test('a row opens where it is clicked, not where its text is marked or its box ticked', async () => {
  for (const title of ['整行甲', '整行乙']) await requests.file({ title })
  const page = await as('secretary')
  await page.goto(at('/desk/requests?queue=to-accept&words=整行&sort=oldest'))
  const row = page.locator('tr[data-request]').first()
  await row.waitFor()
  await row.locator('input[type=checkbox]').click()
  await row.locator('.column-title').selectText()
  expect(page.url()).not.toMatch(/requests\/[0-9a-f]{8}/)
  await page.evaluate('getSelection().removeAllRanges()')
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    row.locator('.column-place').click({ button: 'middle' }),
  ])
  await tab.waitForURL(/requests\/[0-9a-f]{8}/)
  await tab.close()
  await row.locator('.column-place').click()
  await page.getByRole('heading', { level: 1, name: '整行甲' }).waitFor()
})

test('several are accepted at once; whatever somebody else did first is told and stays selected', async () => {
  for (const title of ['一起受理甲', '一起受理乙', '一起受理丙']) await requests.file({ title })
  const page = await as('secretary')
  await page.goto(at('/desk/requests?queue=to-accept&sort=oldest'))
  await searching(page, '一起受理')
  await expect.poll(() => page.locator('tr[data-request]').count()).toBe(3)
  const first = (await page.locator('tr[data-request]').first().getAttribute('data-request')) ?? ''
  // The first row is stepped onto already.
  for (const key of ['x', 'j', 'x']) await page.keyboard.press(key)
  await page.getByRole('button', { name: /受理 2 件/ }).waitFor()
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await requests.does(organisation.staff.secretary, first, 'accept')
  await dialog.getByRole('button', { name: '受理 2 件' }).click()
  await dialog.getByText('1 件没有办成').waitFor()
  await dialog.getByRole('button', { name: '关闭' }).last().click()
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => page.locator('tr[data-request]').count()).toBe(1)
})

test('after a search by / the keys are the list’s again, after Enter on its first row, and after Escape too', async () => {
  for (const title of ['按键找的甲', '按键找的乙']) await requests.file({ title })
  const page = await as('secretary')
  await page.goto(at('/desk/requests?queue=to-accept&sort=oldest'))
  await settled(page)
  const onto = () => page.evaluate<string | null>("document.activeElement?.getAttribute('data-request') ?? null")
  const row = (at: number) => page.locator('tr[data-request]').nth(at).getAttribute('data-request')
  await page.keyboard.press('/')
  await page.keyboard.type('按键找的')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('tr[data-request]').count()).toBe(2)
  await expect.poll(onto).toBe(await row(0))
  await page.keyboard.press('j')
  await expect.poll(onto).toBe(await row(1))
  await page.keyboard.press('x')
  await expect.poll(() => page.locator('tr[aria-selected=true]').getAttribute('data-request')).toBe(await row(1))
  // Only typed, and not sought: the words of the list stand there again.
  await page.keyboard.press('/')
  await page.keyboard.type('别的')
  await page.keyboard.press('Escape')
  expect(await page.locator('input[type=search]').inputValue()).toBe('按键找的')
  await expect.poll(onto).toBe(await row(1))
  // Where nothing is found the keys work all the same.
  await page.keyboard.press('/')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('没有这样的一件')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('tr[data-request]').count()).toBe(0)
  await expect.poll(() => page.locator('input[type=search]:focus').count()).toBe(0)
  await page.keyboard.press('/')
  await page.locator('input[type=search]:focus').waitFor()
})

test('a list is narrowed by days and unit, opens so from its address, and is downloaded so', async () => {
  await requests.file({ title: '按日子筛选' })
  const page = await as('leader')
  await page.goto(at('/desk/requests?queue=all'))
  await settled(page)
  await searching(page, '按日子')
  await page.getByRole('button', { name: '筛选', exact: true }).click()
  await page.getByLabel('登记，从').fill('2001-01-01')
  await expect.poll(() => page.url()).toContain('filedFrom=2001-01-01')
  await page.locator('tr[data-request]').waitFor()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载表格' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^诉求-\d{4}-\d{2}-\d{2}\.csv$/)
  const text = await readFile((await file.path()) ?? '', 'utf8')
  expect(text.startsWith('\uFEFF')).toBe(true)
  expect(text.trim().split('\r\n')).toHaveLength(2)
  // Of what residents said it tells beside the number that its own reader's body is left out.
  await page.goto(at('/desk/requests?queue=all&result=solved'))
  await page.getByText('不含您和本单位办过的').waitFor()
  await page.goto(at('/desk/judgements'))
  await page.getByText('您和本单位办过的不在里面').waitFor()
  await page.goto(at('/desk/requests?queue=all&filedFrom=2001-01-01'))
  await settled(page)
  // The filter is kept under a name, chosen again from a bare list, and dropped.
  await page.getByRole('button', { name: '常用筛选' }).click()
  await page.getByRole('button', { name: '存下现在的筛选' }).click()
  await page.getByLabel('起个名字').fill('世纪初以来')
  await page.getByLabel('起个名字').press('Enter')
  await page.getByLabel('起个名字').waitFor({ state: 'detached' })
  await page.goto(at('/desk/requests?queue=all'))
  await settled(page)
  await page.getByRole('button', { name: '常用筛选' }).click()
  await page.getByRole('button', { name: '世纪初以来', exact: true }).click()
  await expect.poll(() => page.url()).toContain('filedFrom=2001-01-01')
  await page.getByRole('button', { name: '常用筛选' }).click()
  await page.getByRole('button', { name: '删去“世纪初以来”' }).click()
  await expect.poll(() => server.one('select count(*)::int from saved_filter')).toBe(0)
  await page.goto(at('/desk/requests?queue=all'))
  await settled(page)
  await searching(page, '按日子')
  await page.getByRole('button', { name: '筛选', exact: true }).click()
  await page.getByLabel('登记，从').fill('2001-01-01')
  await page.getByLabel('登记，到').fill('2001-01-02')
  await page.getByText('没有', { exact: false }).first().waitFor()
  await expect.poll(() => page.locator('tr[data-request]').count()).toBe(0)
  const unit = organisation.bodies.property
  await page.goto(at(`/desk/requests?queue=all&body=${unit}`))
  await settled(page)
  // The address holds an id; the field tells the name.
  await page.locator('.filter-more').getByText('五里物业').waitFor()
})

test('a takes whoever handles it to the answer', async () => {
  const { id } = await requests.file({ title: '按一下就写' })
  const { staff, bodies } = organisation
  await requests.does(staff.secretary, id, 'accept')
  await requests.does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await requests.does(staff.manager, id, 'acknowledge')
  const page = await as('manager')
  await page.goto(at(`/desk/requests/${id}`))
  await settled(page)
  await page.getByRole('heading', { level: 1, name: '按一下就写' }).waitFor()
  await page.keyboard.press('a')
  await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('answer-text')
  await page.keyboard.type('换好了。')
  expect(await page.locator('#answer-text').inputValue()).toBe('换好了。')
})

test('nothing was complained of', () => {
  // The one refusal that was provoked stands in the browser's own log too.
  expect(complaints.filter((each) => !each.includes('409'))).toEqual([])
})
