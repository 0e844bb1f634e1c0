// A broken lamp in 五里社区, from the resident's words to the resident's judgement: the resident on a telephone without script,
// everybody else at the desk, by clicks. After each step somebody on the other side looks at what it did.
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import type { StaffRole } from '#testing/organisation.ts'
import { photograph, picture } from './browser.ts'
import { choose, desk, dialogOf, settled } from './desk/desk.ts'

const { server, requests, open, as, at, complaints } = await desk(3200)

afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

const said = '7 栋北侧路灯不亮，老人晚上不敢出门。'
const title = '7 栋北侧路灯不亮，老人晚上不敢出门'
const telephone = '13800001234'

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const textOf = (page: Page) => page.locator('main').first().textContent()
const marks = (page: Page) => page.locator('.under-title')

/** A window at the desk, tall enough for a picture of the whole request. */
const sit = (role: StaffRole) => as(role, { viewport: { width: 1280, height: 1000 } })

/** Opens the request from a queue, as one does. */
async function take(page: Page, queue: string): Promise<void> {
  await page.goto(at(`/desk/requests?queue=${queue}`))
  await page.getByRole('link', { name: title }).first().click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
}

async function confirm(page: Page, name: string): Promise<void> {
  await dialogOf(page).getByRole('button', { name, exact: true }).click()
  await dialogOf(page).waitFor({ state: 'hidden' })
}

async function dispatch(page: Page, words: string, to: string): Promise<void> {
  await page.getByRole('button', { name: /^派(单|给)/ }).click()
  await choose(page, dialogOf(page).getByRole('combobox'), words, to)
  await confirm(page, `派给${to}`)
}

/** The desk from its top, without the notes that lie over it for a moment. */
async function keep(page: Page, name: string): Promise<void> {
  if (!process.env.LINLI_PICTURES) return
  await expect.poll(() => page.locator('.ant-message-notice').count()).toBe(0)
  await page.evaluate("for (const each of document.querySelectorAll('main, section')) each.scrollTop = 0")
  await picture(page, name)
}

/** The link to judge that arrived on the telephone, other than one that came before. */
async function linkToJudge(before?: string): Promise<string> {
  await server.workJobs()
  const messages = await server.kernel.outbox.listReadableMessages(200)
  const links = messages
    .filter(({ to }) => to.endsWith(telephone))
    .flatMap(({ text }) => /https?:\/\/\S+/.exec(text)?.[0] ?? [])
    .map((link) => new URL(link).pathname)
    .filter((path) => path.startsWith('/j/') && path !== before)
  expect(new Set(links).size).toBe(1)
  return links[0] ?? ''
}

