import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { testS3 } from '#testing/s3.ts'
import { createFiles, type FileStore } from '../index.ts'
import { s3Store } from './s3.ts'

const s3 = await testS3()
afterAll(() => s3.stop())
const opened: FileStore[] = []
const servers: Server[] = []
afterAll(() => {
  for (const store of opened) store.close()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

function storeWith(changes: Partial<typeof s3.settings> = {}, silence = 8_000): FileStore {
  const store = s3Store({ ...s3.settings, ...changes }, silence)
  opened.push(store)
  return store
}
/** A store whose other end does what the test says. */
async function storeAt(listener: RequestListener): Promise<FileStore> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return storeWith({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, 500)
}
const key = '2026-11/23/a/original.webp'
const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#2f6b4f' } })
  .png()
  .toBuffer()

/** What each thing one does with a store is refused with. */
async function refusalsOf(store: FileStore): Promise<string[]> {
  const told = (error: { status: number; type: string; key: string }) => `${error.status} ${error.type} ${error.key}`
  const doings = [
    () => store.put(key, picture),
    () => store.open(key),
    () => store.list('2026-11/23/'),
    () => store.remove('2026-11/23/a/'),
    () => store.refusal().then((refusal) => Promise.reject(refusal)),
  ]
  return Promise.all(doings.map((work) => work().then(() => 'done', told)))
}
const five = (what: string) => Array.from({ length: 5 }, () => what)

describe('S3', () => {
  test('holds what it is given, below its prefix', async () => {
    const store = storeWith()
    const whole = storeWith({ prefix: '' })
    await store.put(key, picture)
    await store.put('2026-11/23/ab/original.webp', picture)
    expect(await whole.list('place/files/2026-11/23/')).toEqual(['a', 'ab'])
    expect((await buffer((await store.open(key))?.stream ?? Readable.from([]))).equals(picture)).toBe(true)
    expect(await store.open('2026-11/23/b/original.webp')).toBeNull()
    // One folder's name may begin with another's.
    await store.remove('2026-11/23/a/')
    expect(await store.list('2026-11/23/')).toEqual(['ab'])
    expect(await store.list('2026-11/24/')).toEqual([])
    expect(await store.refusal()).toBeNull()
  })

  test('is listed to its last page', async () => {
    // The test server itself cannot: it marks pages with a cipher that is no more.
    const store = await storeAt((request, response) => {
      const next = new URL(request.url ?? '', 'http://s3').searchParams.get('continuation-token')
      const folder = (name: string) =>
        `<CommonPrefixes><Prefix>place/files/2026-11/23/${name}/</Prefix></CommonPrefixes>`
      response.setHeader('Content-Type', 'application/xml')
      response.end(
        next === 'more'
          ? `<ListBucketResult><IsTruncated>false</IsTruncated>${folder('c')}</ListBucketResult>`
          : `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>${folder('a')}${folder('b')}</ListBucketResult>`,
      )
    })
    expect(await store.list('2026-11/23/')).toEqual(['a', 'b', 'c'])
  })

  test('of a name it does not know: forbidden', async () => {
    expect(await refusalsOf(storeWith({ keyId: 'SOMEBODY' }))).toEqual(
      five('503 files-forbidden files.store.forbidden'),
    )
  })

  test('without the bucket: missing', async () => {
    expect(await refusalsOf(storeWith({ bucket: 'nobodys' }))).toEqual(five('503 files-missing files.store.missing'))
  })

  test('away, then back', async () => {
    const store = storeWith()
    await store.put(key, picture)
    await s3.away()
    expect(await refusalsOf(store)).toEqual(five('503 files-away files.store.away'))
    await s3.back()
    expect(await store.refusal()).toBeNull()
    expect((await store.open(key))?.total).toBe(picture.length)
  })

  test('failing: each thing is tried twice and no more', async () => {
    let asked = 0
    const store = await storeAt((_request, response) => {
      asked += 1
      response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
    })
    expect(await refusalsOf(store)).toEqual(five('503 files-away files.store.away'))
    expect(asked).toBe(10)
  })

  test('silent: refused after a bound', async () => {
    const store = await storeAt(() => undefined)
    await expect(store.open(key)).rejects.toMatchObject({ type: 'files-away' })
  })

  test('breaking off in the middle of a file: the reader is told by the stream', async () => {
    const store = await storeAt((_request, response) => {
      response.writeHead(200, { 'Content-Length': 1_000 })
      response.write(Buffer.alloc(100), () => response.destroy())
    })
    await expect(buffer((await store.open(key))?.stream ?? Readable.from([]))).rejects.toThrow()
  })

  test('that takes a picture and then not its small one: nothing of it is kept', async () => {
    const store = storeWith({ prefix: 'halves/' })
    const files = createFiles({
      ...store,
      put: (name, bytes) => (name.includes('thumbnail') ? Promise.reject(new Error('lost')) : store.put(name, bytes)),
    })
    await expect(files.prepare(Readable.from([picture]))).rejects.toThrow('lost')
    expect(await store.list('')).toEqual([])
  })

  test('gets every request signed, and never one that others may read', async () => {
    const heads: Record<string, unknown>[] = []
    const store = await storeAt((request, response) => {
      heads.push(request.headers)
      request.resume().on('end', () => response.end())
    })
    await store.put(key, picture)
    expect(heads).toHaveLength(1)
    expect(heads[0]).toMatchObject({ authorization: expect.stringContaining('AWS4-HMAC-SHA256') })
    expect(String(heads[0]?.['x-amz-acl'] ?? 'private')).toBe('private')
    expect(heads[0]?.['x-amz-content-sha256']).toMatch(/^[0-9a-f]{64}$/)
  })
})
