// Every public page in both languages and three widths: no error from axe, nothing wider than the screen, no more than 50 KB on a
// first visit; and what holds of all: nothing typed is lost, everything can be done by keyboard and without script.
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { displayCookie } from '#kernel/pages/index.ts'
import { tellingPath } from '#kernel/telling/index.ts'
import { judgeToken } from '#listen/requests/acts/judge.ts'
import { actsAsked, judge } from '#listen/requests/index.ts'
import { requestsOf } from '#testing/requests.ts'
import { axeFaults, house, photograph, picture } from './browser.ts'

const { server, organisation, open, at } = await house(3201)
const { file, does, answered, sentTo, holding } = requestsOf(server, organisation)
const { staff, bodies, resident } = organisation
const home = '/places/321003001001'

/** Requests in the states that pages show, and what is released for all. */
const made = { link: '', answered: '', judge: '', number: '', mine: '', solved: '', withdrawn: '', visited: '' }

beforeAll(async () => {
  const owner = server.database.owner.pool
  await owner.query(`insert into place_setting (path, name, value) values ($1, 'notice', $2)`, [
    organisation.places.community.path,
    JSON.stringify({ text: '周三上午停水检修，请提前存水。', textEn: 'No water on Wednesday morning.' }),
  ])
  await owner.query(
    `update body set telephone = '0514-87654321', address = '五里路 1 号', hours = '周一至周五 8:30–18:00' where id = $1`,
    [bodies.committee],
  )
  const open = await file({
    text: '菜场西门早高峰堵车，孩子上学要绕行。',
    publicationPermitted: true,
    phone: '13800001111',
  })
  await does(staff.secretary, open.id, 'accept')
  await does(staff.secretary, open.id, 'publish', {
    title: '菜场西门早高峰堵车',
    text: '菜场西门早高峰堵车，孩子上学要绕行。',
  })
  made.link = open.link
  made.number = open.number.replaceAll(' ', '')
  const lamp = await file({ text: '楼道灯不亮。', phone: '13800002222' })
  await does(staff.secretary, lamp.id, 'accept')
  await does(staff.secretary, lamp.id, 'dispatch', { body: bodies.property })
  await does(staff.manager, lamp.id, 'acknowledge')
  await does(staff.manager, lamp.id, 'answer', { text: '换好了。' })
  await server.workJobs()
  made.answered = lamp.link
  const answer = await server.one<string>('select id from request_answer where request = $1', [lamp.id])
  made.judge = judgeToken(server.kernel, answer, 0)
  const solved = await file({ text: '台阶缺了一角。', phone: '13800003333' })
  await answered(solved)
  const token = (await sentTo('13800003333'))?.token ?? ''
  await holding({ judge: token }, (act) => judge(act, server.kernel, solved.id, { verdict: 'solved' }, token))
  made.solved = solved.link
  const withdrawn = await file({ text: '楼上装修太吵。' })
  await holding({ link: withdrawn.link }, (act) => actsAsked.withdraw(act, server.kernel, withdrawn.id, {}, null))
  made.withdrawn = withdrawn.link
  const visited = await file({ text: '天花板滴水。' })
  await does(staff.secretary, visited.id, 'accept')
  await does(staff.secretary, visited.id, 'dispatch', { body: bodies.property })
  await does(staff.manager, visited.id, 'acknowledge')
  const day = new Date(server.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)
  await does(staff.manager, visited.id, 'arrange-visit', {
    from: `${day}T09:00:00+08:00`,
    until: `${day}T11:00:00+08:00`,
  })
  made.visited = visited.link
  const mine = await file({ text: '想要一间老人午休室。' }, resident)
  made.mine = mine.id
})

