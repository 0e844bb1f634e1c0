// The data directory while a backup is restored into it: marked from before the first byte until everything was verified, so that a
// restore broken off at any moment is never served.
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { EmbeddedRefusal } from './refusal.ts'

interface Mark {
  /** The archive, as it was named. */
  readonly archive: string
  /** Whether secrets.json was there before. */
  readonly hadSecrets: boolean
}

const markOf = (dataDirectory: string): string => join(dataDirectory, 'restoring.json')

/** @throws EmbeddedRefusal where a restore into this directory was begun and not finished */
export function refuseMarkedDirectory(dataDirectory: string): void {
  const mark = readMark(dataDirectory)
  if (mark === null) return
  throw new EmbeddedRefusal(
    {
      zh: `${dataDirectory} 只恢复了一半（${mark.archive}），不能使用。请再执行一次 linli restore（或 linli import archive），它会从头来过。`,
      en: `${dataDirectory} is half restored (from ${mark.archive}) and cannot be used. Run linli restore (or linli import archive) again; it begins anew.`,
    },
    'directory',
  )
}

/** @throws EmbeddedRefusal where the directory holds an installation, whole or in part, that is not a broken-off restore */
export function refuseInhabited(dataDirectory: string): void {
  if (readMark(dataDirectory) !== null) return
  const files = join(dataDirectory, 'files')
  const inhabited = existsSync(join(dataDirectory, 'postgres')) || (existsSync(files) && readdirSync(files).length > 0)
  if (!inhabited) return
  throw new EmbeddedRefusal(
    {
      zh: `${dataDirectory} 里已有邻里的数据，没有动它。只能恢复到空的数据目录：请用 --data 另选一个，或把原来的移走。`,
      en: `${dataDirectory} holds an installation already, which was left alone. A backup is restored into an empty data directory: choose another with --data, or move what is there away.`,
    },
    'directory',
  )
}

/** Marks the directory, before anything is written into it. @returns the mark of a restore that was broken off, or null */
export function beginRestore(dataDirectory: string, archive: string, hadSecrets: boolean): Mark | null {
  const before = readMark(dataDirectory)
  if (before !== null) return before
  const file = openSync(markOf(dataDirectory), 'wx', 0o600)
  try {
    writeSync(file, `${JSON.stringify({ archive, hadSecrets } satisfies Mark)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return null
}

/** The restore is whole: from here on it may be served. */
export function finishRestore(dataDirectory: string): void {
  rmSync(markOf(dataDirectory), { force: true })
}

function readMark(dataDirectory: string): Mark | null {
  try {
    return JSON.parse(readFileSync(markOf(dataDirectory), 'utf8')) as Mark
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    // Written in part when the power went: what it says is lost, that it is there is enough.
    if (error instanceof SyntaxError) return { archive: '?', hadSecrets: true }
    throw error
  }
}
