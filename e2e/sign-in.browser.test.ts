// How staff sign in: the second step without a script, and passkeys with one, by Chromium's own virtual authenticator.
import type { CDPSession, Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { codeAt, stepAt } from '#kernel/sessions/sessions.totp.ts'
import { axeFaults, house, picture } from './browser.ts'

// A passkey belongs to a name; an address in numbers has none.
const { server, organisation, open, at } = await house(3431, 'localhost')
const { dispatcher } = organisation.staff
const password = 'pine green on rice paper'
const email = 'dispatcher@example.org'

beforeEach(async () => {
  await server.superuser.query('update auth.session set "createdAt" = now()')
})

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** What the app of somebody's telephone would show. */
function codeOf(secret: string): string {
  const bits = [...secret].map((one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('')
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
  return codeAt(bytes, stepAt(server.clock.now()))
}

async function signedIn(page: Page, cookie = dispatcher.cookie): Promise<void> {
  const cookies = cookie.split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name, value: value.join('='), url: at('/') }
  })
  await page.context().addCookies(cookies)
}

async function clean(page: Page, name: string): Promise<void> {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 })
    await picture(page, `${name}-${width}`)
    const wide = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(wide, `${name} at ${width}`).toBe(0)
  }
  expect(await axeFaults(page), name).toEqual([])
}

test('two steps are turned on, used with a code and a recovery code, and turned off, without a script', async () => {
  const page = await open()
  await signedIn(page)
  await page.goto('/my/security')
  await page.getByRole('link', { name: '打开两步登录' }).click()
  const secret = ((await page.locator('code.secret').textContent()) ?? '').replaceAll(' ', '')
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(await page.locator('svg.qr').getAttribute('aria-label')).toBe('给动态码应用扫的二维码')
  await page.getByLabel('应用里现在显示的六位数字').fill('12 34')
  await page.getByRole('button', { name: '打开' }).click()
  expect(await page.getByRole('alert').textContent()).toContain('动态码不对')
  expect((await page.locator('code.secret').textContent())?.replaceAll(' ', '')).toBe(secret)
  await page.getByLabel('应用里现在显示的六位数字').fill(codeOf(secret))
  await page.getByRole('button', { name: '打开' }).click()
  const codes = await page.locator('.codes code').allTextContents()
  expect(codes).toHaveLength(10)
  await picture(page, 'recovery-360')

  const enter = async (typed: string) => {
    server.clock.advance(60_000)
    const other = await open()
    await other.goto('/staff/sign-in?to=%2Fdesk%2Frequests')
    await other.getByLabel('邮箱').fill(email)
    await other.getByLabel('密码').fill(password)
    await other.getByRole('button', { name: '进入工作台' }).click()
    expect(new URL(other.url()).pathname).toBe('/staff/sign-in/second')
    await picture(other, 'second-360')
    await other.getByLabel('动态码').fill(typed)
    await other.getByRole('button', { name: '进入工作台' }).click()
    return other
  }
  expect(new URL((await enter(codes[3] ?? '')).url()).pathname).toBe('/desk/requests')
  const refused = await enter(codes[3] ?? '')
  expect(await refused.getByRole('alert').textContent()).toContain('不对')
  server.clock.advance(60_000)
  const other = await enter(codes[4] ?? '')
  expect(new URL(other.url()).pathname).toBe('/desk/requests')

  // A while later the page asks who it is before anything can be changed.
  await server.superuser.query(`update auth.session set "createdAt" = now() - interval '1 hour'`)
  await other.goto('/my/security')
  expect(await other.getByRole('button', { name: '关闭两步登录' }).count()).toBe(0)
  await picture(other, 'security-confirm-360')
  server.clock.advance(60_000)
  await other.getByLabel('密码').fill(password)
  await other.getByLabel('动态码').fill(codeOf(secret))
  await other.getByRole('button', { name: '是我本人' }).click()
  expect(await other.getByText('备用码还剩 8 个').count()).toBe(1)
  await other.getByRole('button', { name: '关闭两步登录' }).click()
  expect(await other.getByRole('link', { name: '打开两步登录' }).count()).toBe(1)
  expect(await other.getByText('关闭两步登录').count()).toBeGreaterThan(0)
})

