// At a door without network: filing with a picture, reading, and what comes back refused.
import { afterEach, beforeAll, expect, test } from 'vitest'
import { photograph, picture } from '../browser.ts'
import { desk, phone, settled } from './desk.ts'

const { server, organisation, requests, as, at, complaints } = await desk(4523)
const { staff, bodies, places } = organisation

// A browser writes every request without network into its console; what the pages throw is still heard.
afterEach(() => {
  expect(complaints.splice(0).filter((one) => !/Failed to load resource|net::ERR|status of 40[19]/.test(one))).toEqual(
    [],
  )
})

beforeAll(async () => {
  await server.superuser.query('update place set longitude = 119.4129, latitude = 32.3942 where id = $1', [
    places.grid.id,
  ])
})

/** One request in the hands of the grid, acknowledged by nobody yet. */
async function given(title: string): Promise<string> {
  const { id } = await requests.file({ title, place: places.grid.id })
  await requests.does(staff.dispatcher, id, 'accept')
  await requests.does(staff.dispatcher, id, 'dispatch', { body: bodies.grid })
  return id
}

const keptOnDevice = `(async () => {
  const open = await new Promise((resolve, reject) => {
    const asking = indexedDB.open('linli-desk')
    asking.onsuccess = () => resolve(asking.result)
    asking.onerror = () => reject(asking.error)
  })
  const names = {}
  for (const store of open.objectStoreNames)
    names[store] = await new Promise((resolve) => {
      const asking = open.transaction(store).objectStore(store).getAllKeys()
      asking.onsuccess = () => resolve(asking.result.map(String))
    })
  open.close()
  return names
})()`
type Kept = Record<'acts' | 'files' | 'seen' | 'drafts', string[]>

test.each([
  ['zh-CN', { text: '说了什么（照原话记）', file: /登记这件诉求/, here: /我就在现场/, filed: '记在这台设备上了' }],
  [
    'en',
    { text: 'What was said (in their words)', file: /^File/, here: /I stand there/, filed: 'Kept on this device' },
  ],
] as const)(
  'a request is filed with a picture where there is no network, and is there once (%s)',
  async (language, words) => {
    const page = await as('gridWorker', {
      viewport: phone,
      language,
      geolocation: { latitude: 32.3943, longitude: 119.413 },
      permissions: ['geolocation'],
    })
    await page.goto(at('/desk/requests'))
    await settled(page)
    // The desk's own files and the places that are served have been taken along.
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
    await expect
      .poll(async () => ((await page.evaluate(keptOnDevice)) as Kept).seen.some((name) => name.endsWith('/places')))
      .toBe(true)
    const before = await server.one<number>('select count(*)::int from request')
    const files = await server.one<number>('select count(*)::int from file where record is not null')
    await page.context().setOffline(true)
    await page
      .locator('.bottom')
      .getByRole('link', { name: language === 'en' ? 'New' : '登记' })
      .click()
    await page.locator('#phone-text').waitFor()
    // One's own grid stands there; what is missing is said at its field, which has the focus.
    await expect.poll(() => page.locator('#phone-place-told').textContent()).toContain('第一网格')
    await page.getByRole('button', { name: words.file }).click()
    await expect.poll(() => page.evaluate("document.activeElement?.id ?? ''")).toBe('phone-text')
    expect(await page.locator('#phone-text').getAttribute('aria-invalid')).toBe('true')
    await page.locator('#phone-text-fault').waitFor()
    await picture(page, `offline-1-missing-${language}`)
    await page.locator('#phone-text').fill('三楼的灯座松了，一碰就灭。')
    await page.locator('#phone-text-fault').waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: words.here }).click()
    await page.locator('.spot figcaption').waitFor()
    await page
      .locator('input[type=file]')
      .setInputFiles([{ name: 'a.jpg', mimeType: 'image/jpeg', buffer: await photograph() }])
    await expect.poll(() => page.locator('.pictures img').count()).toBe(1)
    await picture(page, `offline-2-form-${language}`)
    await page.getByRole('button', { name: words.file }).click()
    await page.locator('#phone-filed').getByText(words.filed).waitFor()
    await picture(page, `offline-3-kept-${language}`)
    expect((await page.evaluate(keptOnDevice)) as Kept).toMatchObject({
      acts: [expect.any(String)],
      files: [expect.any(String)],
    })
    // The telephone is switched off and on again in the cellar: everything is still there.
    await page.reload()
    await page
      .locator('.bottom')
      .getByRole('link', { name: language === 'en' ? 'Offline' : '没有网络' })
      .click()
    await page.getByText(language === 'en' ? 'with 1 picture' : '连同 1 个照片').waitFor()
    await picture(page, `offline-4-waiting-${language}`)
    expect(await server.one<number>('select count(*)::int from request')).toBe(before)

    await page.context().setOffline(false)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect.poll(() => server.one<number>('select count(*)::int from request')).toBe((before ?? 0) + 1)
    await expect.poll(async () => ((await page.evaluate(keptOnDevice)) as Kept).acts).toEqual([])
    // Sent again, nothing is there twice; the picture hangs on it, and the device keeps it no longer.
    await page.evaluate("dispatchEvent(new Event('online'))")
    await page.reload()
    await settled(page)
    expect(await server.one<number>('select count(*)::int from request')).toBe((before ?? 0) + 1)
    expect(await server.one<number>('select count(*)::int from file where record is not null')).toBe((files ?? 0) + 1)
    expect(((await page.evaluate(keptOnDevice)) as Kept).files).toEqual([])
    expect(
      await server.one('select place from request where body like $1 order by id desc limit 1', ['三楼的灯座%']),
    ).toBe(places.grid.id)
  },
)

