// A whole installation out of one database and into another, as an owner who is no superuser: while people write, and back again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkArchive, markRestoring, refuseInhabitedDatabase, takeBackup } from '#kernel/backup/index.ts'
import type { Statistics } from '#kernel/backup/shape.ts'
import { restoreStatistics, statisticsOf } from '#kernel/backup/statistics.ts'
import { knownMigrations } from '#kernel/database/migrate.ts'
import { openFileStore } from '#kernel/files/index.ts'
import { verify } from '#kernel/ledger/index.ts'
import { listRequests } from '#listen/requests/requests.lists.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, signInStaff } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { prepareDatabase } from './prepare.ts'
import { loadRestored, verifyRestored } from './restoring.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, answered } = requestsOf(server, organisation)
const bare = await testDatabase({ keep: true, bare: true })
const directory = mkdtempSync(join(tmpdir(), 'linli-restoring-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const archiveFile = join(directory, 'whole.linli')
const silent = (): void => undefined
const config = {
  ...server.kernel.config,
  databaseUrl: bare.databaseUrl,
  ownerUrl: bare.ownerUrl,
  jobsUrl: bare.jobsUrl,
  authUrl: bare.authUrl,
  dataDirectory: directory,
}

/** Every row of every table that travels, as digests: by table, in no order. */
async function contents(url: string): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  const found = new Map<string, string>()
  const { rows } = await client.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname in ('public', 'access', 'ledger', 'auth')
      and c.oid not in ('public.migration'::regclass, 'access.key'::regclass, 'auth.session'::regclass, 'auth.verification'::regclass)
    order by 1`)
  for (const { name } of rows) {
    const { rows: digest } = await client.query<{ all: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as all from ${name} t`,
    )
    found.set(name, digest[0]?.all ?? '')
  }
  await client.end()
  return found
}

/** How the tables are held together: keys, references, checks, indexes, triggers, policies. */
async function shape(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ what: string }>(`
    select c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) || ' ' || c.convalidated as what
      from pg_constraint c where c.conrelid <> 0 and c.connamespace::regnamespace::text in ('public', 'access', 'ledger', 'auth')
    union all select pg_get_indexdef(indexrelid) || ' ' || indisvalid from pg_index i join pg_class t on t.oid = i.indrelid
      where t.relnamespace::regnamespace::text in ('public', 'access', 'ledger', 'auth')
    union all select pg_get_triggerdef(oid) || ' ' || tgenabled::text from pg_trigger where not tgisinternal
    union all select schemaname || tablename || policyname || coalesce(qual, '') from pg_policies order by 1`)
  await client.end()
  return rows.map(({ what }) => what)
}

/** @returns `connected`, or the SQLSTATE with which somebody was kept out */
async function connected(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return 'connected'
  } catch (error) {
    return (error as pg.DatabaseError).code
  } finally {
    await client.end().catch(() => undefined)
  }
}

beforeAll(async () => {
  await answered(await file({ phone: '13900000009' }))
  await server.order()
})

test('a backup taken while people write is of one moment, and comes back as it was', async () => {
  let writing = true
  const written = (async () => {
    let count = 0
    for (; writing; count += 1) {
      await file({ phone: '13900000008', text: `第 ${count} 件：楼道灯不亮。` })
      if (count % 3 === 0) await server.order()
    }
    return count
  })()
  const store = await openFileStore(server.kernel.config)
  // A migration that came now would alter tables beneath the snapshot: it waits. Nobody writes into this one here.
  let altering: Promise<string | undefined> | null = null
  const alter = () =>
    server.database.owner.pool
      .query(`do $$ begin execute 'lock table public.invitation in access exclusive mode nowait'; end $$`)
      .then(
        () => 'altered',
        (error: pg.DatabaseError) => error.code,
      )
  const taken = await takeBackup({
    file: archiveFile,
    ownerUrl: server.kernel.config.ownerUrl,
    key: server.kernel.config.secret,
    program: 'test',
    store,
    report: () => {
      altering ??= alter()
    },
    reportCheck: silent,
  }).finally(() => {
    writing = false
  })
  expect(await written).toBeGreaterThan(0)
  expect(await altering).toBe('55P03')
  expect(await alter()).toBe('altered')
  const archive = await checkArchive(archiveFile, knownMigrations())
  expect(taken).toMatchObject({ bytes: archive.bytes, digest: archive.hash, lost: 0 })

  const restore = () =>
    loadRestored({ config, superuserUrl: null }, archiveFile, archive, { report: silent, reportBuilding: silent })
  // A process that served what was lost is still there: what it writes would be thrown away.
  const serving = new pg.Client({ connectionString: bare.databaseUrl })
  serving.on('error', () => undefined)
  await serving.connect()
  await expect(restore()).rejects.toThrow(/still connected to this database \(linli_app \d+\).*Nothing was restored/s)
  await serving.end()
  const loaded = await restore()
  expect(loaded).toMatchObject({ rows: taken.rows, jobsLeft: 0 })
  // Not before the last word: another process that finds it now keeps off.
  await expect(prepareDatabase(config, null)).rejects.toThrow(/half restored/)
  // Nor one that was running and comes back by itself, whichever role it takes; also after another was refused just now.
  for (const url of [bare.databaseUrl, bare.jobsUrl, bare.authUrl]) expect(await connected(url)).toBe('42501')
  const verified = await verifyRestored({ config }, archive, null, silent)
  for (const url of [bare.databaseUrl, bare.jobsUrl, bare.authUrl]) expect(await connected(url)).toBe('connected')
  expect(verified).toMatchObject({
    entries: taken.entries,
    hash: taken.hash,
    firstBroken: null,
    migrated: [],
    erasures: null,
  })
  expect(await prepareDatabase(config, null)).toEqual([])
  expect(await shape(bare.ownerUrl)).toEqual(await shape(server.database.ownerUrl))
  await expect(refuseInhabitedDatabase(config)).rejects.toThrow(/is not empty, and was left alone/)
  await expect(markRestoring(config)).rejects.toThrow(/is not empty/)
})

