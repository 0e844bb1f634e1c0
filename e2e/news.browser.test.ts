// How often somebody is told of news, chosen on a page that a mail leads to: without script, in both languages.
import { expect, test } from 'vitest'
import { tellingPath } from '#kernel/telling/index.ts'
import { axeFaults, house, picture } from './browser.ts'

const { server, organisation, open, at } = await house(4177)

test.each(['zh-CN', 'en'] as const)('chosen without script, and left again (%s)', async (locale) => {
  const english = locale === 'en'
  const page = await open({ locale, javaScriptEnabled: false })
  await page.goto(at(tellingPath(server.kernel.encryption, { purpose: 'work', owner: organisation.staff.hand.person })))
  await page.getByLabel(english ? 'Tell me once a day' : '每天早上合在一起说').check()
  await page.getByRole('button', { name: english ? 'Keep this' : '就这样' }).click()
  await page.getByRole('status').waitFor()
  for (const width of [320, 360, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    await picture(page, `news-${locale}-${width}`)
  }
  await page.getByLabel(english ? 'Do not tell me' : '不用告诉我').check()
  await page.getByRole('button', { name: english ? 'Keep this' : '就这样' }).click()
  expect(await page.getByRole('status').textContent()).toContain(english ? 'no more news' : '不再告诉您')
  const scripted = await open({ locale, javaScriptEnabled: true, bypassCSP: true })
  await scripted.goto(page.url())
  for (const width of [320, 1280]) {
    await scripted.setViewportSize({ width, height: 800 })
    const wide = await scripted.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(wide, `${width}`).toBeLessThanOrEqual(0)
  }
  expect(await axeFaults(scripted)).toEqual([])
})
