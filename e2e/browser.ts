// A browser for journeys, on the real server with a small organisation in 五里社区.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Config } from '#kernel/config/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type Organisation } from '#testing/organisation.ts'
import { type TestServer, testServer } from '#testing/server.ts'
import { browserAdvice, findBrowser } from '../scripts/browser.ts'

export interface House {
  readonly server: TestServer
  readonly organisation: Organisation
  /** A new window with nothing in it; closed at the end of the test that opened it. Without script unless asked for. */
  open(options?: BrowserContextOptions): Promise<Page>
  /** Whole addresses of a path. */
  at(path: string): string
}

/**
 * Starts database, server, organisation and browser for one test file. Chinese, 360 px and no script by default: the phone of
 * somebody in a chat app's web view. `name` is this machine as the browser calls it.
 */
export async function house(port: number, name = '127.0.0.1', changes: Partial<Config> = {}): Promise<House> {
  const database = await testDatabase({ keep: true })
  const publicUrl = `http://${name}:${port}`
  const server = await testServer(database, { port, publicUrl, ...changes })
  const organisation = await makeOrganisation(server)
  await database.owner.pool.query(
    "update post set shown = true where duties && array['request.accept', 'request.handle', 'judgement.read']",
  )
  const path = findBrowser()
  if (!path) throw new Error(browserAdvice)
  let browser: Browser
  const contexts: BrowserContext[] = []
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: path,
      // Without a graphics card pages are painted by the processor, where the detour by way of one costs a tenth more.
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    })
  })
  // A window that stays open goes on hearing of news and reading anew, beside every later test. One opened before the tests is
  // theirs together.
  let shared = 0
  beforeEach(() => {
    shared = contexts.length
  })
  afterEach(async ({ task }) => {
    for (const context of contexts.splice(shared)) {
      for (const page of context.pages()) {
        // What a page says while it is being closed concerns no test.
        page.removeAllListeners()
        if (task.result?.state === 'fail') await tellWhatStands(page)
      }
      await context.close()
    }
  })
  afterAll(async () => {
    await browser.close()
  })
  return {
    server,
    organisation,
    at: (to) => `${publicUrl}${to}`,
    async open(options = {}) {
      const context = await browser.newContext({
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        viewport: { width: 360, height: 740 },
        javaScriptEnabled: false,
        baseURL: publicUrl,
        ...options,
      })
      // A busy machine takes its time; nothing here is measured.
      context.setDefaultTimeout(60_000)
      contexts.push(context)
      return context.newPage()
    },
  }
}

/** What stood on a page when its test failed, the dialog before all: on another machine nobody can look. */
async function tellWhatStands(page: Page): Promise<void> {
  const said = await page
    .evaluate<string[]>("[...document.querySelectorAll('[role=dialog]'), document.body].map((part) => part.innerText)")
    .catch(({ message }: Error) => [message])
  process.stderr.write(`${page.url()}\n${said.map((text) => text.slice(0, 1_500)).join('\n--\n')}\n`)
}

const pictures = process.env.LINLI_PICTURES

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on a page, in a few words each. */
export async function axeFaults(page: Page): Promise<string[]> {
  // A page that is looked at twice has it already. Of what is in order nothing needs to be told: naming that takes its time.
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe)
  const violations = await page.evaluate<AxeResults['violations']>(
    "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations)",
  )
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

/** Keeps a picture of a page where `LINLI_PICTURES` names a folder: for looking at, never for comparing. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}

/** A small photograph made here, of nothing: a lamp that does not burn. */
export async function photograph(): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return sharp({ create: { width: 640, height: 480, channels: 3, background: '#22262b' } })
    .jpeg()
    .toBuffer()
}

export const root = fileURLToPath(new URL('..', import.meta.url))