describe('the pages', () => {
  test.each(['zh-CN', 'en'])('are clean in %s', async (locale) => {
    const page = await open({ javaScriptEnabled: true, locale, bypassCSP: true })
    await page.goto('/staff/sign-in')
    await page.locator('[data-passkey]:not([hidden])').waitFor()
    await clean(page, `staff-${locale}`)
    await signedIn(page)
    await page.goto('/my/security')
    await clean(page, `security-${locale}`)
    await page.goto('/my/security/authenticator')
    await clean(page, `authenticator-${locale}`)
  })
})

describe('a passkey', () => {
  const virtual = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const

  /** A window with a device that keeps passkeys. */
  async function withDevice(): Promise<{ page: Page; device: CDPSession; id: string }> {
    const page = await open({ javaScriptEnabled: true })
    const device = await page.context().newCDPSession(page)
    await device.send('WebAuthn.enable')
    const { authenticatorId: id } = await device.send('WebAuthn.addVirtualAuthenticator', { options: virtual })
    return { page, device, id }
  }

  async function added(page: Page, name: string): Promise<void> {
    await signedIn(page)
    await page.goto('/my/security')
    await page.getByLabel('新密钥的名字').fill(name)
    await page.getByRole('button', { name: '添加通行密钥' }).click()
    await page.waitForURL(/done=1/)
    await page.context().clearCookies()
  }

  async function tried(page: Page): Promise<void> {
    await page.goto('/staff/sign-in')
    await page.getByRole('button', { name: '用通行密钥登录' }).click()
  }

  test('is added, signs in, is renamed and removed, and opens nothing after', async () => {
    const { page } = await withDevice()
    await added(page, '值班手机')
    await tried(page)
    await page.waitForURL(/\/desk\//)
    await page.goto('/my/security')
    expect(await page.getByText('值班手机').count()).toBe(1)
    await picture(page, 'security-passkey-360')
    await page.getByText('改名或删除').click()
    await page.locator('details').getByLabel('名字').fill('旧手机')
    await page.getByRole('button', { name: '改名', exact: true }).click()
    await page.waitForURL(/done=1/)
    expect(await page.getByText('旧手机').count()).toBe(1)
    await page.getByText('改名或删除').click()
    await page.getByRole('button', { name: '删除这把密钥' }).click()
    await page.waitForURL(/done=1/)
    expect(await page.getByText('旧手机').count()).toBe(0)
    await page.context().clearCookies()
    await tried(page)
    expect(await page.getByText('没有认出这把通行密钥').textContent()).toBeTruthy()
    expect(await page.context().cookies()).not.toContainEqual(expect.objectContaining({ name: 'linli.session' }))
  })

  test('answers once, never from a copy, and only after its device has asked who it is', async () => {
    const { page, device, id } = await withDevice()
    await added(page, '办公室电脑')
    const [sent] = await Promise.all([
      page.waitForRequest((request) => request.url().endsWith('/api/sign-in/passkey')),
      tried(page),
    ])
    await page.waitForURL(/\/desk\//)
    const cookie = (await sent.allHeaders()).cookie ?? ''
    const again = await server.fetch('/api/sign-in/passkey', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: sent.postData() ?? '',
    })
    expect(again.status, 'the same answer once more').toBe(401)
    // Another challenge does not fit the answer, though it is this browser's own.
    const other = await server.fetch('/api/sign-in/passkey/options', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    const held = other.headers.getSetCookie().join().split(';')[0] ?? ''
    const crossed = await server.fetch('/api/sign-in/passkey', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: held },
      body: sent.postData() ?? '',
    })
    expect(crossed.status, 'an answer to another challenge').toBe(401)

    await page.context().clearCookies()
    // A copy made earlier counts on from there: the server has seen higher.
    const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId: id })
    const [credential] = credentials
    if (!credential) throw new Error('the device keeps no passkey')
    await device.send('WebAuthn.removeCredential', { authenticatorId: id, credentialId: credential.credentialId })
    await device.send('WebAuthn.addCredential', { authenticatorId: id, credential: { ...credential, signCount: 0 } })
    await tried(page)
    await page.getByText('没有认出这把通行密钥').waitFor()
    await device.send('WebAuthn.removeCredential', { authenticatorId: id, credentialId: credential.credentialId })
    await device.send('WebAuthn.addCredential', { authenticatorId: id, credential })
    await device.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false })
    await tried(page)
    await page.getByText('没有成功').waitFor()
    await device.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: true })
    await tried(page)
    await page.waitForURL(/\/desk\//)
  })

  test('is offered only at the address it belongs to', async () => {
    const page = await open({ javaScriptEnabled: true })
    await page.goto(at('/staff/sign-in').replace('localhost', '127.0.0.1'))
    await page.waitForLoadState('networkidle')
    expect(await page.getByRole('button', { name: '用通行密钥登录' }).count()).toBe(0)
  })
})

