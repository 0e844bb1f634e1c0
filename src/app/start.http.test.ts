import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
const running: ChildProcess[] = []
let parent = ''
let data = ''

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'linli-start-'))
  data = join(parent, 'data')
})
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGTERM')
    await ended(child)
  }
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

/** Starts an empty installation on any free port, and waits until it says where it is. */
async function start(): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [cli, 'start', '--empty', '--port', '0', '--data', data], {
    env: { PATH: process.env.PATH, LANG: 'C', LINLI_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.push(child)
  let told = ''
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      told += chunk
      const address = /ready \([\d.]+ s\): (\S+)/.exec(told)?.[1]
      if (address) resolve({ child, address })
    })
    child.once('exit', () => reject(new Error(told)))
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done()
    else child.once('exit', () => done())
  })
}

/** The process that PostgreSQL notes as its own; 0 where no note stands, or only half of one. */
function databasePid(): number {
  try {
    return Number(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return 0
  }
}

async function answers(address: string): Promise<boolean> {
  const answer = await fetch(`${address}/`, { redirect: 'manual' }).catch(() => null)
  return answer !== null && answer.status < 500
}

describe('npm start', { timeout: 240_000 }, () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('answers, and %s stops everything cleanly', async (signal) => {
    const { child, address } = await start()
    expect(await answers(address)).toBe(true)
    child.kill(signal)
    await ended(child)
    expect(child.exitCode).toBe(0)
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
    expect(await answers(address)).toBe(false)
  })

  test('one press that arrives twice is one press', async () => {
    const { child } = await start()
    child.kill('SIGINT')
    child.kill('SIGTERM')
    await ended(child)
    expect(child.exitCode).toBe(0)
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
  })

  test('answers again after kill -9', async () => {
    const { child } = await start()
    child.kill('SIGKILL')
    await ended(child)
    expect(await answers((await start()).address)).toBe(true)
  })

  test('answers again by itself after its PostgreSQL was killed', async () => {
    const { child, address } = await start()
    const killed = databasePid()
    process.kill(killed, 'SIGKILL')
    await Promise.race([
      expect.poll(() => ![0, killed].includes(databasePid()), { timeout: 90_000 }).toBe(true),
      ended(child).then(() => Promise.reject(new Error('the server ended with its database'))),
    ])
    await expect.poll(() => answers(address), { timeout: 90_000 }).toBe(true)
    expect(child.exitCode).toBeNull()
  })
})
