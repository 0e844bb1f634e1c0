// Every release that was ever published can be upgraded to this program: its data, kept small beside the tests, is restored, brought up
// to the newest migration, verified and served.
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { checkArchive, readKeys, type WholeArchive } from '#kernel/backup/index.ts'
import { knownMigrations } from '#kernel/database/migrate.ts'
import { countQueues, listRequests } from '#listen/requests/requests.lists.api.ts'
import { testDatabase } from '#testing/database.ts'
import { signInResident } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { demonstrationAccounts } from './demonstration/load.ts'
import { signIn } from './desk.api.ts'
import { prepareDatabase } from './prepare.ts'
import { loadRestored, verifyRestored } from './restoring.ts'

const folder = fileURLToPath(new URL('../testing/releases/', import.meta.url))
const migrations = fileURLToPath(new URL('../../migrations/', import.meta.url))
const releases = readdirSync(folder)
  .filter((name) => name.endsWith('.linli'))
  .map((name) => name.replace('.linli', ''))
const silent = (): void => undefined

test('there is an archive of each release, small and of no real person', () => {
  expect(releases).toContain('0.1.0')
  for (const release of releases) expect(statSync(join(folder, `${release}.linli`)).size).toBeLessThan(300_000)
})

describe.each(releases)('%s', (release) => {
  const file = join(folder, `${release}.linli`)

  test('its migrations stand as they were published: a change goes into a new file', () => {
    const published = readFileSync(join(folder, `${release}.migrations`), 'utf8')
      .trim()
      .split('\n')
    expect(published.length).toBeGreaterThan(0)
    const changed = published.filter((line) => {
      const [digest, name = ''] = line.split('  ')
      return (
        createHash('sha256')
          .update(readFileSync(join(migrations, name)))
          .digest('hex') !== digest
      )
    })
    expect(changed).toEqual([])
    // What came later sorts behind them, or it would never run on an installation of this release.
    const last = published.at(-1)?.split('  ')[1] ?? ''
    const names = published.map((line) => line.split('  ')[1])
    expect(readdirSync(migrations).filter((name) => name <= last && !names.includes(name))).toEqual([])
  })

  test('is restored, brought up, verified and served', async () => {
    const bare = await testDatabase({ keep: true, bare: true })
    const directory = mkdtempSync(join(tmpdir(), 'linli-upgrade-'))
    afterAll(() => rmSync(directory, { recursive: true, force: true }))
    const secret = readKeys(`${file}.keys`)
    const archive: WholeArchive = await checkArchive(file, knownMigrations())
    // Every table of that release has rows: what a migration does to them is then seen.
    expect(Object.entries(archive.end.tables).filter(([, { rows }]) => rows === 0)).toEqual([])
    expect(
      readFileSync(join(folder, `${release}.migrations`), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(archive.head.migrations.length)
    const address = { ...bare, port: 0, dataDirectory: directory, files: null }
    const config = address as unknown as Parameters<typeof loadRestored>[0]['config']
    const loaded = await loadRestored({ config, superuserUrl: null }, file, archive, {
      report: silent,
      reportBuilding: silent,
    })
    const rows = Object.values(archive.end.tables).reduce((sum, table) => sum + table.rows, 0)
    expect(loaded).toEqual({ rows, jobsLeft: 0, files: archive.end.files.stored })
    const verified = await verifyRestored({ config }, archive, null, silent)
    expect(verified).toMatchObject({ ...archive.end.register, firstBroken: null })
    expect(verified.migrated).toEqual(knownMigrations().slice(archive.head.migrations.length))
    expect(await prepareDatabase(config, null)).toEqual([])

    const server = await testServer(bare, { secret, dataDirectory: directory }, new Date(archive.head.takenAt))
    const count = (table: string) => server.one<string>(`select count(*) from ${table}`).then(Number)
    for (const table of ['request', 'request_entry', 'person', 'place', 'tenure', 'judgement', 'ledger.act']) {
      const was = archive.end.tables[table.includes('.') ? table : `public.${table}`]?.rows ?? 0
      expect(await count(table), table).toBeGreaterThanOrEqual(was)
    }
    // What a later migration counts together holds what was there before it.
    expect(await server.one("select sum(told)::int from request_figure where path ~ '^[^/]+/$'")).toBe(
      Number(await count('request')),
    )
    expect(await server.one('select count(*)::int from auth."user"')).toBe(archive.end.tables['auth.user']?.rows)
    // Somebody of it signs in and reads what is theirs; a telephone number opens, so the keys are right.
    const accounts = demonstrationAccounts(server.kernel.config)
    const secretary = accounts.find(({ role }) => role === 'community_secretary')
    const answer = await server.call(signIn, { body: { email: secretary?.mail, password: secretary?.password } })
    expect(answer.status).toBe(200)
    const cookie = answer.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    expect((await server.call(countQueues, { as: cookie })).status).toBe(200)
    const list = await server.call(listRequests, { as: cookie, query: { queue: 'all', limit: 100 } })
    expect(list.status).toBe(200)
    expect((list.body as { items: unknown[] }).items.length).toBeGreaterThan(0)
    const resident = accounts.find(({ phone }) => phone)
    const { cookie: mine } = await signInResident(server, resident?.phone ?? '')
    for (const path of ['/', '/raised', '/my']) {
      const page = await server.fetch(path, { headers: { Cookie: mine } })
      expect(page.status, path).toBe(200)
    }
  })
})
