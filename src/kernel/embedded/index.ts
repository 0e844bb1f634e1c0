import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#kernel/config/index.ts'
import { type DatabaseRole, openSecrets, readSecrets, type Secrets } from '#kernel/secrets/index.ts'
import { bringToDisk, removeCluster, socketDirectory, startCluster } from './cluster.ts'
import { makeDirectory, readHolder, takeLock } from './lock.ts'
import { asRefusal, EmbeddedRefusal, goOn } from './refusal.ts'
import { beginRestore, finishRestore, refuseInhabited, refuseMarkedDirectory } from './restoring.ts'

export { type Cluster, type ClusterOptions, startCluster } from './cluster.ts'
export { makeDirectory, readHolder, takeLock } from './lock.ts'
export { EmbeddedRefusal, Interrupted } from './refusal.ts'
export { refuseInhabited } from './restoring.ts'
export { runToEnd } from './run.ts'

/** A database that can be used, and how to let go of it. */
export interface OpenDatabase {
  /** The settings with the addresses and the secret filled in. */
  config: Config
  /** Address of the superuser of the embedded PostgreSQL; null with a database of one's own. */
  superuserUrl: string | null
  /** True: a server of this data directory is running on it at the same time. */
  joined: boolean
  /** Lets go: stops the embedded PostgreSQL when this process started it. */
  stop(): Promise<void>
}

export interface EmbeddedEvents {
  /** Calls the start off: what is on its way is ended, and nothing half made is left. */
  signal?: AbortSignal
  /** Called once the data directory is this process's own and before PostgreSQL is started; what it throws ends the start. */
  onTaken?: () => Promise<void>
  /** The database is on its way; may come more than once. */
  onStarting?: () => void
  /** PostgreSQL ended by itself and could not be brought back: the server has to end. */
  onLost?: (error: Error) => void
  /** PostgreSQL ended by itself and runs again. */
  onRestart?: () => void
}

/**
 * Gives the database of these settings for a server: starts the embedded PostgreSQL, or hands back the addresses given.
 * @throws EmbeddedRefusal; busy when another process has the data directory.
 */
export function openForServer(config: Config, events: EmbeddedEvents = {}): Promise<OpenDatabase> {
  return open(config, events, config.publicUrl)
}

