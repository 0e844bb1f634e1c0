// The private calendar address, as a resident makes it on a telephone and on a large screen.
import { expect, test } from 'vitest'
import { axeFaults, house, picture } from './browser.ts'

const { organisation, open, at } = await house(4171)

test.each(['zh-CN', 'en'] as const)('made, shown once, ended (%s)', async (locale) => {
  const english = locale === 'en'
  const page = await open({ locale, javaScriptEnabled: true, bypassCSP: true })
  const cookies = organisation.resident.cookie.split('; ').map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    return { name, value, url: at('/') }
  })
  await page.context().addCookies(cookies)
  await page.goto('/my')
  await page.getByRole('link', { name: english ? 'Into my calendar' : '放进我的日历' }).click()
  await page.locator('button[value=make]').click()
  for (const width of [320, 360, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    const wide = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(wide, `${width}`).toBeLessThanOrEqual(0)
    await picture(page, `calendar-${locale}-${width}`)
  }
  expect(await axeFaults(page)).toEqual([])
  const address = (await page.locator('main code').textContent()) ?? ''
  expect(address).toMatch(/\/calendar\/[\w-]{43}\.ics$/)
  expect(await page.locator('main a.button').first().getAttribute('href')).toBe(address.replace('http:', 'webcal:'))
  expect((await page.request.get(address)).status()).toBe(200)

  await page.goto('/my/calendar')
  expect(await page.locator('main').textContent()).not.toContain(address)
  await picture(page, `calendar-again-${locale}`)
  expect(await axeFaults(page)).toEqual([])
  await page.getByRole('button', { name: english ? 'End it' : '作废，不再使用', exact: true }).click()
  await page.getByRole('status').waitFor()
  await picture(page, `calendar-ended-${locale}`)
  expect((await page.request.get(address)).status()).toBe(404)
})
