// The desk in a browser, on the real server with a small organisation.
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { StaffRole } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { type House, house } from '../browser.ts'

export interface Desk extends House {
  readonly requests: ReturnType<typeof requestsOf>
  /** A window of somebody at the desk, signed in. What the browser complains of is gathered in `complaints`. */
  as(role: StaffRole | null, options?: BrowserContextOptions & { language?: 'zh-CN' | 'en' }): Promise<Page>
  readonly complaints: string[]
}

export const phone = { width: 360, height: 740 }

export async function desk(port: number): Promise<Desk> {
  const built = await house(port)
  const complaints: string[] = []
  return {
    ...built,
    requests: requestsOf(built.server, built.organisation),
    complaints,
    async as(role, { language = 'zh-CN', ...options } = {}) {
      const page = await built.open({
        javaScriptEnabled: true,
        viewport: { width: 1280, height: 800 },
        reducedMotion: 'reduce',
        ...options,
      })
      await page.context().addInitScript((spoken) => {
        localStorage.setItem('linli-desk-language', spoken)
      }, language)
      if (role) {
        const cookies = built.organisation.staff[role].cookie.split('; ').map((pair) => {
          const at = pair.indexOf('=')
          return { name: pair.slice(0, at), value: pair.slice(at + 1), url: built.at('/'), httpOnly: true }
        })
        await page.context().addCookies(cookies)
      }
      page.on('pageerror', (error) => complaints.push(`${role} ${page.url()}: ${error.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`${role} ${page.url()}: ${message.text()}`)
      })
      return page
    },
  }
}

/** Waits until the page has read what it shows. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main').first().waitFor()
  await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0)
}

/** Chooses what is found by the words typed into a field that searches. */
export async function choose(page: Page, field: Locator, words: string, name: string): Promise<void> {
  await field.click()
  await field.pressSequentially(words)
  await page.locator('.ant-select-item-option').filter({ hasText: name }).first().click()
}

/** The dialog that lies over the page. */
export const dialogOf = (page: Page): Locator => page.getByRole('dialog')
