// From the folder into S3 and back, with whatever may go wrong on the way.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { testS3 } from '#testing/s3.ts'
import { newToken } from '../encryption/index.ts'
import { createFiles, diskStore, type FileStore, folderOf, type Moved, moveFiles } from './index.ts'
import { mp4 } from './made.fixture.ts'
import { s3Store } from './stores/s3.ts'

const database = await testDatabase()
const s3 = await testS3()
const now = new Date()
const act = { sql: database.app.sql, now }
let folder = ''
let disk: FileStore
let bucket: FileStore
let bucketsMade = 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linli-moving-'))
  disk = diskStore(folder)
  bucketsMade += 1
  bucket = s3Store({ ...s3.settings, prefix: `place${bucketsMade}/` })
})
afterEach(() => {
  bucket.close()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => s3.stop())

/** A picture or a film that a form holds, stored on disk. */
async function stored(kind: 'picture' | 'video' = 'picture', store = disk): Promise<string> {
  const files = createFiles(store)
  const bytes =
    kind === 'video'
      ? mp4()
      : await sharp({ create: { width: 60, height: 40, channels: 3, background: '#2f6b4f' } })
          .png()
          .toBuffer()
  const prepared = await files.prepare(Readable.from([bytes]))
  await files.hold(act, newToken(), prepared, 'request')
  return prepared.id
}
const pathOf = (id: string, name = 'original.webp') => join(folder, 'files', folderOf(id), name)
const bytesAt = async (store: FileStore, id: string, name = 'original.webp') => {
  const opened = await store.open(`${folderOf(id)}${name}`)
  return opened && buffer(opened.stream)
}

interface Way {
  from?: FileStore
  to?: FileStore
  check?: boolean
  remove?: boolean
  now?: Date
  report?: (done: number, total: number) => void
}
async function move(way: Way = {}): Promise<Moved> {
  const client = await database.owner.pool.connect()
  try {
    return await moveFiles({
      client,
      from: disk,
      to: bucket,
      check: false,
      remove: false,
      now,
      report: () => undefined,
      ...way,
    })
  } finally {
    client.release()
  }
}
const nothing = { copied: 0, there: 0, removed: 0, swept: 0, unknown: 0, bytes: 0, lost: [], damaged: [] }

describe('files are moved', () => {
  test('whole, with their small pictures, and tell how far they are; once', async () => {
    const ids = [await stored(), await stored('video'), await stored(), await stored(), await stored()]
    const told: number[][] = []
    const moved = await move({ report: (...far) => told.push(far) })
    expect(moved).toEqual({ ...nothing, files: 5, copied: 5, bytes: expect.any(Number) })
    expect(moved.bytes).toBeGreaterThan(500)
    expect(told.at(-1)).toEqual([5, 5])
    for (const id of ids)
      for (const name of readdirSync(join(folder, 'files', folderOf(id))))
        expect((await bytesAt(bucket, id, name))?.equals(readFileSync(pathOf(id, name))), name).toBe(true)
    for (const check of [false, true]) expect(await move({ check })).toEqual({ ...nothing, files: 5, there: 5 })
    // What the server takes in meanwhile comes with the next run.
    await stored()
    expect(await move()).toMatchObject({ files: 6, there: 5, copied: 1 })
  })

  test('back again, into a folder where nothing is', async () => {
    const id = await stored('picture', bucket)
    expect(await move({ from: bucket, to: disk })).toMatchObject({ files: 1, copied: 1 })
    expect(readFileSync(pathOf(id)).equals((await bytesAt(bucket, id)) ?? Buffer.alloc(0))).toBe(true)
  })

  test('on from where they stopped, when the store went away in between', async () => {
    for (let i = 0; i < 9; i += 1) await stored()
    let puts = 0
    const failing: FileStore = {
      ...bucket,
      put: async (key, bytes) => {
        puts += 1
        if (puts > 9) throw new Error('gone')
        await bucket.put(key, bytes)
      },
    }
    await expect(move({ to: failing })).rejects.toThrow('gone')
    const moved = await move()
    expect(moved).toMatchObject({ files: 9, lost: [], damaged: [] })
    expect(moved.there).toBeGreaterThanOrEqual(4)
    expect(moved.copied + moved.there).toBe(9)
    expect(moved.copied).toBeGreaterThan(0)
    await s3.away()
    await expect(move()).rejects.toMatchObject({ type: 'files-away' })
    await s3.back()
  })

  test('anew where half of one lies, and where another lies in its place', async () => {
    const [half, other, small] = [await stored(), await stored(), await stored()]
    await bucket.put(`${folderOf(half)}original.webp`, readFileSync(pathOf(half)).subarray(0, 10))
    await bucket.put(`${folderOf(small)}original.webp`, readFileSync(pathOf(small)))
    const altered = Buffer.from(readFileSync(pathOf(other)))
    altered[20] = altered.readUInt8(20) ^ 1
    for (const name of ['original.webp', 'thumbnail.webp'])
      await bucket.put(
        `${folderOf(other)}${name}`,
        name === 'original.webp' ? altered : readFileSync(pathOf(other, name)),
      )
    // Of the right length: that is found by reading it.
    expect(await move()).toMatchObject({ there: 1, copied: 2 })
    expect((await bytesAt(bucket, other))?.equals(altered)).toBe(true)
    expect(await move({ check: true })).toMatchObject({ there: 2, copied: 1 })
    expect((await bytesAt(bucket, other))?.equals(readFileSync(pathOf(other)))).toBe(true)
  })
})

describe('nothing is taken away', () => {
  test('unless its copy was read back just now', async () => {
    const ids = [await stored(), await stored('video')]
    await move()
    // A copy that went bad meanwhile, though of the same length.
    const bad = Buffer.from((await bytesAt(bucket, ids[0] ?? '')) ?? [])
    bad[20] = bad.readUInt8(20) ^ 1
    await bucket.put(`${folderOf(ids[0] ?? '')}original.webp`, bad)
    expect(await move({ remove: true })).toMatchObject({ files: 2, there: 1, copied: 1, removed: 2 })
    for (const id of ids) expect(await disk.list(folderOf(id))).toEqual([])
    expect(await move({ remove: true })).toMatchObject({ files: 2, there: 2, lost: [], damaged: [] })
  })

  test('where the new store gives back something else', async () => {
    const id = await stored()
    const unfaithful: FileStore = { ...bucket, put: (key, bytes) => bucket.put(key, Buffer.alloc(bytes.length)) }
    await expect(move({ to: unfaithful, remove: true })).rejects.toThrow('thumbnail.webp')
    expect(readFileSync(pathOf(id)).length).toBeGreaterThan(0)
  })

  test('of what is lost or damaged: it is named, and stays as it is', async () => {
    const [lost, damaged, blind, well] = [await stored(), await stored(), await stored(), await stored()]
    rmSync(pathOf(lost))
    const bytes = Buffer.from(readFileSync(pathOf(damaged)))
    bytes[20] = bytes.readUInt8(20) ^ 1
    writeFileSync(pathOf(damaged), bytes)
    rmSync(pathOf(blind, 'thumbnail.webp'))
    const moved = await move({ remove: true })
    expect(moved).toMatchObject({ files: 4, copied: 1, removed: 1, damaged: [damaged] })
    expect(moved.lost.sort()).toEqual([lost, blind].sort())
    expect(readFileSync(pathOf(damaged)).equals(bytes)).toBe(true)
    expect(await bucket.list(folderOf(damaged))).toEqual([])
    expect(await disk.list(folderOf(well))).toEqual([])
  })
})

test('what was erased meanwhile does not stay behind in the new place', async () => {
  const back = { from: bucket, to: disk }
  const [kept, erased] = [await stored('picture', bucket), await stored('video', bucket)]
  const erasing: FileStore = {
    ...disk,
    put: async (key, bytes) => {
      await disk.put(key, bytes)
      if (key.startsWith(folderOf(erased))) await database.jobs.pool.query('delete from file where id = $1', [erased])
    },
  }
  expect(await move({ ...back, to: erasing })).toMatchObject({ files: 2, swept: 1, unknown: 0 })
  expect(await disk.list(folderOf(erased))).toEqual([])
  expect(await bytesAt(disk, kept)).not.toBeNull()
})

test.each([
  ['the folder', () => ({ from: bucket, to: disk })],
  ['S3', () => ({ from: disk, to: bucket })],
])('of what this database never knew nothing is taken out of %s: it is counted', async (_where, way) => {
  const ids = [await stored('picture', way().to), await stored('video', way().to), await stored('picture', way().to)]
  const later = new Date(Date.now() + 86_400_000 + 1_000)
  // Another database, or an older copy of this one.
  await database.jobs.pool.query('delete from file where id = any ($1)', [ids.slice(1)])
  // What is younger than a day may belong to a form that is being sent.
  expect(await move(way())).toMatchObject({ files: 1, swept: 0, unknown: 0 })
  expect(await move({ ...way(), now: later })).toMatchObject({ files: 1, swept: 0, unknown: 2 })
  for (const id of ids) expect(await way().to.list(folderOf(id))).not.toEqual([])
})
