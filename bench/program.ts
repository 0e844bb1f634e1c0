// The real program: started as everybody starts it, in a process of its own, stopped by a signal.
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../src/app/cli.ts', import.meta.url))

export interface Running {
  readonly address: string
  /** From the start of the process until it says that it is ready. */
  readonly seconds: number
  readonly process: number
  stop(): Promise<void>
}

/** Settings of every run: rate limits are widened, not switched off, and each client has an address of its own. */
const environment = {
  ...process.env,
  LANG: 'C',
  LINLI_LIMIT_FACTOR: '1000000',
  LINLI_TRUSTED_PROXIES: '127.0.0.1',
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done()
    else child.once('exit', () => done())
  })
}

export async function start(
  data: string,
  options: { port: number; empty?: boolean; flags?: string[] },
): Promise<Running> {
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      ...(options.flags ?? []),
      cli,
      'start',
      '--port',
      String(options.port),
      '--data',
      data,
      ...(options.empty ? ['--empty'] : []),
    ],
    { env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let told = ''
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      told += chunk
      const found = /ready \([\d.]+ s\): (\S+)/.exec(told)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(`the program ended: ${told}`)))
  })
  const seconds = (performance.now() - began) / 1_000
  return {
    address,
    seconds,
    process: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await ended(child)
    },
  }
}

/** What a command did: its JSON result, its time with that of PostgreSQL's start and end, and the most memory of its own process. */
export interface Done {
  readonly facts: Record<string, unknown>
  readonly seconds: number
  /** 0 where the system does not tell. */
  readonly megabytes: number
}

/** Runs one command to its end. */
export async function command(data: string, args: string[]): Promise<Done> {
  const began = performance.now()
  const child = spawn(process.execPath, [cli, ...args, '--data', data, '--json'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let told = ''
  let megabytes = 0
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (told += chunk))
  const watch = setInterval(() => {
    try {
      const most = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      megabytes = Math.max(megabytes, Number(most ?? 0) / 1_024)
    } catch {
      // It has just ended, or this is no Linux.
    }
  }, 200)
  await ended(child)
  clearInterval(watch)
  const seconds = (performance.now() - began) / 1_000
  const last = out.trim().split('\n').at(-1)
  if (child.exitCode !== 0 || !last) throw new Error(`linli ${args.join(' ')}: ${told || out}`)
  return { facts: JSON.parse(last) as Record<string, unknown>, seconds, megabytes }
}

/** Memory of the server's own process and of its PostgreSQL (shared pages counted once), in MB. Linux only; else null. */
export function memory(server: number, data: string): { server: number; database: number } | null {
  const read = (pid: number | string, file: string, line: string) => {
    const found = new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1]
    return Number(found ?? 0) / 1_024
  }
  try {
    const postmaster = readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0] ?? ''
    let database = 0
    for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      try {
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        if (pid === postmaster || parent === postmaster) database += read(pid, 'smaps_rollup', 'Pss')
      } catch {
        // It ended while we looked, or is not ours to look at.
      }
    }
    return { server: read(server, 'status', 'VmRSS'), database }
  } catch {
    return null
  }
}

/**
 * Seconds of processor time spent so far by the server's process and by its PostgreSQL. Unlike times by the clock, they hardly depend
 * on what else the machine does. Linux only; else null.
 */
export function processorTime(server: number, data: string): { server: number; database: number } | null {
  // Fields 14 to 17 of /proc/PID/stat, in hundredths: own time in user and system, then that of children that have ended.
  const read = (pid: number | string, withEnded: boolean) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return fields.slice(11, withEnded ? 15 : 13).reduce((sum, field) => sum + Number(field), 0) / 100
  }
  try {
    const postmaster = readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0] ?? ''
    let database = read(postmaster, true)
    for (const child of readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ')) {
      try {
        database += read(child, false)
      } catch {
        // It ended while we looked; the next look counts it with its parent.
      }
    }
    return { server: read(server, false), database }
  } catch {
    return null
  }
}

export function forget(data: string): void {
  rmSync(data, { recursive: true, force: true })
}
