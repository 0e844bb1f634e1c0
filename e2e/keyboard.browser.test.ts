// The whole way by keyboard alone, without a script: told, followed, judged; whatever has the focus can be seen to have it.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { requestsOf } from '#testing/requests.ts'
import { house } from './browser.ts'

const { server, organisation, open } = await house(3206)
const { does } = requestsOf(server, organisation)
const { staff, bodies } = organisation

/** The outline of what has the focus, or of the label that stands for it: its width in pixels, 0 where there is none. */
const outline = (page: Page) =>
  page.evaluate<number>(`(() => {
    const focused = document.activeElement
    return Math.max(...[focused, focused?.closest('label')].filter(Boolean).map((each) => {
      const style = getComputedStyle(each)
      return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)
    }))
  })()`)

/** Tabs until something is reached; every stop on the way must show itself. */
async function reach(page: Page, selector: string): Promise<void> {
  for (let step = 0; step < 80; step += 1) {
    const there = page.locator(':focus')
    if ((await there.count()) > 0) {
      const name = await page.evaluate<string>('document.activeElement.outerHTML.slice(0, 120)')
      // The frame of the page itself is where the skip link lands: it is no control.
      if (!name.startsWith('<main')) expect(await outline(page), name).toBeGreaterThanOrEqual(2)
      if ((await there.and(page.locator(selector)).count()) > 0) return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`${selector} is not reached by Tab`)
}

test('told, followed, answered and judged by keyboard, the focus seen at every stop', async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } })
  await page.goto('/places/321003001001')
  await page.keyboard.press('Tab')
  expect(await page.locator(':focus').textContent()).toContain('跳到正文')
  expect(await outline(page)).toBeGreaterThanOrEqual(2)
  await page.keyboard.press('Enter')
  await reach(page, 'main a[href$="/tell"]')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tell\?form=/)
  await reach(page, 'textarea[name=text]')
  await page.keyboard.type('楼道灯不亮。')
  await reach(page, 'input[name=phone]')
  await page.keyboard.type('13800006666')
  // A folded question opens by keyboard too, and its list takes a choice.
  await reach(page, 'details:has(select[name=category]) summary')
  await page.keyboard.press('Enter')
  await reach(page, 'select[name=category]')
  await page.keyboard.press('ArrowDown')
  expect(await page.locator('select[name=category]').inputValue()).toMatch(/^[0-9a-f-]{36}$/)
  await reach(page, 'input[name=public]')
  await page.keyboard.press('Space')
  await reach(page, 'button[value=send]')
  await page.keyboard.press('Enter')
  await page.waitForURL(/receipt/)
  await reach(page, 'main .buttons a')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/r\/[\w-]{43}$/)
  await reach(page, 'main a[href$="/add"]')

  const id = await server.one<string>('select id from request order by filed_at desc limit 1')
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  await does(staff.manager, id, 'answer', { text: '换了灯泡。' })
  // The message that asks for the judgement, and with it the link, is made after the answer.
  await server.workJobs()
  await page.reload()
  await reach(page, 'input[name=verdict]')
  // Nothing is chosen beforehand; the arrows choose.
  expect(await page.locator('input:checked').count()).toBe(0)
  await page.keyboard.press('Space')
  await reach(page, 'input[name=satisfaction]')
  await page.keyboard.press('ArrowDown')
  await reach(page, 'form[action^="/j/"] button')
  await page.keyboard.press('Enter')
  // Back on the page that follows it, which says thanks.
  await page.waitForURL(/done=judge/)
  expect(await page.locator('main').textContent()).toContain('谢谢，已交给监督委员会')
  expect(await server.one('select result from request where id = $1', [id])).toBe('solved')
})

test('a fault is reached and mended by keyboard; going back finds what was typed', async () => {
  const page = await open({ viewport: { width: 360, height: 740 } })
  await page.goto('/tell')
  await reach(page, 'textarea[name=text]')
  await page.keyboard.type('垃圾没人收。')
  await reach(page, 'button[value=send]')
  await page.keyboard.press('Enter')
  await page.waitForURL(/check=1/)
  await reach(page, '#faults a')
  await page.keyboard.press('Enter')
  await reach(page, 'input[name=placeWords]')
  await page.keyboard.type('五里社区')
  await reach(page, 'button[value=send]')
  await page.keyboard.press('Enter')
  // The one place that is called so is confirmed.
  await reach(page, '#faults a')
  await page.keyboard.press('Enter')
  await reach(page, 'input[name=place]')
  await page.keyboard.press('Space')
  await reach(page, 'button[value=send]')
  await page.keyboard.press('Enter')
  await page.waitForURL(/receipt/)
  await page.goBack()
  await page.reload()
  expect(await page.locator('main').textContent()).toContain('已经收到了')
})
