// Having a device told, in a real browser with a real worker. Its maker's push service is the one thing that is not there: what the
// browser would get from it, an address and keys, is put in its place, and what it would deliver is handed to the worker.
import type { CDPSession, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { testDevice, testPushService } from '#testing/push.ts'
import { requestsOf } from '#testing/requests.ts'
import { axeFaults, house, picture } from './browser.ts'

const service = await testPushService()
const { server, organisation, open, at } = await house(3432, 'localhost', { push: { loopback: true } })
const { file, does, answered } = requestsOf(server, organisation)
const kept = () => server.one<string[]>("select coalesce(array_agg(purpose order by purpose), '{}') from push_device")

/** A window whose browser, asked for a push, gives this device; it counts how often it was asked. */
async function windowOf(device: ReturnType<typeof testDevice>, locale = 'zh-CN', allowed = true): Promise<Page> {
  const page = await open({ javaScriptEnabled: true, locale, permissions: allowed ? ['notifications'] : [] })
  const { endpoint, keys } = device
  await page.addInitScript(`
    const made = { endpoint: ${JSON.stringify(endpoint)}, toJSON: () => (${JSON.stringify({ endpoint, keys })}),
      unsubscribe: async () => { localStorage.removeItem('told'); return true } }
    PushManager.prototype.subscribe = async function (options) {
      localStorage.setItem('asked', options.applicationServerKey)
      if (${!allowed}) throw new DOMException('no', 'NotAllowedError')
      localStorage.setItem('told', '1')
      return made
    }
    PushManager.prototype.getSubscription = async () => (localStorage.getItem('told') ? made : null)
  `)
  return page
}
async function signedIn(page: Page, cookie: string): Promise<void> {
  const cookies = cookie.split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name, value: value.join('='), url: at('/') }
  })
  await page.context().addCookies(cookies)
}
async function deliver() {
  service.arrived.length = 0
  await server.workJobs()
  await server.kernel.outbox.deliver()
  return service.arrived
}
/** Hands what arrived to the worker that stands for this address, and says what it then shows. */
async function shown(
  page: Page,
  device: ReturnType<typeof testDevice>,
  arrived: (typeof service.arrived)[0],
  scope: string,
) {
  const session: CDPSession = await page.context().newCDPSession(page)
  const registered = new Promise<string>((found) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      for (const each of registrations) if (each.scopeURL === at(scope) && !each.isDeleted) found(each.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  const data = JSON.stringify(device.open(arrived))
  await session.send('ServiceWorker.deliverPushMessage', { origin: at(''), registrationId: await registered, data })
  await expect
    .poll(
      () =>
        page.evaluate<string[][]>(
          `navigator.serviceWorker.getRegistration(${JSON.stringify(at(scope))})
            .then((one) => one.getNotifications()).then((all) => all.map(({ title, body }) => [title, body]))`,
        ),
      { timeout: 30_000 },
    )
    .toHaveLength(1)
  return page.evaluate<string[][]>(
    `navigator.serviceWorker.getRegistration(${JSON.stringify(at(scope))})
      .then((one) => one.getNotifications()).then((all) => all.map(({ title, body }) => [title, body]))`,
  )
}
/** What the content-security policy or a script of ours complains of. */
function complaints(page: Page): string[] {
  const said: string[] = []
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()))
  page.on('pageerror', (error) => said.push(String(error)))
  return said
}

test('by the link: asked only when pressed, told by a worker of this page, stopped, and gone', async () => {
  const filed = await file({ name: '王小路' })
  const device = testDevice(service, 'phone')
  const page = await windowOf(device)
  const said = complaints(page)
  await page.goto(`/r/${filed.link}`)
  const start = page.getByRole('button', { name: '在这台设备上提醒我' })
  await start.waitFor()
  expect(await page.evaluate(`localStorage.getItem('asked')`)).toBeNull()
  expect(await page.evaluate('navigator.serviceWorker.getRegistrations().then((all) => all.length)')).toBe(0)
  const stop = page.getByRole('button', { name: '不再在这台设备上提醒' })
  expect(await stop.isVisible()).toBe(false)
  await picture(page, 'push-offer-360')
  await start.click()
  await page.getByText('这台设备会收到提醒').waitFor()
  expect(await page.evaluate(`localStorage.getItem('asked')`)).toMatch(/^[\w-]{87}$/)
  await picture(page, 'push-on-360')
  expect([await start.isVisible(), await stop.isVisible()]).toEqual([false, true])
  expect(await kept()).toEqual(['record'])
  await answered(filed)
  const [arrived] = await deliver()
  if (!arrived) throw new Error('nothing arrived')
  expect(await shown(page, device, arrived, `/r/${filed.link}`)).toEqual([['邻里', '您反映的事有答复了，请打开看看。']])
  await page.reload()
  await stop.waitFor()
  await stop.click()
  await start.waitFor()
  expect(await kept()).toEqual([])
  expect(await page.evaluate('navigator.serviceWorker.getRegistrations().then((all) => all.length)')).toBe(0)
  expect(said).toEqual([])
})

