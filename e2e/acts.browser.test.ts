// What a resident does after telling, each without a script: complain of the handling, agree on a visit, withdraw, let it be seen,
// say "me too"; and what stands beside: an invitation, a contact card, a video, a flood, paper, another language.
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { mp4 } from '#kernel/files/made.fixture.ts'
import { invite } from '#organise/bodies/bodies.api.ts'
import { requestsOf } from '#testing/requests.ts'
import { house, photograph } from './browser.ts'

const { server, organisation, open } = await house(3205)
const { file, does } = requestsOf(server, organisation)
const { staff, bodies } = organisation
const home = '/places/321003001001'

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const textOf = async (page: Page) => (await page.locator('main').textContent()) ?? ''
const owner = server.database.owner.pool

/** A request that the property manager has in hand. */
async function inHand(text: string) {
  const filed = await file({ text, phone: '13800004444', publicationPermitted: false })
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'dispatch', { body: bodies.property })
  await does(staff.manager, filed.id, 'acknowledge')
  return filed
}

describe('on a request of one’s own', () => {
  test('a complaint about the handling: six faults to tick, a matter of its own, unseen by who handled it', async () => {
    const filed = await inHand('电梯坏了三天。')
    const page = await open()
    await page.goto(`/r/${filed.link}`)
    await page.getByRole('link', { name: '对办理过程有意见' }).click()
    expect(await page.getByRole('checkbox').count()).toBe(6)
    expect(await page.locator('input:checked').count()).toBe(0)
    await page.getByLabel('推来推去').check()
    await page.getByLabel('拖着不办').check()
    // Nothing said yet: told, and the ticks stand.
    await press(page, '交给上一级')
    expect(await page.locator('#faults').count()).toBe(1)
    expect(await page.locator('input:checked').count()).toBe(2)
    await page.getByLabel('怎么回事？').fill('打了三次电话，每次都说不归他管。')
    await press(page, '交给上一级')
    expect(await textOf(page)).toContain('收到了，这是您的收据')
    const complaint = await server.one<string>('select id from request where about_request = $1', [filed.id])
    expect(await server.one('select faults from request where id = $1', [complaint])).toEqual(['passing_on', 'passive'])
    const { read } = requestsOf(server, organisation)
    expect((await read(staff.manager, complaint)).status).toBe(404)
  })

  test('a visit is proposed, agreed, moved and cancelled; each side sees it', async () => {
    const filed = await inHand('阳台漏水。')
    const page = await open()
    await page.goto(`/r/${filed.link}`)
    await page.getByRole('link', { name: '约个时间上门看看' }).click()
    const day = new Date(server.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)
    await page.getByLabel('哪一天').fill(day)
    await page.getByLabel('从几点').fill('09:00')
    await press(page, '提这个时间')
    // Without an end it is told, and what was filled in stands.
    expect(await page.locator('#faults').textContent()).toContain('几点几分')
    expect(await page.getByLabel('哪一天').inputValue()).toBe(day)
    await page.getByLabel('到几点').fill('11:00')
    await press(page, '提这个时间')
    expect(await textOf(page)).toContain('等对方答应')
    const visit = () =>
      server.one<string>(
        "select id from visit where request = $1 and state in ('proposed', 'agreed') order by created_at desc limit 1",
        [filed.id],
      )
    await does(staff.manager, filed.id, 'agree-visit', { visit: await visit() })
    await page.reload()
    expect(await textOf(page)).toContain('上门时间说定了')
    await page.getByRole('link', { name: '改时间或取消' }).click()
    await page.getByLabel('从几点').fill('14:00')
    await page.getByLabel('到几点').fill('15:30')
    await press(page, '改成这个时间')
    expect(await textOf(page)).toMatch(/14:00–15:30/)
    await page.getByRole('link', { name: '改时间或取消' }).click()
    await page.getByLabel('愿意说说原因吗？').fill('家里有事。')
    await press(page, '取消上门')
    expect(await textOf(page)).toContain('上门已取消')
    expect(
      await server.one('select state from visit where request = $1 order by created_at desc limit 1', [filed.id]),
    ).toBe('cancelled')
  })

  test('withdrawn, after being asked once more', async () => {
    const filed = await inHand('楼道堆物。')
    const page = await open()
    await page.goto(`/r/${filed.link}`)
    await page.getByRole('link', { name: '不办了，撤回' }).click()
    await page.getByRole('link', { name: '不撤回，接着办' }).click()
    await page.getByRole('link', { name: '不办了，撤回' }).click()
    await press(page, '撤回这件事')
    expect(await textOf(page)).toContain('已撤回')
    expect(await server.one('select result from request where id = $1', [filed.id])).toBe('withdrawn')
  })

  test('shown to all, found by a neighbour who has it too, and taken back', async () => {
    const filed = await inHand('路口红绿灯太短，老人过不去。')
    const page = await open()
    await page.goto(`/r/${filed.link}`)
    await press(page, '同意让大家看到（去掉个人信息）')
    expect(await textOf(page)).toContain('您同意了')
    await does(staff.secretary, filed.id, 'publish', { title: '路口红绿灯太短', text: '老人过不去。' })
    const neighbour = await open()
    await neighbour.goto(`${home}/raised`)
    await neighbour.getByRole('link', { name: '红绿灯太短' }).click()
    await neighbour.getByLabel('电话').fill('12')
    await neighbour.getByLabel('想补充一句').fill('我妈也过不去。')
    await press(neighbour, '我也遇到了')
    // A wrong number is told, and the words stand.
    expect(await neighbour.locator('#faults').count()).toBe(1)
    expect(await neighbour.getByLabel('想补充一句').inputValue()).toBe('我妈也过不去。')
    await neighbour.getByLabel('电话').fill('13800005555')
    await press(neighbour, '我也遇到了')
    expect(await textOf(neighbour)).toContain('1 位邻居也遇到')
    expect(await textOf(neighbour)).not.toContain('5555')
    await page.reload()
    await press(page, '不再让大家看到')
    expect(await textOf(page)).toContain('已收回')
    await neighbour.goto(`${home}/raised`)
    expect(await textOf(neighbour)).not.toContain('红绿灯太短')
  })

  test('pictures added later are nine in all, and one that cannot be taken is named', async () => {
    const filed = await inHand('墙皮脱落。')
    const page = await open()
    const buffer = await photograph()
    const pictures = (count: number, from = 0) =>
      Array.from({ length: count }, (_, at) => ({ name: `墙-${from + at}.jpg`, mimeType: 'image/jpeg', buffer }))
    await page.goto(`/r/${filed.link}/add`)
    await page.getByLabel('还想说什么？').fill('又掉了一块。')
    await page
      .getByLabel('照片或短视频')
      .setInputFiles([
        ...pictures(1),
        { name: '说明.pdf', mimeType: 'image/jpeg', buffer: Buffer.from('%PDF-1.4 no picture') },
      ])
    await press(page, '补充进去')
    expect(await page.locator('#faults').textContent()).toContain('“说明.pdf”没有收下')
    expect(await page.getByLabel('还想说什么？').inputValue()).toBe('又掉了一块。')
    // The one that could be taken is kept with the words.
    await page.getByLabel('照片或短视频').setInputFiles(pictures(6, 1))
    await press(page, '补充进去')
    expect(await page.locator('.pictures img').count()).toBe(7)
    await page.goto(`/r/${filed.link}/add`)
    await page.getByLabel('照片或短视频').setInputFiles(pictures(3, 7))
    await press(page, '补充进去')
    expect(await page.locator('#faults').textContent()).toContain('还能再加 2 个')
    // All three wait with the form; one of them is taken away.
    await page.locator('button[value^="drop:"]').first().click()
    expect(await page.locator('.pictures img').count()).toBe(2)
    await press(page, '补充进去')
    expect(await page.locator('.pictures img').count()).toBe(9)
    expect(await server.one('select count(*)::int from file where record = $1', [filed.id])).toBe(9)
  })
})

