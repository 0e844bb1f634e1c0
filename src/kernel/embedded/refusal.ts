import { statfsSync } from 'node:fs'
import { type Sentence, SpokenRefusal } from '#kernel/config/index.ts'
import { noRight, noRoom } from '#kernel/disk/index.ts'

/** What a refusal is about: another process has the directory; the directory or what lies in it; PostgreSQL itself. */
export type Matter = 'busy' | 'directory' | 'database'

/** Why the embedded PostgreSQL cannot be had, in a sentence. */
export class EmbeddedRefusal extends SpokenRefusal {
  readonly matter: Matter

  constructor(sentence: Sentence, matter: Matter = 'database') {
    super(sentence)
    this.matter = matter
  }

  get busy(): boolean {
    return this.matter === 'busy'
  }
}

/** Whoever started it asked it to stop before it was ready. Nothing is wrong. */
export class Interrupted extends Error {
  constructor() {
    super('stopped before it was ready')
    this.name = 'Interrupted'
  }
}

/** @throws Interrupted where the start was called off */
export function goOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Interrupted()
}

/** A file that could not be written, as a refusal that says what is in the way; any other error as it is. */
export function asRefusal(error: unknown, directory: string): unknown {
  const { code, path, syscall } = error as NodeJS.ErrnoException
  // A program that cannot be run says nothing of the directory.
  if (error instanceof EmbeddedRefusal || !code || syscall?.startsWith('spawn')) return error
  if (noRoom.includes(code)) return diskFull(directory)
  return noRight.includes(code) ? unwritable(path ?? directory, code) : error
}

/** The disk beneath a directory is full: where, and how much is left. */
export function diskFull(directory: string): EmbeddedRefusal {
  let left = ''
  try {
    const { bavail, bsize } = statfsSync(directory)
    left = ` ${Math.floor((bavail * bsize) / 1_048_576)} MB`
  } catch {
    // Said without it.
  }
  return new EmbeddedRefusal(
    {
      zh: `${directory} 所在的磁盘满了${left ? `（还剩${left}）` : ''}，数据库起不来。已存下的都在，没有动它们：请腾出空间再启动。不要删 postgres 目录里的任何文件。`,
      en: `The disk that holds ${directory} is full${left ? ` (${left.trim()} left)` : ''}, and the database cannot run. What was saved is there and was left alone: make room and start again. Delete no file inside the directory postgres.`,
    },
    'directory',
  )
}

/** A file or directory that may not be written, as a refusal. */
export function unwritable(path: string, code: string): EmbeddedRefusal {
  const user = process.getuid?.()
  const who = user === undefined ? '' : ` ${user}`
  const [zh, en] =
    code === 'EROFS'
      ? ['它在只读的磁盘上', 'it lies on a disk that is read-only']
      : noRight.includes(code)
        ? [`用户${who} 没有写的权限`, `the user${who} has no right to write there`]
        : [code, code]
  return new EmbeddedRefusal(
    {
      zh: `数据目录不能写：${path}（${zh}）。请改好权限或磁盘，或用 --data 另选目录。`,
      en: `The data directory cannot be written: ${path} (${en}). Mend its rights or its disk, or choose another directory with --data.`,
    },
    'directory',
  )
}
