// What is written down at the desk: a request taken on the phone, what a place sets, who holds a post.
import { afterEach, beforeAll, expect, test } from 'vitest'
import { axeFaults, photograph, picture } from '../browser.ts'
import { choose, desk, dialogOf, phone, settled } from './desk.ts'

const { server, organisation, requests, as, at, complaints } = await desk(4132)
const { staff, bodies, places, category } = organisation

afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

beforeAll(async () => {
  // Whoever appoints may give what they hold themselves.
  await server.database.owner.pool.query(
    "update post set duties = array['request.enter', 'request.handle'] where id = $1",
    [staff.hand.post],
  )
  // Where there is one category there is nothing to choose from, and nothing is suggested.
  await server.superuser.query(
    `insert into category (id, path, code, level1, level2, level3, promised_days) values (uuidv7(), $1, 'noise', '环境保护', '噪声', '夜间施工', 5)`,
    [places.district.path],
  )
})

test('a request is taken down on the phone, with pictures and a point; nothing typed is lost', async () => {
  const page = await as('dispatcher', {
    geolocation: { latitude: 32.3942, longitude: 119.4129 },
    permissions: ['geolocation'],
  })
  await page.goto(at('/desk/new'))
  await settled(page)
  await page.getByLabel('电话', { exact: true }).last().fill('13911114444')
  await page.getByLabel('称呼').fill('王女士')
  await page.getByLabel('说了什么（照原话记）').fill('3 栋楼下路灯不亮，晚上看不见。')
  await choose(page, page.locator('#phone-place'), '五里', '五里社区')
  // What the text suggests is said with its words, chooses nothing by itself, and is taken by one tap.
  const suggested = page.locator('.suggested')
  await suggested.getByText(/城市管理 · 公用设施 · 可能性 \d+% · 因为 “.*灯.*”/).waitFor()
  expect(await page.locator('.ant-cascader').textContent()).not.toContain('路灯')
  await suggested.getByRole('button', { name: '路灯' }).click()
  await expect.poll(() => page.locator('.ant-cascader').textContent()).toContain('路灯')
  expect(await suggested.getByRole('button', { name: '路灯' }).getAttribute('aria-pressed')).toBe('true')
  await page.getByRole('button', { name: /我就在现场/ }).click()
  await page.locator('.spot figcaption').getByText('32.39420, 119.41290').waitFor()
  const buffer = await photograph()
  await page.locator('input[type=file]').setInputFiles([
    { name: 'a.jpg', mimeType: 'image/jpeg', buffer },
    { name: 'b.jpg', mimeType: 'image/jpeg', buffer },
  ])
  await page.getByRole('button', { name: '去掉第 2 个' }).click()
  await expect.poll(() => page.locator('.pictures li').count()).toBe(1)
  await page.getByText(/已存草稿$/).waitFor()
  await picture(page, 'desk-phone')

  // A closed tab, another day: everything is there, the picture too.
  await page.reload()
  await settled(page)
  await expect.poll(() => page.getByLabel('说了什么（照原话记）').inputValue()).toContain('路灯不亮')
  await expect.poll(() => page.locator('.pictures li').count()).toBe(1)
  await page.getByRole('button', { name: /登记这件诉求/ }).click()
  const said = page.locator('.promise')
  await said.waitFor()
  // The number stands where it can be read aloud at once.
  await expect.poll(() => page.evaluate("document.activeElement?.className ?? ''")).toBe('promise')
  await said.getByRole('link', { name: '打开这一件' }).click()
  await settled(page)
  const shown = page.locator('.pictures img')
  await expect
    .poll(() => page.evaluate("document.querySelector('.pictures img')?.naturalWidth ?? 0"))
    .toBeGreaterThan(0)
  await page.locator('.spot').waitFor()
  const filed = await server.one<string>("select id from request where channel = 'phone'")
  expect(await requests.row(filed ?? '')).toMatchObject({
    longitude: expect.anything(),
    entered_by: staff.dispatcher.tenure,
    category,
  })
  const others = await as('stranger')
  expect((await others.request.get((await shown.getAttribute('src')) ?? '')).status()).toBe(404)
  expect(await server.one<number>('select count(*)::int from request_draft')).toBe(0)
})

