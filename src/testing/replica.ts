// A streaming replica of a PostgreSQL that a test has started: its files, copied while it runs, and from there on its log.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '#kernel/embedded/index.ts'
import { asSuperuser, type TestPostgres } from './postgres.ts'

export interface TestReplica {
  /** The port under which it is reached, through a door. */
  readonly port: number
  /** One answer of its superuser. */
  ask<T>(text: string, values?: unknown[]): Promise<T>
  /** Nothing of what is written from now on is shown. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** `kill -9` of the whole server; it comes back by itself. */
  kill(): void
  /** What stands behind the door: open, silent (whoever comes waits, as at a server that hangs), or shut. */
  door(now: 'open' | 'silent' | 'shut'): void
  stop(): Promise<void>
}

/** What the copy must not hold: the log comes from the primary, and the notes are of the process that runs there. */
const left = new Set(['pg_wal', 'pg_replslot', 'postmaster.pid', 'postmaster.opts', 'linli.conf'])

/** Copies a running PostgreSQL (`pg_backup_start`, files, `pg_backup_stop`) and starts the copy as its hot standby. */
export async function startReplica(primary: TestPostgres): Promise<TestReplica> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'linli-replica-'))
  chmodSync(dataDirectory, 0o755)
  const directory = join(dataDirectory, 'postgres')
  await asSuperuser(primary, 'postgres', async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    const source = rows[0]?.data_directory ?? ''
    await client.query("select pg_backup_start('replica', true)")
    mkdirSync(directory, { mode: 0o700 })
    for (const name of readdirSync(source).filter((each) => !left.has(each) && !each.startsWith('.s.')))
      cpSync(join(source, name), join(directory, name), { recursive: true, verbatimSymlinks: true })
    for (const name of ['pg_wal', 'pg_replslot']) mkdirSync(join(directory, name), { mode: 0o700 })
    const stopped = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    writeFileSync(join(directory, 'backup_label'), stopped.rows[0]?.labelfile ?? '')
  })
  writeFileSync(join(directory, 'standby.signal'), '')
  writeFileSync(
    join(directory, 'local.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=postgres password=${primary.password}'\nhot_standby = on\nwal_retrieve_retry_interval = '200ms'\n`,
  )
  const cluster = await startCluster({ dataDirectory, password: primary.password, durable: false })
  const postgres = { ...primary, port: cluster.port }
  const { port, set, close } = await openDoor(cluster.port)
  const ask = <T>(text: string, values: unknown[] = []): Promise<T> =>
    asSuperuser(postgres, 'postgres', async (client) => {
      const { rows } = await client.query<Record<string, T>>(text, values)
      return Object.values(rows[0] ?? {})[0] as T
    })
  return {
    port,
    ask,
    async pause() {
      await ask('select pg_wal_replay_pause()')
      while ((await ask('select pg_get_wal_replay_pause_state()')) !== 'paused');
    },
    async resume() {
      await ask('select pg_wal_replay_resume()')
    },
    kill: () => process.kill(cluster.pid(), 'SIGKILL'),
    door: set,
    async stop() {
      close()
      await cluster.stop()
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** A port that leads to another and can be shut. */
async function openDoor(to: number) {
  const passing = new Set<Socket>()
  let state: 'open' | 'silent' | 'shut' = 'open'
  const server = createServer((inside) => {
    if (state === 'shut') return void inside.destroy()
    passing.add(inside)
    const outside = connect(to, '127.0.0.1')
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      one.on('data', (bytes) => state === 'open' && other.write(bytes))
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
    inside.on('close', () => passing.delete(inside))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const cut = () => {
    for (const each of passing) each.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    set(now: typeof state) {
      state = now
      if (now === 'shut') cut()
    },
    close() {
      server.close()
      cut()
    },
  }
}
