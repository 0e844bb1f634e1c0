import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '#kernel/config/index.ts'
import { EmbeddedRefusal, Interrupted, openForCommand, openForServer } from './index.ts'
import { asRefusal } from './refusal.ts'

/** A server in a process of its own: tells its database when it is ready, stops on SIGTERM. */
const program = `
  import { readConfig } from '${new URL('../config/index.ts', import.meta.url)}'
  import { openForServer } from '${new URL('./index.ts', import.meta.url)}'
  const tell = (facts) => process.stdout.write(JSON.stringify(facts) + '\\n')
  try {
    const open = await openForServer(readConfig({ LINLI_DATA: process.argv[1], LINLI_PORT: '4100' }), {
      onRestart: () => tell({ restarted: true }),
      onLost: (error) => tell({ lost: error.message }),
    })
    process.on('SIGTERM', () => open.stop().then(() => process.exit(0)))
    setInterval(() => undefined, 60_000)
    tell({ url: open.superuserUrl })
  } catch (error) {
    tell({ refused: error.message, busy: error.busy, matter: error.matter })
  }`

interface Told {
  url?: string
  refused?: string
  busy?: boolean
  matter?: string
  restarted?: boolean
  lost?: string
}

const started: ChildProcess[] = []

function serve(dataDirectory: string, uid?: number): { process: ChildProcess; next(): Promise<Told> } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, dataDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid, cwd: dataDirectory }),
  })
  started.push(child)
  const lines: string[] = []
  let rest = ''
  child.stdout.on('data', (chunk) => {
    rest += chunk
    const parts = rest.split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  return {
    process: child,
    async next() {
      while (lines.length === 0) {
        if (child.exitCode !== null && lines.length === 0) throw new Error(`ended with ${child.exitCode}`)
        await sleep(10)
      }
      return JSON.parse(lines.shift() as string) as Told
    },
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done()
    else child.once('exit', () => done())
  })
}

async function ask<T>(url: string | undefined, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const answer = await client.query(text)
    return answer.rows as T[]
  } finally {
    await client.end()
  }
}

function postmaster(dataDirectory: string): number {
  return Number(readFileSync(join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const root = process.getuid?.() === 0
let parent = ''
let data = ''

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'linli-embedded-'))
  chmodSync(parent, 0o755)
  data = join(parent, 'data')
})
afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill('SIGTERM')
    await ended(child)
  }
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