test('what is suggested and what is similar belong to the words that stand: nothing of those before stays, and nothing one types in moves', async () => {
  const told = await requests.file({ text: '5号楼北边的井盖松了，车一压就响', place: places.community.id })
  for (const [language, viewport] of [
    ['zh-CN', { width: 1280, height: 800 }],
    ['en', phone],
  ] as const) {
    const page = await as('dispatcher', { language, viewport })
    await page.goto(at('/desk/new'))
    await settled(page)
    const text = page.locator('#phone-text')
    const similar = page.locator('.phone-similar')
    const link = similar.getByRole('link', { name: told.number })
    const suggested = page.locator('.suggested')
    await choose(page, page.locator('#phone-place'), '五里', '五里社区')
    await page.evaluate("document.querySelector('.stage').scrollTo(0, 0)")
    const placeAt = () => page.locator('#phone-place').boundingBox()
    const before = await placeAt()
    await text.fill('五栋北边井盖松了，压上去响')
    const said = similar.getByText(language === 'en' ? /^1 similar told nearby/ : /^附近有 1 件类似的/).last()
    await said.waitFor()
    // In sight of whoever types, who is not moved by it.
    expect(await placeAt()).toEqual(before)
    const box = await said.boundingBox()
    expect((box?.y ?? viewport.height) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height)
    if (viewport.width < 600) await said.click()
    await link.waitFor()
    expect(await axeFaults(page)).toEqual([])
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
    await picture(page, `desk-phone-similar-${language}-${viewport.width}`)
    // Other words: what was similar to those before goes at once, before anything is asked.
    await text.fill('路灯不亮，晚上看不见路')
    expect(await link.count()).toBe(0)
    await suggested.getByRole('button', { name: '路灯' }).waitFor()
    await suggested.scrollIntoViewIfNeeded()
    await picture(page, `desk-phone-suggested-${language}-${viewport.width}`)
    // Of words from which nothing follows it is said so, and nothing stands to be tapped.
    await text.fill('谢谢你们，辛苦了')
    expect(await suggested.count()).toBe(0)
    await page.getByText(language === 'en' ? /^No confident suggestion/ : /^没有把握的建议/).waitFor()
    expect(await suggested.count()).toBe(0)
    // The form emptied, nothing of the call stays, whatever is typed next.
    await text.fill('路灯不亮，晚上看不见路')
    await suggested.waitFor()
    await page.getByText(language === 'en' ? /^Draft saved/ : /已存草稿$/).waitFor()
    await page.getByRole('button', { name: language === 'en' ? /^Clear/ : /^清空/ }).click()
    await expect.poll(() => text.inputValue()).toBe('')
    expect([await suggested.count(), await link.count()]).toEqual([0, 0])
    await page.context().close()
  }
})

test('what has no category shows what it may be, and a tap on one gives it; where one is changed they are shown too', async () => {
  const { id } = await requests.file({ title: '路灯坏了', text: '楼下路灯不亮，晚上走路看不清。' })
  const page = await as('secretary')
  await page.goto(at(`/desk/requests/${id}`))
  await settled(page)
  const suggested = page.locator('aside .suggested')
  await suggested.getByText(/因为 .*“路灯”/).waitFor()
  expect((await requests.row(id)).category).toBeNull()
  await picture(page, 'desk-suggested')
  await suggested.getByRole('button', { name: '路灯' }).click()
  await suggested.waitFor({ state: 'hidden' })
  await page.getByText('城市管理 › 公用设施 › 路灯').first().waitFor()
  expect((await requests.row(id)).category).toBe(category)
  await page.getByText('更多', { exact: true }).click()
  await page.getByRole('button', { name: '定类别' }).click()
  await dialogOf(page).locator('.suggested').getByRole('button', { name: '路灯' }).click()
  await expect.poll(() => dialogOf(page).locator('.ant-cascader').textContent()).toContain('路灯')
  await picture(page, 'desk-suggested-dialog')
})

