// What is done to a request beyond the everyday, by clicks: each act by whoever may do it, each seen by whoever it concerns.
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { drawAndClose } from '#listen/requests/requests.jobs.ts'
import { axeFaults, picture } from '../browser.ts'
import { choose, desk, dialogOf, settled } from './desk.ts'

const { server, organisation, requests, as, at, complaints } = await desk(4131)
const { staff, bodies, places } = organisation
const { does, file } = requests

afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

async function open(page: Page, id: string): Promise<void> {
  await page.goto(at(`/desk/requests/${id}`))
  await settled(page)
}

/** Chooses an act that stands under "more". */
async function more(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: '更多', exact: true }).click()
  await page.locator('.disclosed').getByRole('button', { name, exact: true }).click()
}

/** A sheet beside the request, by its heading. */
const panel = (page: Page, heading: string) =>
  page.locator('aside .sheet').filter({ has: page.getByRole('heading', { name: heading, exact: true }) })

async function confirm(page: Page, name: string): Promise<void> {
  await dialogOf(page).getByRole('button', { name, exact: true }).click()
  await dialogOf(page).waitFor({ state: 'hidden' })
}

async function acknowledged(title: string): Promise<string> {
  const { id } = await file({ title, phone: '13911112222', name: '张三' })
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  return id
}

test('a unit explains, a second person agrees; one above extends; a visit is proposed, moved and called off', async () => {
  const id = await acknowledged('解释的一件')
  const manager = await as('manager')
  await open(manager, id)
  await more(manager, '解释')
  const dialog = dialogOf(manager)
  await dialog.locator('label').filter({ hasText: '合理但现在办不到' }).click()
  await choose(manager, dialog.getByRole('combobox'), '示例', '示例办法')
  await dialog.getByLabel('用大白话说清楚').fill('管线归自来水公司，已经转告。')
  await dialog.getByLabel('居民下一步可以怎么走').fill('可以打 12345。')
  expect(await dialog.textContent()).toContain('第二人同意以后，反映人会读到这段话')
  await confirm(manager, '解释')
  await manager.getByText('等上级或别的单位有复核职责的第二人同意后，才告诉居民').waitFor()

  const secretary = await as('secretary')
  await open(secretary, id)
  await secretary.getByRole('button', { name: '同意这个解释', exact: true }).click()
  await secretary.getByText('第二人已同意').waitFor()
  expect(await requests.row(id)).toMatchObject({ state: 'answered' })

  const other = await acknowledged('延期的一件')
  const leader = await as('leader')
  await open(leader, other)
  await more(leader, '延期')
  await dialogOf(leader).getByRole('spinbutton').fill('2')
  await dialogOf(leader).getByLabel('理由').fill('等配件。')
  await confirm(leader, '延期')
  await leader.getByText('已延期一次').waitFor()

  await open(manager, other)
  await more(manager, '约上门')
  const day = new Date(server.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)
  await dialogOf(manager).getByLabel('从').fill(`${day}T09:00`)
  await dialogOf(manager).getByLabel('到').fill(`${day}T11:00`)
  await confirm(manager, '约上门')
  await manager.getByText('办理单位 提出，等对方同意').waitFor()
  await manager.getByRole('button', { name: '改时间' }).click()
  // What was proposed stands in the fields already.
  expect(await dialogOf(manager).getByLabel('从').inputValue()).toBe(`${day}T09:00`)
  await dialogOf(manager).getByLabel('到').fill(`${day}T10:30`)
  await confirm(manager, '改时间')
  await manager
    .getByText(/–10:30/)
    .first()
    .waitFor()
  await manager.getByRole('button', { name: '取消上门' }).click()
  await confirm(manager, '取消上门')
  await manager.getByRole('button', { name: '取消上门' }).waitFor({ state: 'hidden' })
})

