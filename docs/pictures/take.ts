// Takes the pictures of the README anew, from a running demonstration:
//
//   npm start -- --port 3260 --data DIR        in one terminal
//   node_modules/.bin/node docs/pictures/take.ts http://127.0.0.1:3260 DIR
//
// and makes those of docs/one-request.md small, which the journey takes:
//
//   LINLI_PICTURES=docs/pictures/steps npx vitest run --project browser e2e/lamp.browser.test.ts
//
// Everything on them is invented. DIR is only asked for the key from which the demonstration's passwords follow.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { browserAdvice, findBrowser } from '../../scripts/browser.ts'
import { demonstrationAccounts } from '../../src/app/demonstration/load.ts'
import { readSecrets } from '../../src/kernel/secrets/index.ts'

const [, , address = 'http://127.0.0.1:3000', dataDirectory = './data'] = process.argv
const secrets = readSecrets(dataDirectory)
if (!secrets) throw new Error(`There is no secrets.json in ${dataDirectory}.`)
const accounts = demonstrationAccounts({ secret: secrets.application })
const executablePath = findBrowser()
if (!executablePath) throw new Error(browserAdvice)

const telephone = { width: 390, height: 720 }
const screen = { width: 1280, height: 800 }

async function open(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({
    baseURL: address,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  })
  return context.newPage()
}

/** Small enough to travel with the code: a palette of 128 colours is plenty for pages of few. */
async function write(png: Buffer, name: string): Promise<void> {
  const file = fileURLToPath(new URL(`./${name}.png`, import.meta.url))
  await sharp(png).png({ palette: true, colours: 128, effort: 10 }).toFile(file)
  console.log(`docs/pictures/${name}.png`)
}
const keep = async (page: Page, name: string) => write(await page.screenshot({ animations: 'disabled' }), name)

for (const name of readdirSync(new URL('./steps', import.meta.url)).filter((each) => each.endsWith('.png')))
  await write(readFileSync(new URL(`./steps/${name}`, import.meta.url)), `steps/${name.replace('.png', '')}`)

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
try {
  // The public face, on a telephone, without script.
  const resident = await open(browser, { viewport: telephone, deviceScaleFactor: 2, javaScriptEnabled: false })
  await resident.goto('/places/321003001003')
  await keep(resident, 'place')
  await resident.goto('/places/321003001003/tell')
  await resident.locator('textarea').first().fill('7 栋北侧路灯不亮，老人晚上不敢出门。')
  await keep(resident, 'tell')

  const phone = accounts.find((account) => account.phone)?.phone ?? ''
  await resident.goto('/sign-in')
  await resident.getByLabel('手机号').fill(phone)
  await resident.getByRole('button', { name: '发验证码给我' }).click()
  const messages = await open(browser, {})
  await messages.goto('/demonstration/messages')
  const code = /\b\d{6}\b/.exec((await messages.locator('main').textContent()) ?? '')?.[0] ?? ''
  await resident.getByLabel('六位验证码').fill(code)
  await resident.getByRole('button', { name: '登录', exact: true }).click()
  await resident.goto('/my')
  await resident.getByRole('link', { name: '7 栋北边三盏路灯全不亮' }).first().click()
  await keep(resident, 'follow')

  // The desk, as the dispatcher of the subdistrict.
  const dispatcher = accounts.find((account) => account.role === 'dispatcher')
  const desk = await open(browser, { viewport: screen })
  await desk.goto('/desk/')
  await desk.locator('input[type=email]').fill(dispatcher?.mail ?? '')
  await desk.locator('input[type=password]').fill(dispatcher?.password ?? '')
  await desk.locator('button[type=submit]').click()
  await desk.waitForURL(/\/desk\/requests/)
  await desk.locator('a[href*="/desk/requests/"]').first().waitFor()
  await desk.waitForLoadState('networkidle')
  await keep(desk, 'desk-list')
  await desk.locator('a[href*="/desk/requests/"]').first().click()
  await desk.waitForURL(/\/desk\/requests\/[0-9a-f-]{36}/)
  await desk.locator('h1').first().waitFor()
  await desk.waitForTimeout(1_500)
  await keep(desk, 'desk-request')
} finally {
  await browser.close()
}
