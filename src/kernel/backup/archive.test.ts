// Archives alone, without a database: what is written is read back, and whatever happened to it meanwhile is refused with its place.
import {
  appendFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fingerprint, readKeys, refuseUnsealed, writeKeys } from './keys.ts'
import { checkArchive, readMembers, unpacked } from './reading.ts'
import { ArchiveRefusal } from './refusal.ts'
import { type End, fileName, format, type Head, partName, statisticsName } from './shape.ts'
import { writeArchive } from './writing.ts'

const directory = mkdtempSync(join(tmpdir(), 'linli-archive-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const key = Buffer.alloc(32, 3)
const head: Head = {
  format,
  program: '0.0.0',
  takenAt: '2026-11-23T00:00:00.000Z',
  postgres: '18',
  migrations: ['1_first', '2_second'],
  key: fingerprint(key),
  tables: [{ name: 'public.thing', columns: ['id'] }],
}
const end: End = {
  tables: { 'public.thing': { rows: 3, parts: 2 } },
  sequences: {},
  files: { stored: 1, bytes: 700, missing: 0 },
  register: { entries: 0, hash: '' },
}
const known = ['1_first', '2_second', '3_third']
const picture = '2026-11/23/019ab000-0000-7000-8000-000000000001/original.webp'

async function written(
  name: string,
  changes: { head?: object; leave?: string; besides?: string } = {},
): Promise<string> {
  const file = join(directory, name)
  const archive = writeArchive(file, new Date(0), key)
  const members: [string, Buffer][] = [
    ['linli.json', Buffer.from(JSON.stringify({ ...head, ...changes.head }))],
    [partName('public.thing', 1), Buffer.from('1\n2\n')],
    [partName('public.thing', 2), Buffer.from('3\n')],
    [fileName(picture), Buffer.alloc(700, 7)],
    [statisticsName, Buffer.from('[]')],
    ...(changes.besides === undefined ? [] : [[changes.besides, Buffer.from('x')] as [string, Buffer]]),
    ['end.json', Buffer.from(JSON.stringify(end))],
  ]
  for (const [member, content] of members) if (member !== changes.leave) await archive.add(member, content)
  const { bytes } = await archive.close()
  await archive.publish()
  expect(statSync(file).size).toBe(bytes)
  return file
}

const refused = async (file: string): Promise<string> => {
  const error = await checkArchive(file, known)
    .then((archive) => refuseUnsealed(file, archive, key, false))
    .then(
      () => null,
      (caught: unknown) => caught,
    )
  expect(error).toBeInstanceOf(ArchiveRefusal)
  return (error as ArchiveRefusal).sentence.en
}

let whole = ''
let bytes = Buffer.alloc(0)
beforeAll(async () => {
  whole = await written('whole.linli')
  bytes = readFileSync(whole)
})

test('what was written is read back, and nobody else can read it', async () => {
  const found = await checkArchive(whole, known)
  expect(found).toMatchObject({ head, end, bytes: bytes.length })
  expect(found.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(statSync(whole).mode & 0o777).toBe(0o600)
  expect(existsSync(`${whole}.part`)).toBe(false)
})

test('what stands under the name of its draft is removed, and neither written into nor followed', async () => {
  const elsewhere = join(directory, 'elsewhere')
  writeFileSync(elsewhere, 'mine')
  symlinkSync(elsewhere, join(directory, 'linked.linli.part'))
  await written('linked.linli')
  expect(readFileSync(elsewhere, 'utf8')).toBe('mine')
  writeFileSync(join(directory, 'open.linli.part'), 'anybody', { mode: 0o666 })
  expect(statSync(await written('open.linli')).mode & 0o777).toBe(0o600)
  mkdirSync(join(directory, 'folder.linli.part'))
  await expect(written('folder.linli')).rejects.toThrow(/cannot be written/)
})

describe('an archive in which something is otherwise', () => {
  const altered = join(directory, 'altered.linli')

  const seen = async (name: string, content: Buffer): Promise<string> => {
    writeFileSync(altered, content)
    return refused(altered).catch((error: unknown) => {
      throw new Error(`${name} went unseen`, { cause: error })
    })
  }

  test('one bit, in whichever byte it is', async () => {
    for (let at = 0; at < bytes.length; at += 41) {
      const copy = Buffer.from(bytes)
      copy[at] = copy.readUInt8(at) ^ (1 << ((at * 5) % 8))
      const told = await seen(`byte ${at}`, copy)
      expect(told, `byte ${at}`).toMatch(
        /is damaged: .|is not whole: |no backup of Linli|newer program|The seal of .* is wrong/,
      )
    }
  })

  test('cut off, wherever it is', async () => {
    const named = bytes.indexOf('linli.json') + 'linli.json'.length
    for (let length = 0; length < bytes.length; length += length < 30 || length > bytes.length - 190 ? 1 : 67) {
      const told = await seen(`cut after ${length}`, bytes.subarray(0, length))
      expect(told, `cut after ${length}`).toMatch(
        length < named ? /is no backup/ : `is not whole: it ends at byte ${length.toLocaleString('en')} `,
      )
    }
  })

  test('a piece from its middle is missing, though its end is there', async () => {
    for (let at = 1; at < bytes.length - 400; at += 487) {
      const told = await seen(`without ${at}`, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 113)]))
      expect(told, `without ${at}`).toMatch(/is damaged: .|no backup of Linli|newer program/)
    }
  })

  test.each([
    ['1\n2\n', 'part 1 of the table public.thing'],
    ['3\n', 'part 2 of the table public.thing'],
    ['\x07\x07\x07', `the file ${picture}`],
    ['"entries"', 'the member end.json'],
  ])('%j: its place is named', async (content, place) => {
    const copy = Buffer.from(bytes)
    const at = copy.indexOf(content, 512 * 3)
    copy[at] = copy.readUInt8(at) ^ 1
    writeFileSync(altered, copy)
    expect(await refused(altered)).toContain(`is damaged: ${place}.`)
  })

  test('something behind its end', async () => {
    writeFileSync(altered, bytes)
    appendFileSync(altered, '\n')
    expect(await refused(altered)).toMatch(/is not whole/)
  })

  test.each([partName('public.thing', 1), partName('public.thing', 2), fileName(picture), 'end.json', 'linli.json'])(
    '%s is missing, with every digest right',
    async (leave) => {
      expect(await refused(await written('missing.linli', { leave }))).toMatch(/is damaged|no backup/)
    },
  )
})

