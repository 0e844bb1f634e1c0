import { beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { type Visitor, visitorOf } from '#testing/visitor.ts'
import { judgeToken } from '../acts/judge.ts'

// What was typed and chosen in a form of a followed request is there again after a fault, a switch and on the way back.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, answered, ask, row } = requestsOf(server, organisation)
const { staff } = organisation
const html = { Accept: 'text/html' }
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const picture = new Blob([png], { type: 'image/png' })
let visitor: Visitor
beforeEach(() => {
  visitor = visitorOf(server)
})

/** Sends the form of a page as a browser does. Returns where it led, and the page there. */
async function send(page: string, fields: Readonly<Record<string, string | Blob>>, to = page) {
  server.clock.advance(1_000)
  const shown = await visitor.page(page)
  const all = { form: /name="form" value="([^"]+)"/.exec(shown)?.[1] ?? '', ...fields }
  const body = shown.includes('multipart/form-data') ? new FormData() : new URLSearchParams()
  for (const [name, value] of Object.entries(all))
    if (typeof value === 'string') body.append(name, value)
    else if (body instanceof FormData) body.append(name, value, '灯.png')
  const answer = await visitor.fetch(to, { method: 'POST', body, headers: html })
  const location = answer.headers.get('location') ?? ''
  return { status: answer.status, location, page: location ? await visitor.page(location) : await answer.text() }
}
const files = (request: string) => server.one<number>('select count(*)::int from file where record = $1', [request])
const heldOn = (page: string) => page.match(/\/tell\/pictures\/[0-9a-f-]{36}\?form=/g)?.length ?? 0

describe('adding pictures', () => {
  test('after a fault they wait at the form, are sent without choosing them again, and are shown to no other browser', async () => {
    const filed = await file()
    const add = `/r/${filed.link}/add`
    const wrong = await send(add, { text: '字'.repeat(6_000), pictures: picture })
    expect(wrong.status).toBe(303)
    expect(wrong.page).toContain('id="faults"')
    expect(wrong.page).toContain('字'.repeat(6_000))
    expect(heldOn(wrong.page)).toBe(1)
    const address = /\/tell\/pictures\/[^"]+/.exec(wrong.page)?.[0] ?? ''
    expect((await visitor.fetch(address)).status).toBe(200)
    expect((await visitorOf(server).fetch(address)).status).toBe(404)
    expect(heldOn(await visitorOf(server).page(wrong.location))).toBe(0)
    const sent = await send(wrong.location, { text: '这盏' }, add)
    expect(sent.location).toBe(`/r/${filed.link}?done=add`)
    expect(await files(filed.id)).toBe(1)
    // Going back to where it was finds neither words nor pictures to be sent twice.
    const back = await visitor.page(wrong.location)
    expect(heldOn(back)).toBe(0)
    expect(back).not.toContain('字字')
  })

  test('one that is not wanted is taken away again; another language keeps the rest', async () => {
    const filed = await file()
    const add = `/r/${filed.link}/add`
    const first = await send(add, { text: '两张', pictures: picture, display: 'language:en' })
    expect(first.page).toContain('<html lang="en"')
    expect(first.page).toContain('两张')
    expect(heldOn(first.page)).toBe(1)
    const two = await send(first.location, { text: '两张', pictures: picture, display: 'language:zh-CN' }, add)
    expect(heldOn(two.page)).toBe(2)
    const drop = /value="(drop:[^"]+)"/.exec(two.page)?.[1] ?? ''
    const one = await send(two.location, { text: '一张', do: drop }, add)
    expect(heldOn(one.page)).toBe(1)
    expect(one.page).toContain('一张')
    expect(one.page).not.toContain('id="faults"')
    expect((await send(one.location, {}, add)).location).toContain('done=add')
    expect(await files(filed.id)).toBe(1)
  })

  test('a file that cannot be taken keeps those that came with it', async () => {
    const filed = await file()
    const add = `/r/${filed.link}/add`
    await send(add, { text: '看', pictures: picture, display: 'type:large' })
    const broken = await send(add, { text: '看', pictures: new Blob(['no picture'], { type: 'image/png' }) })
    expect(broken.page).toContain('“灯.png”没有收下')
    expect(await files(filed.id)).toBe(0)
  })
})