/** @param address under which pages are served meanwhile; undefined for a command, which serves none */
async function open(config: Config, events: EmbeddedEvents, address: string | undefined): Promise<OpenDatabase> {
  if (!config.embedded) {
    await events.onTaken?.()
    events.onStarting?.()
    // The database is elsewhere, but files lie here all the same.
    makeDirectory(config.dataDirectory)
    return external(config)
  }
  const dataDirectory = makeDirectory(config.dataDirectory)
  const lock = takeLock(dataDirectory)
  try {
    await events.onTaken?.()
    goOn(events.signal)
    refuseMarkedDirectory(dataDirectory)
    refuseWithoutSecrets(dataDirectory)
    const secrets = openSecrets(dataDirectory)
    const cluster = await startCluster({
      dataDirectory,
      password: secrets.passwords.postgres,
      durable: true,
      signal: events.signal,
      onStarting: events.onStarting,
      onLost: events.onLost,
      onRestart: events.onRestart,
    })
    lock.describe({ postgresPort: cluster.port, ...(address === undefined ? {} : { address }) })
    return {
      ...filled(config, secrets, cluster.port),
      joined: false,
      async stop() {
        await cluster.stop()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw asRefusal(error, dataDirectory)
  }
}

/** New keys beside an old database would open nothing that it holds. @throws EmbeddedRefusal where its keys are gone */
function refuseWithoutSecrets(dataDirectory: string): void {
  const cluster = join(dataDirectory, 'postgres')
  if (!existsSync(join(cluster, 'PG_VERSION')) || readSecrets(dataDirectory) !== null) return
  throw new EmbeddedRefusal(
    {
      zh: `${join(dataDirectory, 'secrets.json')} 不见了，而 ${cluster} 是用它加密、靠它的口令登录的。没有它，手机号、联系方式和还没发出的消息读不出来，数据库也进不去。没有动任何东西：请把另存的那份放回去（chmod 600）。真的找不回来，就把 ${cluster} 和旁边的 files 移走，再启动就从空的开始。`,
      en: `${join(dataDirectory, 'secrets.json')} is gone, and ${cluster} was encrypted with its key and signs in with its passwords. Without it telephone numbers, contacts and messages not yet sent cannot be read, and the database lets nobody in. Nothing was touched: put the copy that was kept apart back (chmod 600). If there is none, move ${cluster} and files beside it away, and the next start begins with nothing.`,
    },
    'directory',
  )
}

/** @throws EmbeddedRefusal where the directory holds no database; nothing is made there */
function refuseWithoutDatabase(dataDirectory: string): void {
  if (existsSync(join(dataDirectory, 'postgres', 'PG_VERSION'))) return
  throw new EmbeddedRefusal(
    {
      zh: `${dataDirectory} 里没有邻里的数据库，没有动它。请用 --data 或 LINLI_DATA 写明目录；要新建，先启动一次或导入地方。`,
      en: `There is no database of Linli in ${dataDirectory}, which was left alone. Name the directory with --data or LINLI_DATA; a new one is made by starting Linli or by importing places.`,
    },
    'directory',
  )
}

/**
 * Gives the database of these settings for a command: joins the embedded PostgreSQL of a running server, or starts it
 * for the time of the command.
 * @param how.create may make a new database where the directory holds none; otherwise a directory misspelt would be
 *   answered with an empty database in which all is well
 * @throws Interrupted where `how.signal` called it off; nothing runs then
 * @throws EmbeddedRefusal, DatabaseRefusal; also where a restore was begun there and not finished
 */
export async function openForCommand(
  config: Config,
  how: { create?: boolean | undefined; signal?: AbortSignal } = {},
): Promise<OpenDatabase> {
  if (!config.embedded) {
    // Loaded only here: the rest of it is for backups.
    const { refuseMarkedDatabase } = await import('../backup/index.ts')
    await refuseMarkedDatabase(config.ownerUrl)
    return external(config)
  }
  refuseMarkedDirectory(config.dataDirectory)
  if (!how.create) refuseWithoutDatabase(config.dataDirectory)
  try {
    return await open(config, how.signal ? { signal: how.signal } : {}, undefined)
  } catch (error) {
    if (!(error instanceof EmbeddedRefusal && error.busy)) throw error
    const { postgresPort: port, address } = readHolder(config.dataDirectory) ?? {}
    const secrets = readSecrets(config.dataDirectory)
    // The other process is still starting or already stopping: its own words are the right ones.
    if (port === undefined || secrets === null) throw error
    // Links lead to the server that runs, whatever port the command would have taken.
    const joined = address === undefined ? config : { ...config, publicUrl: address }
    return { ...filled(joined, secrets, port), joined: true, stop: async () => undefined }
  }
}

/** A database that an archive is loaded into. */
export interface RestoringDatabase {
  /** Where it is at present: `settle` moves it. */
  open(): Pick<OpenDatabase, 'config' | 'superuserUrl'>
  /** What was loaded is on the disk from here on, and what follows is as safe as in service. */
  settle(): Promise<void>
  /** All is verified: from here on it may be served. */
  finish(): void
  /** Takes back everything that was made here: the data directory is as empty as it was. */
  discard(): Promise<void>
  stop(): Promise<void>
}

/**
 * Makes an empty database to restore into, in a data directory that is marked as half restored until `finish`. What a restore that was
 * broken off left there is removed first.
 * @param key of the archive; secrets.json is made with it where there is none
 * @throws EmbeddedRefusal; where an installation is there already, nothing is touched
 */
export async function openForRestore(
  config: Config,
  archive: string,
  key: Buffer,
  signal: AbortSignal,
): Promise<RestoringDatabase> {
  if (!config.embedded) {
    makeDirectory(config.dataDirectory)
    const nothing = async (): Promise<void> => undefined
    return {
      open: () => ({ config, superuserUrl: null }),
      settle: nothing,
      finish: () => undefined,
      discard: nothing,
      stop: nothing,
    }
  }
  refuseInhabited(config.dataDirectory)
  const dataDirectory = makeDirectory(config.dataDirectory)
  const lock = takeLock(dataDirectory)
  const start = async (loading: boolean) => {
    const secrets = openSecrets(dataDirectory, key)
    const password = secrets.passwords.postgres
    const cluster = await startCluster({ dataDirectory, password, durable: !loading, loading, signal })
    return { cluster, filled: filled(config, secrets, cluster.port) }
  }
  try {
    refuseInhabited(dataDirectory)
    const hadSecrets = readSecrets(dataDirectory) !== null
    const brokenOff = beginRestore(dataDirectory, archive, hadSecrets)
    const clear = async (secretsToo: boolean): Promise<void> => {
      await removeCluster(dataDirectory)
      rmSync(join(dataDirectory, 'files'), { recursive: true, force: true })
      if (secretsToo) rmSync(join(dataDirectory, 'secrets.json'), { force: true })
    }
    if (brokenOff) await clear(!brokenOff.hadSecrets)
    let running = await start(true)
    return {
      open: () => running.filled,
      async settle() {
        await running.cluster.stop()
        await bringToDisk(dataDirectory)
        running = await start(false)
      },
      finish: () => finishRestore(dataDirectory),
      async discard() {
        await running.cluster.stop()
        await clear(!(brokenOff ?? { hadSecrets }).hadSecrets)
        finishRestore(dataDirectory)
      },
      async stop() {
        await running.cluster.stop()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw asRefusal(error, dataDirectory)
  }
}

function external(config: Config): OpenDatabase {
  return { config, superuserUrl: null, joined: false, stop: async () => undefined }
}

function filled(config: Config, secrets: Secrets, port: number): Pick<OpenDatabase, 'config' | 'superuserUrl'> {
  const sockets = socketDirectory(config.dataDirectory)
  const way = sockets === null ? '' : `?host=${encodeURIComponent(sockets)}`
  const address = (role: DatabaseRole, database = 'linli'): string =>
    `postgres://${role}:${secrets.passwords[role]}@127.0.0.1:${port}/${database}${way}`
  return {
    config: {
      ...config,
      databaseUrl: address('linli_app'),
      ownerUrl: address('linli_owner'),
      jobsUrl: address('linli_jobs'),
      authUrl: address('linli_auth'),
      secret: config.secret.length === 32 ? config.secret : secrets.application,
    },
    superuserUrl: address('postgres', 'postgres'),
  }
}
