// An installation of its own for each fault: the demonstration, loaded once and copied, served by the real program in a process of
// its own on an embedded PostgreSQL of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readSecrets } from '#kernel/secrets/index.ts'
import { given, root } from '../context.ts'
import { note } from '../figures.ts'
import type { Stage } from './fault.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const cliOf = (program: string) => join(program, 'src', 'app', 'cli.ts')

/** The port of the first server of a fault; a second takes the next. */
export const port = Number(given.port) + 1

/** What every run is given: limits are widened, not switched off. */
const settings: Readonly<Record<string, string>> = {
  LANG: 'C',
  LINLI_LIMIT_FACTOR: '1000000',
  LINLI_LOG_LEVEL: 'error',
}

export interface Program {
  readonly child: ChildProcess
  readonly address: string
  /** From the start of its process until it said that it is ready. */
  readonly seconds: number
  /** All that it wrote so far, to the terminal and to its log. */
  told(): string
  /** Sends a signal and waits for the end. @returns the exit code */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

/** What a program said that did not come up. */
export interface Ended {
  readonly code: number | null
  readonly told: string
}

interface Starting {
  readonly data: string
  /** Directory of another program than this one: a newer one. */
  readonly program?: string
  readonly command?: 'start' | 'serve'
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
  readonly flags?: readonly string[]
  /** Called at once with the process, before it is ready. */
  readonly onSpawn?: (child: ChildProcess) => void
}

const running = new Map<ChildProcess, string>()

/** Ends what a fault left running because something in it did not go as it should. */
export async function endAll(): Promise<void> {
  for (const [child, data] of running) {
    for (const pid of postgresOf(data)) attempt(() => process.kill(pid, 'SIGCONT'))
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    const ended = new Promise((resolve) => child.once('close', resolve))
    if (
      child.exitCode === null &&
      child.signalCode === null &&
      !(await Promise.race([ended.then(() => true), sleep(45_000)]))
    )
      child.kill('SIGKILL')
    const left = postmasterOf(data)
    if (left > 0) attempt(() => process.kill(left, 'SIGQUIT'))
  }
  running.clear()
}

function attempt(work: () => unknown): void {
  try {
    work()
  } catch {
    // It has ended.
  }
}

/** Starts the program and waits until it is ready, or until it has ended. */
export async function begin(stage: Stage, how: Starting): Promise<Program | Ended> {
  const began = performance.now()
  const at = how.port ?? port
  const child = spawn(
    process.execPath,
    [
      ...(how.flags ?? []),
      cliOf(how.program ?? project),
      how.command ?? 'serve',
      '--port',
      String(at),
      '--data',
      how.data,
    ],
    { env: { ...process.env, ...settings, ...how.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  running.set(child, how.data)
  how.onSpawn?.(child)
  let text = ''
  let ended: { code: number | null } | null = null
  const over = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      ended = { code }
      if (!postmasterOf(how.data)) running.delete(child)
      resolve(code)
    }),
  )
  const watch = setInterval(() => stage.memory(megabytesOf(child.pid)), 250)
  void over.then(() => clearInterval(watch))
  const ready = new Promise<true>((resolve) => {
    const hear = (chunk: Buffer): void => {
      if (text.length < 4_000_000) text += chunk
      if (/ is ready \(/.test(text)) resolve(true)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
  })
  await Promise.race([ready, over])
  if (ended) return { code: (ended as { code: number | null }).code, told: text }
  return {
    child,
    address: `http://127.0.0.1:${at}`,
    seconds: (performance.now() - began) / 1_000,
    told: () => text,
    async end(signal = 'SIGTERM') {
      child.kill(signal)
      return over
    },
  }
}

export const isEnded = (begun: Program | Ended): begun is Ended => 'code' in begun

/** Starts the program, which has to come up. */
export async function serve(stage: Stage, how: Starting): Promise<Program> {
  const begun = await begin(stage, how)
  if (isEnded(begun)) throw new Error(`the program ended with ${begun.code}: ${begun.told.slice(-1_500)}`)
  return begun
}

/** Holds that a start ends by itself with this exit code, and keeps what it said. */
export async function holdRefusedStart(stage: Stage, how: Starting, code: number, what = 'exit code'): Promise<void> {
  const begun = await begin(stage, how)
  stage.hold(what, isEnded(begun) && begun.code === code, isEnded(begun) ? String(begun.code) : 'it runs')
  if (!isEnded(begun)) return
  const told = begun.told.replace(/:[^:@/]+@/g, ':…@').trim()
  stage.saw(told.split('\n').slice(-2).join(' '))
}

/** Resident memory of a process, in MB; 0 where it cannot be told. */
export function megabytesOf(pid: number | undefined): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(line ?? 0) / 1_024
  } catch {
    return 0
  }
}

const original = join(root, 'demonstration')

/** The demonstration, loaded once for a campaign. */
export async function prepareOriginal(stage: Stage): Promise<void> {
  if (existsSync(join(original, 'secrets.json'))) return
  note('loading the demonstration that every fault begins with')
  const loading = await serve(stage, { data: `${original}.new`, command: 'start' })
  await loading.end()
  execFileSync('mv', [`${original}.new`, original])
}

let copies = 0

/** A data directory with the demonstration in it. @param within a directory on another file system */
export function freshData(name: string, within = root): string {
  copies += 1
  const data = join(within, `${name}-${copies}`)
  execFileSync('cp', ['-a', original, data])
  return data
}

export function emptyData(name: string): string {
  copies += 1
  const data = join(root, `${name}-${copies}`)
  mkdirSync(data)
  return data
}

/** This program with migrations that it does not have yet, as a later release would bring them. @returns its directory */
export function newerProgram(name: string, migrations: Readonly<Record<string, string>>): string {
  copies += 1
  const program = join(root, `${name}-${copies}`)
  mkdirSync(program)
  const elsewhere = ['.git', 'bench', 'docs', 'e2e', 'node_modules']
  for (const each of readdirSync(project).filter((name) => !elsewhere.includes(name)))
    cpSync(join(project, each), join(program, each), { recursive: true })
  symlinkSync(join(project, 'node_modules'), join(program, 'node_modules'))
  for (const [file, text] of Object.entries(migrations)) writeFileSync(join(program, 'migrations', `${file}.sql`), text)
  return program
}

export function drop(data: string): void {
  rmSync(data, { recursive: true, force: true })
}

const noteOf = (data: string) => readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')

/** The process of the PostgreSQL of a data directory; 0 where none runs. */
export function postmasterOf(data: string): number {
  try {
    return Number(noteOf(data)[0])
  } catch {
    return 0
  }
}

/** All processes of the PostgreSQL of a data directory, the first one first. */
export function postgresOf(data: string): number[] {
  const postmaster = postmasterOf(data)
  const children = readdirSync('/proc').filter((entry) => {
    try {
      return (
        /^\d+$/.test(entry) &&
        new RegExp(`^PPid:\\s+${postmaster}$`, 'm').test(readFileSync(`/proc/${entry}/status`, 'utf8'))
      )
    } catch {
      return false
    }
  })
  return postmaster ? [postmaster, ...children.map(Number)] : []
}

export type Role = 'postgres' | 'linli_owner' | 'linli_app' | 'linli_jobs' | 'linli_auth'

/** The address of a role at the PostgreSQL that runs on a data directory. */
export function databaseAddress(data: string, role: Role = 'linli_owner'): string {
  return `postgres://${role}:${readSecrets(data)?.passwords[role]}@127.0.0.1:${noteOf(data)[3]}/linli`
}

/** Lends a connection that looks past every policy. */
export async function withSuperuser<T>(data: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseAddress(data, 'postgres') })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** @param from a table, or what may stand behind `from` */
export async function countOf(data: string, from: string): Promise<number> {
  const { rows } = await withSuperuser(data, (client) => client.query(`select count(*) from ${from}`))
  return Number(rows[0].count)
}

/** Runs one command of the program to its end. */
export function command(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  program = project,
): Promise<Ended & { out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cliOf(program), ...args], {
      env: { ...process.env, ...settings, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let told = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (told += chunk))
    child.once('close', (code) => resolve({ code, told, out }))
  })
}

/** Whether the register of acts holds, by the program's own command. */
export async function holdRegister(
  stage: Stage,
  data: string,
  environment: Readonly<Record<string, string>> = {},
  program = project,
): Promise<void> {
  const { out, told, code } = await command(['verify', '--data', data, '--json'], environment, program)
  const last = out.trim().split('\n').at(-1) ?? '{}'
  const { ok, entries } = JSON.parse(last) as { ok?: boolean; entries?: number }
  stage.hold(
    'the register verifies',
    ok === true,
    ok === true ? `${entries} entries` : `${code} ${last} ${told.slice(-300)}`,
  )
}

/** Asks until it is answered as wished; null where that takes too long. @returns seconds */
export async function until(wished: () => Promise<boolean>, most = 120, pause = 50): Promise<number | null> {
  const began = performance.now()
  for (;;) {
    if (await wished().catch(() => false)) return (performance.now() - began) / 1_000
    if (performance.now() - began > most * 1_000) return null
    await sleep(pause)
  }
}