test('told, accepted, dispatched, returned, dispatched, answered, "not", taken up above, supervised, answered, solved', async () => {
  const resident = await open()

  // Told from a telephone, without script, with a picture.
  await resident.goto('/places/321003001001/tell')
  await resident.getByLabel('什么事？').fill(said)
  await resident.getByLabel('具体在哪儿？').fill('7 栋北侧小路')
  await resident
    .getByLabel('照片或短视频')
    .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: await photograph() })
  await resident.getByLabel('电话').fill(telephone)
  await picture(resident, 'lamp-01-tell')
  await press(resident, '交给社区')
  expect(await textOf(resident)).toContain('收到了，这是您的收据')
  expect(await resident.locator('svg.qr').count()).toBe(1)
  await picture(resident, 'lamp-02-receipt')
  const link = new URL(resident.url()).pathname.replace('/receipt', '')
  expect(link).toMatch(/^\/r\/[\w-]{22,}$/)
  await resident.getByRole('link', { name: '看进度', exact: true }).click()
  expect(await textOf(resident)).toContain('五里社区居委会答应答复的时间')
  expect(await resident.locator('.pictures img').count()).toBe(1)
  await picture(resident, 'lamp-03-follow')
  /** What the resident finds on the page of the request. */
  const follows = async (...lines: string[]) => {
    await resident.goto(link)
    const found = await textOf(resident)
    for (const line of lines) expect(found).toContain(line)
  }

  // Accepted in the community, and given to whoever has lamps in the name.
  const secretary = await sit('secretary')
  await take(secretary, 'to-accept')
  expect(await textOf(secretary)).not.toContain(telephone)
  await secretary.getByRole('button', { name: /^受理/ }).click()
  await marks(secretary).getByText('已受理').waitFor()
  await keep(secretary, 'lamp-04-accepted')
  await follows('五里社区居委会受理了', '正在找该由谁来办')
  await dispatch(secretary, '路灯', '路灯管理所')
  await secretary.locator('.part').getByText('已派，未签收').waitFor()
  await keep(secretary, 'lamp-05-dispatched')
  await follows('派给路灯管理所')

  // Who returns it says why: to the one who sent it, whose open page shows it by itself, and to the resident.
  const lampKeeper = await sit('lampKeeper')
  await take(lampKeeper, 'unit')
  await lampKeeper.locator('.acts').getByRole('button', { name: '退回' }).click()
  await dialogOf(lampKeeper).getByLabel('理由').fill('院内路灯由物业维护。')
  await keep(lampKeeper, 'lamp-06-return')
  await confirm(lampKeeper, '退回')
  await server.order()
  await secretary.locator('.part').getByText('院内路灯由物业维护。').waitFor()
  await keep(secretary, 'lamp-07-returned')
  await follows('路灯管理所退回了', '院内路灯由物业维护。')

  await dispatch(secretary, '物业', '五里物业')
  const manager = await sit('manager')
  await take(manager, 'unit')
  await manager.locator('.acts').getByRole('button', { name: '签收' }).click()
  await manager.getByLabel('答复', { exact: true }).fill('换了灯泡。')
  await keep(manager, 'lamp-08-answering')
  await follows('派给五里物业', '五里物业接手了', '已经有人在办')
  await picture(resident, 'lamp-09-at-work')
  await press(manager, '答复居民')
  await marks(manager).getByText('已答复').waitFor()

  // Answered; the resident says "not" and has it taken up again with one more button.
  server.clock.advance(60_000)
  const first = await linkToJudge()
  await follows('五里物业答复了', '换了灯泡。')
  await resident.goto(first)
  expect(await resident.locator('input:checked').count()).toBe(0)
  await resident.getByLabel('没有解决').check()
  await resident.getByLabel('不满意', { exact: true }).check()
  await resident.getByLabel('还想说什么').fill('只亮了一晚，又黑了。')
  await picture(resident, 'lamp-10-judge')
  await press(resident, '交给监督委员会')
  expect(await textOf(resident)).toContain('谢谢，记下了')
  await picture(resident, 'lamp-11-not')

  // Supervision reads it with name and words; whoever handled it reads that it is closed, and no more.
  const overseer = await sit('overseer')
  await overseer.goto(at('/desk/judgements'))
  const judged = overseer.getByRole('listitem').filter({ hasText: title })
  await judged.getByText('只亮了一晚，又黑了。').waitFor()
  expect(await judged.textContent()).toContain('没有解决 · 不满意')
  await keep(overseer, 'lamp-12-judgement')
  await server.order()
  await marks(manager).getByText('已办结').waitFor()
  expect(await textOf(manager)).not.toMatch(/没有解决|又黑了/)

  await press(resident, '请重新办')
  expect(await textOf(resident)).toContain('正在重新办')
  await follows('重新办理，由邗上街道办事处负责')
  await picture(resident, 'lamp-13-reopened')

  // It is the subdistrict's now: the community, whose page is still open, has nothing more to dispatch.
  await server.order()
  await secretary.locator('ol.when').getByText('重新办理').waitFor()
  expect(await secretary.getByRole('button', { name: /^(派|改派)/ }).count()).toBe(0)
  const dispatcher = await sit('dispatcher')
  await take(dispatcher, 'to-dispatch')
  await keep(dispatcher, 'lamp-14-one-level-up')

  // The district, above the subdistrict, supervises from now on, and everybody sees it.
  const supervisor = await sit('leader')
  await take(supervisor, 'all')
  await supervisor.getByRole('button', { name: '更多' }).click()
  await supervisor.locator('.disclosed').getByRole('button', { name: '督办', exact: true }).click()
  await dialogOf(supervisor).getByLabel('理由').fill('请一周内办好。')
  await confirm(supervisor, '督办')
  await marks(supervisor).getByText('督办中').waitFor()
  await keep(supervisor, 'lamp-15-supervised')
  await server.order()
  await marks(dispatcher).getByText('督办中').waitFor()
  await follows('上级盯着办（督办）', '请一周内办好。')

  // Once more to the property manager, who finds it supervised in the list of the unit.
  server.clock.advance(60_000)
  await dispatch(dispatcher, '物业', '五里物业')
  await take(manager, 'unit')
  await marks(manager).getByText('督办中').waitFor()
  await manager.locator('.acts').getByRole('button', { name: '签收' }).click()
  await manager.getByLabel('答复', { exact: true }).fill('换了三盏灯，线路接头也修了。')
  await press(manager, '答复居民')
  await marks(manager).getByText('已答复').waitFor()
  await keep(manager, 'lamp-16-answered-again')

  // The link of the earlier answer ended with the next one, and says so; the new one takes the judgement.
  const second = await linkToJudge(first)
  await resident.goto(first)
  expect(await textOf(resident)).toContain('这件事又有了新的答复')
  await follows('换了三盏灯，线路接头也修了。', '解决了吗？您说了算。')
  await picture(resident, 'lamp-17-answered-again')
  await resident.goto(second)
  await resident.getByLabel('解决了', { exact: true }).check()
  await press(resident, '交给监督委员会')
  expect(await textOf(resident)).toContain('谢谢，记下了')
  await follows('您说：解决了')
  await picture(resident, 'lamp-18-solved')

  // Closed for everybody. That it is solved is read by those above; nobody has it in hand any more.
  await server.order()
  await marks(supervisor).getByText('居民说解决了').waitFor()
  await keep(supervisor, 'lamp-19-closed')
  for (const page of [dispatcher, manager]) {
    await marks(page).getByText('已办结').waitFor()
    expect(await textOf(page)).not.toContain('居民说解决了')
  }
  await manager.goto(at('/desk/requests?queue=unit'))
  await settled(manager)
  expect(await manager.getByRole('link', { name: title }).count()).toBe(0)

  // The row, and the register of acts with the whole way in it.
  const id = await server.one<string>('select id from request order by filed_at desc limit 1')
  expect(await requests.row(id)).toMatchObject({ state: 'closed', result: 'solved', reopened: 1, due_at: null })
  expect(await server.one<number>('select count(*)::int from judgement where request = $1', [id])).toBe(2)
  const { rows } = await server.superuser.query('select kind from ledger.act where record = $1', [id])
  const times = (kind: string) => rows.filter((row) => row.kind === `request.${kind}`).length
  const counted = ['accept', 'dispatch', 'return', 'acknowledge', 'answer', 'judge', 'reopen', 'supervise'].map(times)
  expect(counted).toEqual([1, 3, 1, 2, 2, 2, 1, 1])
})