test('published with what identifies anyone taken out; merged, split; the contact is shown and written down', async () => {
  const published = await file({
    title: '公开的一件',
    text: '我叫李小明，电话 13912345678，三楼楼道灯坏了，上楼看不见。',
    phone: '13912345678',
    publicationPermitted: true,
  })
  await does(staff.secretary, published.id, 'accept')
  const secretary = await as('secretary')
  await open(secretary, published.id)
  await more(secretary, '公开给大家看')
  const dialog = dialogOf(secretary)
  const text = dialog.getByLabel('公开的正文')
  await text.waitFor()
  expect(await text.inputValue()).not.toMatch(/13912345678|李小明/)
  expect(await dialog.getByRole('button', { name: '公开这一版' }).isDisabled()).toBe(true)
  await dialog.getByText('我通读过').click()
  await picture(secretary, 'desk-publish')
  await confirm(secretary, '公开这一版')
  await secretary.getByText('已公开').first().waitFor()

  const whole = await file({
    title: '公开的一封信两件事',
    text: '三楼楼道灯坏了，上楼看不见。门禁也坏了。',
    phone: '13912345678',
  })
  await does(staff.secretary, whole.id, 'accept')
  await open(secretary, whole.id)
  await more(secretary, '拆成几件')
  await dialogOf(secretary).getByLabel('标题').fill('门禁坏了')
  await dialogOf(secretary).getByLabel('内容').fill('一楼门禁刷不开。')
  await dialogOf(secretary).getByLabel('理由').fill('两件事，两家办。')
  await confirm(secretary, '拆出 1 件')
  await secretary
    .locator('aside')
    .getByRole('link', { name: /门禁坏了/ })
    .waitFor()

  await more(secretary, '并入另一件')
  // What is like it stands beside it, and is offered before a word is typed.
  await panel(secretary, '可能是同一件事')
    .getByRole('link', { name: /公开的一件/ })
    .waitFor()
  await choose(secretary, dialogOf(secretary).getByRole('combobox'), '', '公开的一件')
  await dialogOf(secretary).getByLabel('理由').fill('说的是同一处。')
  await confirm(secretary, '并入另一件')
  await secretary.locator('.under-title').getByText('并入另一件').waitFor()

  const dispatcher = await as('dispatcher')
  await open(dispatcher, published.id)
  const side = dispatcher.locator('aside')
  await panel(dispatcher, '有关联的')
    .getByRole('listitem')
    .filter({ hasText: '并来的' })
    .getByRole('link', { name: /一封信两件事/ })
    .waitFor()
  expect(await side.textContent()).not.toMatch(/1391234|139 1234/)
  await side.getByRole('button', { name: '查看', exact: true }).click()
  await side.getByText('139 1234 5678').waitFor()
  await side.getByRole('button', { name: '需要，查看' }).click()
  await panel(dispatcher, '同一人以前反映的')
    .getByRole('link', { name: /一封信两件事/ })
    .waitFor()
  const { rows } = await server.superuser.query('select what from access.log where subject_record = $1', [published.id])
  expect(rows.map((row) => row.what)).toContain('contact')
})

test('what may be the same matter is shown with why: linked and unlinked by keyboard, merged; who usually does it is one tap', async () => {
  const { category } = organisation
  const first = await file({ text: '3号楼南门台阶断了一块，老人踩空两次了', category })
  const second = await file({ text: '三栋南门口的台阶断了，老人昨天踩空', category })
  await does(staff.secretary, second.id, 'accept')
  const secretary = await as('secretary')
  await open(secretary, second.id)
  const similar = panel(secretary, '可能是同一件事')
  await similar.getByText(/相似 \d+%.*都说到.*“台阶”.*同一社区.*同一天.*类别相同/).waitFor()
  for (const [language, width] of [
    ['zh', 1280],
    ['en', 360],
    ['zh', 360],
    ['en', 1280],
  ] as const) {
    const page = await as('secretary', {
      language: language === 'zh' ? 'zh-CN' : 'en',
      viewport: { width, height: 900 },
    })
    await open(page, second.id)
    const heading = page.getByRole('heading', {
      name: language === 'zh' ? '可能是同一件事' : 'Perhaps the same matter',
    })
    await heading.waitFor()
    await heading.scrollIntoViewIfNeeded()
    expect(await axeFaults(page)).toEqual([])
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await picture(page, `desk-similar-${language}-${width}`)
    await page.context().close()
  }

  await similar.getByRole('button', { name: `关联 ${first.number}` }).press('Enter')
  const dialog = dialogOf(secretary)
  await expect.poll(() => dialog.textContent()).toContain(first.number)
  // What they are to each other is chosen by a person: nothing is preselected.
  expect(await dialog.getByRole('radio', { checked: true }).count()).toBe(0)
  await dialog.getByRole('radio', { name: '同一个原因' }).focus()
  await secretary.keyboard.press('Space')
  await confirm(secretary, '关联另一件')
  const linked = panel(secretary, '有关联的')
  await linked.getByText('同一个原因').waitFor()
  await secretary
    .getByRole('listitem')
    .filter({ hasText: '与另一件关联' })
    .getByRole('link', { name: first.number })
    .waitFor()
  await similar.waitFor({ state: 'hidden' })
  await linked.getByRole('button', { name: `取消关联 ${first.number}` }).press('Enter')
  await linked.waitFor({ state: 'hidden' })
  await similar.waitFor()

  await similar.getByRole('button', { name: `并入这一件 ${first.number}` }).click()
  await expect.poll(() => dialog.textContent()).toContain(first.number)
  await dialog.getByLabel('理由').fill('说的是同一处台阶。')
  await confirm(secretary, '并入另一件')
  await secretary.locator('.under-title').getByText('并入另一件').waitFor()

  // Closed ones of this category say who usually does it.
  for (let each = 0; each < 2; each += 1) {
    const done = await file({ title: `办过的第${each + 1}件`, category })
    await requests.answered(done)
    await server.superuser.query(
      "update request set state = 'closed', result = 'unconfirmed', closed_at = now(), due_at = null, due_kind = null where id = $1",
      [done.id],
    )
  }
  await does(staff.secretary, first.id, 'accept')
  await open(secretary, first.id)
  await secretary.locator('.acts').getByRole('button', { name: /^派/ }).click()
  const usual = dialog.getByRole('region', { name: /这类事通常由谁办/ })
  await usual.getByText('答复过 2 件').waitFor()
  await picture(secretary, 'desk-usual')
  await usual.getByRole('button', { name: '五里物业', exact: true }).click()
  // Filled in, and nothing more.
  expect((await requests.row(first.id)).state).toBe('accepted')
  await confirm(secretary, '派给五里物业')
  expect((await requests.row(first.id)).state).toBe('dispatched')
})

