// A browser for journeys, on the real server with a small organisation in 五里社区.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { Config } from '#kernel/config/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type Organisation } from '#testing/organisation.ts'
import { type TestServer, testServer } from '#testing/server.ts'
import { browserAdvice, findBrowser } from '../scripts/browser.ts'

export interface House {
  readonly server: TestServer
  readonly organisation: Organisation
  /** A new window with nothing in it; closed at the end of the file. Without script unless asked for. */
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
    browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  })
  afterAll(async () => {
    for (const context of contexts) await context.close()
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

const pictures = process.env.LINLI_PICTURES

/** What axe finds on a page, in a few words each. */
export async function axeFaults(page: Page): Promise<string[]> {
  // No page of ours has a frame, so that the findings need not be gathered on a page of their own: a third less time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`)
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
