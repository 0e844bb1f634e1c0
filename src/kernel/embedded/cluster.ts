import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findPrograms, findRunner, handOver, type Programs, type Runner } from './programs.ts'
import { asRefusal, diskFull, EmbeddedRefusal, goOn } from './refusal.ts'
import { runToEnd } from './run.ts'

export interface ClusterOptions {
  /** Directory that holds `postgres/` and `postgres.log`. */
  dataDirectory: string
  /** Password of the superuser `postgres`, set when the cluster is made. */
  password: string
  /** False: not safe against a power cut. For tests. */
  durable: boolean
  /** Everything is being loaded anew: the least is written, and nothing is safe until `bringToDisk`. */
  loading?: boolean
  /** Calls the start off. */
  signal?: AbortSignal | undefined
  /** Called once a program of PostgreSQL is on its way: there is time for other work until it has come. */
  onStarting?: (() => void) | undefined
  /** Called when PostgreSQL has ended by itself and could not be brought back. */
  onLost?: ((error: Error) => void) | undefined
  /** Called when PostgreSQL had ended by itself and runs again. */
  onRestart?: (() => void) | undefined
}

export interface Cluster {
  port: number
  /** Process id of PostgreSQL. */
  pid(): number
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL on `<dataDirectory>/postgres`, making the cluster first when there is none. The caller holds the lock
 * of the data directory: a PostgreSQL still running on it is an orphan of a killed server, and is stopped first.
 * @throws EmbeddedRefusal
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = join(realpathSync(options.dataDirectory), 'postgres')
  const programs = findPrograms()
  const exists = existsSync(join(directory, 'PG_VERSION'))
  const runner = findRunner(directory, exists, programs)
  if (!exists) await create(directory, programs, runner, options)
  else {
    handOver(directory, runner.user)
    if (process.platform !== 'win32') chmodSync(directory, 0o700)
    await stopOrphan(directory)
  }
  writeFileSync(join(directory, 'linli.conf'), settings(options, socketDirectory(options.dataDirectory)))
  handOver(join(directory, 'linli.conf'), runner.user)
  return run(directory, programs, runner, options)
}