test('on one’s own page: what concerns oneself there, and work by the desk’s own worker', async () => {
  const { manager, secretary } = organisation.staff
  const device = testDevice(service, 'desk')
  const page = await windowOf(device)
  const said = complaints(page)
  await signedIn(page, manager.cookie)
  await page.goto('/my')
  await page.getByRole('button', { name: '工作上的事也在这台设备上提醒我' }).click()
  await page.getByText('工作上有事时，这台设备会收到提醒').waitFor()
  expect(await kept()).toEqual(['work'])
  const filed = await file()
  await does(secretary, filed.id, 'accept')
  await does(secretary, filed.id, 'dispatch', { body: organisation.bodies.property })
  const [arrived] = await deliver()
  if (!arrived) throw new Error('nothing arrived')
  expect(await shown(page, device, arrived, '/desk/')).toEqual([['邻里', '您经手的诉求有新情况，请打开工作台看看。']])
  await page.getByRole('button', { name: '工作上的事不再在这台设备上提醒' }).click()
  await page.getByRole('button', { name: '工作上的事也在这台设备上提醒我' }).waitFor()
  expect(await kept()).toEqual([])
  // The desk keeps its worker: it also keeps its screens for where there is no network.
  expect(
    await page.evaluate(
      `navigator.serviceWorker.getRegistration(${JSON.stringify(at('/desk/'))}).then((one) => !!one)`,
    ),
  ).toBe(true)
  expect(said).toEqual([])
})

test('in a browser that somebody else used, whoever signs in next is asked first', async () => {
  const { manager, secretary } = organisation.staff
  const page = await windowOf(testDevice(service, 'shared'))
  await signedIn(page, manager.cookie)
  await page.goto('/my')
  const own = page.locator('[data-push=own]')
  await own.locator('[data-start]').click()
  await own.getByText('这台设备会收到提醒').waitFor()
  const owners = () => server.one<string[]>("select array_agg(owner) from push_device where purpose = 'own'")
  expect(await owners()).toEqual([manager.person])
  await page.context().clearCookies()
  await signedIn(page, secretary.cookie)
  await page.goto('/my')
  await own.locator('[data-start]').waitFor()
  expect(await owners()).toEqual([manager.person])
  await own.locator('[data-start]').click()
  await own.getByText('这台设备会收到提醒').waitFor()
  expect((await owners()).toSorted()).toEqual([manager.person, secretary.person].toSorted())
  await server.superuser.query('delete from push_device')
})

test.each([
  ['zh-CN', '这个浏览器不允许提醒'],
  ['en', 'This browser does not allow it'],
])('where it is not allowed the page says so, and is clean (%s)', async (locale, words) => {
  const page = await windowOf(testDevice(service, 'refused'), locale, false)
  await page.addInitScript(
    `Object.defineProperty(Notification, 'permission', { get: () => localStorage.getItem('asked') ? 'denied' : 'default' })`,
  )
  await signedIn(page, organisation.staff.manager.cookie)
  await page.goto('/my')
  await page.locator('[data-push=own]:not([hidden]) [data-start]').waitFor()
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 })
    await picture(page, `push-my-${locale}-${width}`)
  }
  await page.locator('[data-push=own] [data-start]').click()
  await page.locator('[data-push=own]').getByText(words).waitFor()
  expect(await page.locator('[data-push=own] button').filter({ visible: true }).count()).toBe(0)
  await picture(page, `push-blocked-${locale}`)
  expect(await kept()).toEqual([])
  expect(await axeFaults(await clean(locale))).toEqual([])
})

/** The same page in a window that lets axe in. */
async function clean(locale: string): Promise<Page> {
  const page = await open({ javaScriptEnabled: true, locale, bypassCSP: true })
  await signedIn(page, organisation.staff.manager.cookie)
  await page.goto('/my')
  await page.locator('[data-push=work]:not([hidden])').waitFor()
  return page
}