describe('the embedded PostgreSQL', { timeout: 60_000 }, () => {
  test('is made durable, listens on this machine alone and asks for a password', async () => {
    const server = serve(data)
    const { url } = await server.next()
    const [settings] = await ask<Record<string, string>>(
      url,
      `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
        current_setting('synchronous_commit') as commit, current_setting('wal_level') as wal,
        current_setting('data_checksums') as checksums, current_setting('listen_addresses') as listen,
        current_setting('unix_socket_directories') as sockets`,
    )
    expect(settings).toEqual({
      fsync: 'on',
      pages: 'on',
      commit: 'on',
      wal: 'replica',
      checksums: 'on',
      listen: '127.0.0.1',
      // Beside the loopback address only a socket in the cluster's own directory, which nobody else may enter.
      sockets: join(data, 'postgres'),
    })
    const wrong = new URL(url as string)
    wrong.password = 'guessed'
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password/)
    await ask(url, 'create table kept (word text)')
  })

  test('stops cleanly and leaves nothing behind', async () => {
    const server = serve(data)
    await server.next()
    const pid = postmaster(data)
    server.process.kill('SIGTERM')
    await ended(server.process)
    expect(server.process.exitCode).toBe(0)
    expect(runs(pid)).toBe(false)
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
    expect(existsSync(join(data, 'server.json'))).toBe(false)
  })

  test('serves one server at a time; the second says whose it is and leaves the first alone', async () => {
    const first = serve(data)
    const { url } = await first.next()
    const told = await serve(data).next()
    expect(told.busy).toBe(true)
    expect(told.refused).toContain(String(first.process.pid))
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
    // A command joins in.
    const open = await openForCommand(readConfig({ LINLI_DATA: data }))
    expect(open.superuserUrl).toBe(url)
    expect(open.config.publicUrl).toBe('http://127.0.0.1:4100')
    await open.stop()
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('survives kill -9 of the server: the orphan is stopped, what was acknowledged is there', async () => {
    const first = serve(data)
    const { url } = await first.next()
    await ask(url, "insert into kept values ('server')")
    const orphan = postmaster(data)
    first.process.kill('SIGKILL')
    await ended(first.process)
    expect(runs(orphan)).toBe(true)
    const again = await serve(data).next()
    expect(runs(orphan)).toBe(false)
    expect(await ask(again.url, "select from kept where word = 'server'")).toHaveLength(1)
  })

  test('survives kill -9 of PostgreSQL: it runs again at the same address', async () => {
    const server = serve(data)
    const { url } = await server.next()
    await ask(url, "insert into kept values ('postgres')")
    process.kill(postmaster(data), 'SIGKILL')
    expect(await server.next()).toEqual({ restarted: true })
    expect(await ask(url, "select from kept where word = 'postgres'")).toHaveLength(1)
    // And a second time.
    process.kill(postmaster(data), 'SIGKILL')
    expect(await server.next()).toEqual({ restarted: true })
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('survives kill -9 of both', async () => {
    const first = serve(data)
    const { url } = await first.next()
    await ask(url, "insert into kept values ('both')")
    const pid = postmaster(data)
    first.process.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
    await ended(first.process)
    const again = await serve(data).next()
    expect(await ask(again.url, "select from kept where word = 'both'")).toHaveLength(1)
  })

  test('is not held up by a stale note that names a stranger', async () => {
    const note = join(data, 'postgres', 'postmaster.pid')
    writeFileSync(note, `${process.pid}\n${join(data, 'postgres')}\n1\n5432\n\n127.0.0.1\n 1 1\nready\n`)
    const { url } = await serve(data).next()
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('says so when it is lost for good', async () => {
    const server = serve(data)
    await server.next()
    const control = join(data, 'postgres', 'global', 'pg_control')
    const whole = readFileSync(control)
    writeFileSync(control, 'broken')
    process.kill(postmaster(data), 'SIGKILL')
    expect((await server.next()).lost).toMatch(/PostgreSQL did not start/)
    server.process.kill('SIGKILL')
    await ended(server.process)
    writeFileSync(control, whole)
    expect((await serve(data).next()).url).toBeDefined()
  })

  test('makes no new keys beside data that the old ones open', async () => {
    const keys = join(data, 'secrets.json')
    renameSync(keys, `${keys}.apart`)
    const told = await serve(data).next()
    expect(told.matter).toBe('directory')
    expect(told.refused).toContain(`${keys} is gone`)
    expect(existsSync(keys)).toBe(false)
    renameSync(`${keys}.apart`, keys)
    expect((await serve(data).next()).url).toBeDefined()
  })

  test('names a lock that is damaged, and what to do with it', async () => {
    const lock = join(data, 'server.lock')
    writeFileSync(lock, 'x'.repeat(5_000))
    const told = await serve(data).next()
    expect(told.matter).toBe('directory')
    expect(told.refused).toContain(`${lock} is damaged`)
    rmSync(lock)
    expect((await serve(data).next()).url).toBeDefined()
  })

  test('called off while it is being made, it leaves nothing half made', async () => {
    const early = join(parent, 'early')
    const stop = new AbortController()
    const open = openForServer(readConfig({ LINLI_DATA: early }), {
      signal: stop.signal,
      onStarting: () => stop.abort(),
    })
    await expect(open).rejects.toBeInstanceOf(Interrupted)
    expect(readdirSync(early).filter((name) => name.startsWith('postgres') || name === 'server.json')).toEqual([])
    expect((await serve(early).next()).url).toBeDefined()
  })

  test('called off while it starts, it is stopped again', async () => {
    const stop = new AbortController()
    const open = openForServer(readConfig({ LINLI_DATA: data }), {
      signal: stop.signal,
      onStarting: () => stop.abort(),
    })
    await expect(open).rejects.toBeInstanceOf(Interrupted)
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
  })

  test.each([
    ['ENOSPC', /The disk that holds .* is full \(\d+ MB left\)/],
    ['EROFS', /cannot be written: .* read-only/],
    ['EACCES', /cannot be written: .* no right to write there/],
  ])('a file that cannot be written (%s) is told as what is in the way', (code, words) => {
    const refusal = asRefusal(Object.assign(new Error(code), { code }), parent)
    expect(refusal).toBeInstanceOf(EmbeddedRefusal)
    expect(String(refusal)).toMatch(words)
    const program = Object.assign(new Error(code), { code, syscall: 'spawn initdb' })
    expect(asRefusal(program, parent)).toBe(program)
  })

  test.runIf(root)('a data directory that its user may only read is told as such', async () => {
    const kept = join(parent, 'kept')
    mkdirSync(kept)
    chownSync(kept, 65_534, 65_534)
    const server = serve(kept, 65_534)
    await server.next()
    server.process.kill('SIGTERM')
    await ended(server.process)
    chmodSync(kept, 0o555)
    const told = await serve(kept, 65_534).next()
    expect(told.matter).toBe('directory')
    expect(told.refused).toMatch(/cannot be written: \S+\/kept \(the user 65534 has no right/)
  })

  test('takes no half-made cluster for a cluster, and overwrites nothing it does not know', async () => {
    const half = join(parent, 'half')
    mkdirSync(join(half, 'postgres.new', 'base'), { recursive: true })
    mkdirSync(join(half, 'other', 'postgres'), { recursive: true })
    const told = await serve(join(half, 'other')).next()
    expect(told.refused).toContain('It was left as it is')
    expect((await serve(half).next()).url).toBeDefined()
  })

  test('says when the data directory cannot be one', async () => {
    const file = join(parent, 'file')
    writeFileSync(file, '')
    const refusal = await openForServer(readConfig({ LINLI_DATA: file })).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(EmbeddedRefusal)
    expect(String(refusal)).toContain('cannot be written')
  })

  test.runIf(root)('works for an ordinary user', async () => {
    const own = join(parent, 'own')
    mkdirSync(own)
    chownSync(own, 65_534, 65_534)
    const { url } = await serve(own, 65_534).next()
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test.runIf(root)('works for root in a directory that is closed to others', async () => {
    const closed = join(parent, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    const { url } = await serve(join(closed, 'data')).next()
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
    // It may pass through directories and nothing else of what root may.
    const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(
      readFileSync(`/proc/${postmaster(join(closed, 'data'))}/status`, 'utf8'),
    )
    expect([2n, 4n]).toContain(BigInt(`0x${effective?.[1]}`))
  })
})
