// Pictures with a form, as browsers and those who are no browsers send them: a clear sentence, and nothing that was typed is lost.
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const place = organisation.places.community.id
const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#2f6b4f' } })
  .jpeg()
  .toBuffer()
const typed = '楼下路灯不亮，照片里看得见'

const visitor = visitorOf(server)
const newForm = () => visitor.form()

/** Posts the form with files as a browser does, follows where it leads, and returns the page. */
async function send(form: string, files: readonly (Buffer | string)[], wanted = 'keep', name = 'picture.jpg') {
  const data = new FormData()
  for (const [field, value] of Object.entries({ form, page: 'all', do: wanted, text: typed, place, anonymous: 'yes' }))
    data.append(field, value)
  for (const file of files) data.append('pictures', new Blob([file as never], { type: 'image/jpeg' }), name)
  const answer = await visitor.fetch('/tell', { method: 'POST', body: data, headers: { Accept: 'text/html' } })
  const location = answer.headers.get('location')
  return { status: answer.status, location, html: location ? await page(location) : await answer.text() }
}
const page = async (path: string) => (await visitor.fetch(path, { headers: { Accept: 'text/html' } })).text()
const shown = async (form: string) => page(`/tell?form=${form}`)
/** Every file below the data directory. */
const onDisk = () =>
  readdirSync(server.kernel.config.dataDirectory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
const part = (described: string, value: string) =>
  `--xyz\r\nContent-Disposition: form-data; ${described}\r\n\r\n${value}`
const heldBy = async (form: string) => (await shown(form)).match(/\/tell\/pictures\/[0-9a-f-]{36}\?/g)?.length ?? 0

describe('pictures with a form', { timeout: 60_000 }, () => {
  test('nine are taken and go with the request', async () => {
    const form = await newForm()
    const sent = await send(
      form,
      Array.from({ length: 9 }, () => picture),
      'send',
    )
    expect(sent.location).toMatch(/\/receipt$/)
    expect(await server.one('select count(*)::integer from file where record is not null')).toBe(9)
  })

  test('of twelve at once, or three times four, nine are kept and the rest is told', async () => {
    const three = await newForm()
    for (const round of [1, 2, 3]) {
      const sent = await send(
        three,
        Array.from({ length: 4 }, () => picture),
      )
      expect(sent.status, `round ${round}`).toBeLessThan(500)
    }
    expect(await shown(three)).toContain(typed)
    expect(await heldBy(three)).toBe(9)
    const twelve = await newForm()
    const sent = await send(
      twelve,
      Array.from({ length: 12 }, () => picture),
    )
    expect(sent.status).toBeLessThan(500)
    expect(sent.html).toContain('最多上传 9 个文件')
    expect(await shown(twelve)).toContain(typed)
    expect(await heldBy(twelve)).toBe(9)
  })

  test('60 MB: told how big it may be, and what was typed stands', async () => {
    const form = await newForm()
    const sent = await send(form, [Buffer.concat([picture, Buffer.alloc(60 * 1024 * 1024)])])
    expect(sent.status).toBeLessThan(400)
    expect(sent.html).toContain('文件太大')
    expect(await shown(form)).toContain(typed)
  })

  test.each([
    ['a text', 'no picture at all'],
    ['a page', '<html><script>alert(1)</script></html>'],
    ['half a picture', picture.subarray(0, 200)],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['nothing', ''],
  ])('%s under a picture’s name: told, not kept, nothing lost', async (_name, bytes) => {
    const form = await newForm()
    const before = await server.one('select count(*)::integer from file')
    const sent = await send(form, [bytes], 'keep', '../../x.jpg')
    expect(sent.status).toBeLessThan(500)
    expect(await shown(form)).toContain(typed)
    expect(await server.one('select count(*)::integer from file')).toBe(before)
  })

  test('a picture of 30,000 × 30,000: refused by what it declares', async () => {
    const form = await newForm()
    const bomb = Buffer.from(await sharp(picture).png().toBuffer())
    // Width and height of the header, and the checksum over it.
    bomb.writeUInt32BE(30_000, 16)
    bomb.writeUInt32BE(30_000, 20)
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29)
    const sent = await send(form, [bomb])
    expect(sent.status).toBeLessThan(500)
    expect(await shown(form)).toContain(typed)
    expect(await heldBy(form)).toBe(0)
  })

  test('a broken body: a sentence, never a failure; the form that was there stays', async () => {
    const form = await newForm()
    await send(form, [])
    const boundary = 'xyz'
    const field = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    for (const body of [
      '',
      'not a form',
      `--${boundary}`,
      field('form', form),
      `${field('form', form)}--${boundary}\r\nContent-Disposition: form-data; name="pictures"; filename="a.jpg"\r\n\r\nhalf`,
      `${field('form', form)}--${boundary}\r\nContent-Disposition: form-data; na`,
      `${field('form', form).repeat(100)}--${boundary}--`,
      `${field('__proto__', 'x')}${field('constructor', 'x')}--${boundary}--`,
    ]) {
      const answer = await visitor.fetch('/tell', {
        method: 'POST',
        headers: { Accept: 'text/html', 'Content-Type': `multipart/form-data; boundary=${boundary}` },
        body,
      })
      expect(answer.status, body.slice(0, 120)).toBeLessThan(500)
      expect(await shown(form)).toContain(typed)
    }
    const unbounded = await visitor.fetch('/tell', {
      method: 'POST',
      headers: { Accept: 'text/html', 'Content-Type': 'multipart/form-data' },
      body: 'x',
    })
    expect(unbounded.status).toBeLessThan(500)
  })

  test('a text longer than any form takes in is refused, never cut; what was kept stands', async () => {
    const form = await newForm()
    await send(form, [])
    const before = onDisk()
    const data = new FormData()
    data.append('pictures', new Blob([picture as never], { type: 'image/jpeg' }), 'picture.jpg')
    for (const [name, value] of Object.entries({ form, page: 'all', do: 'keep', text: '长'.repeat(100_000) }))
      data.append(name, value)
    const answer = await visitor.fetch('/tell', { method: 'POST', body: data, headers: { Accept: 'text/html' } })
    expect(answer.status).toBe(413)
    expect(await answer.text()).toContain('5000 字以内')
    expect(await shown(form)).toContain(typed)
    expect(onDisk()).toEqual(before)
  })

  test('a body that stops halfway and goes away leaves the others served', async () => {
    const { hostname, port } = new URL(server.address)
    const form = await newForm()
    await send(form, [])
    const before = await server.one('select count(*)::integer from file')
    const sockets = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = connect(Number(port), hostname)
        socket.on('error', () => undefined)
        await new Promise<void>((done) => socket.once('connect', () => done()))
        socket.write(
          `POST /tell HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: multipart/form-data; boundary=xyz\r\nContent-Length: 100000\r\n\r\n--xyz\r\nContent-Disposition: form-data; name="pictures"; filename="a.jpg"\r\n\r\nhalf`,
        )
        return socket
      }),
    )
    // Twenty that dawdle hold no connection to the database: there are eight.
    expect(await shown(form)).toContain(typed)
    for (const socket of sockets) socket.destroy()
    expect(await shown(form)).toContain(typed)
    expect(await server.one('select count(*)::integer from file')).toBe(before)
  })

  test.each([
    ['within a picture', 'multipart/form-data; boundary=xyz', [part('name="pictures"; filename="b.jpg"', 'half')]],
    ['within a text behind a picture', 'multipart/form-data; boundary=xyz', [part('name="text"', 'half a sen')]],
    ['within a form of text alone', 'application/x-www-form-urlencoded', ['text=half']],
  ])('a body that breaks off %s alarms nobody and leaves nothing on the disk', async (_where, type, last) => {
    const alarmed = vi.spyOn(server.kernel.log, 'error')
    const answered = vi.spyOn(server.kernel, 'problemPage')
    const limited = vi.spyOn(server.kernel.limits, 'take')
    const before = onDisk()
    const { hostname, port } = new URL(server.address)
    const socket = connect(Number(port), hostname)
    await new Promise<void>((done) => socket.once('connect', () => done()))
    const whole = type.startsWith('multipart')
      ? Buffer.concat([Buffer.from(part('name="pictures"; filename="a.jpg"', '')), picture, Buffer.from('\r\n')])
      : Buffer.alloc(0)
    socket.write(
      `POST /tell HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: ${type}\r\nContent-Length: 100000\r\n\r\n`,
    )
    socket.write(Buffer.concat([whole, Buffer.from(last.join(''))]))
    // The whole picture is painted before the rest breaks off; where there is none, the body is being read.
    if (whole.length > 0) await expect.poll(() => onDisk().length).toBeGreaterThan(before.length)
    else await expect.poll(() => limited.mock.settledResults[0]?.type).toBe('fulfilled')
    socket.resetAndDestroy()
    await expect.poll(() => answered.mock.calls[0]?.[0]).toMatchObject({ status: 400, type: '/problems/bad-request' })
    expect(alarmed).not.toHaveBeenCalled()
    await expect.poll(onDisk).toEqual(before)
    vi.restoreAllMocks()
  })
})