const pages: Record<string, () => string> = {
  start: () => '/',
  found: () => '/?place=五里',
  place: () => home,
  tell: () => `${home}/tell`,
  'tell-anywhere': () => '/tell',
  'tell-step': () => `${home}/tell?step=where`,
  receipt: () => `/r/${made.link}/receipt`,
  follow: () => `/r/${made.link}`,
  news: () => tellingPath(server.kernel.encryption, { purpose: 'work', owner: staff.manager.person }),
  answered: () => `/r/${made.answered}`,
  solved: () => `/r/${made.solved}`,
  reopen: () => `/r/${made.solved}/reopen`,
  withdrawn: () => `/r/${made.withdrawn}`,
  'visit-asked': () => `/r/${made.visited}`,
  'visit-moved': () => `/r/${made.visited}/visit`,
  add: () => `/r/${made.link}/add`,
  correct: () => `/r/${made.link}/correct`,
  phone: () => `/r/${made.link}/phone`,
  withdraw: () => `/r/${made.link}/withdraw`,
  complain: () => `/r/${made.link}/complain`,
  visit: () => `/r/${made.link}/visit`,
  looked: () => `/r/${made.link}/looked`,
  judge: () => `/j/${made.judge}`,
  again: () => '/follow',
  raised: () => `${home}/raised`,
  programmers: () => '/programmers',
  'open-data': () => `${home}/data`,
  'raised-one': () => `/raised/${made.number}`,
  'sign-in': () => '/sign-in',
  staff: () => '/staff/sign-in',
  card: () => `/cards/${staff.secretary.tenure}`,
  'card-four': () => `/cards/${staff.secretary.tenure}?paper=a4`,
  messages: () => '/demonstration/messages',
  missing: () => '/r/nothing',
}
const signedInPages: Record<string, () => string> = {
  my: () => '/my',
  'my-request': () => `/my/requests/${made.mine}`,
  'my-data': () => '/my/data',
  'my-delete': () => '/my/delete',
  'my-looked': () => '/my/looked',
  'my-sessions': () => '/my/sessions',
}

async function asResident(page: Page): Promise<void> {
  const cookies = resident.cookie.split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name, value: value.join('='), url: at('/') }
  })
  await page.context().addCookies(cookies)
}

describe('every page', () => {
  test.each(['zh-CN', 'en'])('%s', async (locale) => {
    const page = await open({ javaScriptEnabled: true, locale, bypassCSP: true })
    await asResident(page)
    const signedOut = await open({ javaScriptEnabled: true, locale, bypassCSP: true })
    const faults: string[] = []
    for (const [name, path] of Object.entries({ ...pages, ...signedInPages })) {
      const shown = name in signedInPages ? page : signedOut
      for (const width of [320, 360, 1280]) {
        await shown.setViewportSize({ width, height: 800 })
        if (width === 320) {
          const answer = await shown.goto(path())
          if (name !== 'missing' && answer?.status() !== 200) faults.push(`${name}: ${answer?.status()}`)
          const lang = await shown.locator('html').getAttribute('lang')
          if (lang !== locale) faults.push(`${name}: in ${lang}`)
          // A key that has no words shows itself; what stands as code is no words.
          const words = await shown.evaluate<string>(
            "[document.body.cloneNode(true)].map((copy) => (copy.querySelectorAll('code').forEach((each) => each.remove()), copy.textContent))[0]",
          )
          const key = /\b(?:requests|people|home|layout|pages|http)\.[a-z][\w.-]+/.exec(words)?.[0]
          if (key) faults.push(`${name}: no words for ${key}`)
        }
        // Said as text: the tests' own types know no page.
        const wide = await shown.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        if (wide > 0) faults.push(`${name} at ${width}: ${wide} px too wide`)
        // The trees are the same in both languages, and axe takes its time: the wide screen is looked at in one of them.
        if (width === 320 || (width === 1280 && locale === 'en'))
          for (const fault of await axeFaults(shown)) faults.push(`${name} at ${width}: ${fault}`)
        if (width !== 320) await picture(shown, `${name}-${locale}-${width}`)
      }
    }
    expect(faults).toEqual([])
  })

  test('with large type and high contrast', async () => {
    const faults: string[] = []
    const shownTo = async (signedIn: boolean) => {
      const page = await open({ javaScriptEnabled: true, bypassCSP: true, viewport: { width: 320, height: 800 } })
      if (signedIn) await asResident(page)
      await page.context().addCookies([{ name: displayCookie, value: 'large.high', url: at('/') }])
      return page
    }
    const [signedOut, signedIn] = [await shownTo(false), await shownTo(true)]
    for (const [name, path] of Object.entries({ ...pages, ...signedInPages })) {
      const page = name in signedInPages ? signedIn : signedOut
      await page.goto(path())
      const look = await page.locator('html').getAttribute('class')
      if (look !== 'large contrast') faults.push(`${name}: shown as ${look}`)
      const wide = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      if (wide > 0) faults.push(`${name}: ${wide} px too wide`)
      for (const fault of await axeFaults(page)) faults.push(`${name}: ${fault}`)
      await picture(page, `${name}-large-high`)
    }
    expect(faults).toEqual([])
  })

  test('weighs at most 50 KB on a first visit, everything counted', async () => {
    const heavy: string[] = []
    const weigh = async (name: string, path: string) => {
      const page = await open({ javaScriptEnabled: true })
      let bytes = 0
      const measuring: Promise<void>[] = []
      page.on('requestfinished', (request) => {
        measuring.push(
          request
            .sizes()
            .then((sizes) => {
              bytes += sizes.responseBodySize + sizes.responseHeadersSize
            })
            .catch(() => undefined),
        )
      })
      await page.goto(path, { waitUntil: 'networkidle' })
      await Promise.all(measuring)
      if (bytes > 50 * 1024) heavy.push(`${name}: ${bytes}`)
      await page.context().close()
    }
    // Each is over when nothing has been loaded for half a second: a few of them wait for that together.
    const waiting = Object.entries(pages)
    const weighAll = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await weigh(next[0], next[1]())
    }
    await Promise.all(Array.from({ length: 6 }, weighAll))
    expect(heavy).toEqual([])
  })
})

