import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { judgeToken } from '../acts/judge.ts'

// Whoever changes language, type or contrast in the middle of a form of a followed request loses nothing, without any script.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, answered } = requestsOf(server, organisation)
const html = { Accept: 'text/html' }

async function pressed(path: string, body: URLSearchParams | FormData) {
  server.clock.advance(1_000)
  const answer = await server.fetch(path, { method: 'POST', body, headers: { ...html, Origin: server.address } })
  return {
    status: answer.status,
    language: answer.headers.get('content-language'),
    cookies: answer.headers.getSetCookie().join('\n'),
    page: await answer.text(),
  }
}
const form = (fields: Record<string, string> | [string, string][]) => new URLSearchParams(fields)
const get = async (path: string) => (await server.fetch(path, { headers: html })).text()

const displays = [
  ['language:en', 'linli_language=en', /<html lang="en"/],
  ['type:large', 'linli_display=large.normal', /class="large"/],
  ['contrast:high', 'linli_display=normal.high', /class="contrast"/],
] as const

describe('adding, correcting, complaining', () => {
  test.each(displays)('%s keeps what was typed, and nothing is done', async (display, cookie, shown) => {
    const filed = await file({ phone: '13911113333' })
    const mine = `/r/${filed.link}`
    const before = await server.one('select count(*)::int from request_entry where request = $1', [filed.id])
    const tried: [string, [string, string][], string][] = [
      ['add', [['text', '还没说完 <b>']], '还没说完 &lt;b&gt;'],
      [
        'correct',
        [
          ['title', '新的题目'],
          ['text', '改到一半'],
          ['spot', ''],
        ],
        'value="新的题目"',
      ],
      ['withdraw', [['reason', '不用了，因为']], '不用了，因为'],
      [
        'complain',
        [
          ['faults', 'slow'],
          ['faults', 'manner'],
          ['text', '等了'],
        ],
        '等了',
      ],
    ]
    for (const [name, fields, kept] of tried) {
      const after = await pressed(`${mine}/${name}`, form([...fields, ['display', display]]))
      expect(after.status, name).toBe(200)
      expect(after.cookies).toContain(cookie)
      expect(after.page).toMatch(shown)
      expect(after.page, name).toContain(kept)
      // Nothing is found fault with before it is sent; and the switches are pressed within the form again.
      expect(after.page).not.toContain('id="faults"')
      expect(after.page).toContain('form="filled" name="display"')
    }
    expect(await server.one('select count(*)::int from request_entry where request = $1', [filed.id])).toBe(before)
    expect(await server.one('select state from request where id = $1', [filed.id])).toBe('received')
  })

  test('a title that was emptied stays empty; what was ticked stays ticked', async () => {
    const filed = await file()
    const corrected = await pressed(`/r/${filed.link}/correct`, form({ title: '', text: '话', display: 'language:en' }))
    expect(corrected.page).toMatch(/name="title"[^>]* value=""/)
    const page = await get(`/r/${filed.link}/complain`)
    const first = /name="faults" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const complained = await pressed(`/r/${filed.link}/complain`, form({ faults: first, display: 'type:large' }))
    expect(complained.page).toMatch(new RegExp(`name="faults" value="${first}"[^>]* checked`))
  })

  test('pictures that were chosen are asked for again, and none is kept', async () => {
    const filed = await file()
    const body = new FormData()
    body.append('text', '看图')
    body.append('display', 'language:en')
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    body.append('pictures', new Blob([Buffer.from(pixel, 'base64')], { type: 'image/png' }), 'lamp.png')
    const after = await pressed(`/r/${filed.link}/add`, body)
    expect(after.status).toBe(200)
    expect(after.page).toContain('看图')
    expect(after.page).toContain('Please choose')
    expect(await server.one('select count(*)::int from file')).toBe(0)
  })

  test('Enter in a field presses no switch', async () => {
    const page = await get(`/r/${(await file()).link}/add`)
    const buttons = [...page.matchAll(/<button[^>]*form="filled"[^>]*>/g)].map(([each]) => each)
    expect(buttons[0]).toContain('name="do" value="send"')
    expect(page.match(/id="filled"/g)).toHaveLength(1)
    expect(page).not.toContain('action="/display"')
  })
})

describe('judging', () => {
  test.each(displays)('%s keeps what was chosen and said, and nothing is judged', async (display, cookie, shown) => {
    const filed = await file({ phone: '13911114444' })
    await answered(filed, '换好了。')
    await server.workJobs()
    const answer = await server.one<string>('select id from request_answer where request = $1', [filed.id])
    const address = `/j/${judgeToken(server.kernel, answer, 0)}`
    const after = await pressed(address, form({ verdict: 'partly', satisfaction: '4', words: '还差一盏', display }))
    expect(after.status).toBe(200)
    expect(after.cookies).toContain(cookie)
    expect(after.page).toMatch(shown)
    expect(after.page).toMatch(/name="verdict" value="partly"[^>]* checked/)
    expect(after.page).toMatch(/name="satisfaction" value="4"[^>]* checked/)
    expect(after.language).toBe(display === 'language:en' ? 'en' : 'zh-CN')
    expect(after.page).toContain('还差一盏')
    expect(after.page).not.toContain('id="faults"')
    expect(await server.one('select count(*)::int from judgement where request = $1', [filed.id])).toBe(0)
    // Sent at last, it is judged; the page that thanks has no form for the switches.
    expect((await pressed(address, form({ verdict: 'solved', do: 'send' }))).status).toBe(303)
    expect(await get(address)).toContain('action="/display"')
  })
})
