// kill -9 under load: of the server, of its PostgreSQL, of both. Whatever was acknowledged is there, once; whatever was not can be
// sent again under its key and is then there, once; and the register holds.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { verify } from '#kernel/ledger/index.ts'
import { readSecrets } from '#kernel/secrets/index.ts'
import { type Installation, startInstallation } from '#testing/installation.ts'

let parent = ''
let data = ''
let server: Installation
let owner: pg.Pool
const place = newId()

interface Sending {
  readonly key: string
  readonly text: string
  /** What was acknowledged; null while nothing was. */
  answer: { id: string; link: string } | null
}
const sendings: Sending[] = []

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'crash-'))
  // PostgreSQL runs as another user where the tests run as root, and has to pass through.
  chmodSync(parent, 0o755)
  data = join(parent, 'data')
  server = await startInstallation({ LINLI_DATA: data })
  owner = openOwner()
  await organise()
}, 240_000)
afterAll(async () => {
  await owner?.end()
  await server?.end('SIGTERM')
  rmSync(parent, { recursive: true, force: true })
})

const note = () => readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
const databasePid = () => Number(note()[0])

function openOwner(): pg.Pool {
  const password = readSecrets(data)?.passwords.linli_owner
  const pool = new pg.Pool({
    connectionString: `postgres://linli_owner:${password}@127.0.0.1:${note()[3]}/linli`,
    max: 2,
  })
  pool.on('error', () => undefined)
  return pool
}

/** The least that can receive a request: a place, a body, a post that accepts, and a person in it. */
async function organise(): Promise<void> {
  const body = newId()
  const post = newId()
  const person = newId()
  await owner.query(
    "insert into place (id, code, kind, name, short_name, path) values ($1, '32', 'province', '江苏省', '江苏', '32/')",
    [place],
  )
  await owner.query(
    "insert into body (id, kind, name, place, path) values ($1, 'district_government', '示例中心', $2, '32/')",
    [body, place],
  )
  await owner.query("insert into post (id, body, title, duties) values ($1, $2, '示例岗位', '{request.accept}')", [
    post,
    body,
  ])
  await owner.query("insert into person (id, name, language) values ($1, '示例·甲', 'zh-CN')", [person])
  await owner.query(
    `insert into tenure (id, post, seat, person, holder_name, during)
     values ($1, $2, 1, $3, '示例·甲', tstzrange(now() - interval '1 day', null))`,
    [newId(), post, person],
  )
}

/** Sends one, once; says whether it was acknowledged, now or before. */
async function send(sending: Sending): Promise<boolean> {
  try {
    const response = await fetch(`${server.address}/api/requests`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': sending.key },
      body: JSON.stringify({ channel: 'web', place, text: sending.text, anonymous: true }),
      signal: AbortSignal.timeout(15_000),
    })
    if (response.status !== 201) {
      // Refused for now, or broken: in neither case may the server claim that it was the client's fault.
      expect(response.status).toBeGreaterThanOrEqual(500)
      return false
    }
    const { id, link } = (await response.json()) as { id: string; link: string }
    if (sending.answer) expect({ id, link }).toEqual(sending.answer)
    sending.answer = { id, link }
    return true
  } catch (error) {
    if ((error as Error).name === 'AssertionError') throw error
    return false
  }
}

