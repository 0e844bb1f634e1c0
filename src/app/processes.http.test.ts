// Two application processes on one database, as real processes beside the test's own: what one does, the other knows.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PgBoss } from 'pg-boss'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareDatabase } from '#app/prepare.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { migrate } from '#kernel/database/migrate.ts'
import { verify } from '#kernel/ledger/index.ts'
import { timerQueue } from '#listen/requests/reading/queues.ts'
import { testDatabase } from '#testing/database.ts'
import { type Installation, startInstallation } from '#testing/installation.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

const database = await testDatabase({ keep: true })
const server = await testServer(database)
const organisation = await makeOrganisation(server)
const { staff, places } = organisation
const { superuser } = server
const directory = mkdtempSync(join(tmpdir(), 'crash-processes-'))
let both: [Installation, Installation]
const nightly = 'house.calendar'

// As if it were due every minute. Every start writes down when it is really due: said anew after each.
const dueEveryMinute = () => superuser.query("update pgboss.schedule set cron = '* * * * *' where name = $1", [nightly])

const start = async () => {
  const started = await startInstallation({
    DATABASE_URL: database.databaseUrl,
    LINLI_OWNER_URL: database.ownerUrl,
    LINLI_JOBS_URL: database.jobsUrl,
    LINLI_AUTH_URL: database.authUrl,
    LINLI_SECRET: Buffer.alloc(32, 11).toString('hex'),
    LINLI_DATA: directory,
    // Each test speaks from addresses of its own.
    LINLI_TRUSTED_PROXIES: '127.0.0.1',
    LINLI_LIMIT_FACTOR: '1',
  })
  await dueEveryMinute()
  return started
}

beforeAll(async () => {
  both = await Promise.all([start(), start()])
}, 240_000)
afterAll(async () => {
  await Promise.all(both.map((each) => each.end('SIGTERM')))
  rmSync(directory, { recursive: true, force: true })
})

let addresses = 0
const nextAddress = () => {
  addresses += 1
  return `198.51.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`
}

interface Filed {
  id: string
  link: string
}

function post(
  at: Installation,
  options: { key?: string; from?: string; text?: string; place?: string } = {},
): Promise<Response> {
  return fetch(`${at.address}/api/requests`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Forwarded-For': options.from ?? nextAddress(),
      ...(options.key ? { 'Idempotency-Key': options.key } : {}),
    },
    body: JSON.stringify({
      channel: 'web',
      place: options.place ?? places.community.id,
      text: options.text ?? '楼下路灯不亮',
      anonymous: true,
    }),
  })
}
const file = async (at: Installation, place?: string) =>
  (await (await post(at, place ? { place } : {})).json()) as Filed
const read = (at: Installation, cookie: string, path = '/api/me') =>
  fetch(`${at.address}${path}`, { headers: { Cookie: cookie, 'X-Forwarded-For': nextAddress() } })

/** Listens to the live updates of a process. */
async function listen(at: Installation, cookie: string): Promise<{ text(): string; close(): void }> {
  const ending = new AbortController()
  const answer = await fetch(`${at.address}/api/events`, {
    headers: { Cookie: cookie, 'X-Forwarded-For': nextAddress() },
    signal: ending.signal,
  })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  let text = ''
  void (async () => {
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString()
  })().catch(() => undefined)
  return { text: () => text, close: () => ending.abort() }
}