test('after two returns it is dispatched anew; a residents’ group is asked; a template has its holes filled', async () => {
  const { id } = await file({ title: '退回两次的一件' })
  await does(staff.secretary, id, 'accept')
  for (const [body, who] of [
    [bodies.lamps, staff.lampKeeper],
    [bodies.otherProperty, staff.otherManager],
  ] as const) {
    await does(staff.secretary, id, 'dispatch', { body })
    await does(who, id, 'return', { reason: '不是我们的' })
  }
  const secretary = await as('secretary')
  await open(secretary, id)
  await secretary.getByRole('button', { name: /^改派/ }).click()
  await choose(secretary, dialogOf(secretary).getByRole('combobox'), '路灯', '路灯管理所')
  await dialogOf(secretary).getByLabel('理由').fill('首接的办到底。')
  expect(await dialogOf(secretary).textContent()).toContain('反映人会读到这段话')
  await confirm(secretary, '改派')
  await secretary.locator('.part').getByText('已派，未签收').first().waitFor()

  const offered = await file({ title: '请居民小组的一件' })
  await does(staff.secretary, offered.id, 'accept')
  await does(staff.secretary, offered.id, 'dispatch', { body: bodies.group })
  const convener = await as('convener')
  await open(convener, offered.id)
  expect(await convener.locator('.acts').getByRole('button').allInnerTexts()).toEqual(['同意接下', '不接', '更多'])
  // What a unit is asked first is the most visible on the page.
  expect(await convener.locator('.case .ant-btn-primary').first().textContent()).toBe('同意接下')
  await convener.locator('.acts').getByRole('button', { name: '同意接下' }).click()
  await convener.getByRole('button', { name: '同意接下' }).waitFor({ state: 'hidden' })

  await server.database.owner.pool.query(
    `insert into template (id, path, name, text, language)
     values (gen_random_uuid(), $1, '修好了', '{编号}：{事情}已由{单位}修好。', 'zh-CN')`,
    [places.district.path],
  )
  const answered = await acknowledged('用模板的一件')
  const manager = await as('manager')
  await open(manager, answered)
  await manager.getByLabel(/用模板开头/).selectOption({ label: '修好了' })
  const sheet = manager.locator('.template')
  expect(await sheet.getByLabel('单位').inputValue()).toBe('五里物业')
  await manager.getByRole('button', { name: '放进答复' }).click()
  // A hole that nobody filled is told, and the answer is not sent.
  await manager.getByText('还有空没填：事情').waitFor()
  expect(await manager.getByRole('button', { name: '答复居民' }).isDisabled()).toBe(true)
  const written = manager.getByLabel('答复', { exact: true })
  await written.fill((await written.inputValue()).replace('{事情}', '路灯'))
  await manager.getByRole('button', { name: '答复居民' }).click()
  await manager.locator('.under-title').getByText('已答复').waitFor()
})

test('whoever calls back asks first and sees nothing of who handled it', async () => {
  const filed = await file({ title: '回访的一件', phone: '13911113333' })
  await requests.answered(filed)
  await server.superuser.query(
    "update request set due_at = due_at + interval '1 year' where id <> $1 and state = 'answered'",
    [filed.id],
  )
  const before = server.clock.now()
  server.clock.advance(8 * 86_400_000)
  await drawAndClose(server.kernel)
  server.clock.set(before)
  const caller = await as('caller')
  await caller.goto(at('/desk/requests?queue=to-call-back'))
  await caller.getByRole('link', { name: '回访的一件' }).click()
  await settled(caller)
  expect(await caller.locator('aside').textContent()).not.toContain('五里物业')
  await caller.getByRole('button', { name: '记下回访' }).click()
  expect(await dialogOf(caller).getByRole('radio', { checked: true }).count()).toBe(0)
  await dialogOf(caller)
    .locator('label')
    .filter({ hasText: /^解决了$/ })
    .click()
  await confirm(caller, '记下回访')
  await expect.poll(async () => (await requests.row(filed.id)).state).toBe('closed')
})