describe('nothing typed is lost', () => {
  const said = '水管漏水，一楼进水了。<b>急</b>'

  test('on an error, on going back and on reloading; pictures included', async () => {
    const page = await open()
    await page.goto('/tell')
    await page.getByLabel('什么事？').fill(said)
    await page.getByLabel('具体在哪儿？').fill('3 栋一楼')
    await page.getByLabel('电话').fill('12')
    await page
      .getByLabel('照片或短视频')
      .setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: await photograph() })
    await page.getByRole('button', { name: '交给社区' }).click()
    const summary = page.locator('#faults')
    expect(await summary.textContent()).toContain('请写是哪个社区或街道')
    expect(await page.title()).toContain('请改一改')
    const kept = async () => {
      expect(await page.getByLabel('什么事？').inputValue()).toBe(said)
      expect(await page.getByLabel('具体在哪儿？').inputValue()).toBe('3 栋一楼')
      expect(await page.getByLabel('电话').inputValue()).toBe('12')
      expect(await page.locator('.pictures img').count()).toBe(1)
    }
    await kept()
    await page.reload()
    await kept()
    // Each fault leads to its field.
    await summary.getByRole('link', { name: '请写是哪个社区或街道' }).click()
    expect(new URL(page.url()).hash).toBe('#field-placeWords')
    await page.getByLabel('在哪个社区或街道？').fill('五里社区')
    await page.getByLabel('电话').fill('')
    await page.getByRole('button', { name: '交给社区' }).click()
    // One place is called so; its sender sees which, and says that it is meant.
    await page
      .locator('#faults')
      .getByRole('link', { name: /是不是您说的地方/ })
      .click()
    expect(new URL(page.url()).hash).toBe('#field-place')
    await picture(page, 'tell-place-found')
    await page.getByRole('radio', { name: /邗江区邗上街道五里社区/ }).check()
    await page.getByRole('button', { name: '交给社区' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('收到了')
    const receipt = page.url()
    // Back to the form: it says that it was sent, and sending it again leads to the same receipt.
    await page.goBack()
    await page.reload()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('已经收到了')
    await page.getByRole('button', { name: '看收据和进度' }).click()
    expect(page.url()).toBe(receipt)
  })

  test('one question a page', async () => {
    const page = await open()
    await page.goto(`${home}/tell?step=what`)
    const next = () => page.getByRole('button', { name: '下一步' }).click()
    await next()
    expect(await page.locator('#faults').textContent()).toContain('请写几个字')
    await page.getByLabel('什么事？').fill(said)
    await next()
    await page.getByLabel('具体在哪儿？').fill('3 栋')
    await next()
    await page.getByRole('button', { name: '上一步' }).click()
    expect(await page.getByLabel('具体在哪儿？').inputValue()).toBe('3 栋')
    await next()
    await next()
    await page.getByLabel('我要匿名').check()
    await next()
    expect(await page.locator('dl').textContent()).toContain('匿名')
    await page.getByRole('button', { name: '交给社区' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('收到了')
    const row = await server.one<string>(
      `select concat_ws('|', anonymous, reporter, entered_by, (select count(*) from request_contact c where c.request = r.id))
       from request r order by filed_at desc limit 1`,
    )
    expect(row).toBe('t|0')
  })

  test('sent twice at once, it is one request', async () => {
    const page = await open()
    await page.goto(`${home}/tell`)
    const form = new URL(page.url()).searchParams.get('form') ?? ''
    const before = await server.one<number>('select count(*)::int from request')
    const body = () => {
      const data = new FormData()
      for (const [name, value] of Object.entries({
        form,
        page: 'all',
        do: 'send',
        text: said,
        place: organisation.places.community.id,
      }))
        data.append(name, value)
      return data
    }
    const Cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const answers = await Promise.all(
      [1, 2, 3].map(() => server.fetch(`${home}/tell`, { method: 'POST', body: body(), headers: { Cookie } })),
    )
    const places = new Set(answers.map((answer) => answer.headers.get('location')))
    expect(places.size).toBe(1)
    expect([...places][0]).toMatch(/^\/r\/[\w-]{43}\/receipt$/)
    expect(await server.one<number>('select count(*)::int from request')).toBe(before + 1)
  })
})

describe('signing in', () => {
  test('by phone and code, read on the page of messages; then out again', async () => {
    const page = await open()
    await page.goto('/my')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
    await page.getByLabel('手机号').fill('13900003333')
    await page.getByRole('button', { name: '发验证码给我' }).click()
    const messages = await open()
    await messages.goto('/demonstration/messages')
    const code = /\d{6}/.exec((await messages.locator('.entries li').first().textContent()) ?? '')
    const text = (await messages.locator('.entries').textContent()) ?? ''
    expect(code ?? text).toBeTruthy()
    await page.getByLabel('六位验证码').fill(/验证码是 (\d{6})/.exec(text)?.[1] ?? '')
    await page.getByRole('button', { name: '登录' }).click()
    expect(new URL(page.url()).pathname).toBe('/my')
    await page.goto('/my/data')
    await page.getByLabel('怎么称呼我').fill('示例·新居民')
    await page.getByRole('button', { name: '改过来' }).click()
    expect(await page.locator('main').textContent()).toContain('改好了')
    await page.goto('/my')
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.goto('/my')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
  })
})

describe('a lost link', () => {
  test('comes back to the phone that was left, and the page never says whether there is such a request', async () => {
    const ask = async (phone: string) => {
      const page = await open()
      await page.goto('/follow')
      await page.getByLabel('编号').fill(made.number)
      await page.getByLabel('当时留的手机号').fill(phone)
      await page.getByRole('button', { name: '发短信给我' }).click()
      return page.locator('main').textContent()
    }
    expect(await ask('13800001111')).toBe(await ask('13800009999'))
    await server.workJobs()
    const messages = await server.kernel.outbox.listReadableMessages()
    const sent = messages.filter((each) => each.text.includes('查询链接'))
    expect(sent).toHaveLength(1)
    const page = await open()
    await page.goto(new URL(/https?:\/\/\S+/.exec(sent[0]?.text ?? '')?.[0] ?? '').pathname)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('菜场西门')
  })
})

describe('by keyboard alone', () => {
  test('a request is told', async () => {
    const page = await open({ viewport: { width: 1280, height: 800 } })
    await page.goto(`${home}/tell`)
    const focused = () => page.locator(':focus')
    const reach = async (selector: string) => {
      for (let step = 0; step < 60; step += 1) {
        if ((await focused().and(page.locator(selector)).count()) > 0) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`${selector} is not reached by Tab`)
    }
    await page.keyboard.press('Tab')
    expect(await focused().textContent()).toContain('跳到正文')
    await reach('textarea[name=text]')
    await page.keyboard.type('井盖松了。')
    await reach('button[value=send]')
    await page.keyboard.press('Enter')
    await page.waitForURL(/receipt/)
    expect(await page.locator('main').textContent()).toContain('井盖松了。')
  })
})