async function create(directory: string, programs: Programs, runner: Runner, options: ClusterOptions): Promise<void> {
  if (existsSync(directory)) {
    throw new EmbeddedRefusal({
      zh: `${directory} 里没有完整的 PostgreSQL 数据，却也不是空缺：请移走它，或从备份恢复。没有动它。`,
      en: `${directory} exists but holds no complete PostgreSQL cluster: move it away or restore it from a backup. It was left as it is.`,
    })
  }
  // Made under another name first: what a kill leaves half made is never taken for a cluster.
  const draft = `${directory}.new`
  const passwordFile = `${directory}.password`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  handOver(draft, runner.user)
  writeFileSync(passwordFile, options.password, { mode: 0o600 })
  handOver(passwordFile, runner.user)
  try {
    const {
      program,
      args,
      options: how,
    } = runner.command(programs.initdb, [
      `--pgdata=${draft}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
      ...(options.durable ? [] : ['--no-sync']),
    ])
    const made = output(program, args, { ...how, cwd: options.dataDirectory }, options.signal)
    options.onStarting?.()
    await made
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    goOn(options.signal)
    if (noSpace.test(String(error))) throw diskFull(options.dataDirectory)
    throw new EmbeddedRefusal({
      zh: `数据库没有建成：${(error as Error).message}`,
      en: `The database could not be made: ${(error as Error).message}`,
    })
  } finally {
    rmSync(passwordFile, { force: true })
  }
  appendFileSync(
    join(draft, 'postgresql.conf'),
    "\n# Written anew at every start.\ninclude_if_exists = 'linli.conf'\n# Yours: what stands here counts.\ninclude_if_exists = 'local.conf'\n",
  )
  renameSync(draft, directory)
}

/** How the system's own words for a full disk stand in what PostgreSQL says. */
const noSpace = /No space left on device|Disk quota exceeded/

/** Memory a process may use, in megabytes; in a container, what the container may. */
function memory(): number {
  const total = totalmem()
  const limit = process.constrainedMemory()
  return Math.floor((limit > 0 && limit < total ? limit : total) / 1_048_576)
}

/**
 * Where PostgreSQL listens besides the loopback address: a socket in its own directory. Measured, a request by it takes 15 to 18 %
 * less of the processor's time on both sides than by the network's way. Null where its name would be too long for one (107 bytes), or the system has none.
 */
export function socketDirectory(dataDirectory: string): string | null {
  if (process.platform === 'win32') return null
  const directory = join(realpathSync(dataDirectory), 'postgres')
  return Buffer.byteLength(`${directory}/.s.PGSQL.65535.lock`) <= 107 ? directory : null
}

function settings({ durable, loading = false }: ClusterOptions, sockets: string | null): string {
  const total = memory()
  const between = (low: number, high: number, value: number): number => Math.round(Math.min(high, Math.max(low, value)))
  const lines: Record<string, string> = {
    listen_addresses: "'127.0.0.1'",
    unix_socket_directories: `'${(sockets ?? '').replaceAll("'", "''")}'`,
    unix_socket_permissions: '0700',
    password_encryption: "'scram-sha-256'",
    timezone: "'UTC'",
    log_timezone: "'UTC'",
    log_checkpoints: 'off',
    // A statement in the log would carry what people wrote.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    wal_level: 'replica',
    max_connections: '120',
    shared_buffers: `${between(128, 4096, durable || loading ? total / 8 : 128)}MB`,
    effective_cache_size: `${between(256, 65_536, total / 2)}MB`,
    work_mem: `${between(4, 16, total / 1024)}MB`,
    maintenance_work_mem: `${between(64, 512, total / 32)}MB`,
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    random_page_cost: '1.1',
    jit: 'off',
    ...(loading
      ? // What fills a table made in the same transaction then stands in no log, and nobody else is there to be looked after.
        {
          wal_level: 'minimal',
          max_wal_senders: '0',
          max_wal_size: '32GB',
          checkpoint_timeout: '1h',
          autovacuum: 'off',
          // Every index reads its table once more, out of the system's memory: nothing is gained by processes that read ahead.
          io_method: 'sync',
        }
      : {}),
  }
  const body = Object.entries(lines).map(([name, value]) => `${name} = ${value}`)
  return `# Written anew at every start of Linli; put settings of your own into local.conf.\n${body.join('\n')}\n`
}

/** Brings every file of a stopped cluster to the disk. @throws where the disk does not take it */
export async function bringToDisk(dataDirectory: string): Promise<void> {
  const directory = join(realpathSync(dataDirectory), 'postgres')
  const programs = findPrograms()
  const { program, args, options } = findRunner(directory, true, programs).command(programs.initdb, [
    '--sync-only',
    `--pgdata=${directory}`,
  ])
  await output(program, args, { ...options, cwd: dataDirectory }, undefined)
}

/** Removes a cluster with all that it holds, after stopping a PostgreSQL that a killed process left running on it. */
export async function removeCluster(dataDirectory: string): Promise<void> {
  const directory = join(realpathSync(dataDirectory), 'postgres')
  if (existsSync(directory)) await stopOrphan(directory)
  rmSync(directory, { recursive: true, force: true })
}

async function run(directory: string, programs: Programs, runner: Runner, options: ClusterOptions): Promise<Cluster> {
  const log = join(options.dataDirectory, 'postgres.log')
  let stopping = false
  let child: ChildProcess
  let ended: Promise<void>

  const begin = async (port: number): Promise<void> => {
    if (existsSync(log) && statSync(log).size > 10_000_000) renameSync(log, `${log}.1`)
    const from = existsSync(log) ? statSync(log).size : 0
    const file = openSync(log, 'a', 0o600)
    const { program, args, options: how } = runner.command(programs.postgres, ['-D', directory, '-p', String(port)])
    // A session of its own: Ctrl-C reaches the server alone, which stops PostgreSQL last.
    child = spawn(program, args, { ...how, cwd: options.dataDirectory, detached: true, stdio: ['ignore', file, file] })
    closeSync(file)
    if (!stopping) options.onStarting?.()
    ended = new Promise((done) => {
      child.once('exit', () => done())
      child.once('error', () => done())
    })
    let over = false
    void ended.then(() => {
      over = true
    })
    for (let waited = 0; !(await ready(directory, child.pid)); waited += 15) {
      if (options.signal?.aborted && !over) await stopProcess(child.pid ?? 0, ended)
      goOn(options.signal)
      if (over || waited > 120_000) {
        const said = readFileSync(log).subarray(from).toString('utf8').trim()
        if (noSpace.test(said)) throw diskFull(realpathSync(join(directory, 'pg_wal')))
        const tail = said.split('\n').slice(-6).join('\n')
        throw new EmbeddedRefusal({
          zh: `PostgreSQL 没有启动起来。它说（${log}）：\n${tail}`,
          en: `PostgreSQL did not start. It says (${log}):\n${tail}`,
        })
      }
      await sleep(15)
    }
  }

  let restarting: Promise<void> = Promise.resolve()
  const watch = (port: number): void => {
    restarting = ended.then(async () => {
      if (stopping) return
      try {
        await again(() => begin(port), 12)
        watch(port)
        options.onRestart?.()
      } catch (error) {
        if (!stopping) options.onLost?.(asRefusal(error, options.dataDirectory) as Error)
      }
    })
  }

  let port = 0
  // Another program may take the free port in the moment between; and a killed PostgreSQL needs a moment to let go of its memory.
  await again(async () => {
    port = await freePort()
    await begin(port)
  }, 12)
  watch(port)
  return {
    port,
    pid: () => child.pid ?? 0,
    async stop() {
      stopping = true
      // One that is just being brought back is stopped too, once it can hear.
      if (child.exitCode !== null || child.signalCode !== null) await restarting
      await stopProcess(child.pid ?? 0, ended)
    },
  }
}

async function again(attempt: () => Promise<void>, times: number): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      await attempt()
      return
    } catch (error) {
      const temporary = /shared memory block|Address already in use|could not bind/i.test(String(error))
      if (!temporary || round === times) throw error
      await sleep(200 * round)
    }
  }
}

