import { chmodSync, rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { testServer } from '#testing/server.ts'

const database = await testDatabase({ keep: true })
const server = await testServer(database)
// Nobody listens on the discard port: the database is away.
const away = await testServer(database, { databaseUrl: database.databaseUrl.replace(/:\d+\//, ':9/') })

describe('health', () => {
  test('says that it lives and that it can serve, and nothing else', async () => {
    for (const [path, status] of [
      ['/healthz', 'alive'],
      ['/readyz', 'ready'],
    ] as const) {
      const answer = await server.fetch(path)
      expect(answer.status).toBe(200)
      expect(await answer.json()).toEqual({ status })
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })
  test('the database away: it lives, and cannot serve', async () => {
    expect((await away.fetch('/healthz')).status).toBe(200)
    const answer = await away.fetch('/readyz')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ type: '/problems/database-away' })
  })
  test('an older database: not ready', async () => {
    await server.superuser.query("update migration set name = 'x' || name where id = (select max(id) from migration)")
    const answer = await server.fetch('/readyz')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ type: '/problems/not-migrated' })
    await server.superuser.query("update migration set name = substr(name, 2) where name like 'x%'")
    expect((await server.fetch('/readyz')).status).toBe(200)
  })
  test('no data directory: not ready', async () => {
    const { dataDirectory } = away.kernel.config
    const other = await testServer(database)
    rmSync(other.kernel.config.dataDirectory, { recursive: true, force: true })
    expect(await (await other.fetch('/readyz')).json()).toMatchObject({
      type: '/problems/disk-unwritable',
      status: 503,
    })
    chmodSync(dataDirectory, 0o755)
  })
})

describe('the database away', () => {
  test.each([
    ['zh-CN', '系统后台暂时连不上'],
    ['en', 'database'],
  ])('a problem document in the language of the reader (%s)', async (language, words) => {
    const answer = await away.call({ method: 'GET', url: '/api/requests' }, { language })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.problem.type).toBe('/problems/database-away')
    expect(answer.problem.detail).toContain(words)
    expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONN|linli_app/)
    expect(answer.headers.get('retry-after')).toBe('5')
  })
  test('a page for whoever reads pages', async () => {
    const answer = await away.fetch('/raised', { headers: { Accept: 'text/html' } })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('content-type')).toContain('text/html')
  })
})
