import { chmodSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { testServer } from '#testing/server.ts'
import { warnOfClocks } from './health.ts'

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
  test('a backup is being restored into it: not ready', async () => {
    await database.owner.pool.query('create table public.restoring (begun_at timestamptz not null default now())')
    const answer = await server.fetch('/readyz')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ type: '/problems/restoring' })
    await database.owner.pool.query('drop table public.restoring')
    expect((await server.fetch('/readyz')).status).toBe(200)
  })
  test('the clocks of program and database a day apart: not ready; a minute: a word in the log', async () => {
    const other = await testServer(database)
    const warned = vi.spyOn(other.kernel.log, 'warn').mockImplementation(() => undefined)
    const ask = async (hours: number) => {
      other.clock.set(new Date(Date.now() + hours * 3_600_000))
      await warnOfClocks(other.kernel)
      return (await other.fetch('/readyz')).json()
    }
    // The demonstration, and whoever has not begun, may live at any time.
    expect(await ask(100)).toEqual({ status: 'ready' })
    await other.superuser.query('insert into installation (demonstration) values (false)')
    expect(await ask(0)).toEqual({ status: 'ready' })
    expect(warned).not.toHaveBeenCalled()
    expect(await ask(-23)).toEqual({ status: 'ready' })
    expect(warned).toHaveBeenCalledTimes(1)
    for (const hours of [25, -25])
      expect(await ask(hours)).toMatchObject({ status: 503, type: '/problems/clocks-apart' })
    await other.superuser.query('delete from installation')
  })
  test('the store of files is asked once, however many ask', async () => {
    const other = await testServer(database)
    const asked = vi.spyOn(other.kernel.files, 'refusal')
    for (const _ of [1, 2, 3]) expect((await other.fetch('/readyz')).status).toBe(200)
    expect(asked).toHaveBeenCalledTimes(1)
    const now = performance.now()
    const later = vi.spyOn(performance, 'now').mockReturnValue(now + 5_001)
    expect((await other.fetch('/readyz')).status).toBe(200)
    later.mockRestore()
    expect(asked).toHaveBeenCalledTimes(2)
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

test('a database that hangs: 503 within a bound, and service comes back by itself', async () => {
  const line = await openLine(new URL(database.databaseUrl))
  const through = new URL(database.databaseUrl)
  through.port = String(line.port)
  const hung = await testServer(database, { databaseUrl: through.href })
  const ask = () => hung.fetch('/', { headers: { 'Accept-Language': 'en' } })
  expect((await ask()).status).toBe(200)
  line.silence(true)
  const answer = await ask()
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await answer.text()).toContain('does not answer')
  // Those that held on are gone; who comes now is told when no connection can be had.
  expect((await ask()).status).toBe(503)
  line.silence(false)
  await expect.poll(async () => (await ask()).status, { timeout: 30_000 }).toBe(200)
  line.close()
})

test('a damaged page: a sentence and a number for whoever asks, table and file for whoever keeps the house', async () => {
  const told: { msg: string; relation?: string | null; damage?: string; id?: string }[] = []
  const damaged = await testServer(database)
  vi.spyOn(damaged.kernel.log, 'error').mockImplementation((facts: unknown, msg: unknown) => {
    told.push({ ...(facts as object), msg: msg as string })
  })
  const file = await damaged.one<string>("select pg_relation_filepath('place')")
  await damaged.superuser.query(
    `create or replace function access.enter(session_token text, follow_hash bytea default null, judge_hash bytea default null)
       returns jsonb language plpgsql as $$
       begin raise exception 'invalid page in block 0 of relation "${file}"' using errcode = 'XX001'; end $$`,
  )
  const answer = await damaged.call({ method: 'GET', url: '/api/requests' }, { language: 'en' })
  expect(answer.status).toBe(500)
  expect(answer.problem).toMatchObject({
    type: '/problems/database-damaged',
    instance: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(answer.problem.detail).toContain('damaged')
  expect(answer.text).not.toContain('base/')
  await expect
    .poll(() => told.find(({ msg }) => msg === 'database damaged'))
    .toMatchObject({
      id: answer.problem.instance,
      relation: 'place',
      damage: expect.stringContaining(file),
    })
})

/** A line to the database that can fall silent while it stays up. */
async function openLine(to: URL) {
  let silent = false
  const pairs = new Set<{ near: Socket; far: Socket }>()
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    const pair = { near, far }
    pairs.add(pair)
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => {
      if (!silent) near.write(bytes)
    })
    for (const one of [near, far]) {
      one.on('error', () => undefined)
      one.on('close', () => {
        pairs.delete(pair)
        near.destroy()
        far.destroy()
      })
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as { port: number }).port,
    silence(on: boolean) {
      silent = on
      // What was swallowed cannot be made up for.
      if (!on) for (const { near } of pairs) near.destroy()
    },
    close() {
      server.close()
      for (const { near } of pairs) near.destroy()
    },
  }
}
