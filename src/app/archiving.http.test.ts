// The demonstration out of one installation and into another, whole and in part: what was is there, and goes on.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkArchive, existingTables, exportArchive, type Scope } from '#kernel/archive/index.ts'
import { asBefore, rewrite } from '#kernel/archive/rewriting.fixture.ts'
import type { Config } from '#kernel/config/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { migrate } from '#kernel/database/migrate.ts'
import { createEncryption } from '#kernel/encryption/index.ts'
import { folderOf, openFileStore } from '#kernel/files/index.ts'
import { verify } from '#kernel/ledger/index.ts'
import { checkReceipt, parseKey, primitives, sha256 } from '#kernel/tree/index.ts'
import { readFigures } from '#listen/figures/figures.api.ts'
import { foldFigures } from '#listen/figures/figures.store.ts'
import { fileRequest } from '#listen/requests/requests.desk.api.ts'
import { firstAccount } from '#organise/bodies/index.ts'
import { type TestDatabase, testDatabase } from '#testing/database.ts'
import { type TestServer, testServer } from '#testing/server.ts'
import { importInto } from './archiving.ts'
import { demonstrationAccounts, loadDemonstration } from './demonstration/load.ts'
import { signIn } from './desk.api.ts'
import { makeLibraryTables } from './prepare.ts'