describe('telling', () => {
  test('from the contact card of an officer: place and officer are filled in', async () => {
    const page = await open()
    await page.goto(`/tell?card=${staff.secretary.tenure}`)
    expect(await textOf(page)).toContain('五里社区')
    expect(await textOf(page)).toContain('社区书记')
    await page.getByLabel('什么事？').fill('井盖松了。')
    await press(page, '交给社区')
    expect(await textOf(page)).toContain('收到了')
    expect(await server.one('select channel from request order by filed_at desc limit 1')).toBe('card')
  })

  test('with a video, which is cleaned and kept', async () => {
    const page = await open()
    await page.goto(`${home}/tell`)
    await page.getByLabel('什么事？').fill('水管在喷水。')
    await page.getByLabel('照片或短视频').setInputFiles({ name: '喷水.mp4', mimeType: 'video/mp4', buffer: mp4() })
    await press(page, '交给社区')
    await page.getByRole('link', { name: '看进度', exact: true }).click()
    const video = page.getByRole('link', { name: '视频 1' })
    const answer = await page.request.get((await video.getAttribute('href')) ?? '')
    expect(answer.headers()['content-type']).toBe('video/mp4')
    expect((await answer.body()).includes('PLACE+32.39')).toBe(false)
  })

  test('in a flood: a minute’s wait instead of a proof, and nothing is lost', async () => {
    // As many as another process may say it has taken in: counted for a minute, which is longer than this takes.
    await owner.query(
      'insert into flood_load (process, bucket, taken) values (gen_random_uuid(), clock_timestamp(), 1000000)',
    )
    // What was known of the load is at most a second old.
    await expect.poll(() => server.kernel.floods.asked()).toBe(true)
    try {
      const page = await open()
      await page.goto(`${home}/tell`)
      await page.getByLabel('什么事？').fill('下水道堵了。')
      await press(page, '交给社区')
      expect(await page.locator('#faults').textContent()).toContain('等一分钟')
      expect(await page.getByLabel('什么事？').inputValue()).toBe('下水道堵了。')
      await press(page, '交给社区')
      expect(await page.locator('#faults').textContent()).toContain('还没到一分钟')
      server.clock.advance(61_000)
      await press(page, '交给社区')
      expect(await textOf(page)).toContain('收到了，这是您的收据')
      expect(await textOf(page)).toContain('下水道堵了。')
    } finally {
      await owner.query('delete from flood_load')
      await expect.poll(() => server.kernel.floods.asked()).toBe(false)
    }
  })

  test('where one stands, with a script: the point and the community there', async () => {
    const { id } = organisation.places.grid
    await owner.query('update place set longitude = 119.402, latitude = 32.391 where id = $1', [id])
    const page = await open({
      javaScriptEnabled: true,
      permissions: ['geolocation'],
      geolocation: { longitude: 119.4023, latitude: 32.3912 },
    })
    await page.goto('/tell')
    await press(page, '用我现在的位置')
    await page.getByText('这里像是').waitFor()
    await page.getByLabel('什么事？').fill('路面塌了一块。')
    await press(page, '交给社区')
    await page.waitForURL(/receipt/)
    expect(
      await server.one(
        "select place || ' ' || longitude || ' ' || latitude from request order by filed_at desc limit 1",
      ),
    ).toBe(`${organisation.places.community.id} 119.4023 32.3912`)
    // Without a script there is no button that does nothing.
    const without = await open()
    await without.goto('/tell')
    expect(await without.getByRole('button', { name: '用我现在的位置' }).isVisible()).toBe(false)
  })
})

