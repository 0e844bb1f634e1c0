import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { asRefusal, EmbeddedRefusal, unwritable } from './refusal.ts'

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
    throw unusable(file, error)
  }
  try {
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if (sqliteCode(error) !== sqliteCodes.busy) throw unusable(file, error)
    const holder = readHolder(dataDirectory)
    const who = holder ? ` ${holder.pid}` : ''
    throw new EmbeddedRefusal(
      {
        zh: `数据目录 ${dataDirectory} 正由另一个邻里进程${who} 使用，没有动它。请先停掉那个进程，或用 --data 另选目录。`,
        en: `The data directory ${dataDirectory} is in use by another Linli process${who}, which was left alone. Stop that one first, or choose another directory with --data.`,
      },
      'busy',
    )
  }
  const write = (holder: Holder): void => writeFileSync(note, `${JSON.stringify(holder)}\n`)
  try {
    write({ pid: process.pid })
  } catch (error) {
    database.close()
    throw asRefusal(error, dataDirectory)
  }
  held.add(database)
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
    const refusal = asRefusal(error, dataDirectory)
    throw refusal instanceof EmbeddedRefusal ? refusal : unwritable(dataDirectory, codeOf(error))
  }
}

/** Results of SQLite that are told apart here (sqlite3.h). */
const sqliteCodes = { busy: 5, notADatabase: 26 } as const

/** SQLite's plain result: the upper bits only say more of the same. */
function sqliteCode(error: unknown): number {
  return ((error as { errcode?: number }).errcode ?? 0) & 0xff
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}

/** Why the lock's own file cannot be used. */
function unusable(file: string, error: unknown): unknown {
  if (sqliteCode(error) === sqliteCodes.notADatabase) {
    return new EmbeddedRefusal(
      {
        zh: `${file} 坏了，里面不是邻里写的。它只用来占住目录，不存任何数据：确认没有别的邻里在用这个目录之后，删掉它再启动。`,
        en: `${file} is damaged: what stands in it was not written by Linli. It only marks the directory as taken and holds no data: see that no other Linli uses this directory, delete the file, and start again.`,
      },
      'directory',
    )
  }
  // SQLite says that it failed and not why: writing a file of one's own tells.
  const probe = join(dirname(file), `.probe-${process.pid}`)
  try {
    writeFileSync(probe, 'linli')
  } catch (reason) {
    // Told of the directory: nobody asked for a probe.
    const code = codeOf(reason)
    const refusal = asRefusal(Object.assign(new Error('probe'), { code }), dirname(file))
    return refusal instanceof EmbeddedRefusal ? refusal : unwritable(dirname(file), code)
  } finally {
    rmSync(probe, { force: true })
  }
  return unwritable(file, codeOf(error))
}