test('at 360 px what is overdue stands on the bar with its count, and the list of further acts stays on the screen', async () => {
  const id = await given('门禁坏了两天')
  await requests.does(staff.gridWorker, id, 'acknowledge')
  await server.superuser.query("update request set due_at = now() - interval '2 days' where id = $1", [id])
  const page = await as('gridWorker', { viewport: phone })
  await page.goto(at(`/desk/requests/${id}`))
  await settled(page)
  const overdue = page.locator('.bottom').getByRole('link', { name: '已超期' })
  await overdue.waitFor()
  expect(Number(await overdue.locator('b').textContent())).toBeGreaterThan(0)
  await page.locator('.acts').getByRole('button', { name: '更多', exact: true }).click()
  await page.locator('.disclosed').waitFor()
  await picture(page, 'offline-7-more')
  const list = await page.locator('.disclosed').boundingBox()
  expect(list?.x).toBeGreaterThanOrEqual(0)
  expect((list?.x ?? 0) + (list?.width ?? 0)).toBeLessThanOrEqual(phone.width)
  await page.keyboard.press('Escape')
  await overdue.click()
  await page.getByRole('link', { name: '门禁坏了两天' }).waitFor()
})

test('signing out in a cellar asks about what waits, and then empties the device', async () => {
  const id = await given('楼梯扶手松了')
  const page = await as('gridWorker')
  await page.goto(at(`/desk/requests/${id}`))
  await settled(page)
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
  await page.context().setOffline(true)
  await page.locator('.acts').getByRole('button', { name: '签收' }).click()
  await page.getByText('这一件有 1 条等待发送').waitFor()
  const databases = () => page.evaluate('indexedDB.databases().then((all) => all.map((one) => one.name))')
  expect(await databases()).not.toEqual([])
  await page.getByRole('button', { name: '退出', exact: true }).click()
  await page.getByRole('dialog', { name: '还有 1 条没有发送' }).waitFor()
  await page.getByRole('button', { name: '先不退出' }).click()
  expect(((await page.evaluate(keptOnDevice)) as Kept).acts).toHaveLength(1)
  await page.getByRole('button', { name: '退出', exact: true }).click()
  await page.getByRole('button', { name: '删掉并退出' }).click()
  await page.waitForURL(/sign-in/)
  await expect.poll(databases).toEqual([])
  await page.context().setOffline(false)
  expect((await requests.read(staff.gridWorker, id)).body.entries.map((entry) => entry.kind)).not.toContain(
    'acknowledged',
  )
})

test('the lists and every request on them are read in a cellar, with the hour; at the end of the session they are gone', async () => {
  const id = await given('地下室积水')
  const page = await as('gridWorker', { viewport: phone })
  await page.goto(at('/desk/requests?queue=unit'))
  await settled(page)
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
  // It was never opened; it was taken along.
  await expect
    .poll(async () => ((await page.evaluate(keptOnDevice)) as Kept).seen.some((name) => name.endsWith(id)))
    .toBe(true)
  await page.context().setOffline(true)
  await page.reload()
  await page.locator('.bottom').getByRole('link', { name: '本单位' }).click()
  await page.getByRole('link', { name: '地下室积水' }).click()
  await page.locator('.case .as-of').getByText(/^截至/).waitFor()
  await page.getByRole('heading', { name: '地下室积水' }).waitFor()
  await picture(page, 'offline-5-read')

  // Meanwhile somebody else acknowledged it: the act from the cellar comes back refused, and says so where it was done.
  await page.locator('.acts').getByRole('button', { name: '签收' }).click()
  await page.getByText('这一件有 1 条等待发送').waitFor()
  await page.getByLabel('写一条内部记录').fill('抽水泵要借一台。')
  await page.getByRole('button', { name: '记下来' }).click()
  await page.getByText('这一件有 2 条等待发送').waitFor()
  await requests.does(staff.gridWorker, id, 'acknowledge')
  await page.context().setOffline(false)
  await page.evaluate("dispatchEvent(new Event('online'))")
  const refused = page.locator('.case').getByRole('alert').filter({ hasText: '没有被接受' })
  await refused.waitFor()
  // How it stands now is read by itself; what could only be refused once more is not offered, and what waits behind it is told.
  await page.locator('.case .part').getByText('已签收').waitFor()
  await page.locator('.case .as-of').waitFor({ state: 'detached' })
  await refused.getByRole('button', { name: '看过最新情况，再发一次' }).waitFor({ state: 'detached' })
  const behind = page.locator('.case .sheet').filter({ hasText: '排在这一件没被接受的那一步后面' })
  await behind.getByText('抽水泵要借一台。').waitFor()
  await picture(page, 'offline-6-refused')
  expect((await requests.read(staff.gridWorker, id)).body.entries.map((entry) => entry.kind)).not.toContain('noted')
  // Decided on, the one goes and the other is sent at once, for the version that was looked at.
  await refused.getByRole('button', { name: '不要了' }).click()
  await expect
    .poll(async () => (await requests.read(staff.gridWorker, id)).body.entries.map((entry) => entry.kind))
    .toContain('noted')
  await refused.waitFor({ state: 'detached' })
  await behind.waitFor({ state: 'detached' })

  // The session ends on the server: the next reading takes away what was read before.
  await server.superuser.query('delete from auth.session')
  await page.goto(at('/desk/requests?queue=mine'))
  await page.waitForURL(/sign-in/)
  await expect.poll(async () => ((await page.evaluate(keptOnDevice)) as Kept).seen).toEqual([])
})
