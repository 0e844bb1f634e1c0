import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeLock } from '#kernel/embedded/index.ts'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
let data = ''
beforeAll(() => {
  data = join(mkdtempSync(join(tmpdir(), 'linli-cli-')), 'data')
})
afterAll(() => rmSync(join(data, '..'), { recursive: true, force: true }))

function linli(args: string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], {
      env: { PATH: process.env.PATH, LINLI_DATA: data, LANG: 'C', ...environment },
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.once('close', (code) => resolve({ code, out, err }))
  })
}

describe('the command line', { timeout: 60_000 }, () => {
  test.each([
    [['--help']],
    [['start', '--help']],
    [['serve', '--help']],
    [['import', 'places', '--help']],
    [['verify', '--help']],
  ])('explains %s', async (args) => {
    const { code, out } = await linli(args)
    expect(code).toBe(0)
    expect(out).toMatch(/Usage: linli/)
  })

  test.each([[['nonsense']], [['start', '--nonsense']], [['import', 'places', '--under', '3']], [['import']]])(
    'ends with 2 on %s',
    async (args) => {
      const { code, out, err } = await linli(args)
      expect(code).toBe(2)
      expect(out).toBe('')
      expect(err).toMatch(/Usage: linli/)
    },
  )

  test('ends with 3 on a wrong setting, and says it in both languages', async () => {
    const { code, err } = await linli(['start', '--port', 'web'], { LINLI_LOG_LEVEL: 'loud' })
    expect(code).toBe(3)
    expect(err).toMatch(/^LINLI_PORT “web” is wrong/)
    expect(err).toMatch(/LINLI_LOG_LEVEL“loud” 不对/)
    expect((await linli(['start'], { LINLI_PORT: 'web', LANG: 'zh_CN.UTF-8' })).err).toMatch(/^LINLI_PORT“web” 不对/)
  })

  test('ends with 4 when the port is taken, names it and starts nothing', async () => {
    const taken = createServer()
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port))
    })
    const { code, err } = await linli(['start', '--port', String(port)])
    await new Promise((done) => taken.close(done))
    expect(code).toBe(4)
    expect(err).toContain(`Port ${port} is taken`)
    expect(existsSync(join(data, 'postgres'))).toBe(false)
  })

  test('ends with 4 when another process has the data directory, and names it', async () => {
    const lock = takeLock(data)
    const { code, err } = await linli(['start', '--port', '0'])
    lock.release()
    expect(code).toBe(4)
    expect(err).toContain(`another Linli process ${process.pid}`)
  })

  test('ends with 5 when the database is away, without its password', async () => {
    const { code, err, out } = await linli(['verify', '--json'], {
      DATABASE_URL: 'postgres://linli_app:hidden@127.0.0.1:9/linli',
      LINLI_OWNER_URL: 'postgres://linli_owner:hidden@127.0.0.1:9/linli',
      LINLI_JOBS_URL: 'postgres://linli_jobs:hidden@127.0.0.1:9/linli',
      LINLI_AUTH_URL: 'postgres://linli_auth:hidden@127.0.0.1:9/linli',
      LINLI_SECRET: '07'.repeat(32),
    })
    expect(code).toBe(5)
    expect(err).toContain('127.0.0.1:9/linli')
    expect(err).not.toContain('hidden')
    expect(JSON.parse(out)).toHaveProperty('error')
  })

  test('verifies the register of a new installation, with one JSON line last', async () => {
    const { code, out } = await linli(['verify', '--json'])
    expect(JSON.parse(out)).toEqual({ entries: 0, ok: true, firstBroken: null })
    expect(code).toBe(0)
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
  })
})
