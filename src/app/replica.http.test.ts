// A real replica: what everybody may read is read there, whoever wrote sees it all the same, and nothing that befalls it is seen.
import { Writable } from 'node:stream'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { openReplica } from '#kernel/replica/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { startTestPostgres, testAddress } from '#testing/postgres.ts'
import { startReplica, type TestReplica } from '#testing/replica.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const run = await startTestPostgres()
afterAll(run.stop)
const database = await testDatabase({ keep: true, on: run.postgres })
const replica: TestReplica = await startReplica(run.postgres)
afterAll(replica.stop)
const replicaUrl = database.databaseUrl.replace(`:${run.postgres.port}/`, `:${replica.port}/`)
// One clock for both: each page says when it was printed.
const start = new Date()
const server = await testServer(database, { replicaUrl, replicaLag: 300, metricsToken: 'of-this-test-only' }, start)
const beside = await testServer(database, { replicaUrl, replicaLag: 300 }, start)
const organisation = await makeOrganisation(server)
const { file, does } = requestsOf(server, organisation)
const { staff, places, category } = organisation
const home = `/places/${places.community.id}`
const title = '三号楼前的路灯坏了。'
let matter: string

const used = (at = server) => expect.poll(() => at.kernel.replica?.leftOut, { timeout: 20_000 }).toBeNull()
const reads = (at = server) => ({ ...at.kernel.replica?.reads })
/** What a page says, and whether the replica said it. */
async function look(path: string, cookie = '', at = server): Promise<{ text: string; there: boolean }> {
  const before = reads(at).replica ?? 0
  const answer = await at.fetch(path, { headers: cookie ? { Cookie: cookie } : {} })
  expect(answer.status).toBe(200)
  return { text: await answer.text(), there: reads(at).replica === before + 1 }
}
const pressed = async (): Promise<string> => {
  const answer = await server.fetch(matter, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ words: '' }).toString(),
  })
  expect(answer.status).toBe(303)
  return (answer.headers.getSetCookie().find((each) => each.startsWith('linli_wrote=')) ?? '').split(';', 1)[0] ?? ''
}
const metrics = async () =>
  (await server.fetch('/metrics', { headers: { Authorization: 'Bearer of-this-test-only' } })).text()
const caughtUp = async () => {
  const position = await server.one<string>('select pg_current_wal_insert_lsn()::text')
  await expect.poll(() => replica.ask('select pg_last_wal_replay_lsn() >= $1::pg_lsn', [position])).toBe(true)
}

beforeAll(async () => {
  await database.owner.pool.query('update post set shown = true where id = $1', [staff.secretary.post])
  const filed = await file({ title, text: title, publicationPermitted: true, category })
  await does(staff.secretary, filed.id, 'publish', { title, text: title })
  matter = `/raised/${await server.one('select number from request where id = $1', [filed.id])}`
})

