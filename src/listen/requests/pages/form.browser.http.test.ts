import { beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { type Visitor, visitorOf } from '#testing/visitor.ts'

// A form belongs to the browser it was opened in; its address may be sent about.
const server = await testServer(await testDatabase({ keep: true }))
const { places, resident } = await makeOrganisation(server)
const place = places.community.id
const html = { Accept: 'text/html' }
const count = () => server.one<number>('select count(*)::int from request')
let said = 0
beforeEach(() => {
  said += 1
})

async function post(who: Pick<Visitor, 'fetch'>, fields: Record<string, string>, path = '/tell') {
  const answer = await who.fetch(path, { method: 'POST', body: new URLSearchParams(fields), headers: html })
  return {
    status: answer.status,
    location: answer.headers.get('location') ?? '',
    cookies: answer.headers.getSetCookie(),
    page: await answer.text(),
  }
}
const typed = () => ({ page: 'all', place, text: `楼道灯不亮，第${said}回`, name: '只给您看', phone: '13911110000' })

describe('an address of a form that another opens', () => {
  test('shows nothing of what was typed and is a form of their own, at the same place', async () => {
    const first = visitorOf(server)
    const form = await first.form(`/places/${place}/tell?step=what`)
    await post(first, { ...typed(), form, do: 'keep' })
    expect(await first.page(`/tell?form=${form}`)).toContain('只给您看')
    const second = visitorOf(server)
    const led = await second.fetch(`/places/${place}/tell?form=${form}&step=what&check=1`, { headers: html })
    expect(led.status).toBe(303)
    const to = new URL(led.headers.get('location') ?? '', server.address)
    expect(to.pathname).toBe(`/places/${place}/tell`)
    expect(to.searchParams.get('form')).not.toBe(form)
    expect(to.searchParams.get('step')).toBe('what')
    const page = await second.page(to.pathname + to.search)
    expect(page).not.toContain('只给您看')
    expect(page).not.toContain(`第${said}回`)
    // Also for whoever already fills in one of their own, and after it was sent.
    await post(first, { ...typed(), form, do: 'send' })
    expect(await second.page(`/tell?form=${form}`)).not.toMatch(/只给您看|requests.tell.sent|\/r\//)
  })

  test('sent with other words, both are filed and each gets a link of their own', async () => {
    const [first, second] = [visitorOf(server), visitorOf(server)]
    const form = await first.form()
    await second.form()
    const before = await count()
    const one = await post(first, { ...typed(), form, do: 'send' })
    const other = await post(second, { ...typed(), text: '另一个人说的另一件事', form, do: 'send' })
    expect(one.location).toMatch(/^\/r\/[\w-]{43}\/receipt$/)
    expect(other.location).toMatch(/^\/r\/[\w-]{43}\/receipt$/)
    expect(other.location).not.toBe(one.location)
    expect(await count()).toBe(before + 2)
    expect(await server.one("select count(*)::int from request where body = '另一个人说的另一件事'")).toBe(1)
    // Sent twice, it is one.
    expect((await post(second, { ...typed(), form, do: 'send' })).location).toBe(other.location)
    expect(await count()).toBe(before + 2)
  })

  test('made up, it is none', async () => {
    const visitor = visitorOf(server)
    await visitor.form()
    const answer = await visitor.fetch(`/tell?form=${'A'.repeat(43)}`, { headers: html })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).not.toContain('A'.repeat(43))
  })

  test('shows no pictures', async () => {
    const [first, second] = [visitorOf(server), visitorOf(server)]
    const form = await first.form()
    await second.form()
    const body = new FormData()
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    for (const [name, value] of Object.entries({ ...typed(), form, do: 'keep' })) body.append(name, value)
    body.append('pictures', new Blob([Buffer.from(png, 'base64')], { type: 'image/png' }), 'lamp.png')
    await first.fetch('/tell', { method: 'POST', body, headers: html })
    const picture = /\/tell\/pictures\/[0-9a-f-]{36}\?form=[\w-]{43}/.exec(await first.page(`/tell?form=${form}`))?.[0]
    expect((await first.fetch(picture ?? '')).status).toBe(200)
    expect((await second.fetch(picture ?? '')).status).toBe(404)
    expect((await server.fetch(picture ?? '')).status).toBe(404)
  })
})

test('the cookie is closed to scripts, says nothing, lasts a day, and stands in no table', async () => {
  const answer = await server.fetch('/tell')
  const line = answer.headers.getSetCookie().find((each) => each.startsWith('linli_form=')) ?? ''
  expect(line).toMatch(/^linli_form=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax$/)
  const secret = /=([\w-]{43})/.exec(line)?.[1] ?? ''
  const form = /form=([\w-]+)/.exec(answer.headers.get('location') ?? '')?.[1] ?? ''
  const kept = {
    fetch: (path: string, init: RequestInit = {}) =>
      server.fetch(path, { ...init, headers: { ...html, Cookie: `linli_form=${secret}` } }),
  }
  await post(kept, { ...typed(), form, do: 'keep' })
  const found = await server.one<number>(
    'select count(*)::int from form_draft where token_hash in (sha256($1), sha256($2), sha256($3))',
    [Buffer.from(form), Buffer.from(secret), Buffer.from(form + secret)],
  )
  expect(found).toBe(0)
})

describe('sent while signed in, and come back to after signing out', () => {
  test('the same browser sees its receipt; nothing empty is filed, nothing fails', async () => {
    const visitor = visitorOf(server)
    const form = await visitor.form()
    const cookie = resident.cookie
    const signedIn = {
      fetch: (path: string, init: RequestInit = {}) =>
        visitor.fetch(path, { ...init, headers: { ...html, Cookie: cookie } }),
    }
    const { location } = await post(signedIn, { ...typed(), form, do: 'send' })
    expect(location).toMatch(/\/receipt$/)
    const before = await count()
    const again = await post(visitor, { form, do: 'send' })
    expect([again.status, again.location]).toEqual([303, location])
    expect((await visitor.fetch(location, { headers: html })).status).toBe(200)
    // The receipt forgotten, it says that it was sent.
    await server.superuser.query('delete from idempotency')
    const late = await post(visitor, { form, do: 'send' })
    expect([late.status, late.location]).toEqual([303, `/tell?form=${form}`])
    expect(await visitor.page(late.location)).toContain('这件事已经收到了')
    expect(await count()).toBe(before)
  })
})

describe('without cookies', () => {
  const none = { fetch: (path: string, init?: RequestInit) => server.fetch(path, init) }
  async function opened(path = '/tell') {
    let answer = await server.fetch(path, { headers: html })
    const turns = []
    while (answer.status === 303 && turns.length < 5) {
      turns.push(answer.headers.get('location') ?? '')
      answer = await server.fetch(turns.at(-1) ?? '', { headers: html })
    }
    const page = await answer.text()
    return { turns, page, form: /name="form" value="([\w-]{43})"/.exec(page)?.[1] ?? '' }
  }

  test('the form comes on one long page and says that nothing is kept', async () => {
    const { turns, page, form } = await opened(`/places/${place}/tell?step=what`)
    expect(turns.length).toBeLessThanOrEqual(2)
    expect(page).toContain('浏览器没有带上本站的 Cookie')
    expect(page).toContain('name="phone"')
    expect(page).toContain(`value="${place}"`)
    expect(page).not.toContain('data-draft')
    expect(form).not.toBe('')
    expect(turns.join()).not.toContain(form)
  })

  test('faults come back with all that was typed, nothing is kept, and it is filed once', async () => {
    const { form } = await opened()
    const drafts = () => server.one<number>('select count(*)::int from form_draft')
    const [before, draftsBefore] = [await count(), await drafts()]
    const wrong = await post(none, { ...typed(), phone: 'abc', form, alone: 'yes', do: 'send' })
    expect(wrong.status).toBe(200)
    expect(wrong.page).toContain(`第${said}回`)
    expect(wrong.page).toContain('id="faults"')
    expect(wrong.page).toContain(`value="${form}"`)
    const sent = await Promise.all([1, 2].map(() => post(none, { ...typed(), form, alone: 'yes', do: 'send' })))
    expect(sent[0]?.location).toMatch(/^\/r\/[\w-]{43}\/receipt$/)
    expect(sent[1]?.location).toBe(sent[0]?.location)
    expect(await count()).toBe(before + 1)
    const other = await post(none, { ...typed(), text: '再说一件', form, alone: 'yes', do: 'send' })
    expect(other.location).not.toBe(sent[0]?.location)
    expect(await count()).toBe(before + 2)
    expect(await drafts()).toBe(draftsBefore)
  })

  test('a form whose cookie is over comes back filled in, and nothing is filed before it is sent again', async () => {
    const form = await visitorOf(server).form()
    const before = await count()
    const back = await post(none, { ...typed(), form, do: 'send' })
    expect([back.status, back.location]).toEqual([200, ''])
    expect(back.page).toContain(`第${said}回`)
    expect(back.page).not.toContain(`value="${form}"`)
    expect(await count()).toBe(before)
  })

  test('a switch of the header keeps what was typed', async () => {
    const { form } = await opened()
    const after = await post(none, { ...typed(), form, alone: 'yes', display: 'language:en' })
    expect(after.page).toContain('<html lang="en"')
    expect(after.page).toContain(`第${said}回`)
    expect(after.page).not.toContain('id="faults"')
  })
})
