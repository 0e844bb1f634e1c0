// A broken lamp in 五里社区, from the resident's words to the resident's judgement, with JavaScript off on the resident's side.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { requestsOf } from '#testing/requests.ts'
import { house, photograph, picture } from './browser.ts'

const { server, organisation, open } = await house(3200)
const { does } = requestsOf(server, organisation)
const { staff, bodies } = organisation

const said = '7 栋北侧路灯不亮，老人晚上不敢出门。'
const press = (page: Page, name: string) => page.getByRole('button', { name }).click()
const textOf = (page: Page) => page.locator('main').textContent()

/** The newest message to a number that leads somewhere, as it arrived on the phone. */
async function message(phone: string): Promise<string> {
  await server.workJobs()
  const messages = await server.kernel.outbox.listReadableMessages()
  return messages.find((each) => each.to.endsWith(phone) && each.text.includes('/j/'))?.text ?? ''
}
const linkIn = (text: string) => new URL(/https?:\/\/\S+/.exec(text)?.[0] ?? '').pathname

test('a resident tells of it, a unit returns it, another answers, "not solved" takes it up again, then it is solved', async () => {
  const page = await open()
  const phone = '13800001234'

  // Told, from a phone, without script, with a picture.
  await page.goto('/places/321003001001/tell')
  await page.getByLabel('什么事？').fill(said)
  await page.getByLabel('具体在哪儿？').fill('7 栋北侧小路')
  await page
    .getByLabel('照片或短视频')
    .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: await photograph() })
  await page.getByLabel('电话').fill(phone)
  await picture(page, 'lamp-1-tell')
  await press(page, '交给社区')
  expect(await textOf(page)).toContain('收到了，这是您的收据')
  expect(await page.locator('svg.qr').count()).toBe(1)
  await picture(page, 'lamp-2-receipt')
  const link = new URL(page.url()).pathname.replace('/receipt', '')
  expect(link).toMatch(/^\/r\/[\w-]{22,}$/)

  // Followed.
  await page.getByRole('link', { name: '看进度', exact: true }).click()
  expect(await textOf(page)).toContain('五里社区居委会答应答复的时间')
  expect(await page.locator('.pictures img').count()).toBe(1)
  await picture(page, 'lamp-3-follow')

  // Dispatched to the wrong unit, returned, and given to the property manager.
  const id = await server.one<string>('select id from request order by filed_at desc limit 1')
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.lamps })
  await does(staff.lampKeeper, id, 'return', { reason: '院内路灯由物业维护。' })
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  await page.goto(link)
  const timeline = await page.locator('ol.when').textContent()
  expect(timeline).toContain('路灯管理所退回了')
  expect(timeline).toContain('五里物业接手了')
  await picture(page, 'lamp-4-at-work')

  // Answered; the resident says "not" and has it taken up again with one more button.
  await does(staff.manager, id, 'answer', { text: '换了灯泡。' })
  const first = await message(phone)
  expect(first).toContain('/j/')
  await page.goto(linkIn(first))
  expect(await page.locator('input:checked').count()).toBe(0)
  await picture(page, 'lamp-5-judge')
  await page.getByLabel('没有解决').check()
  await page.getByLabel('不满意', { exact: true }).check()
  await press(page, '交给监督委员会')
  expect(await textOf(page)).toContain('谢谢，记下了')
  await picture(page, 'lamp-6-not')
  await press(page, '请重新办')
  expect(await textOf(page)).toContain('正在重新办')
  await picture(page, 'lamp-7-reopened')

  // The level above sends it on; now it is mended.
  server.clock.advance(3_600_000)
  await does(staff.supervisor, id, 'supervise', { reason: '请一周内办好。' }).catch(() => undefined)
  await does(staff.dispatcher, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  await does(staff.manager, id, 'answer', { text: '换了三盏灯，线路接头也修了。' })
  const second = await message(phone)
  expect(linkIn(second)).not.toBe(linkIn(first))
  await page.goto(linkIn(first))
  // The link of the earlier answer ended with the next one, and says so.
  expect(await textOf(page)).toContain('这件事又有了新的答复')
  await page.goto(linkIn(second))
  await page.getByLabel('解决了', { exact: true }).check()
  await press(page, '交给监督委员会')
  expect(await textOf(page)).toContain('谢谢，记下了')
  await page.goto(link)
  expect(await textOf(page)).toContain('您说：解决了')
  await picture(page, 'lamp-8-solved')
  expect(await server.one('select result from request where id = $1', [id])).toBe('solved')
  // The register of acts shows the whole way.
  expect(await server.one<number>('select count(*)::int from judgement where request = $1', [id])).toBe(2)
})