test('a visit: the day, the note and the reason to cancel stay through a switch', async () => {
  const filed = await file({ phone: '13911116666' })
  const dispatched = { body: organisation.bodies.property }
  for (const [who, act, body] of [
    [staff.secretary, 'accept', {}],
    [staff.secretary, 'dispatch', dispatched],
    [staff.manager, 'acknowledge', {}],
  ] as const)
    expect((await ask(who, filed.id, act, body as never)).status).toBeLessThan(300)
  const mine = `/r/${filed.link}`
  const day = new Date(server.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)
  const asked = { day, from: '14:00', until: '16:00', note: '走东门' }
  const kept = await send(`${mine}/visit`, { ...asked, display: 'language:en' }, `${mine}/arrange-visit`)
  expect(kept.page).toContain('value="走东门"')
  expect((await send(kept.location, { ...asked, display: 'language:zh-CN' }, `${mine}/arrange-visit`)).status).toBe(303)
  expect((await send(`${mine}/visit`, asked, `${mine}/arrange-visit`)).location).toContain('done=arrange-visit')
  const reasoned = { ...asked, note: '改走西门', reason: '那天有事' }
  const pressed = await send(`${mine}/visit`, { ...reasoned, display: 'type:large' }, `${mine}/move-visit`)
  expect(pressed.page).toContain('那天有事')
  expect(pressed.page).toContain('改走西门')
  const cancelled = await send(pressed.location, reasoned, `${mine}/cancel-visit`)
  expect(cancelled.location).toContain('done=cancel-visit')
})

describe('judging', () => {
  test('nothing is kept for what no token opens', async () => {
    const count = () => server.one<number>('select count(*)::int from form_draft')
    const before = await count()
    const form = await visitor.form()
    const unknown = await visitor.fetch('/j/unknown', {
      method: 'POST',
      body: new URLSearchParams({ form, words: '占地方' }),
      headers: html,
    })
    expect(unknown.status).toBe(404)
    expect(await count()).toBe(before)
  })

  test('a fault comes back to the page it was on, with what was said, and going back finds a page', async () => {
    const filed = await file({ phone: '13911117777' })
    await answered(filed)
    await server.workJobs()
    const answer = await server.one<string>('select id from request_answer where request = $1', [filed.id])
    const address = `/j/${judgeToken(server.kernel, answer, 0)}`
    const words = { satisfaction: '2', words: '还差一盏' }
    const wrong = await send(address, words)
    expect(wrong.location).toMatch(new RegExp(`^${address}\\?form=`))
    expect(wrong.page).toContain('id="faults"')
    expect(wrong.page).toMatch(/name="satisfaction" value="2"[^>]* checked/)
    expect(wrong.page).toContain('还差一盏')
    // On the page that follows the matter the same form stands, and it comes back there.
    const followed = await send(`/r/${filed.link}`, { ...words, back: `/r/${filed.link}` }, address)
    expect(followed.location).toMatch(new RegExp(`^/r/${filed.link}\\?form=[\\w-]+#faults$`))
    expect(followed.page).toContain('还差一盏')
    const away = await send(address, { ...words, back: '//elsewhere.example/r/x' })
    expect(away.location).toMatch(new RegExp(`^${address}\\?`))
    // Another browser sees nothing of it.
    expect(await visitorOf(server).page(wrong.location)).not.toContain('还差一盏')
    const done = await send(followed.location.replace(/#.*/, ''), { ...words, verdict: 'partly' }, address)
    expect(done.location).toBe(`${address}?done=judge`)
    expect(await row(filed.id)).toMatchObject({ state: 'closed', result: 'partly' })
  })
})
