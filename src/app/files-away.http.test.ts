// Pictures in S3, from the form to the page of the request; and what a resident is told while S3 is away.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testS3 } from '#testing/s3.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

const s3 = await testS3()
afterAll(() => s3.stop())
const server = await testServer(await testDatabase({ keep: true }), { files: s3.settings })
const organisation = await makeOrganisation(server)
const place = organisation.places.community.id
const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#2f6b4f' } })
  .jpeg()
  .toBuffer()
const typed = '楼下路灯不亮，照片里看得见'
const visitor = visitorOf(server)

async function send(form: string, wanted: 'keep' | 'send') {
  const data = new FormData()
  for (const [field, value] of Object.entries({ form, page: 'all', do: wanted, text: typed, place, anonymous: 'yes' }))
    data.append(field, value)
  data.append('pictures', new Blob([picture as never], { type: 'image/jpeg' }), 'lamp.jpg')
  const answer = await visitor.fetch('/tell', { method: 'POST', body: data, headers: { Accept: 'text/html' } })
  const location = answer.headers.get('location')
  return { location, html: location ? await visitor.page(location) : await answer.text() }
}
const problem = async (path: string) => {
  const answer = await visitor.fetch(path)
  return { status: answer.status, ...((await answer.json()) as { type: string; detail: string }) }
}
const rows = () => server.one<number>('select count(*)::integer from file')

test('a picture goes to S3, comes back whole and in parts, and lies nowhere else', async () => {
  const { location } = await send(await visitor.form(), 'send')
  expect(location).toMatch(/\/receipt$/)
  const link = String(location).replace(/\/receipt$/, '')
  const shown = /\/r\/[\w-]+\/files\/[0-9a-f-]{36}/.exec(await visitor.page(link))?.[0]
  expect(shown).toBeDefined()
  const whole = await visitor.fetch(String(shown))
  const bytes = Buffer.from(await whole.arrayBuffer())
  expect(whole.status).toBe(200)
  expect(whole.headers.get('content-type')).toBe('image/webp')
  expect(whole.headers.get('accept-ranges')).toBe('bytes')
  expect(Number(whole.headers.get('content-length'))).toBe(bytes.length)
  expect((await sharp(bytes).metadata()).width).toBe(40)
  const ask = (Range: string, more = {}) => visitor.fetch(String(shown), { headers: { Range, ...more } })
  for (const [asked, from, to] of [
    ['bytes=2-9', 2, 9],
    [`bytes=${bytes.length - 4}-`, bytes.length - 4, bytes.length - 1],
    ['bytes=-4', bytes.length - 4, bytes.length - 1],
    [`bytes=2-${bytes.length + 50}`, 2, bytes.length - 1],
  ] as const) {
    const part = await ask(asked)
    expect(part.status, asked).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to}/${bytes.length}`)
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(from, to + 1))).toBe(true)
  }
  for (const asked of [`bytes=${bytes.length}-`, 'bytes=-0']) {
    const behind = await ask(asked)
    expect(behind.status, asked).toBe(416)
    expect(behind.headers.get('content-range')).toBe(`bytes */${bytes.length}`)
  }
  // Several parts at once, a part of another version and what is no range at all: the whole.
  for (const [asked, more] of [
    ['bytes=0-1,3-4', {}],
    ['bytes=9-2', {}],
    ['lines=1-2', {}],
    ['bytes=2-9', { 'If-Range': '"another"' }],
  ] as const) {
    expect((await ask(asked, more)).status, asked).toBe(200)
  }
  expect(existsSync(join(server.kernel.config.dataDirectory, 'files'))).toBe(false)
  expect(existsSync(join(server.kernel.config.dataDirectory, 'incoming'))).toBe(false)
})

test('S3 away: the form says so and keeps what was typed; nothing is half kept; it goes on when S3 is back', async () => {
  expect((await visitor.fetch('/readyz')).status).toBe(200)
  const before = await rows()
  const sent = await send(await visitor.form(), 'send')
  const picture = `${String(sent.location).replace(/\/receipt$/, '')}/files/${await server.one('select id from file order by id desc limit 1')}`
  await s3.away()
  const form = await visitor.form()
  const { html } = await send(form, 'keep')
  expect(html).toContain('照片和视频暂时存取不了')
  expect(html).toContain(typed)
  expect(await rows()).toBe(before + 1)
  // Its answer is kept for five seconds.
  await expect
    .poll(() => problem('/readyz'), { timeout: 30_000, interval: 500 })
    .toMatchObject({ status: 503, type: '/problems/files-away' })
  const shown = await visitor.fetch(picture)
  expect(shown.status).toBe(503)
  expect(await shown.text()).toContain('照片和视频暂时存取不了')
  // Without a picture everything goes on.
  expect((await visitor.fetch('/')).status).toBe(200)
  await s3.back()
  await expect.poll(async () => (await visitor.fetch('/readyz')).status, { timeout: 30_000, interval: 500 }).toBe(200)
  expect((await send(form, 'send')).location).toMatch(/\/receipt$/)
  expect((await visitor.fetch(picture)).status).toBe(200)
})

test('what was erased while S3 was away is erased from it when it is back', async () => {
  const sent = await send(await visitor.form(), 'send')
  const id = await server.one<string>('select id from file order by id desc limit 1')
  const path = `${String(sent.location).replace(/\/receipt$/, '')}/files/${id}`
  expect((await visitor.fetch(path)).status).toBe(200)
  await server.superuser.query('update file set record = null, owner_token_hash = $2, expires_at = $3 where id = $1', [
    id,
    Buffer.alloc(32),
    server.clock.now(),
  ])
  const sweep = () => server.kernel.files.sweep(server.kernel.jobsDatabase.sql, server.clock.now())
  await s3.away()
  await expect(sweep()).rejects.toMatchObject({ type: 'files-away' })
  expect(await server.one('select count(*)::integer from file where id = $1', [id])).toBe(1)
  await s3.back()
  await sweep()
  expect(await server.one('select count(*)::integer from file where id = $1', [id])).toBe(0)
  expect(await server.kernel.files.read({ id, mediaType: 'image/webp', thumbnail: true })).toBeNull()
})
