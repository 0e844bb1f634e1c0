// What its reporter reads of a request that was sent on to another city, in both languages, on a telephone and on a desk.
import { expect, test } from 'vitest'
import { filedAs, forwardingOf, xml } from '#open/forwarding/forwarding.harness.ts'
import { axeFaults, house, picture } from './browser.ts'

const { server, organisation, open, at } = await house(4197)
const { sent, later, heard } = forwardingOf(server, organisation)

test.each(['zh-CN', 'en'] as const)('where it went, and what is said there (%s)', async (locale) => {
  const english = locale === 'en'
  const { request } = await sent((asked, response) =>
    asked.method === 'POST'
      ? filedAs(response, 'C-1024')
      : xml(
          response,
          `<service_request_updates>
            <request_update><update_id>1</update_id><service_request_id>C-1024</service_request_id><status>in_progress</status><description>已派人查看线路，等配件。</description></request_update>
            <request_update><update_id>2</update_id><service_request_id>C-1024</service_request_id><status>closed</status><description>灯已换好。</description></request_update>
          </service_request_updates>`,
        ),
  )
  await later(1)
  await heard()
  const page = await open({ locale, javaScriptEnabled: true })
  await page.goto(at(`/r/${request.link}`))
  const main = page.locator('main')
  for (const line of english
    ? ['Sent on to a service elsewhere', 'News from the service it was sent on to', 'says it is done there']
    : ['转给了别处的平台', '转去的平台传来消息', '转去的平台说那边办完了'])
    expect(await main.getByText(line).first().isVisible(), line).toBe(true)
  expect(await main.getByText('示例市 311 · C-1024').isVisible()).toBe(true)
  expect(await main.getByText('灯已换好。').isVisible()).toBe(true)
  for (const width of [320, 360, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    const wide = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(wide, `${width}`).toBeLessThanOrEqual(0)
    await picture(page, `forwarding-${locale}-${width}`)
  }
  expect(await axeFaults(page)).toEqual([])
})