test('the desk’s own door leads to the second step and to the other ways', async () => {
  const page = await open({ javaScriptEnabled: true })
  await page.goto('/desk/sign-in')
  await page.getByRole('link', { name: '用通行密钥或其他方式登录' }).waitFor()
  await server.superuser.query(
    `insert into auth.authenticator (id, "userId", secret, "lastStep", "createdAt") values ('one', $1, 'x', 0, now())`,
    [dispatcher.user],
  )
  await page.getByLabel('邮箱').fill(email)
  await page.getByLabel('密码').fill(password)
  await page.getByRole('button', { name: '进入工作台' }).click()
  await page.waitForURL(/\/staff\/sign-in\/second\?to=%2Fdesk/)
  await server.superuser.query('delete from auth.authenticator')
})

test.each(['zh-CN', 'en'])(
  'whoever lost everything is helped from the desk, by a link to their own mail (%s)',
  async (locale) => {
    const { secretary, manager } = organisation.staff
    const [help, send, sent, password1, password2, done] =
      locale === 'en'
        ? ['Cannot sign in?', 'Send the link', /Sent to/, 'New password', 'Once more', 'Set it and sign in']
        : ['登录不了？', '寄出链接', /已寄给/, '新密码', '再输一遍', '设好并登录']
    await server.superuser.query(
      `insert into auth.authenticator (id, "userId", secret, "lastStep", "createdAt") values ('lost', $1, 'x', 0, now())`,
      [manager.user],
    )
    server.clock.advance(60_000)
    const desk = await open({
      javaScriptEnabled: true,
      locale,
      bypassCSP: true,
      viewport: { width: 1280, height: 800 },
    })
    await desk.context().addInitScript((spoken) => localStorage.setItem('linli-desk-language', spoken), locale)
    await signedIn(desk, secretary.cookie)
    await desk.goto(`/desk/bodies/${manager.body}`)
    await desk
      .locator('li')
      .filter({ hasText: manager.name })
      .getByRole('button', { name: help as string })
      .click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByRole('button', { name: send as string }).waitFor()
    await clean(desk, `help-${locale}`)
    await dialog.getByRole('button', { name: send as string }).click()
    await dialog.getByText(sent as RegExp).waitFor()
    // Whoever helps is shown neither the address nor the link.
    expect(await desk.content()).not.toMatch(/manager@example\.org|\/anew\//)
    const mail = (await server.kernel.outbox.listReadableMessages()).find((each) => each.to === 'manager@example.org')
    const link = /\/staff\/sign-in\/anew\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? ''

    const own = await open({ locale, javaScriptEnabled: true, bypassCSP: true })
    await own.goto(link)
    await clean(own, `anew-${locale}`)
    const typed = `一句只有我知道的话：${locale}`
    await own.getByLabel(password1 as string).fill(typed)
    await own.getByLabel(password2 as string).fill(`${typed}?`)
    await own.getByRole('button', { name: done as string }).click()
    await own.getByRole('alert').waitFor()
    await picture(own, `anew-differ-${locale}-360`)
    await own.getByLabel(password1 as string).fill(typed)
    await own.getByLabel(password2 as string).fill(typed)
    await own.getByRole('button', { name: done as string }).click()
    await own.waitForURL(/\/my\/security/)
    await clean(own, `anew-done-${locale}`)
    expect(await server.one(`select count(*)::int from auth.authenticator where id = 'lost'`)).toBe(0)
    const again = await own.goto(link)
    expect(again?.status()).toBe(410)
    await clean(own, `anew-over-${locale}`)
  },
)