describe('beside it', () => {
  let link = ''
  beforeAll(async () => {
    link = (await file({ text: '树枝挡住了路灯。' })).link
  })

  test('an invitation to a post is accepted; its link is good once', async () => {
    const post = await owner.query<{ id: string }>(
      "insert into post (id, body, title, duties, seats) values (gen_random_uuid(), $1, '接线员', array['request.enter'], 1) returning id",
      [bodies.office],
    )
    const invited = await server.call(invite, {
      as: staff.leader.cookie,
      params: { id: post.rows[0]?.id ?? '' },
      body: { name: '示例·新人', mail: 'new@example.org' },
    })
    expect(invited.status, invited.text).toBe(201)
    const letters = await server.kernel.outbox.listReadableMessages()
    const path =
      /\/invitation\/[\w-]{43}/.exec(letters.find(({ to }) => to === 'new@example.org')?.text ?? '')?.[0] ?? ''
    const page = await open()
    await page.goto(path)
    expect(await textOf(page)).toContain('接线员')
    const fill = async (first: string, again: string) => {
      await page.getByLabel('给自己设一个密码').fill(first)
      await page.getByLabel('再写一遍密码').fill(again)
      await press(page, '设好密码，接受邀请')
    }
    await fill('abc', 'abc')
    expect(await page.locator('#faults').count()).toBe(1)
    await fill('松树 米纸 邮差 七点半', '松树 米纸 邮差 八点半')
    expect(await page.locator('#faults').textContent()).toContain('不一样')
    await fill('松树 米纸 邮差 七点半', '松树 米纸 邮差 七点半')
    expect(new URL(page.url()).pathname).toBe('/desk/')
    const answer = await page.goto(path)
    expect(answer?.status()).toBe(410)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('已经用过')
  })

  test('another language keeps the page, also the page of a fault', async () => {
    const page = await open()
    await page.goto(`/r/${link}`)
    await press(page, 'EN')
    expect(new URL(page.url()).pathname).toBe(`/r/${link}`)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.goto('/follow')
    await press(page, '中文')
    expect(new URL(page.url()).pathname).toBe('/follow')
    await page.getByLabel('把链接贴在这里').fill('不是链接')
    await press(page, '看进度')
    expect(await page.locator('#faults').count()).toBe(1)
    await press(page, 'EN')
    expect(new URL(page.url()).pathname).toBe('/follow')
    await page.goto(`/r/${link}/complain`)
    await press(page, 'Send it to the level above')
    await press(page, '中文')
    expect(new URL(page.url()).pathname).toBe(`/r/${link}/complain`)
  })

  test('on paper: what was said and what happened, no buttons and no entries', async () => {
    const page = await open()
    await page.goto(`/r/${link}`)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const inks = await page.evaluate<string[]>(
      "['.mark', '.lead', 'main a', 'footer .paper'].map((each) => getComputedStyle(document.querySelector(each)).color)",
    )
    expect(inks).toEqual(['rgb(0, 0, 0)', 'rgb(51, 51, 51)', 'rgb(0, 0, 0)', 'rgb(51, 51, 51)'])
    expect(await page.locator('footer .paper').textContent()).toMatch(/^打印于 \d{4}年/)
    for (const hidden of ['nav', '.display', '.buttons', 'form'])
      for (const each of await page.locator(hidden).all()) expect(await each.isVisible()).toBe(false)
    expect(await page.locator('ol.when').isVisible()).toBe(true)
    expect(await page.getByText('树枝挡住了路灯。').first().isVisible()).toBe(true)
    await page.goto(`/r/${link}/receipt`)
    expect(await page.locator('svg.qr').isVisible()).toBe(true)
  })

  test('an address typed in Chinese finds its page', async () => {
    // A browser escapes what it is given; a chat program or a poster's reader may not.
    const { connect } = await import('node:net')
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(3205, '127.0.0.1', () =>
        socket.write('GET /?place=五里 HTTP/1.1\r\nHost: 127.0.0.1:3205\r\nConnection: close\r\n\r\n'),
      )
      let text = ''
      socket.on('data', (part) => {
        text += part.toString()
      })
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 30\d /)
    expect(answer).toMatch(/\r\nLocation: \/\?place=%E4%BA%94%E9%87%8C\r\n/i)
  })
})
