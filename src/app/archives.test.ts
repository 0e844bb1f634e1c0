// The commands as an operator types them: out of an embedded installation, looked at, and into another; and every reason not to.
import { execFile } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rewrite } from '#kernel/archive/rewriting.fixture.ts'
import { readSecrets } from '#kernel/secrets/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'linli-archives-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const at = (name: string): string => join(directory, name)
const cli = fileURLToPath(new URL('cli.ts', import.meta.url))

function linli(...args: string[]): Promise<{ code: number; facts: Record<string, unknown>; err: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, LANG: 'C', LINLI_DATA: at('first') }
    execFile(process.execPath, [cli, ...args, '--json'], { env, timeout: 100_000 }, (error, stdout, stderr) => {
      const code = error ? Number(error.code) : 0
      resolve({ code, facts: JSON.parse(stdout.trim().split('\n').at(-1) || '{}'), err: stderr })
    })
  })
}

beforeAll(async () => {
  expect(await linli('import', 'places', '--under', '321003')).toMatchObject({ code: 0 })
  expect(
    await linli('account', 'first', '--place', '321003001', '--name', '示例·负责人', '--mail', 'lead@example.org'),
  ).toMatchObject({ code: 0 })
})

test('a whole installation out, looked at without a database, and into another', { timeout: 120_000 }, async () => {
  const whole = await linli('export', at('whole.tar'), '--keys')
  expect(whole).toMatchObject({ code: 0, facts: { scope: null, files: 0, keys: at('whole.tar.keys') } })
  expect(statSync(at('whole.tar')).mode & 0o777).toBe(0o600)
  expect(statSync(at('whole.tar.keys')).mode & 0o777).toBe(0o600)
  expect(await linli('export', at('whole.tar'))).toMatchObject({ code: 1, facts: { ok: false } })
  const { key, entries, root } = whole.facts
  const looked = await linli('verify', '--archive', at('whole.tar'), '--key', String(key), '--data', at('nowhere'))
  expect(looked).toMatchObject({ code: 0, facts: { ok: true, entries, hash: root, key, waiting: 0 } })
  expect(existsSync(at('nowhere'))).toBe(false)

  const into = ['--data', at('second')]
  const without = await linli('import', 'archive', at('whole.tar'), ...into)
  expect(without).toMatchObject({ code: 6, facts: { ok: false } })
  expect(without.err).toMatch(/Without its key/)
  const imported = await linli('import', 'archive', at('whole.tar'), '--keys', at('whole.tar.keys'), ...into)
  expect(imported).toMatchObject({ code: 0, facts: { ok: true, scope: null, entries, hash: root, migrated: [] } })
  expect(readSecrets(at('second'))?.application).toEqual(readSecrets(at('first'))?.application)
  expect(await linli('verify', ...into)).toMatchObject({ code: 0, facts: { ok: true, entries, hash: root } })
  const again = await linli('import', 'archive', at('whole.tar'), '--keys', at('whole.tar.keys'), ...into)
  expect(again).toMatchObject({ code: 6, facts: { ok: false } })
  expect(again.err).toMatch(/holds an installation already, which was left alone/)
})

test('a part out, with a key of its own, and into an installation that has another', { timeout: 120_000 }, async () => {
  expect(await linli('export', at('none.tar'), '--under', '110101')).toMatchObject({ code: 1, facts: { ok: false } })
  const part = await linli('export', at('part.tar'), '--under', '321003001')
  expect(part).toMatchObject({ code: 0, facts: { scope: { code: '321003001' }, keys: at('part.tar.keys') } })
  const looked = await linli('verify', '--archive', at('part.tar'))
  expect(looked.facts).toMatchObject({ ok: true, scope: { code: '321003001' }, proved: part.facts.acts })
  expect(Number(part.facts.acts)).toBeGreaterThan(0)
  const into = ['--data', at('third')]
  const other = await linli('import', 'archive', at('part.tar'), '--keys', at('whole.tar.keys'), ...into)
  expect(other).toMatchObject({ code: 6 })
  const imported = await linli('import', 'archive', at('part.tar'), '--keys', at('part.tar.keys'), ...into)
  expect(imported).toMatchObject({ code: 0, facts: { ok: true, entries: part.facts.acts } })
  const own = readSecrets(at('third'))?.application.toString('base64')
  expect(own).not.toBe(readSecrets(at('first'))?.application.toString('base64'))
  expect(readFileSync(at('part.tar.keys'), 'utf8')).not.toContain(String(own))
  expect(await linli('verify', ...into)).toMatchObject({ code: 0, facts: { ok: true } })
})

test('what is damaged or newer is refused before anything is written', { timeout: 120_000 }, async () => {
  const into = ['--keys', at('whole.tar.keys'), '--data', at('fourth')]
  const bytes = readFileSync(at('whole.tar'))
  copyFileSync(at('whole.tar'), at('cut.tar'))
  writeFileSync(at('cut.tar'), bytes.subarray(0, bytes.length - 3_000))
  const cut = await linli('import', 'archive', at('cut.tar'), ...into)
  expect(cut).toMatchObject({
    code: 1,
    facts: { ok: false, error: expect.stringMatching(/is not whole: it ends at byte/) },
  })
  expect(cut.err).toMatch(/不完整/)
  const key = readSecrets(at('first'))?.application as Buffer
  const later = <T extends { migrations: string[] }>(whole: T): T => ({
    ...whole,
    migrations: [...whole.migrations, '20991231235900_later'],
  })
  await rewrite(at('whole.tar'), at('newer.tar'), key, {
    member: (member) =>
      member.name === 'linli-archive.json'
        ? { ...member, content: Buffer.from(JSON.stringify(later(JSON.parse(String(member.content))))) }
        : member,
    manifest: later,
  })
  const newer = await linli('import', 'archive', at('newer.tar'), ...into)
  expect(newer).toMatchObject({
    code: 1,
    facts: { error: expect.stringMatching(/newer program .*20991231235900_later/) },
  })
  // Signed by somebody who has another key.
  await rewrite(at('whole.tar'), at('forged.tar'), key, { by: Buffer.alloc(32, 1) })
  expect(await linli('import', 'archive', at('forged.tar'), ...into)).toMatchObject({
    code: 1,
    facts: { error: expect.stringMatching(/signature of .* is wrong/) },
  })
  // A row that fits its checksum and not its table is found when it is put in, and taken back with all the rest.
  await rewrite(at('whole.tar'), at('unfit.tar'), key, {
    lines: (table, lines) =>
      table === 'public.post'
        ? lines.map((line) => JSON.stringify({ ...JSON.parse(line), duties: ['rule.all'] }))
        : lines,
  })
  const unfit = await linli('import', 'archive', at('unfit.tar'), ...into)
  expect(unfit).toMatchObject({
    code: 1,
    facts: { error: expect.stringMatching(/line 1 of tables\/public\.post\/000001.* cannot be put/) },
  })
  expect(
    existsSync(at('fourth'))
      ? readdirSync(at('fourth')).filter((name) => !/^(server\.lock|postgres\.log)/.test(name))
      : [],
  ).toEqual([])
  expect(await linli('import', 'archive', at('whole.tar'), ...into)).toMatchObject({ code: 0 })
})
