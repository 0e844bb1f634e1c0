import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { fingerprint } from '#kernel/backup/index.ts'
import { readConfig } from '#kernel/config/index.ts'
import { asRefusal } from '#kernel/embedded/refusal.ts'
import { fullAtImport, refuseInhabitedAtImport } from './import-refusals.ts'
import { keyOf } from './restore.ts'
import { CommandRefusal } from './terminal.ts'

const directory = mkdtempSync(join(tmpdir(), 'linli-import-refusals-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const embedded = { embedded: true, dataDirectory: directory }
const coded = (code: string) => Object.assign(new Error(code), { code })
const full = Object.assign(new pg.DatabaseError('could not extend file', 0, 'error'), { code: '53100' })
const said = (refusal: unknown) => {
  expect(refusal).toBeInstanceOf(CommandRefusal)
  const [sentence] = (refusal as CommandRefusal).sentences
  return `${sentence?.zh} ${sentence?.en}`
}

test.each([
  ['PostgreSQL that cannot start', asRefusal(coded('ENOSPC'), directory)],
  ['PostgreSQL that takes no row', full],
  ['a picture that finds no room', coded('ENOSPC')],
  ['a share of the disk that is used up', coded('EDQUOT')],
])('a disk that is full at an import (%s): nothing is left, and it is to be imported again', (_, error) => {
  const words = said(fullAtImport(error, embedded))
  expect(words).toMatch(/再执行一次导入.*nothing of the archive is left there: make room and import again/)
  expect(words).not.toMatch(/Delete no file|was left alone|不要删/)
})

test('the full disk of a database of one’s own is told as that; any other error stays what it is', () => {
  expect(said(fullAtImport(full, { ...embedded, embedded: false }))).toMatch(/The disk of the database is full/)
  for (const error of [coded('EACCES'), asRefusal(coded('EROFS'), directory), null]) {
    expect(fullAtImport(error, embedded)).toBe(error)
  }
})

test('an inhabited directory is refused in words of an archive, and so is a wrong key', async () => {
  mkdirSync(join(directory, 'postgres'))
  const refused = (doing: () => void) => {
    try {
      doing()
    } catch (error) {
      return error
    }
    return undefined
  }
  expect(said(refused(() => refuseInhabitedAtImport(directory)))).toMatch(
    /档案包只能导入到空的数据目录.*An archive is imported into an empty data directory/,
  )
  const config = { ...readConfig({ LINLI_DATA: directory }), secret: Buffer.alloc(32, 1) }
  const other = fingerprint(Buffer.alloc(32, 2))
  expect(said(await keyOf(other, config, undefined, 'archive').catch((error: unknown) => error))).toMatch(
    /不是这个档案包的密钥/,
  )
  expect(said(await keyOf(other, config, undefined).catch((error: unknown) => error))).toMatch(/不是这份备份的密钥/)
})
