// A judgement on paper: somebody who had no part in the matter prints a slip at the desk and hands it over; the resident types the
// address on it into a telephone, without script and without an account, and says how it went.
import { afterEach, expect, test } from 'vitest'
import { axeFaults, picture } from './browser.ts'
import { desk, settled } from './desk/desk.ts'

const { organisation, requests, open, as, at, complaints } = await desk(4162)
const { staff } = organisation

afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

test.each(['zh-CN', 'en'] as const)('printed at the desk, typed from paper, judged (%s)', async (locale) => {
  const english = locale === 'en'
  const filed = await requests.file(
    { channel: 'paper', title: '台阶缺了一角', text: '楼道口台阶缺了一角，轮椅上不去。' },
    staff.secretary,
  )
  await requests.answered(filed, '台阶补好了。')
  const caller = await as('caller', { locale, language: locale })
  await caller.goto(at(`/desk/requests/${filed.id}`))
  await settled(caller)
  const [slip] = await Promise.all([
    caller.waitForEvent('popup'),
    caller
      .getByRole('button', { name: english ? 'Print a slip to judge by' : '打印评价纸条', exact: true })
      .first()
      .click(),
  ])
  await slip.waitForLoadState()
  expect(await slip.locator('html').getAttribute('lang')).toBe(locale)
  for (const width of [320, 360, 1280]) {
    await slip.setViewportSize({ width, height: 800 })
    const wide = await slip.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(wide, `${width}`).toBeLessThanOrEqual(0)
    await picture(slip, `slip-${locale}-${width}`)
  }
  expect(await axeFaults(slip)).toEqual([])
  // On the sheet stand the slip alone, in both languages, and nothing of the matter itself.
  await slip.emulateMedia({ media: 'print' })
  expect(await slip.locator('h1').isVisible()).toBe(false)
  const paper = slip.locator('.contact-card')
  const printed = (await paper.textContent()) ?? ''
  expect(printed).toContain('您反映的事有了答复，解决了吗？')
  expect(printed).toContain('There is an answer to what you told us.')
  expect(printed).toContain(filed.number)
  expect(printed).not.toContain('台阶')
  const address = (await paper.locator('.link').textContent()) ?? ''

  const resident = await open({ locale })
  await resident.goto(address)
  expect(await resident.locator('main').textContent()).toContain('台阶补好了。')
  expect(await resident.locator('input:checked').count()).toBe(0)
  await resident.getByLabel(english ? 'Solved' : '解决了', { exact: true }).check()
  await resident.locator('main form button[type=submit]').first().click()
  await resident
    .getByText(english ? 'Thank you' : '谢谢')
    .first()
    .waitFor()
  expect(await requests.row(filed.id)).toMatchObject({ state: 'closed', result: 'solved' })
  // Back at the desk the timeline says that a slip went out, and the button is gone with the question.
  await caller.reload()
  await settled(caller)
  await expect.poll(() => caller.locator('form[action^="/slips/"]').count()).toBe(0)
})