/** Eight clients send until `enough` were acknowledged; then `strike` happens in their midst, and they go on for a little. */
async function underLoad(enough: number, strike: () => void): Promise<void> {
  const begun = sendings.filter((one) => one.answer).length
  let struck = false
  let after = 0
  const client = async (): Promise<void> => {
    while (after < 24) {
      const sending: Sending = { key: newId(), text: `第 ${sendings.length + 1} 件：楼下路灯不亮`, answer: null }
      sendings.push(sending)
      const acknowledged = await send(sending)
      if (struck) after += 1
      else if (acknowledged && sendings.filter((one) => one.answer).length - begun >= enough) {
        struck = true
        strike()
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, client))
}

/** Everything that went unanswered is sent again, and some that were answered; then all is counted. */
async function settle(): Promise<void> {
  const acknowledged = sendings.filter((one) => one.answer)
  const { rows: there } = await owner.query<{ id: string }>('select id from request')
  const ids = new Set(there.map((row) => row.id))
  expect(acknowledged.filter((one) => !ids.has(one.answer?.id ?? ''))).toEqual([])
  const again = [...sendings.filter((one) => !one.answer), ...acknowledged.slice(-10)]
  for (const one of again) await expect.poll(() => send(one), { timeout: 60_000 }).toBe(true)
  const { rows } = await owner.query<{ id: string; body: string }>('select id, body from request')
  expect(rows.length).toBe(sendings.length)
  const byText = new Map(rows.map((row) => [row.body, row.id]))
  for (const one of sendings) expect(byText.get(one.text)).toBe(one.answer?.id)
  await expect.poll(async () => (await owner.query('select from ledger.pending')).rowCount, { timeout: 10_000 }).toBe(0)
  const client = await owner.connect()
  try {
    const { rows: acts } = await client.query<{ filed: string; total: string }>(
      "select count(*) filter (where kind = 'request.file') as filed, count(*) as total from ledger.act",
    )
    expect(Number(acts[0]?.filed)).toBe(sendings.length)
    expect(await verify(client)).toMatchObject({ ok: true, entries: Number(acts[0]?.total) })
    // Each has its timer, and its link opens it alone.
    const { rows: timers } = await client.query(
      `select r.id from request r where (select count(*) from pgboss.job j where j.data ->> 'request' = r.id::text and j.name = 'request.timer') <> 1
         or (select count(*) from access.token t where t.record = r.id and t.kind = 'follow') <> 1`,
    )
    expect(timers).toEqual([])
  } finally {
    client.release()
  }
}

/** Starts the server again on what the killed one left. */
async function restart(): Promise<void> {
  await owner.end()
  server = await startInstallation({ LINLI_DATA: data })
  owner = openOwner()
}

describe('kill -9 under load', { timeout: 240_000 }, () => {
  test('of the server: none missing, none doubled', async () => {
    await underLoad(40, () => server.child.kill('SIGKILL'))
    await server.end('SIGKILL')
    await restart()
    await settle()
  })

  test('of PostgreSQL: the server brings it back by itself and serves on', async () => {
    const killed = databasePid()
    await underLoad(40, () => process.kill(killed, 'SIGKILL'))
    const one: Sending = { key: newId(), text: '数据库回来以后的一件', answer: null }
    sendings.push(one)
    await expect.poll(() => send(one), { timeout: 60_000, interval: 200 }).toBe(true)
    expect(databasePid()).not.toBe(killed)
    expect(server.child.exitCode).toBeNull()
    await settle()
  })

  test('of both at once', async () => {
    await underLoad(30, () => {
      process.kill(databasePid(), 'SIGKILL')
      server.child.kill('SIGKILL')
    })
    await server.end('SIGKILL')
    await restart()
    await settle()
  })

  test('while it starts again: the next start is whole', async () => {
    await server.end('SIGKILL')
    for (const strike of ['the server', 'its PostgreSQL']) {
      const beginning = startInstallation({ LINLI_DATA: data }).catch((error: Error) => error)
      const before = databasePid()
      await expect.poll(() => safely(databasePid), { timeout: 30_000, interval: 5 }).not.toBe(before)
      if (strike === 'its PostgreSQL') process.kill(await freshPid(before), 'SIGKILL')
      const begun = await beginning
      if (!(begun instanceof Error)) await begun.end('SIGKILL')
    }
    await restart()
    await settle()
  })
})

function safely(read: () => number): number {
  try {
    return read() || 0
  } catch {
    return 0
  }
}

async function freshPid(before: number): Promise<number> {
  let found = 0
  await expect
    .poll(
      () => {
        found = safely(databasePid)
        return found > 0 && found !== before
      },
      { timeout: 30_000, interval: 5 },
    )
    .toBe(true)
  return found
}