/** Has this PostgreSQL written that it accepts connections? Line 1 of postmaster.pid is its process, line 8 its state. */
async function ready(directory: string, pid: number | undefined): Promise<boolean> {
  const lines = readPidFile(directory)
  return Number(lines?.[0]) === pid && lines?.[7]?.trim() === 'ready'
}

function readPidFile(directory: string): string[] | null {
  try {
    return readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return null
  }
}

/** Stops a PostgreSQL that a killed server left running, and removes the note of one that no longer runs. */
async function stopOrphan(directory: string): Promise<void> {
  const pid = Number(readPidFile(directory)?.[0])
  if (!(pid > 0)) return
  if (alive(pid) && isPostgresOf(pid, directory)) {
    await stopProcess(pid, gone(pid))
    // Its note stays while it lives: without it nobody would know that these files are in use.
    if (alive(pid)) {
      throw new EmbeddedRefusal({
        zh: `上次留下的数据库（进程 ${pid}）停不下来，可能在等磁盘。没有动它；等它结束，或结束这个进程，再启动。`,
        en: `The database left behind (process ${pid}) does not stop; it may be waiting for its disk. It was left alone: wait for it to end, or end that process, and start again.`,
      })
    }
  }
  // What is left now names a process that has ended, or a stranger that was given its number.
  rmSync(join(directory, 'postmaster.pid'), { force: true })
}

async function stopProcess(pid: number, ended: Promise<void>): Promise<void> {
  // "Fast": connections are cut, open transactions rolled back, everything written. "Immediate" is safe too, only the next start takes longer.
  for (const [signal, patience] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    if (await Promise.race([ended.then(() => true), sleep(patience, false, { ref: false })])) return
  }
}

async function gone(pid: number): Promise<void> {
  while (alive(pid)) await sleep(20)
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // One that has ended and was not yet collected by its parent still has a number.
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** PostgreSQL works in its data directory, so that tells it from a stranger with the same process number. */
function isPostgresOf(pid: number, directory: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === directory
  } catch {
    try {
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes('postgres')
    } catch {
      return false
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

async function output(
  program: string,
  args: string[],
  options: object,
  signal: AbortSignal | undefined,
): Promise<void> {
  // A session of its own, as PostgreSQL: Ctrl-C reaches the server, which ends it and says so.
  const { code, text } = await runToEnd(program, args, { ...options, detached: true }, signal)
  if (code !== 0) throw new Error(text.split('\n').slice(-6).join('\n'))
}
