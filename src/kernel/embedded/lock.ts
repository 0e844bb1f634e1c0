import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { EmbeddedRefusal } from './refusal.ts'

/** Who runs a data directory: kept in server.json beside the lock, for people and for commands that join in. */
export interface Holder {
  pid: number
  /** Port of the embedded PostgreSQL once it runs. */
  postgresPort?: number
  /** Address of the pages, where it serves any. */
  address?: string
}

export interface Lock {
  /** Notes what others may need to know of the holder. */
  describe(holder: Omit<Holder, 'pid'>): void
  release(): void
}

// An open lock must not be collected as garbage.
const held = new Set<DatabaseSync>()

/**
 * Takes a data directory for this process alone. The lock is the operating system's, through SQLite: it goes when the
 * process ends, however it ends, and nothing has to be cleaned up after a kill.
 * @throws EmbeddedRefusal (busy) naming the process that has it.
 */
export function takeLock(dataDirectory: string): Lock {
  makeDirectory(dataDirectory)
  const file = join(dataDirectory, 'server.lock')
  const note = join(dataDirectory, 'server.json')
  let database: DatabaseSync
  try {
    database = new DatabaseSync(file, { timeout: 0 })
  } catch (error) {
    throw unwritable(dataDirectory, error)
  }
  try {
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== 5) throw unwritable(dataDirectory, error)
    const holder = readHolder(dataDirectory)
    const who = holder ? ` ${holder.pid}` : ''
    throw new EmbeddedRefusal(
      {
        zh: `数据目录 ${dataDirectory} 正由另一个邻里进程${who} 使用，没有动它。请先停掉那个进程，或用 --data 另选目录。`,
        en: `The data directory ${dataDirectory} is in use by another Linli process${who}, which was left alone. Stop that one first, or choose another directory with --data.`,
      },
      true,
    )
  }
  held.add(database)
  const write = (holder: Holder): void => writeFileSync(note, `${JSON.stringify(holder)}\n`)
  write({ pid: process.pid })
  return {
    describe: (more) => write({ pid: process.pid, ...more }),
    release() {
      if (!held.delete(database)) return
      rmSync(note, { force: true })
      database.close()
    },
  }
}

/** Who has a data directory, as far as its note tells; null when nobody does. */
export function readHolder(dataDirectory: string): Holder | null {
  try {
    return JSON.parse(readFileSync(join(dataDirectory, 'server.json'), 'utf8')) as Holder
  } catch {
    return null
  }
}

/** Makes the data directory. @throws EmbeddedRefusal with a sentence when it cannot be. */
export function makeDirectory(dataDirectory: string): string {
  try {
    mkdirSync(dataDirectory, { recursive: true })
    return realpathSync(dataDirectory)
  } catch (error) {
    throw unwritable(dataDirectory, error)
  }
}

function unwritable(dataDirectory: string, error: unknown): EmbeddedRefusal {
  const code = (error as NodeJS.ErrnoException).code ?? String(error)
  return new EmbeddedRefusal({
    zh: `数据目录 ${dataDirectory} 不能写（${code}）：请检查它属于哪个用户、磁盘是否已满，或用 --data 另选目录。`,
    en: `The data directory ${dataDirectory} cannot be written (${code}): see whose it is and whether the disk is full, or choose another with --data.`,
  })
}