test('a place sets a category, a template, a law and its hours; what somebody else saved meanwhile is shown', async () => {
  const page = await as('leader')
  await page.goto(at('/desk/settings'))
  await settled(page)
  await page.getByRole('button', { name: /加一类$/ }).click()
  for (const [label, value] of [
    ['一级', '环境'],
    ['二级', '动物'],
    ['三级', '鸽子'],
    ['答应几个工作日内答复', '3'],
  ] as const)
    await dialogOf(page).getByLabel(label, { exact: true }).fill(value)
  await dialogOf(page).getByRole('button', { name: '保存' }).click()
  await dialogOf(page).waitFor({ state: 'hidden' })
  await page.getByText('鸽子').first().waitFor()

  // Two edit one category: both versions are shown, and mine is kept only when I say so.
  await page.getByRole('button', { name: '路灯', exact: true }).click()
  await dialogOf(page).getByLabel('三级', { exact: true }).fill('路灯不亮')
  await server.database.owner.pool.query(
    "update category set level3 = '路灯和井盖', version = version + 1 where id = $1",
    [category],
  )
  await dialogOf(page).getByRole('button', { name: '保存' }).click()
  const both = page.locator('.conflict')
  await both.waitFor()
  expect(await both.textContent()).toMatch(/路灯不亮[\s\S]*路灯和井盖/)
  await both.getByRole('button', { name: '用我写的' }).click()
  await dialogOf(page).waitFor({ state: 'hidden' })
  expect(await server.one<string>('select level3 from category where id = $1', [category])).toBe('路灯不亮')
  // The browser itself writes down that the first saving was refused.
  complaints.splice(0)

  await page.goto(at('/desk/settings?section=templates'))
  await settled(page)
  await page.getByRole('button', { name: /加一份模板$/ }).click()
  await dialogOf(page).getByLabel('名称').fill('修好了')
  await dialogOf(page).getByLabel('内容').fill('{编号}：{事情')
  await choose(page, dialogOf(page).getByRole('combobox'), '', '中文')
  await dialogOf(page).getByRole('button', { name: '保存' }).click()
  await dialogOf(page).getByText('有一个花括号没有配成对').waitFor()
  complaints.splice(0)
  await dialogOf(page).getByLabel('内容').fill('{编号}：{事情}已修好。')
  await dialogOf(page).getByRole('button', { name: '保存' }).click()
  await dialogOf(page).waitFor({ state: 'hidden' })

  await page.goto(at('/desk/settings?section=laws'))
  await settled(page)
  await page.getByRole('button', { name: /加一条$/ }).click()
  await dialogOf(page).getByLabel('名称', { exact: true }).fill('养犬规定')
  await choose(page, dialogOf(page).getByRole('combobox'), '', '规章')
  await dialogOf(page).getByLabel('大白话怎么说').fill('遛狗要牵绳。')
  await dialogOf(page).getByRole('button', { name: '保存' }).click()
  await dialogOf(page).waitFor({ state: 'hidden' })
  await page.getByText('养犬规定').first().waitFor()

  await page.goto(at('/desk/settings?section=hours'))
  await settled(page)
  const hours = page.locator('form.sheet').first()
  await hours.getByLabel('从').first().fill('09:00')
  await hours.getByRole('button', { name: /^保存到/ }).click()
  await hours.getByRole('button', { name: '不另定，照上面的办' }).waitFor()
  const kept = await server.one<unknown>("select value from place_setting where name = 'working_hours' and path = $1", [
    places.district.path,
  ])
  expect(JSON.stringify(kept)).toContain('09:00')
})

test('somebody is invited to a post, and a tenure is ended', async () => {
  const page = await as('leader')
  await page.goto(at(`/desk/bodies/${bodies.property}`))
  await settled(page)
  const post = page.locator('.sheet').filter({ hasText: '物业经办人' })
  expect(await post.textContent()).not.toMatch(/\d{4}-\d{2}-\d{2}T/)
  await post.getByRole('button', { name: '结束任期' }).click()
  await dialogOf(page).getByLabel('依据（可不填）').fill('调往他处')
  await dialogOf(page)
    .getByRole('button', { name: /结束.*的任期/ })
    .click()
  await dialogOf(page).waitFor({ state: 'hidden' })
  await post.getByRole('button', { name: /^邀请一位/ }).click()
  await dialogOf(page).getByLabel('姓名').fill('示例·新人')
  await dialogOf(page).getByLabel('邮箱').fill('new@example.org')
  await dialogOf(page).getByRole('button', { name: '发出邀请' }).click()
  await dialogOf(page).getByRole('status').waitFor()
  await picture(page, 'desk-invited')
  await dialogOf(page)
    .getByRole('button', { name: '关上' })
    .or(dialogOf(page).locator('.dialog-foot button'))
    .first()
    .click()
  await post.getByText('已邀请，未接受').waitFor()
})
