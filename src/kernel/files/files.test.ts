import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { deflateSync, gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { testS3 } from '#testing/s3.ts'
import { newToken } from '../encryption/index.ts'
import type { Refusal } from '../http/refusal.ts'
import { createFiles, type FileStore, type Files, openFileStore } from './index.ts'
import { writeDown } from './intake.ts'
import { mp4, webm } from './made.fixture.ts'

const database = await testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'linli-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const now = new Date()
const day = 86_400_000
const act = { sql: database.app.sql, now }
const record = '019a0000-0000-7000-8000-000000000002'

const streamOf = (bytes: Buffer) => {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 65_536) parts.push(bytes.subarray(at, at + 65_536))
  return Readable.from(parts)
}
const paint = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 30, g: 90, b: 60 } } })
const picture = await paint(60, 40).png().toBuffer()
/** Every file below a folder of the store. */
async function storedIn(store: FileStore, folder = ''): Promise<string[]> {
  const names = (await store.list(folder)).filter((name) => name !== 'installation')
  const below = names.map(async (name) =>
    name.includes('.') ? [`${folder}${name}`] : storedIn(store, `${folder}${name}/`),
  )
  return (await Promise.all(below)).flat()
}

const s3 = await testS3()
afterAll(() => s3.stop())

describe.each([
  ['in a folder', null],
  ['in S3', s3.settings],
] as const)('files %s', (_where, settings) => {
  let store: FileStore
  let files: Files
  beforeAll(async () => {
    store = await openFileStore({ dataDirectory: folder, files: settings })
    files = createFiles(store)
  })
  afterAll(() => files.close())
  const stored = () => storedIn(store)
  const refused = async (bytes: Buffer, accepted?: ('picture' | 'video')[]): Promise<string> =>
    files.prepare(streamOf(bytes), accepted).then(
      () => 'taken',
      (error: Refusal) => `${error.status} ${error.key}`,
    )
  function png(width: number, height: number, rows: Buffer): Buffer {
    const chunk = (type: string, data: Buffer) => {
      const body = Buffer.concat([Buffer.from(type), data])
      const out = Buffer.alloc(body.length + 8)
      out.writeUInt32BE(data.length)
      body.copy(out, 4)
      out.writeUInt32BE(crc(body), body.length + 4)
      return out
    }
    const head = Buffer.alloc(13)
    head.writeUInt32BE(width)
    head.writeUInt32BE(height, 4)
    head[8] = 1
    return Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      chunk('IHDR', head),
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
  function crc(bytes: Buffer): number {
    let value = 0xffffffff
    for (const byte of bytes) {
      value ^= byte
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
    }
    return (value ^ 0xffffffff) >>> 0
  }

  describe('pictures', () => {
    test('are painted anew: upright, without place, time, maker or remarks', async () => {
      const photo = await paint(800, 600)
        .withExif({
          IFD0: { Make: 'SECRET-PHONE', Copyright: 'SECRET-NAME' },
          IFD3: { GPSLatitude: '32/1 23/1 28/1', GPSLatitudeRef: 'N' },
        })
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer()
      expect((await sharp(photo).metadata()).orientation).toBe(6)
      const prepared = await files.prepare(streamOf(photo))
      expect(prepared).toMatchObject({
        kind: 'picture',
        mediaType: 'image/webp',
        width: 600,
        height: 800,
        thumbnail: true,
      })
      const read = await files.read(prepared)
      const bytes = await buffer(read?.stream ?? Readable.from([]))
      expect(bytes.length).toBe(prepared.bytes)
      const metadata = await sharp(bytes).metadata()
      expect(metadata).toMatchObject({ format: 'webp', width: 600, height: 800 })
      for (const key of ['exif', 'xmp', 'iptc', 'icc'] as const) expect(metadata[key], key).toBeUndefined()
      expect(bytes.toString('latin1')).not.toContain('SECRET')
      const small = await files.read(prepared, { thumbnail: true })
      expect((await sharp(await buffer(small?.stream ?? Readable.from([]))).metadata()).height).toBe(400)
    })

    test('of every kind we name are taken', async () => {
      for (const bytes of [
        picture,
        await paint(9, 9).jpeg().toBuffer(),
        await paint(9, 9).webp().toBuffer(),
        await paint(9, 9).gif().toBuffer(),
      ]) {
        expect(await refused(bytes)).toBe('taken')
      }
    })

    test('large ones become smaller', async () => {
      expect(await files.prepare(streamOf(await paint(4000, 1000).jpeg().toBuffer()))).toMatchObject({
        width: 2560,
        height: 640,
      })
    })

    test('of 30,000 × 30,000 points are refused from their head alone', async () => {
      const bomb = png(30_000, 30_000, Buffer.alloc(30_000 * 3_751))
      expect(bomb.length).toBeLessThan(200_000)
      const memory = process.memoryUsage().rss
      const started = performance.now()
      expect(await refused(bomb)).toBe('413 files.unfit.pixels')
      expect(performance.now() - started).toBeLessThan(500)
      expect(process.memoryUsage().rss - memory).toBeLessThan(100_000_000)
    })

    test('cut short or altered within are refused', async () => {
      const photo = await paint(400, 400).jpeg().toBuffer()
      expect(await refused(photo.subarray(0, photo.length / 2))).toBe('422 files.unfit.broken')
      expect(await refused(png(100, 100, Buffer.alloc(50)))).toBe('422 files.unfit.broken')
    })
  })

  describe('what is not taken', () => {
    const heic = Buffer.concat([Buffer.from('0000001c66747970686569630000000068656963', 'hex'), Buffer.alloc(5000)])
    const mov = Buffer.concat([Buffer.from('00000014667479707174202000000000', 'hex'), Buffer.alloc(5000)])
    test.each<[string, Buffer, string]>([
      ['nothing', Buffer.alloc(0), '422 files.unfit.empty'],
      ['a text', Buffer.from('hello'), '415 files.unfit.type'],
      ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), '415 files.unfit.type'],
      [
        'a drawing with script',
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        '415 files.unfit.type',
      ],
      ['an archive', Buffer.from('504b0304140000000800', 'hex'), '415 files.unfit.type'],
      ['a bomb of zeros, packed', gzipSync(Buffer.alloc(50_000_000)), '415 files.unfit.type'],
      ['a program', Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(6000)]), '415 files.unfit.type'],
      ['a document', Buffer.from('%PDF-1.7\n'), '415 files.unfit.type'],
      ['an iPhone’s HEIC', heic, '415 files.unfit.heic'],
      ['an iPhone’s MOV', mov, '415 files.unfit.quicktime'],
      ['zeros', Buffer.alloc(10_000), '415 files.unfit.type'],
    ])('%s', async (_, bytes, answer) => {
      expect(await refused(bytes)).toBe(answer)
    })

    test('a kind that is not asked for', async () => {
      expect(await refused(mp4(), ['picture'])).toBe('415 files.unfit.type')
      expect(await refused(picture, ['video'])).toBe('415 files.unfit.type')
    })

    test('a picture over 10 MB and a video over 50 MB, though read to the end', async () => {
      let given = 0
      const endless = (head: Buffer, length: number) =>
        Readable.from(
          (function* () {
            yield head
            for (given = head.length; given < length; given += 1_000_000) yield Buffer.alloc(1_000_000)
          })(),
        )
      const memory = process.memoryUsage().rss
      await expect(files.prepare(endless(picture, 300_000_000))).rejects.toMatchObject({
        status: 413,
        key: 'files.unfit.big',
      })
      expect(given).toBeGreaterThanOrEqual(300_000_000)
      expect(process.memoryUsage().rss - memory).toBeLessThan(150_000_000)
      await expect(files.prepare(endless(mp4(), 60_000_000))).rejects.toMatchObject({ status: 413 })
    })

    test('leaves nothing on the disk', async () => {
      const before = (await stored()).length
      await refused(Buffer.from('hello'))
      await refused(png(100, 100, Buffer.alloc(50)))
      await refused(mp4({ tracks: ['soun'] }))
      expect(await stored()).toHaveLength(before)
      if (settings === null) expect(readdirSync(join(folder, 'incoming'))).toEqual([])
    })

    test('a stream that breaks off', async () => {
      const broken = Readable.from(
        (function* () {
          yield picture.subarray(0, 20)
          throw new Error('connection lost')
        })(),
      )
      await expect(files.prepare(broken)).rejects.toThrow('connection lost')
    })
  })

  describe('videos', () => {
    test.each<[string, Buffer, string]>([
      ['MP4', mp4(), 'video/mp4'],
      ['WebM', webm({ live: true }), 'video/webm'],
    ])('%s is taken without its remarks', async (_, film, mediaType) => {
      const prepared = await files.prepare(streamOf(film))
      expect(prepared).toMatchObject({
        kind: 'video',
        mediaType,
        bytes: film.length,
        width: 640,
        height: 480,
        thumbnail: false,
      })
      const read = await files.read(prepared)
      expect((await buffer(read?.stream ?? Readable.from([]))).toString('latin1')).not.toContain('SECRET')
    })
  })

  describe('files of a form', () => {
    // A room that owns records says who may add to them; here, to every one.
    beforeAll(async () => {
      await sql`create or replace function access.may_attach(record uuid) returns boolean language sql stable as 'select true'`.execute(
        database.owner.sql,
      )
    })

    const prepare = () => files.prepare(streamOf(picture))

    test('are held under its token, in order, and by nobody else', async () => {
      const token = newToken()
      const first = await files.hold(act, token, await prepare(), 'requests.evidence')
      const second = await files.hold(act, token, await prepare(), 'requests.evidence')
      expect((await files.held(act, token)).map((file) => file.id)).toEqual([first.id, second.id])
      expect(await files.held(act, newToken())).toEqual([])
      expect((await sql`select * from file`.execute(database.app.sql)).rows).toEqual([])
    })

    test('become part of a record once, and only by whoever holds them', async () => {
      const token = newToken()
      const { id } = await files.hold(act, token, await prepare(), 'requests.evidence')
      await expect(files.attach(act, newToken(), [id], record)).rejects.toMatchObject({ key: 'files.unfit.gone' })
      await files.attach(act, token, [id, id], record)
      expect(await files.held(act, token)).toEqual([])
      await expect(files.attach(act, token, [id], record)).rejects.toMatchObject({ key: 'files.unfit.gone' })
      const { rows } = await sql`select record, owner_token_hash, expires_at from file`.execute(database.owner.sql)
      expect(rows).toEqual([{ record, owner_token_hash: null, expires_at: null }])
    })

    test('direct SQL as the application neither plants a file in a record nor takes one over', async () => {
      const token = newToken()
      const { id } = await files.hold(act, token, await prepare(), 'requests.evidence')
      await files.attach(act, token, [id], record)
      await expect(
        sql`insert into file (sha256, kind, media_type, bytes, purpose, record, created_at)
        values (sha256('a'), 'picture', 'image/webp', 1, 'x', ${record}::uuid, now())`.execute(database.app.sql),
      ).rejects.toThrow(/row-level security/)
      await expect(sql`update file set record = ${record}::uuid`.execute(database.app.sql)).rejects.toThrow(
        /permission/,
      )
      await expect(sql`delete from file`.execute(database.app.sql)).rejects.toThrow(/permission/)
    })

    test('are so many at most', async () => {
      const token = newToken()
      await files.hold(act, token, await prepare(), 'requests.evidence', 1)
      const more = await prepare()
      await expect(files.hold(act, token, more, 'requests.evidence', 1)).rejects.toMatchObject({
        key: 'files.unfit.many',
      })
      await files.discard(more)
      expect(await files.read(more)).toBeNull()
    })

    test('go after 24 hours, or when they are let go, and their bytes with them', async () => {
      const token = newToken()
      const kept = await files.hold(act, token, await prepare(), 'requests.evidence')
      const gone = await files.hold(act, token, await prepare(), 'requests.evidence')
      expect(await files.letGo(act, newToken(), gone.id)).toBe(false)
      expect(await files.letGo(act, token, gone.id)).toBe(true)
      expect((await files.held(act, token)).map((file) => file.id)).toEqual([kept.id])
      expect(await files.sweep(database.jobs.sql, now)).toBe(1)
      expect(await files.read(gone)).toBeNull()
      expect(await files.read(kept)).not.toBeNull()
      const tomorrow = new Date(now.getTime() + 24 * 3_600_000)
      expect(await files.held({ ...act, now: tomorrow }, token)).toEqual([])
      expect(await files.sweep(database.jobs.sql, tomorrow)).toBe(1)
      expect(await files.read(kept)).toBeNull()
      expect((await sql`select from file`.execute(database.owner.sql)).rows).toHaveLength(0)
    })

    test('bytes whose transaction never came are swept two days later, those of a record are not', async () => {
      const token = newToken()
      const kept = await files.hold(act, token, await prepare(), 'requests.evidence')
      await files.attach(act, token, [kept.id], record)
      const lost = await prepare()
      const inTwoDays = new Date(now.getTime() + 2 * 86_400_000)
      await files.sweep(database.jobs.sql, new Date(now.getTime() + 86_400_000))
      expect(await files.read(lost)).not.toBeNull()
      // One that has not begun, or has taken nothing since, does not know what is nobody's.
      await files.sweep(database.jobs.sql, inTwoDays)
      await database.owner.pool.query('insert into installation (demonstration) values (true)')
      await files.sweep(database.jobs.sql, inTwoDays)
      expect(await files.read(lost)).not.toBeNull()
      const later = await files.hold(act, token, await prepare(), 'requests.evidence')
      await files.attach(act, token, [later.id], record)
      // Nor does another installation.
      await database.owner.pool.query('update installation set id = gen_random_uuid()')
      await files.sweep(database.jobs.sql, inTwoDays)
      expect(await files.read(lost)).not.toBeNull()
      await database.owner.pool.query('update installation set id = $1', [
        (await text((await store.open('installation'))?.stream ?? Readable.from([]))).trim(),
      ])
      await files.sweep(database.jobs.sql, inTwoDays)
      await database.owner.pool.query('delete from installation')
      expect(await files.read(lost)).toBeNull()
      expect(await files.read(kept)).not.toBeNull()
    })

    test('bytes of nobody are found however old they are, also where no file came for weeks after them', async () => {
      await database.owner.pool.query('insert into installation (demonstration) values (true)')
      await database.owner.pool.query('update installation set id = $1', [
        (await text((await store.open('installation'))?.stream ?? Readable.from([]))).trim(),
      ])
      const token = newToken()
      const kept = await files.hold(act, token, await prepare(), 'requests.evidence')
      await files.attach(act, token, [kept.id], record)
      const lost = await prepare()
      const atNight = (days: number) => new Date(Math.ceil(now.getTime() / day) * day + days * day + 19 * 3_600_000)
      const week = async (from: number) => {
        for (let nights = from; nights < from + 7; nights++) await files.sweep(database.jobs.sql, atNight(nights))
      }
      // Newer than anything that the database knows: it may be another's.
      await week(20)
      expect(await files.read(lost)).not.toBeNull()
      const later = await files.hold(act, token, await prepare(), 'requests.evidence')
      await files.attach(act, token, [later.id], record)
      await week(27)
      await database.owner.pool.query('delete from installation')
      expect(await files.read(lost)).toBeNull()
      expect(await files.read(kept)).not.toBeNull()
      expect(await files.read(later)).not.toBeNull()
    })

    test('an id that is a path leads nowhere', async () => {
      for (const id of ['../../../../etc/passwd', '..', '', '019a/../../x', '0'.repeat(12).concat('/../../../..')]) {
        await expect(
          Promise.resolve()
            .then(() => files.read({ id, mediaType: 'image/webp', thumbnail: false }))
            .then((found) => found ?? Promise.reject(new Error('none'))),
        ).rejects.toThrow()
      }
    })

    test('are read in parts, to the last byte and no further', async () => {
      const prepared = await prepare()
      const whole = await buffer((await files.read(prepared))?.stream ?? Readable.from([]))
      expect(whole).toHaveLength(prepared.bytes)
      for (const range of [
        { from: 0, to: 9 },
        { from: 5, to: 20 },
        { from: whole.length - 3, to: whole.length + 100 },
      ]) {
        const part = await files.read(prepared, { range })
        const bytes = await buffer(part?.stream ?? Readable.from([]))
        expect(bytes.equals(whole.subarray(range.from, range.to + 1))).toBe(true)
        expect(part).toMatchObject({ bytes: bytes.length, total: whole.length })
      }
    })

    test('many at once all arrive', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, prepare))
      expect(new Set(all.map((prepared) => prepared.id)).size).toBe(20)
    })
  })
})

test('a directory that cannot be written is told as one, and not as a database that is away', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'linli-closed-'))
  try {
    writeFileSync(join(folder, 'incoming'), 'a file where a directory should be')
    const refusal = { status: 503, type: 'disk-unwritable', key: 'http.disk-unwritable' }
    await expect(writeDown(join(folder, 'incoming'), Buffer.from('x'))).rejects.toMatchObject(refusal)
    await expect(writeDown(join(folder, 'incoming', 'below'), Buffer.from('x'))).rejects.toMatchObject(refusal)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