describe('a replica', () => {
  test('is read from as soon as it keeps up', async () => {
    await Promise.all([used(), used(beside)])
    await caughtUp()
  })

  test('answers what everybody may read, and is never asked for more', async () => {
    const card = `/cards/${staff.secretary.tenure}`
    for (const path of [card, '/', '/?place=五里', home, `${home}?lang=en`, `${home}/raised`, '/raised?q=路灯', matter])
      expect(await look(encodeURI(path)), path).toMatchObject({ there: true })
    const number = matter.split('/').at(-1)
    for (const path of ['services.xml', 'requests.json', `requests/${number}.xml`, 'servicerequestupdates.json'])
      expect(await look(`/open311/v2/${path}`), path).toMatchObject({ there: true })
    // A cookie that a browser holds makes nobody more of whoever asks by this standard.
    expect(await look('/open311/v2/requests.json', staff.secretary.cookie)).toMatchObject({ there: true })
    // Behind a sign-in, a secret link or a form stands what counts at once.
    const filed = await file({})
    for (const [path, cookie] of [
      [home, staff.secretary.cookie],
      [`/r/${filed.link}`, ''],
      ['/follow', ''],
    ] as const)
      expect(await look(path, cookie), path).toMatchObject({ there: false })
    expect(reads().again).toBe(0)
    const told = await metrics()
    expect(told).toContain('linli_replica_used 1\n')
    expect(told).toContain(`linli_replica_reads_total{at="replica"} ${reads().replica}\n`)
  })

  test('stands behind: a stranger sees what was, whoever wrote sees their own, at every process', async () => {
    await replica.pause()
    try {
      const wrote = await pressed()
      expect(wrote).toMatch(/^linli_wrote=[0-9A-F]+-[0-9A-F]+$/)
      const stranger = await look(matter)
      const writer = await look(matter, wrote)
      expect(stranger.there).toBe(true)
      expect(writer.there).toBe(false)
      expect(writer.text).toMatch(/1\s*(<[^>]*>)*\s*(人|位|个)/)
      expect(stranger.text).not.toBe(writer.text)
      expect(await look(matter, wrote, beside)).toMatchObject({ there: false, text: writer.text })
      // A mark that nobody gave away leads to the primary.
      for (const made of ['linli_wrote=all', 'linli_wrote=', "linli_wrote='", 'linli_wrote=FFFFFFFF-FFFFFFFF'])
        expect(await look(matter, made)).toMatchObject({ there: false, text: writer.text })
      await replica.resume()
      await caughtUp()
      await expect.poll(async () => (await look(matter, wrote)).there, { timeout: 20_000 }).toBe(true)
      expect((await look(matter)).text).toBe(writer.text)
    } finally {
      await replica.resume()
    }
  })

  test('does not know yet what was just told: its link opens all the same, and so does what was just released', async () => {
    await replica.pause()
    try {
      const text = '四号楼前的路灯也坏了。'
      const filed = await file({ title: text, text, publicationPermitted: true, category })
      // Without any cookie, at another process.
      expect((await look(`/r/${filed.link}`, '', beside)).text).toContain(text)
      await does(staff.secretary, filed.id, 'publish', { title: text, text })
      const released = `/raised/${await server.one('select number from request where id = $1', [filed.id])}`
      const { again = 0 } = reads(beside)
      expect((await look(released, '', beside)).text).toContain(text)
      expect(reads(beside).again).toBe(again + 1)
      expect((await look(`${home}/raised`)).text).not.toContain(text)
    } finally {
      await replica.resume()
    }
  })

  test('is left out while it is silent or gone, and comes back by itself; no page is lost', async () => {
    await used()
    replica.door('silent')
    expect((await look(home)).there).toBe(false)
    await expect.poll(() => server.kernel.replica?.leftOut).toBe('away')
    replica.door('shut')
    for (let round = 0; round < 5; round += 1) expect((await look(home)).there).toBe(false)
    expect(await metrics()).toContain('linli_replica_used 0\n')
    replica.door('open')
    await used()
    expect((await look(home)).there).toBe(true)

    // In the middle of many readings.
    const reading = Array.from({ length: 60 }, async (_, index) => {
      await new Promise((done) => setTimeout(done, index * 5))
      return (await server.fetch(matter)).status
    })
    setTimeout(replica.kill, 100)
    expect(new Set(await Promise.all(reading))).toEqual(new Set([200]))
    await used()
    await expect.poll(async () => (await look(home)).there).toBe(true)
  })

  test('knows who holds a link and who has signed in, as the primary does, and takes no writing', async () => {
    const filed = await file({})
    await caughtUp()
    const at = openDatabase(replicaUrl, { readOnly: true })
    try {
      const surroundings = { now: new Date(), language: 'en' as const }
      const asked = await enter(at, { link: filed.link }, surroundings, async (act) => {
        const { rows } = await act.client.query('select access.link() as link, access.fact($1) as forged', ['nothing'])
        return { actor: act.actor.link, ...rows[0] }
      })
      expect(asked).toEqual({ actor: filed.id, link: filed.id, forged: null })
      const session = server.kernel.sessions.sessionToken({ cookie: staff.secretary.cookie })
      const signed = await enter(at, { session }, surroundings, async (act) => {
        const { rows } = await act.client.query('select access.person() as person')
        return [act.actor.person, rows[0].person]
      })
      expect(signed).toEqual([staff.secretary.person, staff.secretary.person])
      const written = enter(at, {}, surroundings, (act) =>
        act.client.query("insert into rate (name, key, full_at) values ('read', '\\x00', now())"),
      )
      await expect(written).rejects.toMatchObject({ code: '25006' })
    } finally {
      await at.close()
    }
  })
})

describe('what is no replica to read from', () => {
  const lines: string[] = []
  const log = pino(
    {},
    new Writable({
      write(line, _, done) {
        lines.push(String(line))
        done()
      },
    }),
  )
  const opened = (url: string, lagSeconds = 300) =>
    openReplica({ url, primary: database.app, aside: database.app, connections: 2, lagSeconds, log })

  test.each([
    ['a server that takes writes', () => database.databaseUrl, 'writable'],
    ['another database’s', () => testAddress(inject('postgres'), 'postgres', 'postgres'), 'stranger'],
    ['one that nobody answers at', () => database.databaseUrl.replace(/:\d+\//, ':9/'), 'away'],
  ] as const)('%s is left out, with a sentence in the log', async (_, url, reason) => {
    const left = opened(url())
    try {
      await expect.poll(() => left.leftOut, { timeout: 20_000 }).toBe(reason)
      expect(lines.at(-1)).toContain('the replica is left out')
      expect(await left.read(undefined, async (at) => at)).toBe(database.app)
    } finally {
      await left.stop()
    }
  })

  test('one that is further behind than it may be is left out until it has caught up', async () => {
    const slow = opened(replicaUrl, 1)
    try {
      await expect.poll(() => slow.leftOut, { timeout: 20_000 }).toBeNull()
      await replica.pause()
      await server.superuser.query('create table passing (id integer)')
      await expect.poll(() => slow.leftOut, { timeout: 20_000 }).toBe('behind')
      expect(lines.at(-1)).toContain('it is too far behind')
      expect(slow.lagSeconds).toBeGreaterThan(1)
      await replica.resume()
      await expect.poll(() => slow.leftOut, { timeout: 20_000 }).toBeNull()
      expect(lines.at(-1)).toContain('the replica is read from')
    } finally {
      await replica.resume()
      await slow.stop()
    }
  })

  test('one that was made a primary is left out', async () => {
    await replica.ask('select pg_promote()')
    await expect.poll(() => server.kernel.replica?.leftOut, { timeout: 20_000 }).toBe('writable')
    expect((await look(home)).there).toBe(false)
  })
})