test('one that somebody altered, with every digest made anew, is told by its seal; one of an older format is asked for by name', async () => {
  const forged = join(directory, 'forged.linli')
  const archive = writeArchive(forged, new Date(0), Buffer.alloc(32, 9))
  await archive.add('linli.json', Buffer.from(JSON.stringify({ ...head, tables: [] })))
  await archive.add('end.json', Buffer.from(JSON.stringify({ ...end, tables: {}, files: { ...end.files, stored: 0 } })))
  await archive.close()
  await archive.publish()
  const found = await checkArchive(forged, known)
  for (const unsigned of [false, true])
    expect(() => refuseUnsealed(forged, found, key, unsigned)).toThrow(/The seal of .* is wrong/)
  // As an older program wrote it; nor does a line without its seal pass for one of an older format.
  const line = bytes.indexOf('linli archive 3')
  const hash = bytes.toString('latin1', line).split(' ')[4]
  const bare = join(directory, 'bare.linli')
  writeFileSync(bare, Buffer.concat([bytes.subarray(0, line), Buffer.from(`linli archive 3 sha256 ${hash}\n`)]))
  expect(await refused(bare)).toMatch(/is not whole/)
  writeFileSync(bare, Buffer.concat([bytes.subarray(0, line), Buffer.from(`linli archive 2 sha256 ${hash}\n`)]))
  expect(await refused(bare)).toMatch(/is damaged: the member linli.json/)
  const old = { version: 2, hash: found.hash, seal: null }
  expect(() => refuseUnsealed(bare, old, key, false)).toThrow(/carries no seal: .*--unsigned/)
  expect(() => refuseUnsealed(bare, old, key, true)).not.toThrow()
})