test('what a resident asks for on the telephone is entered for them, and marked so', async () => {
  const { id } = await file({ title: '打电话来撤回的一件', phone: '13911112222' })
  await does(staff.secretary, id, 'accept')
  const dispatcher = await as('dispatcher')
  await open(dispatcher, id)
  await more(dispatcher, '替居民补充')
  await dialogOf(dispatcher).getByLabel('内容').fill('还有一盏也不亮。')
  await confirm(dispatcher, '替居民补充')
  await dispatcher.getByText('代居民登记').waitFor()
  await more(dispatcher, '替居民撤回')
  await dialogOf(dispatcher).getByLabel('理由').fill('居民来电说邻居已经修好。')
  await confirm(dispatcher, '替居民撤回')
  await dispatcher.locator('.under-title').getByText('已办结').first().waitFor()
  expect(await requests.row(id)).toMatchObject({ state: 'closed', result: 'withdrawn' })
  const supervisor = await as('supervisor')
  await supervisor.goto(at('/desk/register'))
  await settled(supervisor)
  await supervisor.getByText('撤回', { exact: true }).first().waitFor()
  await picture(supervisor, 'desk-register')
})

test('an act after which nothing is left to see says so, and the list stands there again', async () => {
  const { id, number } = await file({ title: '退回以后的一件' })
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.lamps })
  const keeper = await as('lampKeeper')
  await keeper.goto(at('/desk/requests?queue=unit'))
  await keeper.getByRole('link', { name: '退回以后的一件' }).click()
  await settled(keeper)
  // The first act of a unit is the page's main one, and stands there once.
  expect(await keeper.locator('.case .ant-btn-primary').first().textContent()).toBe('签收')
  expect(await keeper.getByRole('button', { name: '签收' }).count()).toBe(1)
  // The act is done; it is answered as the server answers whoever may see no more of it.
  await keeper.route('**/api/requests/*/return', async (route) => {
    await route.fetch()
    await route.fulfill({ status: 204 })
  })
  await keeper.locator('.acts').getByRole('button', { name: '退回' }).click()
  await dialogOf(keeper).getByLabel('理由').fill('院内的灯归物业。')
  await dialogOf(keeper).getByRole('button', { name: '退回', exact: true }).click()
  await keeper.getByText(`${number} 不再归您这里看，已回到列表。`).waitFor()
  await keeper.waitForURL(at('/desk/requests?queue=unit'))
  await expect.poll(() => keeper.locator('[data-request]').filter({ hasText: '退回以后的一件' }).count()).toBe(0)
  expect(await requests.row(id)).toMatchObject({ state: 'accepted' })
})

test('whoever calls back prints a slip, and the timeline says so when they come back to it', async () => {
  const { id } = await file({ title: '没有电话的一件', channel: 'paper' }, staff.secretary)
  await requests.answered({ id })
  const caller = await as('caller')
  await open(caller, id)
  const [slip] = await Promise.all([
    caller.context().waitForEvent('page'),
    caller.getByRole('button', { name: '打印评价纸条' }).click(),
  ])
  await slip.locator('svg.qr').waitFor()
  await picture(slip, 'desk-slip')
  await slip.close()
  await caller.evaluate("dispatchEvent(new Event('focus'))")
  const line = (await requests.read(staff.caller, id)).body.entries.find((entry) => entry.kind === 'slip_handed')
  expect(line).toMatchObject({ post: '回访员' })
  await caller.locator('.when').getByText('回访员').first().waitFor({ state: 'attached' })
})

test('a complaint is written down for the resident, and stands marked in the list of those above', async () => {
  const filed = await file({ title: '办得让人不满意的一件', phone: '13911115555' })
  await requests.answered(filed)
  const dispatcher = await as('dispatcher')
  await open(dispatcher, filed.id)
  await more(dispatcher, '替居民投诉办理过程')
  const dialog = dialogOf(dispatcher)
  const send = dialog.getByRole('button', { name: '替居民交上去' })
  await dialog.getByLabel('居民的话').fill('推来推去三次。')
  // How it was said is nothing that anybody guesses.
  expect(await send.isDisabled()).toBe(true)
  await dialog.getByText('窗口', { exact: true }).click()
  await picture(dispatcher, 'desk-complain')
  await send.click()
  const number = await dialog.locator('.promise .code').first().textContent()
  const above = await as('districtDispatcher')
  await above.goto(at('/desk/requests?queue=all'))
  await settled(above)
  const row = above.locator('tr[data-request]').filter({ hasText: number ?? 'none' })
  await row.locator('.mark').getByText('对办理的意见').waitFor()
  await picture(above, 'desk-complaint-row')
})