test('no archive holds single values of what goes, nor does the database keep a name that was erased', async () => {
  const clients = [server.database.superuserUrl, server.database.ownerUrl, bare.ownerUrl].map(
    (connectionString) => new pg.Client({ connectionString }),
  ) as [pg.Client, pg.Client, pg.Client]
  for (const client of clients) await client.connect()
  const [superuser, owner, restored] = clients
  const { person } = organisation.resident
  await superuser.query("update person set name = '示例·将要注销'")
  await superuser.query('update request set reporter = $1 where not anonymous', [person])
  await superuser.query('analyze')
  const sampled = async (what: string) => {
    const { rows } = await superuser.query<{ column: string }>(
      `select tablename || '.' || attname as column from pg_stats
       where concat(most_common_vals, histogram_bounds) like $1 and schemaname = 'public'`,
      [`%${what}%`],
    )
    return rows.map(({ column }) => column)
  }
  expect(await sampled('将要注销')).toEqual([])
  // It is asked who told a matter, so that this is sampled here, and yet does not travel.
  expect(await sampled(person)).toContain('request.reporter')
  const known = await statisticsOf(owner, ['public.request', 'public.person'])
  const of = (column: string) => known.find(({ tablename, attname }) => `${tablename}.${attname}` === column)
  expect(JSON.stringify(known)).not.toContain(person)
  expect(of('request.channel')?.most_common_vals).toBe('{web}')
  const reporter = of('request.reporter')
  expect(reporter).toMatchObject({ null_frac: expect.any(Number), n_distinct: expect.any(Number) })
  // Nor does it come back out of an archive of before.
  await restoreStatistics(
    restored,
    [{ ...reporter, most_common_vals: `{${person}}`, most_common_freqs: [1] } as Statistics],
    ['public.request'],
  )
  const { rows } = await restored.query(
    "select most_common_vals as values, null_frac from pg_stats where tablename = 'request' and attname = 'reporter'",
  )
  expect(rows).toEqual([{ values: null, null_frac: reporter?.null_frac }])
  for (const client of clients) await client.end()
})

test('a second backup of what was restored holds the same rows; a restore broken off begins anew', async () => {
  const again = join(directory, 'again.linli')
  const store = await openFileStore(config)
  const before = await contents(bare.ownerUrl)
  await takeBackup({
    file: again,
    ownerUrl: bare.ownerUrl,
    key: config.secret,
    program: 'test',
    store,
    report: silent,
    reportCheck: silent,
  })
  const archive = await checkArchive(again, knownMigrations())
  // As it is left when a restore is killed in the middle.
  await bare.owner.pool.query('create table public.restoring (begun_at timestamptz not null default now())')
  await expect(prepareDatabase(config, null)).rejects.toThrow(/half restored/)
  await refuseInhabitedDatabase(config)
  const { resident } = organisation
  await loadRestored({ config, superuserUrl: null }, again, archive, { report: silent, reportBuilding: silent })
  const verified = await verifyRestored({ config }, archive, [resident.person], silent)
  // Who was erased since stands here again, and is to be erased once more; it waits for the server as a job.
  expect(verified.erasures).toEqual({ read: 1, queued: 1 })
  expect(await contents(bare.ownerUrl)).toEqual(before)
})

test('what was restored serves: accounts, matters, numbers that go on, and no sign-in that was open before', async () => {
  const restored = await testServer(bare, { secret: config.secret, dataDirectory: directory })
  const { staff } = organisation
  expect((await restored.call(listRequests, { as: staff.secretary.cookie })).status).toBe(401)
  const colleague = await signInStaff(restored, 'colleague@example.org', '示例·同事')
  expect(colleague.person).toBeTruthy()
  const numbers = 'select max(number) as last from request'
  const last = Number(await restored.one(numbers))
  const filed = await requestsOf(restored, organisation).file()
  expect(Number(await restored.one('select number from request where id = $1', [filed.id]))).toBeGreaterThan(last)
  // The register goes on from where it stood, and holds from its first entry.
  const before = Number(await restored.one('select place from ledger.head'))
  await restored.order()
  const { rows: walked } = await bare.owner.pool.query<{ place: string }>('select place from ledger.head')
  expect(Number(walked[0]?.place)).toBeGreaterThan(before)
  const client = await bare.owner.pool.connect()
  expect(await verify(client, silent)).toMatchObject({ ok: true, entries: Number(walked[0]?.place) })
  client.release()
  expect((await restored.workJobs()).length).toBeGreaterThan(0)
  expect(
    await restored.one('select erased_at is not null from person where id = $1', [organisation.resident.person]),
  ).toBe(true)
})