const server = await testServer(await testDatabase({ keep: true }))
const second = await testDatabase({ keep: true, bare: true })
const third = await testDatabase({ keep: true, bare: true })
const fourth = await testDatabase({ keep: true, bare: true })
const fifth = await testDatabase({ keep: true, bare: true })
const earlier = await testDatabase({ keep: true, bare: true })
const directory = mkdtempSync(join(tmpdir(), 'linli-archiving-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const silent = (): void => undefined
const silently = { report: silent, reportBuilding: silent, reportRegister: silent }
const { config: first } = server.kernel

const files = new Map<string, string>()
async function exported(config: Config, scope: Scope | null = null) {
  const file = join(directory, `${files.size}.tar`)
  files.set(file, '')
  const store = await openFileStore(config)
  const { ownerUrl, secret: key } = config
  const check = (draft: string) => checkArchive(draft)
  const done = await exportArchive({ file, ownerUrl, key, program: 'test', store, scope, report: silent, check })
  store.close()
  return { file, ...done }
}

/** Every member of an archive that does not say when it was written, with its content: parts of tables unpacked. By tar alone. */
function members(file: string): Map<string, string> {
  const folder = mkdtempSync(join(directory, 'unpacked-'))
  execFileSync('tar', ['xf', file, '-C', folder])
  execFileSync('sh', ['-c', 'cat checksums/* | sha256sum -c --quiet'], { cwd: folder })
  const names = execFileSync('tar', ['tf', file]).toString().trim().split('\n')
  const own = names.filter((name) => !/^(manifest|checksums|linli-archive)/.test(name))
  return new Map(
    own.map((name) => {
      const bytes = readFileSync(join(folder, name))
      return [name, name.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString('base64')]
    }),
  )
}
const rowsOf = (all: Map<string, string>, table: string): Record<string, unknown>[] =>
  [...all]
    .filter(([name]) => name.startsWith(`tables/${table}/`))
    .flatMap(([, lines]) => lines.trimEnd().split('\n'))
    .map((line) => JSON.parse(line))

function configOf(
  { databaseUrl, ownerUrl, jobsUrl, authUrl }: TestDatabase,
  name: string,
  secret = first.secret,
): Config {
  const dataDirectory = join(directory, name)
  mkdirSync(dataDirectory)
  return { ...first, databaseUrl, ownerUrl, jobsUrl, authUrl, dataDirectory, secret }
}

async function imported(file: string, config: Config, sealedUnder: Buffer) {
  const open = () => ({ config, superuserUrl: null })
  return importInto(open, await checkArchive(file), { sealedUnder, own: config.secret }, silently)
}

/** What an installation answers to whoever asks: figures to staff, and everything that is open. */
async function answers(on: TestServer): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const { role, mail, password } of demonstrationAccounts(on.kernel.config)) {
    if (!mail || !password) continue
    const signed = await on.call(signIn, { body: { email: mail, password } })
    const as = signed.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
    found.set(
      `figures of ${role}`,
      (await on.call(readFigures, { as: as.join('; ') })).text.replace(/"instance":"[^"]*"/, ''),
    )
  }
  for (const code of ['321003001', '370105005', '610726113']) {
    const about = `/places/${code}/data`
    const list = await (await on.fetch(`${about}/datapackage.json`)).text()
    const { resources } = JSON.parse(list) as { resources: { path: string }[] }
    found.set(`${code} datapackage`, list.replaceAll(/"created":"[^"]*"/g, ''))
    for (const { path } of resources) found.set(`${code} ${path}`, await (await on.fetch(`${about}/${path}`)).text())
    for (const page of [`/places/${code}`, `/places/${code}/raised`, about])
      found.set(page, await (await on.fetch(page, { headers: { Accept: 'text/html' } })).text())
  }
  for (const page of [
    '/register/checkpoint',
    '/register/key',
    '/register/tile/0/000',
    '/api/places?q=%E4%BA%94%E9%87%8C',
  ])
    found.set(page, await (await on.fetch(page)).text())
  return found
}

const told = (place: string, text: string) =>
  server.call(fileRequest, {
    body: { channel: 'web', text, place, anonymous: false, phone: '13900000019', name: '示例·来人' },
  })
const placeOf = (code: string) => server.one<string>('select id from place where code = $1', [code])
/** A matter of a community, with its secret link and its receipt. */
const filed = { here: { id: '', link: '' }, there: { id: '', link: '' } }
const picture = { id: newId(), bytes: Buffer.from('no picture, but bytes: \0\xff', 'latin1') }

beforeAll(async () => {
  await loadDemonstration(server.kernel)
  filed.here = (await told(await placeOf('321003001003'), '本处的路灯不亮，“引号”、\n换行和 \u2028 都在。'))
    .body as typeof filed.here
  filed.there = (await told(await placeOf('370105005010'), '别处的井盖松了。')).body as typeof filed.there
  const store = await openFileStore(first)
  await store.put(`${folderOf(picture.id)}original.webp`, picture.bytes)
  await server.superuser.query(
    `insert into file (id, sha256, kind, media_type, bytes, purpose, record, created_at)
     values ($1, sha256($2), 'picture', 'image/webp', length($2), 'request', $3, now())`,
    [picture.id, picture.bytes, filed.here.id],
  )
  store.close()
  // Figures are exact at any time; from which month on there are any is known once they are folded.
  await foldFigures(server.database.jobs.sql, 1_000_000)
  await server.order()
  await server.kernel.publishing.publish(server.clock.now())
})
const receiptOf = async (on: TestServer, link: string) => (await on.fetch(`/r/${link}/receipt.tlog-proof`)).text()

test('a whole installation goes into another, answers the same there, and comes out of it the same', async () => {
  const whole = await exported(first)
  expect(whole).toMatchObject({ files: 1, lost: 0 })
  // Nothing has changed: the same members.
  expect(members((await exported(first)).file)).toEqual(members(whole.file))
  const config = configOf(second, 'second')
  const done = await imported(whole.file, config, first.secret)
  expect(done.register).toMatchObject({ ok: true, entries: whole.entries, hash: whole.root })
  await expect(imported(whole.file, config, first.secret)).rejects.toThrow(/is not empty, and was left alone/)
  const one = members(whole.file)
  const other = members((await exported(config)).file)
  expect([...other.keys()]).toEqual([...one.keys()])
  for (const [name, content] of one) expect(other.get(name), name).toBe(content)

  const restored = await testServer(
    second,
    { secret: first.secret, dataDirectory: config.dataDirectory },
    server.clock.now(),
  )
  const expected = await answers(server)
  expect([...expected.keys()].length).toBeGreaterThan(30)
  const found = await answers(restored)
  for (const [what, answer] of expected) expect(found.get(what), what).toBe(answer)
  // Old receipts are those of this register too, and the register goes on.
  const receipt = await receiptOf(server, filed.here.link)
  expect(await receiptOf(restored, filed.here.link)).toBe(receipt)
  const again = await restored.call(fileRequest, {
    body: { channel: 'web', text: '导入以后的事', place: await placeOf('321003001003'), anonymous: false },
  })
  expect(again.status).toBe(201)
  const number = (id: string) => restored.one<string>('select number from request where id = $1', [id])
  expect(Number(await number((again.body as { id: string }).id))).toBeGreaterThan(Number(await number(filed.there.id)))
  await restored.order()
  const client = await second.owner.pool.connect()
  const noted = [{ entries: whole.entries, hash: whole.root }]
  const walked = await verify(client, silent, noted)
  client.release()
  expect(walked).toMatchObject({ ok: true, differing: [] })
  expect(walked.entries).toBeGreaterThan(whole.entries)
  // Deletion on request still works: the salt of what was told came along.
  expect(await restored.one('select count(*)::int from ledger.salt')).toBeGreaterThan(100)
})

test('what is written meanwhile is not in it, and nobody waits for it', async () => {
  let writing = true
  const written = (async () => {
    const place = await placeOf('321003001002')
    let count = 0
    for (; writing; count += 1) expect((await told(place, `第 ${count} 件：楼道灯不亮。`)).status).toBe(201)
    return count
  })()
  const done = await exported(first).finally(() => {
    writing = false
  })
  expect(await written).toBeGreaterThan(0)
  await server.order()
  expect(Number(await server.one('select place from ledger.head'))).toBeGreaterThan(done.entries)
  const client = await server.database.owner.pool.connect()
  // It is a state that the register had.
  expect(await verify(client, silent, [{ entries: done.entries, hash: done.root }])).toMatchObject({
    ok: true,
    differing: [],
  })
  client.release()
})

test('a part goes into an installation of its own, with nobody’s data from elsewhere, and proves where it came from', async () => {
  const { rows } = await server.superuser.query<Scope>("select code, path, name from place where code = '321003001'")
  const part = await exported(first, rows[0] ?? null)
  const { manifest } = await checkArchive(part.file)
  expect(manifest.scope).toMatchObject({ code: '321003001' })
  expect(manifest.rows['ledger.came']?.rows).toBe(part.acts - manifest.register.waiting)
  expect(part.acts).toBeLessThan(part.entries)
  const all = members(part.file)
  const text = [...all.values()].join('\n')
  // Words, names and contacts of other subdistricts, and the key of the whole.
  const { rows: others } = await server.superuser.query<{ what: string | null }>(`
    select unnest(array[title, body, spot]) as what from request where path not like '32/10/03/001/%'
    union select m.words from me_too m join request r on r.id = m.request where r.path not like '32/10/03/001/%'
    union select p.name from person p where p.name is not null
      and not exists (select from request r where r.reporter = p.id and r.path like '32/10/03/001/%')
      and not exists (select from request_contact c join request r on r.id = c.request where c.person = p.id and r.path like '32/10/03/001/%')
      and not exists (select from tenure t where t.person = p.id)`)
  const own = new Set(rowsOf(all, 'public.request').flatMap(({ title, body, spot }) => [title, body, spot]))
  const leaked = others.filter(
    ({ what }) => what && what.length > 3 && !own.has(what) && text.includes(JSON.stringify(what).slice(1, -1)),
  )
  expect(others.length).toBeGreaterThan(150)
  expect(leaked).toEqual([])
  expect(text).not.toContain(first.secret.toString('base64'))
  expect(rowsOf(all, 'public.request').every(({ path }) => String(path).startsWith('32/10/03/001/'))).toBe(true)
  expect([...all.keys()].filter((name) => /auth\.|outbox|api_key|webhook|ledger\.(head|entry)/.test(name))).toEqual([])
  // Contacts are sealed under the key of the archive, and no longer under that of the whole.
  const [contact] = rowsOf(all, 'public.request_contact').filter(({ request }) => request === filed.here.id)
  const sealed = Buffer.from(String(contact?.phone_encrypted).slice(2), 'hex')
  const opened = (key: Buffer) => createEncryption(key).decrypt('contact', sealed, `${filed.here.id}.phone`)
  expect(opened(part.sealedUnder as Buffer)).toContain('13900000019')
  expect(() => opened(first.secret)).toThrow(/cannot be opened/)
  expect([...all.keys()].filter((name) => name.startsWith('files/'))).toHaveLength(1)

  const config = configOf(third, 'third', Buffer.alloc(32, 77))
  const done = await imported(part.file, config, part.sealedUnder as Buffer)
  expect(done.register).toMatchObject({ ok: true, entries: part.acts })
  const origin = await server.one<string>('select origin::text from ledger.head')
  const apart = await testServer(
    third,
    { secret: config.secret, dataDirectory: config.dataDirectory },
    server.clock.now(),
  )
  expect(await apart.one('select origin::text from ledger.head')).not.toBe(origin)
  expect(await apart.one('select key from ledger.origin')).toBe(part.key)
  // It works: links lead to their matters, the contact opens under the new key, and what is new gets numbers behind.
  expect((await apart.fetch(`/r/${filed.here.link}`)).status).toBe(200)
  expect((await apart.fetch(`/r/${filed.there.link}`)).status).toBe(404)
  const stored = await apart.one<Buffer>('select phone_encrypted from request_contact where request = $1', [
    filed.here.id,
  ])
  expect(apart.kernel.encryption.decrypt('contact', stored, `${filed.here.id}.phone`)).toContain('13900000019')
  const again = await apart.call(fileRequest, {
    body: { channel: 'web', text: '分出来以后的事', place: await placeOf('321003001003'), anonymous: false },
  })
  expect(again.status, again.text).toBe(201)
  await apart.order()
  // Nobody has an account there: the first one is made as in any new installation, although posts were brought along.
  const { publicUrl } = apart.kernel.config
  const { encryption } = apart.kernel
  const owner = third.owner
  const given = { placeCode: '321003001', name: '示例·负责人', mail: 'first@example.org' }
  const account = await firstAccount({ owner, encryption, publicUrl, now: apart.clock.now() }, given)
  expect((await apart.fetch(new URL(account.link).pathname)).status).toBe(200)
  // A receipt of the whole still proves what it proved; one of here proves it in the register of its own.
  const key = parseKey(sha256, part.key) as NonNullable<ReturnType<typeof parseKey>>
  expect(checkReceipt(primitives, await receiptOf(server, filed.here.link), key)).toMatchObject({
    fault: null,
    words: true,
  })
  const ownKey = parseKey(sha256, await apart.kernel.publishing.key()) as typeof key
  expect(checkReceipt(primitives, await receiptOf(apart, filed.here.link), ownKey)).toMatchObject({
    fault: null,
    words: true,
  })
  const walk = async () => {
    const client = await third.owner.pool.connect()
    return verify(client).finally(() => client.release())
  }
  expect(await walk()).toMatchObject({ ok: true })
  // The part in its turn goes into an archive, with what it knows of its origin.
  const onward = await exported(config)
  expect(rowsOf(members(onward.file), 'ledger.came')).toHaveLength(part.acts - manifest.register.waiting)
  await third.owner.pool.query(
    'update ledger.came set place = place + 1 where act = (select act from ledger.entry where place = 5)',
  )
  expect(await walk()).toMatchObject({
    ok: false,
    firstBroken: 5,
    reason: 'an act is not proved to stand in the register that it came from',
  })
})

test('what does not fit the tables leaves nothing behind', async () => {
  const config = configOf(fourth, 'fourth')
  const whole = await exported(first)
  const archive = await checkArchive(whole.file)
  // It was altered after it had been checked.
  const bytes = readFileSync(whole.file)
  const at = bytes.indexOf(picture.bytes)
  bytes[at] = 1
  writeFileSync(whole.file, bytes)
  const open = () => ({ config, superuserUrl: null })
  const keys = { sealedUnder: first.secret, own: first.secret }
  await expect(importInto(open, archive, keys, silently)).rejects.toThrow(/is damaged or was altered/)
  const store = await openFileStore(config)
  expect(await store.list(folderOf(picture.id))).toEqual([])
  bytes[at] = picture.bytes[0] ?? 0
  writeFileSync(whole.file, bytes)
  expect((await importInto(open, archive, keys, silently)).register.ok).toBe(true)
  expect(await store.list(folderOf(picture.id))).toEqual(['original.webp'])
  store.close()
})

test('an archive of an older version is loaded at its version and brought up to this one', async () => {
  const level = '20261124013210_open311'
  await makeLibraryTables(earlier)
  await migrate(earlier.ownerUrl, undefined, level)
  const client = await earlier.owner.pool.connect()
  const tables = await existingTables(client)
  client.release()
  const existed = new Map(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]))
  const whole = await exported(first)
  const file = join(directory, 'before.tar')
  const before = asBefore(level, existed)
  // That version knew no mail: the matter told by it stands there as one from the web.
  const lines = (table: string, all: string[]): string[] =>
    (before.lines?.(table, all) ?? all).map((line) =>
      table === 'public.request' ? line.replace('"channel":"mail"', '"channel":"web"') : line,
    )
  await rewrite(whole.file, file, first.secret, { ...before, lines })
  const { manifest } = await checkArchive(file)
  expect(manifest.migrations.at(-1)).toBe(level)
  expect(manifest.rows['ledger.came']).toBeUndefined()
  const done = await imported(file, configOf(fifth, 'fifth'), first.secret)
  expect(done.migrated.length).toBeGreaterThan(3)
  expect(done.register).toMatchObject({ ok: true, entries: whole.entries, hash: whole.root })
})
