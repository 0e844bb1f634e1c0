// Archives to which something was done: each is found, and what it was is named, by whoever has nothing but the file.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { transaction } from '#kernel/database/index.ts'
import { createEncryption } from '#kernel/encryption/index.ts'
import { createPublishing, record, sequence } from '#kernel/ledger/index.ts'
import { testDatabase } from '#testing/database.ts'
import { ArchiveRefusal } from '../backup/index.ts'
import { primitives } from '../tree/index.ts'
import { exportArchive } from './exporting.ts'
import { checkArchive } from './reading.ts'
import { type Change, rewrite } from './rewriting.fixture.ts'
import type { Manifest, Scope } from './shape.ts'
import { ArchiveFault, checkArchive as checkArchiveOnPage } from './web/index.ts'

const database = await testDatabase({ keep: true })
const directory = mkdtempSync(join(tmpdir(), 'linli-faults-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const key = Buffer.alloc(32, 5)
const whole = join(directory, 'whole.tar')
const part = join(directory, 'part.tar')
const altered = join(directory, 'altered.tar')
const picture = newId()

async function write(file: string, scope: Scope | null): Promise<void> {
  const store = {
    list: async () => ['original.webp'],
    open: async () => ({ stream: [Buffer.from('picture')], bytes: 7, total: 7 }),
  } as never
  const { ownerUrl } = database
  const check = (draft: string) => checkArchive(draft)
  await exportArchive({ file, ownerUrl, key, program: 'test', store, scope, report: () => undefined, check })
}

beforeAll(async () => {
  const { owner, jobs } = database
  await owner.pool.query(
    `insert into file (id, sha256, kind, media_type, bytes, purpose, record, created_at) values ($1, sha256(''), 'picture', 'image/webp', 7, 'request', gen_random_uuid(), now())`,
    [picture],
  )
  const write300 = (path: string) =>
    transaction(owner, async (_sql, client) => {
      for (let round = 0; round < 150; round += 1)
        await record(
          { client, now: new Date(), actor: { person: null } },
          { kind: 'lamp.lit', record: newId(), path, personal: { round } },
        )
    })
  const publishing = createPublishing({ jobsDatabase: jobs, encryption: createEncryption(key), witnesses: [] })
  await write300('32/10/')
  while ((await sequence(jobs)) > 0);
  await publishing.publish(new Date())
  await write300('33/10/')
  while ((await sequence(jobs)) > 0);
  await write(whole, null)
  await write(part, { code: '3210', path: '32/10/', name: '示例市' })
})

const refused = async (file: string): Promise<string> => {
  const error = await checkArchive(file).then(
    () => new Error('it was taken for whole'),
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(ArchiveRefusal)
  const { zh, en } = (error as ArchiveRefusal).sentence
  expect(zh).not.toBe(en)
  if (!existsSync(file) || statSync(file).isDirectory()) return en
  // The page without a server finds it too. What lies between members it may call by another name.
  const onPage = await checkOnPage(file).then(
    () => new Error('it was taken for whole on the page'),
    (caught: unknown) => caught,
  )
  expect(onPage).toBeInstanceOf(ArchiveFault)
  const said = (onPage as ArchiveFault).sentence
  if (!/between its members|is no archive|not whole/.test(en))
    expect(said).toEqual({ 'zh-CN': named(zh), en: named(en) })
  return en
}

/** A page knows a file by its name alone. */
const named = (sentence: string): string => sentence.replaceAll(`${directory}/`, '')

async function checkOnPage(file: string) {
  const { register } = JSON.parse(execFileSync('tar', ['xOf', whole, 'manifest.json']).toString()) as Manifest
  const content = readFileSync(file)
  async function* pieces() {
    for (let at = 0; at < content.length; at += 10_000) yield content.subarray(at, at + 10_000)
  }
  const given = { name: basename(file), size: content.length, bytes: pieces() }
  return checkArchiveOnPage(
    primitives,
    () => createHash('sha256'),
    given,
    register.key,
    () => undefined,
  )
}

const rewritten = (from: string, change: Change) => rewrite(from, altered, key, change)
/** Changes one line of a table. */
const line = (of: string, at: number, change: (row: Record<string, unknown>) => unknown) => ({
  lines: (table: string, lines: string[]) =>
    table === of ? lines.map((text, index) => (index === at ? JSON.stringify(change(JSON.parse(text))) : text)) : lines,
})

test('what was written holds, and so does what is written anew without a change', async () => {
  const { manifest } = await checkArchive(whole)
  expect(manifest.rows).toMatchObject({
    'ledger.act': { rows: 300 },
    'ledger.entry': { rows: 300 },
    'ledger.tile': { rows: 1 },
  })
  expect(await checkArchive(await rewritten(whole, {}))).toMatchObject({ manifest })
  const { manifest: of } = await checkArchive(part, manifest.register.key)
  expect(of.rows).toMatchObject({ 'ledger.act': { rows: 150 }, 'ledger.came': { rows: 150 } })
  expect(of.rows['ledger.entry']).toBeUndefined()
  expect(await checkOnPage(whole)).toEqual(manifest)
  expect(await checkOnPage(part)).toEqual(of)
  await expect(checkArchive(part, `${manifest.register.key.slice(0, -4)}AAAA`)).rejects.toThrow(
    /signed by another register/,
  )
})

describe.each([
  ['whole', whole],
  ['part', part],
])('of an archive of the %s', (_name, file) => {
  test('one bit, in whichever byte it is', async () => {
    const bytes = readFileSync(file)
    const step = Math.ceil(bytes.length / 70)
    const ends = Array.from({ length: 30 }, (_, at) => bytes.length - 1 - at * 70)
    for (const at of [...Array.from({ length: 70 }, (_, turn) => turn * step), ...ends].filter(
      (place) => place < bytes.length,
    )) {
      const copy = Buffer.from(bytes)
      copy[at] = copy.readUInt8(at) ^ (1 << ((at * 5) % 8))
      writeFileSync(altered, copy)
      const told = await refused(altered).catch((error: unknown) => {
        throw new Error(`byte ${at} of ${bytes.length} went unseen`, { cause: error })
      })
      expect(told, `byte ${at}`).toContain('altered.tar')
    }
  })

  test('cut off, wherever it is', async () => {
    const bytes = readFileSync(file)
    for (const share of [0, 0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99, 0.999, 0.9999]) {
      writeFileSync(altered, bytes.subarray(0, Math.floor(bytes.length * share)))
      const told = await refused(altered)
      expect(told, `${share}`).toMatch(
        share < 0.002
          ? /is no archive|is not whole/
          : /is not whole: it ends at byte [\d,]+, after .+\.|a byte between/,
      )
    }
  })
})

test.each<[string, Change, RegExp]>([
  [
    'a rewritten act',
    line('ledger.act', 6, (row) => ({ ...row, kind: 'lamp.out' })),
    /The act on line 7 of tables\/ledger\.act\/000001\.jsonl\.gz .* was changed/,
  ],
  [
    'an act removed, and the count with it',
    { lines: (table, lines) => (table === 'ledger.act' ? lines.toSpliced(9, 1) : lines) },
    /line 10 of tables\/ledger\.entry\/000001\.jsonl\.gz .*: an entry of the register is missing/,
  ],
  [
    'an entry removed',
    { lines: (table, lines) => (table === 'ledger.entry' ? lines.toSpliced(9, 1) : lines) },
    /line 10 of tables\/ledger\.entry\/000001/,
  ],
  [
    'entry and act removed at the end',
    { lines: (table, lines) => (/^ledger\.(act|entry)$/.test(table) ? lines.toSpliced(299, 1) : lines) },
    /299 rows of the table ledger\.\w+; its manifest counts 300/,
  ],
  [
    'two acts that changed places',
    {
      lines: (table, lines) => (table === 'ledger.act' ? ([lines[1], lines[0], ...lines.slice(2)] as string[]) : lines),
    },
    /line 1 of tables\/ledger\.entry\/000001/,
  ],
  [
    'a tile',
    line('ledger.tile', 0, (row) => ({ ...row, hashes: `\\x${'00'.repeat(32)}` })),
    /line 1 of tables\/ledger\.tile\/000001.* does not fit the register/,
  ],
  [
    'a checkpoint',
    line('ledger.checkpoint', 0, (row) => ({ ...row, root: `\\x${'00'.repeat(32)}` })),
    /line 1 of tables\/ledger\.checkpoint\/000001.*: a published checkpoint/,
  ],
  ['the head', line('ledger.head', 0, (row) => ({ ...row, root: `\\x${'00'.repeat(32)}` })), /the root is another/],
  [
    'a row too many',
    { lines: (table, lines) => (table === 'public.calendar_day' ? [...lines, lines[0] ?? ''] : lines) },
    /holds \d+ rows of the table public\.calendar_day; its manifest counts \d+/,
  ],
  [
    'a row of another shape',
    line('public.calendar_day', 2, ({ day }) => ({ day })),
    /line 3 of tables\/public\.calendar_day\/000001\.jsonl\.gz .* is no row of its table/,
  ],
  [
    'a line that is no JSON',
    { lines: (table, lines) => (table === 'public.calendar_day' ? lines.with(4, '{') : lines) },
    /line 5 of tables\/public\.calendar_day\/000001/,
  ],
  [
    'a member that is missing',
    { member: (member) => (member.name.startsWith('tables/public.calendar_day') ? null : member) },
    /The member tables\/public\.calendar_day\/000001\.jsonl\.gz is missing/,
  ],
  [
    'a picture that is missing',
    { member: (member) => (member.name.startsWith('files/') ? null : member) },
    /holds 0 pictures and videos; its manifest counts 1/,
  ],
  ['a member too many', { besides: 'letter.txt' }, /holds the member letter\.txt, which its lists do not name/],
  [
    'one that leads out of it',
    { besides: 'files/../../secrets.json' },
    /holds the member files\/\.\.\/\.\.\/secrets\.json/,
  ],
  [
    'another version of the format',
    {
      member: (member) =>
        member.name === 'linli-archive.json'
          ? { ...member, content: Buffer.from(String(member.content).replace('"version": 1', '"version": 2')) }
          : member,
    },
    /is of version 2 of the format, and this program knows version 1/,
  ],
  [
    'another scope in the manifest',
    { manifest: (manifest) => ({ ...manifest, takenAt: '2020-01-01T00:00:00.000Z' }) },
    /the content of manifest\.json is not that of its checksum/,
  ],
  ['everything made anew under another key', { by: Buffer.alloc(32, 6) }, /The signature of .* is wrong/],
])('%s, with every checksum made anew', async (_name, change, told) => {
  expect(await refused(await rewritten(whole, change))).toMatch(told)
})

test.each<[string, Change, RegExp]>([
  [
    'an act that was rewritten with its digest',
    line('ledger.act', 3, (row) => ({ ...row, kind: 'lamp.out' })),
    /The act on line 4 of tables\/ledger\.act/,
  ],
  [
    'a proof of another act',
    line('ledger.came', 3, (row) => ({ ...row, place: '9' })),
    /line 4 of tables\/ledger\.came\/000001.* does not lead to the register/,
  ],
  [
    'a proof that is missing',
    {
      lines: (table, lines) => (table === 'ledger.came' ? lines.slice(1) : lines),
      manifest: (manifest) => ({ ...manifest, rows: { ...manifest.rows, 'ledger.came': { rows: 149, parts: 1 } } }),
    },
    /ledger\.came/,
  ],
  [
    'a checkpoint that nobody signed',
    line('ledger.origin', 0, (row) => ({ ...row, note: String(row.note).replace('\n300\n', '\n301\n'), size: '301' })),
    /line 1 of tables\/ledger\.origin\/000001.*: a published checkpoint/,
  ],
])('of a part: %s', async (_name, change, told) => {
  expect(await refused(await rewritten(part, change))).toMatch(told)
})

test('what is no archive, or not there, is told', async () => {
  writeFileSync(altered, 'Dear Sir or Madam')
  expect(await refused(altered)).toMatch(/is no archive of Linli|is not whole/)
  expect(await refused(join(directory, 'nowhere'))).toMatch(/cannot be read \(ENOENT\)/)
  expect(await refused(directory)).toMatch(/cannot be read \(EISDIR\)/)
})
