import { gzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { html } from 'hono/html'
import { describe, expect, test } from 'vitest'
import {
  backPath,
  choices,
  definitions,
  entries,
  errorSummary,
  field,
  mark,
  readDisplay,
  timeline,
} from '#kernel/pages/index.ts'
import { pagesWords } from '#kernel/pages/pages.words.ts'
import { registerWords } from '#kernel/words/index.ts'
import { layoutRoutes, page, publicAssets } from './index.ts'
import { layoutWords } from './layout.words.ts'

registerWords(layoutWords)
registerWords(pagesWords)

const nasty = `"><script>alert('x')</script>&'`
const plain = { language: 'zh-CN', settings: { type: 'normal', contrast: 'normal' } } as const

/** Text and attributes escaped: no tag of the nasty text survives, no attribute is left early. */
function expectSafe(markup: unknown) {
  const text = String(markup)
  expect(text).not.toContain('<script>alert')
  expect(text).not.toContain('"><script')
  expect(text).toContain('&quot;&gt;&lt;script&gt;')
}

describe('what people typed stays text', () => {
  test('in the page: title, place and address', async () => {
    expectSafe(
      await page({
        ...plain,
        title: nasty,
        place: { name: nasty, above: nasty, href: `/${nasty}` },
        currentPath: `/tell?x=${nasty}`,
        demonstration: true,
        signedIn: false,
        main: nasty,
        remedy: nasty,
      }),
    )
  })

  test.each([
    ['mark', mark('open', nasty)],
    ['timeline', timeline('zh-CN', [{ title: nasty, by: nasty, text: nasty }])],
    ['errors', errorSummary('en', [{ field: nasty, text: nasty }])],
    ['text field', field('en', { name: nasty, label: nasty, hint: nasty, error: nasty, value: nasty })],
    ['area', field('en', { name: 'a', kind: 'area', label: 'a', value: `</textarea>${nasty}` })],
    ['select', field('en', { name: 'a', kind: 'select', label: 'a', options: [{ value: nasty, label: nasty }] })],
    ['choices', choices('en', { name: nasty, legend: nasty, options: [{ value: nasty, label: nasty, hint: nasty }] })],
    ['definitions', definitions([[nasty, nasty]])],
    ['entries', entries([{ href: nasty, title: nasty, about: nasty }])],
  ])('in %s', (_, markup) => expectSafe(markup))

  test('and pieces put into pieces are not escaped twice', () => {
    expect(String(entries([{ href: '/', title: html`<b>${'<i>'}</b>`, mark: mark('done', '好') }]))).toContain(
      '<b>&lt;i&gt;</b></a><span class="mark done">好</span>',
    )
  })
})

describe('the page', () => {
  test('has no style or script of its own in the text, and says its language', async () => {
    const text = await page({
      language: 'en',
      settings: { type: 'large', contrast: 'high' },
      title: 'Follow',
      place: null,
      currentPath: '/follow?number=1',
      demonstration: false,
      signedIn: false,
      main: html`<p>x</p>`,
    })
    expect(text).toContain('<html lang="en" class="large contrast">')
    expect(text).toMatch(/<a href="\/follow" aria-current="page">/)
    expect(text).not.toMatch(/<style|style="|\son\w+="/)
    expect(text.match(/<script[^>]*>/g)?.every((tag) => tag.includes('src="/web/'))).toBe(true)
    expect(text).not.toContain(layoutWords.en['layout.demonstration'])
  })

  test('links each fault to its control', () => {
    const faults = [{ field: 'place[0].name', text: 'Where?' }]
    expect(String(errorSummary('en', faults))).toContain('href="#field-place-0--name"')
    expect(String(field('en', { name: 'place[0].name', label: 'Where', error: 'Where?' }))).toContain(
      'id="field-place-0--name"',
    )
    expect(String(errorSummary('en', []))).toBe('')
  })

  test('keeps a line break at the start of a text', () => {
    expect(String(field('en', { name: 'a', kind: 'area', label: 'a', value: '\nsecond' }))).toContain(
      '>\n\nsecond</textarea>',
    )
  })

  test('nothing is chosen beforehand', () => {
    const options = [
      { value: '1', label: '1' },
      { value: '2', label: '2' },
    ]
    expect(String(choices('en', { name: 'a', legend: 'a', options }))).not.toContain('checked')
    expect(String(choices('en', { name: 'a', legend: 'a', options, chosen: ['2'] })).match(/checked/g)).toHaveLength(1)
  })
})

describe('wishes of display', () => {
  test('come from the cookie, else from the browser, else Chinese in normal type', () => {
    expect(readDisplay({ headers: {} })).toEqual(plain)
    expect(readDisplay({ headers: { 'accept-language': 'fr, en;q=0.8, zh;q=0.5' } }).language).toBe('en')
    expect(readDisplay({ headers: { 'accept-language': 'zh' }, query: { lang: 'en' } }).language).toBe('en')
    expect(
      readDisplay({ headers: { cookie: 'a=1; linli_language=en; linli_display=large.high', 'accept-language': 'zh' } }),
    ).toEqual({ language: 'en', settings: { type: 'large', contrast: 'high' } })
    expect(readDisplay({ headers: { cookie: 'linli_language=<x>; linli_display=<y>.<z>' } })).toEqual(plain)
  })

  test.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/a\nb',
    '/\t/evil.example',
    '/楼道',
    '',
    7,
    undefined,
  ])('never lead away: %j', (given) => expect(backPath(given)).toBe('/'))

  test('are switched by one button and come back to the page', async () => {
    const app = Fastify()
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    layoutRoutes(app, { secure: true })
    const answer = await app.inject({
      method: 'POST',
      url: '/display',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: 'linli_language=en; linli_display=normal.high',
      },
      payload: 'type=large&back=%2Fraised%3Fafter%3D7',
    })
    expect(answer.statusCode).toBe(303)
    expect(answer.headers.location).toBe('/raised?after=7')
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^linli_language=en; /),
      expect.stringMatching(/^linli_display=large\.high; .*HttpOnly; SameSite=Lax; Secure$/),
    ])
    const style = await app.inject({ url: '/web/public.css', headers: { 'accept-encoding': 'gzip' } })
    expect(style.headers['content-encoding']).toBe('gzip')
    expect((await app.inject({ url: '/web/altcha/pow.js' })).statusCode).toBe(200)
  })
})

test('style and script stay small', () => {
  const packed = Object.fromEntries(publicAssets().map((asset) => [asset.path, gzipSync(asset.body).length]))
  expect(packed['/web/public.css']).toBeLessThan(12 * 1024)
  expect(packed['/web/public.js']).toBeLessThan(6 * 1024)
})

test('both languages say the same things', () => {
  expect(Object.keys(layoutWords.en)).toEqual(Object.keys(layoutWords['zh-CN']))
  expect(Object.keys(pagesWords.en)).toEqual(Object.keys(pagesWords['zh-CN']))
})
