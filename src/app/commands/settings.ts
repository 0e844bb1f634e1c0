import type { ArchiveRefusal } from '#kernel/backup/index.ts'
import { type Config, ConfigMistake, type Overrides, readConfig, type Sentence } from '#kernel/config/index.ts'
import { damageOf, isAway, sqlState } from '#kernel/database/index.ts'
import { DatabaseRefusal } from '#kernel/database/migrate.ts'
import { EmbeddedRefusal, Interrupted, type OpenDatabase, openForCommand } from '#kernel/embedded/index.ts'
import { SecretsRefusal } from '#kernel/secrets/index.ts'
import { CommandRefusal, exitCodes } from './terminal.ts'

/** Reads the settings. @throws CommandRefusal with every mistake. */
export function settings(overrides: Overrides = {}): Config {
  try {
    return readConfig(process.env, overrides)
  } catch (error) {
    if (error instanceof ConfigMistake) throw new CommandRefusal(exitCodes.configuration, error.mistakes)
    throw error
  }
}

/** Turns what a lower room refuses into the sentence and exit code of a command; anything else stays what it is. */
export function asCommandRefusal(error: unknown): unknown {
  if (error instanceof EmbeddedRefusal) {
    return new CommandRefusal(exitCodes[error.matter], [error.sentence])
  }
  if (error instanceof SecretsRefusal) return new CommandRefusal(exitCodes.directory, [error.sentence])
  if (isArchiveRefusal(error)) return new CommandRefusal(archiveCodes[error.matter], [error.sentence])
  if (error instanceof DatabaseRefusal) return new CommandRefusal(exitCodes.database, [error.sentence])
  if ((error as NodeJS.ErrnoException)?.code === 'EADDRINUSE') {
    const { port } = error as { port?: number }
    return new CommandRefusal(exitCodes.busy, [portTaken(port ?? 0)])
  }
  if (isAway(error)) {
    const { code, message } = error as NodeJS.ErrnoException
    return new CommandRefusal(exitCodes.database, [
      {
        zh: `和数据库的连接断了（${code ?? message}）：请看它是否还在运行，再试一次。`,
        en: `The connection to the database was lost (${code ?? message}): see whether it runs, then try again.`,
      },
    ])
  }
  if (sqlState(error) === '53100') {
    return new CommandRefusal(exitCodes.database, [
      {
        zh: '数据库所在的磁盘满了，没有做完：请腾出空间，再运行一次。',
        en: 'The disk of the database is full, and this was not finished: make room and run it again.',
      },
    ])
  }
  const damage = damageOf(error)
  if (damage !== null) {
    return new CommandRefusal(exitCodes.database, [
      {
        zh: `数据库的文件坏了：${damage}。请停下服务，从备份恢复，见 docs/operations.md。`,
        en: `A file of the database is damaged: ${damage}. Stop the server and restore a backup; see docs/operations.md.`,
      },
    ])
  }
  return error
}

/** Known by its name: its room brings in whatever reads and stores pictures, and whoever asks for help would wait for that. */
const isArchiveRefusal = (error: unknown): error is ArchiveRefusal => (error as Error)?.name === 'ArchiveRefusal'

const archiveCodes = {
  archive: exitCodes.failed,
  keys: exitCodes.directory,
  installation: exitCodes.database,
} as const

/** What is said when a port is taken. */
export function portTaken(port: number) {
  return {
    zh: `端口 ${port} 已被别的程序占用：请停掉那个程序，或用 --port 换一个端口。`,
    en: `Port ${port} is taken by another program: stop that one, or choose another port with --port.`,
  }
}

/**
 * Does a command's work on a database that is up to date: that of a running server, or started for the time of the work.
 * Ctrl-C lets the database go, at whatever moment it comes.
 * `create`: the command may begin a new database where the data directory holds none. `asItStands`: no migration runs first.
 */
export async function withDatabase<T>(
  options: { data?: string | undefined; port?: string | undefined; create?: boolean; asItStands?: boolean },
  work: (open: OpenDatabase) => Promise<T>,
): Promise<T> {
  // A command loads no demonstration data, so nothing about it can be refused.
  const config = settings({ dataDirectory: options.data, port: options.port, empty: '1' })
  return untilStopped(
    stoppedHalfway,
    (signal) => openForCommand(config, { create: options.create, signal }),
    async (open) => {
      if (!options.asItStands) {
        // Loaded only here: it brings in sign-in and the job queue, which asking for help does not need.
        const { prepareDatabase } = await import('../prepare.ts')
        await prepareDatabase(open.config, open.superuserUrl)
      }
      return work(open)
    },
  )
}

/**
 * Opens a database, does the work, and lets the database go: when it is done, or as soon as Ctrl-C or SIGTERM come.
 * @throws CommandRefusal with the sentence where it was stopped
 */
export async function untilStopped<O extends { stop(): Promise<void> }, T>(
  sentence: Sentence,
  opening: (signal: AbortSignal) => Promise<O>,
  work: (open: O) => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(new CommandRefusal(exitCodes.interrupted, [sentence])))
  })
  stopped.catch(() => undefined)
  const interrupted = (): void => stop.abort()
  // From before PostgreSQL is started: nothing else would stop it again.
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)
  let open: O | undefined
  try {
    open = await opening(stop.signal)
    return await Promise.race([work(open), stopped])
  } catch (error) {
    if (error instanceof Interrupted) return await stopped
    throw error
  } finally {
    await open?.stop()
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
  }
}

const stoppedHalfway = {
  zh: '停下了，没有做完。已提交的都在，再运行一次即可。',
  en: 'Stopped before it was done. What was committed stays; run it again.',
}