describe('two processes', { timeout: 60_000 }, () => {
  test('take the same session, and end it together', async () => {
    const { cookie } = organisation.neighbour
    for (const each of both) expect((await read(each, cookie)).status).toBe(200)
    const out = await fetch(`${both[0].address}/api/sign-out`, {
      method: 'POST',
      headers: { Cookie: cookie, 'Content-Type': 'application/json', 'X-Forwarded-For': nextAddress() },
      body: JSON.stringify({ everywhere: true }),
    })
    expect(out.status).toBe(204)
    for (const each of both) expect((await read(each, cookie)).status).toBe(401)
  })

  test('count one limit together', async () => {
    const from = nextAddress()
    const answers: Response[] = []
    for (let round = 0; round < 11; round += 1)
      answers.push(...(await Promise.all([0, 1, 0, 1].map((index) => post(both[index] as Installation, { from })))))
    // Thirty in ten minutes; one or two may have come back while the test went on.
    const taken = answers.filter((answer) => answer.status === 201).length
    expect(taken).toBeGreaterThanOrEqual(30)
    expect(taken).toBeLessThanOrEqual(32)
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201, 429]))
  })

  test('do once what is sent to both at once under one key, and give the same answer', async () => {
    for (let round = 0; round < 6; round += 1) {
      const key = newId()
      const from = nextAddress()
      const text = `同一件，第 ${round} 次`
      const answers = await Promise.all(
        [0, 1, 0, 1].map((index) => post(both[index] as Installation, { key, from, text })),
      )
      expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201])
      const bodies = await Promise.all(answers.map((answer) => answer.text()))
      expect(new Set(bodies).size).toBe(1)
      expect(await server.one('select count(*)::integer from request where body = $1', [text])).toBe(1)
    }
  })

  test('tell each other’s news to those who may know it, and to nobody else', async () => {
    for (const [from, to] of [both, both.toReversed()] as [Installation, Installation][]) {
      const near = await listen(to, staff.secretary.cookie)
      const far = await listen(to, staff.stranger.cookie)
      const here = (await file(from)).id
      await expect.poll(near.text, { timeout: 20_000 }).toContain(here)
      const there = (await file(from, places.otherCommunity.id)).id
      await expect.poll(far.text, { timeout: 20_000 }).toContain(there)
      expect(far.text()).not.toContain(here)
      expect(near.text()).not.toContain(there)
      // Only that it changed is said, never what stands in it.
      expect(near.text()).not.toContain('路灯')
      near.close()
      far.close()
    }
    const nobody = await fetch(`${both[0].address}/api/events`, { headers: { 'X-Forwarded-For': nextAddress() } })
    expect(nobody.status).toBe(401)
  })

  test('fire a timer once, however often it is queued', async () => {
    const filed = await Promise.all(Array.from({ length: 6 }, (_, index) => file(both[index % 2] as Installation)))
    const ids = filed.map((each) => each.id)
    await superuser.query(
      "update request set step_at = now() - interval '3 hours', round_at = now() - interval '3 hours', due_at = now() - interval '1 minute', version = version + 1 where id = any($1)",
      [ids],
    )
    const client = await superuser.connect()
    try {
      await client.query('begin')
      for (let round = 0; round < 5; round += 1) {
        for (const request of ids)
          await server.kernel.jobs.enqueue({ client }, timerQueue, { request, kind: 'overdue' })
      }
      await client.query('commit')
    } finally {
      client.release()
    }
    const left = () =>
      server.one<number>(
        "select count(*)::integer from pgboss.job where name = $1 and data ->> 'request' = any($2) and start_after <= now() and state <> 'completed'",
        [timerQueue, ids],
      )
    await expect.poll(left, { timeout: 40_000 }).toBe(0)
    for (const id of ids) {
      const { rows } = await superuser.query<{ kind: string; times: number }>(
        'select kind, count(*)::integer as times from ledger.act where record = $1 group by kind order by kind',
        [id],
      )
      expect(rows).toEqual([
        { kind: 'request.file', times: 1 },
        { kind: 'request.mark-overdue', times: 1 },
        { kind: 'request.warn-due-soon', times: 1 },
      ])
    }
  })

  test('show the pictures that the other took in, and sweep only what nobody holds', async () => {
    const [one, other] = both
    const header = { 'X-Forwarded-For': nextAddress() }
    const at =
      (installation: Installation) =>
      (path: string, init: RequestInit = {}) => {
        const headers = new Headers({ ...header, Accept: 'text/html' })
        for (const [name, value] of new Headers(init.headers)) headers.set(name, value)
        return fetch(`${installation.address}${path}`, { redirect: 'manual', ...init, headers })
      }
    // One browser, whose requests come now here, now there.
    let turn = 0
    const visitor = visitorOf({
      fetch: (path, init) => {
        turn += 1
        return at(turn % 2 === 0 ? one : other)(path, init)
      },
    })
    const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#2f6b4f' } })
      .jpeg()
      .toBuffer()
    const form = await visitor.form()
    const data = new FormData()
    const typed = {
      form,
      page: 'all',
      do: 'send',
      text: '路灯不亮，有照片',
      place: places.community.id,
      anonymous: 'yes',
    }
    for (const [field, value] of Object.entries(typed)) data.append(field, value)
    data.append('pictures', new Blob([picture as never], { type: 'image/jpeg' }), 'picture.jpg')
    const sent = await visitor.fetch('/tell', { method: 'POST', body: data })
    const link = (sent.headers.get('location') ?? '').replace(/\/receipt$/, '')
    expect(link).toMatch(/^\/r\/\w+/)
    for (const each of both) {
      const page = await (await at(each)(link)).text()
      const shown = await at(each)(/\/r\/[\w-]+\/files\/[0-9a-f-]{36}/.exec(page)?.[0] ?? '/')
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp'])
    }
    const held = await superuser.query<{ id: string }>('select id from file')
    await server.kernel.files.sweep(server.kernel.jobsDatabase.sql, new Date())
    expect((await superuser.query('select id from file')).rows).toEqual(held.rows)
  })

  test('fire a timer once that was in the hands of one that was killed', async () => {
    const [killed, other] = both
    const { id } = await file(killed)
    await other.end('SIGTERM')
    await superuser.query(
      "update request set step_at = now() - interval '3 hours', round_at = now() - interval '3 hours', due_at = now() - interval '1 minute', version = version + 1 where id = $1",
      [id],
    )
    const holding = await superuser.connect()
    try {
      // The timer comes as far as the record, and no further.
      await holding.query('begin')
      await holding.query('select from request where id = $1 for update', [id])
      const client = await superuser.connect()
      await server.kernel.jobs.enqueue({ client }, timerQueue, { request: id, kind: 'overdue' })
      client.release()
      const held = () =>
        server.one<number>(
          "select count(*)::integer from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        )
      await expect.poll(held).toBeGreaterThan(0)
      await killed.end('SIGKILL')
    } finally {
      await holding.query('commit')
      holding.release()
    }
    both = await Promise.all([start(), start()])
    // The minute after which it counts as lost, and the look after the lost that comes every minute.
    await superuser.query(
      "update pgboss.job set heartbeat_on = now() - interval '1 hour' where name = $1 and state = 'active' and data ->> 'request' = $2",
      [timerQueue, id],
    )
    const watch = new PgBoss({
      connectionString: database.jobsUrl,
      schema: 'pgboss',
      migrate: false,
      createSchema: false,
      // Without regard to when the others looked last.
      monitorIntervalSeconds: 1,
    })
    watch.on('error', () => undefined)
    await watch.start()
    await watch.supervise(timerQueue)
    await watch.stop()
    const kinds = () =>
      server.one<string[]>(
        "select array_agg(kind order by kind) from ledger.act where record = $1 and kind like 'request.mark%'",
        [id],
      )
    await expect.poll(kinds, { timeout: 40_000 }).toEqual(['request.mark-overdue'])
    const left = () =>
      server.one<number>(
        "select count(*)::integer from pgboss.job where name = $1 and data ->> 'request' = $2 and start_after <= now() and state <> 'completed'",
        [timerQueue, id],
      )
    await expect.poll(left, { timeout: 40_000 }).toBe(0)
    expect(await kinds()).toEqual(['request.mark-overdue'])
  }, 120_000)

  test('when one is killed the other goes on with everything', async () => {
    const [killed, other] = both
    // In the middle of what it orders.
    const under = Promise.allSettled(Array.from({ length: 12 }, () => file(killed)))
    await file(killed)
    await killed.end('SIGKILL')
    await under
    const { id } = await file(other)
    await expect
      .poll(
        () =>
          server.one(
            'select count(*)::integer from ledger.entry e join ledger.act a on a.id = e.act where a.record = $1',
            [id],
          ),
        { timeout: 20_000 },
      )
      .toBe(1)
    both[0] = await start()
    expect((await read(both[0], staff.leader.cookie)).status).toBe(200)
  })

  test('order the register together: every act once, no gap, and it holds', async () => {
    for (let round = 0; round < 10; round += 1)
      await Promise.all(Array.from({ length: 6 }, (_, index) => file(both[index % 2] as Installation)))
    await expect.poll(() => server.one('select count(*)::integer from ledger.pending'), { timeout: 20_000 }).toBe(0)
    const client = await superuser.connect()
    try {
      const acts = await server.one<number>('select count(*)::integer from ledger.act')
      expect(await verify(client)).toMatchObject({ entries: acts, ok: true, firstBroken: null, reason: null })
    } finally {
      client.release()
    }
  })

  test('do nightly work once, however many there are', async () => {
    // Each process says every half minute that it is due; what they say for one minute is one row, and makes one job.
    const made = async () => {
      const { rows } = await superuser.query<{ minutes: number; jobs: number }>(
        `select count(distinct singleton_on) filter (where name <> $1)::integer as minutes,
           count(*) filter (where name = $1)::integer as jobs
         from pgboss.job where name = $1 or (name = '__pgboss__send-it' and data ->> 'name' = $1)`,
        [nightly],
      )
      return rows[0] ?? { minutes: 0, jobs: 0 }
    }
    await dueEveryMinute()
    await expect.poll(async () => (await made()).jobs, { timeout: 90_000 }).toBeGreaterThan(0)
    const { minutes, jobs } = await made()
    expect(jobs).toBeLessThanOrEqual(minutes)
  }, 120_000)

  test('go on while a newer version brings the tables up to date; started again, the older one is refused', async () => {
    const later = mkdtempSync(join(tmpdir(), 'later-migrations-'))
    try {
      cpSync(new URL('../../migrations', import.meta.url), later, { recursive: true })
      writeFileSync(
        join(later, '29991231000000_later.sql'),
        'alter table request add column later text; create table later_room (id uuid primary key);',
      )
      const before = await file(both[0])
      const [ran, ...meanwhile] = await Promise.all([
        migrate(database.ownerUrl, later),
        ...Array.from({ length: 8 }, (_, index) => post(both[index % 2] as Installation)),
      ])
      expect(ran).toEqual(['29991231000000_later'])
      for (const each of both) {
        expect((await post(each)).status).toBe(201)
        expect((await fetch(`${each.address}/r/${before.link}`)).status).toBe(200)
        expect((await read(each, staff.secretary.cookie, '/api/requests')).status).toBe(200)
        expect((await fetch(`${each.address}/readyz`)).status).toBe(200)
      }
      expect(meanwhile.map(({ status }) => status)).toEqual(meanwhile.map(() => 201))
      // What every start does first.
      await expect(prepareDatabase(database, null)).rejects.toThrow(/29991231000000_later/)
    } finally {
      rmSync(later, { recursive: true, force: true })
    }
  })
})
