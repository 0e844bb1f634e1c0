// The commands, upon data directories with a PostgreSQL of their own, as an operator runs them.
import { type ChildProcess, spawn } from 'node:child_process'
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
import { afterAll, expect, test } from 'vitest'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
const release = fileURLToPath(new URL('../testing/releases/0.1.0.linli', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'linli-backup-'))
const data = join(directory, 'data')
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function linli(args: string[], started: (child: ChildProcess) => void = () => undefined) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], { env: { PATH: process.env.PATH, LANG: 'C' } })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.once('close', (code) => resolve({ code, out, err }))
    started(child)
  })
}

const lastLine = (out: string) => JSON.parse(out.trim().split('\n').at(-1) ?? '')

test('what is in the way is told before anything is written', async () => {
  const altered = join(directory, 'altered.linli')
  const bytes = Buffer.from(readFileSync(release))
  const at = Math.floor(bytes.length / 2)
  bytes[at] = bytes.readUInt8(at) ^ 1
  writeFileSync(altered, bytes)
  const keys = `${release}.keys`
  const wrong = join(directory, 'wrong.keys')
  writeFileSync(wrong, JSON.stringify({ application: Buffer.alloc(32, 9).toString('base64') }))
  const cases: [string[], number, RegExp][] = [
    [[altered, '--keys', keys], 1, /is damaged: .*(table|member)/],
    [[release], 6, /Without its key/],
    [[release, '--keys', wrong], 6, /was not sealed with the key in/],
    [[release, '--keys', release], 6, /holds no key/],
    [[release, '--keys', keys], 1, /carries no seal: anybody could have altered it/],
    [[release, '--keys', keys, '--erasures', wrong], 1, /Line 1 of .* is none of a list of erasures/],
    [[join(directory, 'nowhere'), '--keys', keys], 1, /cannot be read \(ENOENT\)/],
  ]
  const ended = await Promise.all(cases.map(([args]) => linli(['restore', ...args, '--data', data, '--json'])))
  for (const [index, [, code, words]] of cases.entries()) {
    expect(ended[index]?.err).toMatch(words)
    expect(ended[index]?.code).toBe(code)
    expect(lastLine(ended[index]?.out ?? '')).toMatchObject({ ok: false })
  }
  expect(existsSync(data)).toBe(false)
})

test('a restore that is killed is never served and begins anew; what is whole is backed up again', {
  timeout: 300_000,
}, async () => {
  const restore = ['restore', release, '--keys', `${release}.keys`, '--unsigned', '--data', data, '--json']
  const killed = await linli(restore, (child) => {
    // Once PostgreSQL is there: in the midst of it.
    const look = setInterval(() => {
      if (!existsSync(join(data, 'postgres', 'postmaster.pid'))) return
      clearInterval(look)
      child.kill('SIGKILL')
    }, 20)
  })
  expect(killed.code).toBeNull()
  const served = await linli(['serve', '--port', '0', '--data', data])
  expect([served.code, served.err]).toEqual([6, expect.stringMatching(/is half restored/)])
  expect((await linli(['verify', '--data', data])).code).toBe(6)
  expect((await linli(['backup', join(directory, 'half.linli'), '--data', data])).code).toBe(6)

  const restored = await linli(restore)
  expect(restored.err).toMatch(/No list of erasures was given/)
  const facts = lastLine(restored.out)
  expect(facts, restored.err).toMatchObject({ ok: true, firstBroken: null, files: 2, erasures: null })
  expect(existsSync(join(data, 'restoring.json'))).toBe(false)
  expect(statSync(join(data, 'secrets.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(data, 'files'))).toHaveLength(1)

  const { hash: root } = lastLine((await linli(['verify', '--data', data, '--json'])).out)
  expect(root).toMatch(/^[0-9a-f]{64}$/)
  const again = join(directory, 'again.linli')
  const [inhabited, taken] = [await linli(restore), await linli(['backup', again, '--keys', '--data', data, '--json'])]
  expect([inhabited.code, inhabited.err]).toEqual([6, expect.stringMatching(/holds an installation already/)])
  expect(lastLine(taken.out), taken.err).toMatchObject({
    file: again,
    files: 2,
    entries: facts.entries,
    // What the archive of that release noted is of its time, when the register was a chain; from then on it is the root.
    hash: root,
    lost: 0,
  })
  expect([again, `${again}.keys`].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600])
  expect(JSON.parse(readFileSync(`${again}.keys`, 'utf8')).application).toBe(
    JSON.parse(readFileSync(`${release}.keys`, 'utf8')).application,
  )
  // What the migrations since then have put there comes to it.
  expect(lastLine(taken.out).rows).toBeGreaterThanOrEqual(facts.rows)
  // Nothing is written over.
  copyFileSync(again, `${again}.before`)
  const twice = await linli(['backup', again, '--data', data])
  expect([twice.code, twice.err]).toEqual([1, expect.stringMatching(/is there already and was not written over/)])
  expect(readFileSync(again).equals(readFileSync(`${again}.before`))).toBe(true)
})