test.each([
  'files/../../secrets.json',
  'files//etc/passwd',
  'files/2026-11/23/x/original.webp',
  `files/${picture}/../../other`,
  'files/2026-11/23/019ab000-0000-7000-8000-000000000001/run.sh',
])('%s is no name of a file', async (besides) => {
  expect(await refused(await written('strange.linli', { besides }))).toMatch(/is damaged: /)
})

test.each([{ migrations: null }, { tables: [{ name: 'public.thing' }] }, { format: 'x' }])(
  'a head of another shape is refused: %j',
  async (changes) => {
    expect(await refused(await written('shape.linli', { head: changes }))).toMatch(/is damaged: the member linli.json/)
  },
)

test('a part that unpacks to more than any that was written is refused', async () => {
  const content = zstdCompressSync(Buffer.alloc(80 << 20))
  expect(content.length).toBeLessThan(1 << 20)
  await expect(unpacked(whole, { name: partName('public.thing', 1), content })).rejects.toThrow(
    /part 1 of the table public.thing/,
  )
})

test('damage that comes between the check and the restore is told as it is', async () => {
  const file = await written('since.linli')
  const found = await checkArchive(file, known)
  const copy = readFileSync(file)
  const at = copy.indexOf('\x07\x07\x07')
  copy[at] = 8
  writeFileSync(file, copy)
  const told = await Array.fromAsync(readMembers(file, found)).catch((error: ArchiveRefusal) => error.sentence.en)
  expect(told).toMatch(/after it had been checked: the file .* half restored/)
  expect(told).not.toMatch(/Nothing was touched/)
})

test('one of a newer program, or of another history, is refused by the name of what is unknown', async () => {
  const newer = await written('newer.linli', { head: { migrations: ['1_first', '2_second', '3_third', '4_later'] } })
  expect(await refused(newer)).toMatch(/newer program \(4_later/)
  const other = await written('other.linli', { head: { migrations: ['1_first', '2_else'] } })
  expect(await refused(other)).toMatch(/newer program \(2_else/)
  const later = await written('format.linli', { head: { format: format + 1 } })
  expect(await refused(later)).toContain(`newer program (format ${format + 1} `)
})

test('what is no archive, or not there, is told', async () => {
  const file = join(directory, 'letter.txt')
  writeFileSync(file, 'Dear Sir or Madam')
  expect(await refused(file)).toMatch(/no backup of Linli/)
  expect(await refused(join(directory, 'nowhere'))).toMatch(/cannot be read \(ENOENT\)/)
  expect(await refused(directory)).toMatch(/cannot be read \(EISDIR\)/)
})

test.runIf(existsSync('/dev/full'))('a disk that is full: a sentence, and nothing under the name', async () => {
  const file = join(directory, 'full.linli')
  const archive = writeArchive(file, new Date(0), key, () => createWriteStream('/dev/full'))
  await expect(
    (async () => {
      for (let part = 1; part < 50; part += 1) await archive.add(partName('public.thing', part), Buffer.alloc(1 << 20))
      await archive.close()
    })(),
  ).rejects.toThrow(/is full; it was not written/)
  archive.discard()
  expect(existsSync(file)).toBe(false)
})

test('keys are written for their owner alone, and read from either file; anything else is refused without being shown', () => {
  const file = join(directory, 'a.keys')
  writeKeys(file, key)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readKeys(file)).toEqual(key)
  // The backup stands already.
  expect(() => writeKeys(join(directory, 'nowhere', 'a.keys'), key)).toThrow(/\(ENOENT\); the backup itself is made/)
  writeFileSync(file, '{"application": "c2hvcnQ="}')
  expect(() => readKeys(file)).toThrow(/holds no key/)
  expect(() => readKeys(file)).not.toThrow(/c2hvcnQ/)
  expect(fingerprint(key)).not.toBe(fingerprint(Buffer.alloc(32, 4)))
})
