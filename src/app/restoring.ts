// Makes an installation of a checked archive: tables at its level, its rows, everything up to the level of this program, and then it is
// held to what the archive says of itself.
import pg from 'pg'
import { loadArchive, markRestoring, unmark, type WholeArchive } from '#kernel/backup/index.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { migrate, preparedAlone, provision } from '#kernel/database/migrate.ts'
import type { OpenDatabase } from '#kernel/embedded/index.ts'
import { openFileStore } from '#kernel/files/index.ts'
import { startJobs } from '#kernel/jobs/index.ts'
import { verify } from '#kernel/ledger/index.ts'
import { eraseAgain } from '#organise/people/index.ts'
import { bringUp, makeLibraryTables } from './prepare.ts'

type Database = Pick<OpenDatabase, 'config' | 'superuserUrl'>

export interface Reports {
  readonly report: (done: number, total: number) => void
  readonly reportBuilding: (done: number, total: number) => void
}

/**
 * Loads the archive into an empty database, which is marked as half restored from here on.
 * @throws ArchiveRefusal, DatabaseRefusal
 */
export async function loadRestored(
  { config, superuserUrl }: Database,
  file: string,
  archive: WholeArchive,
  reports: Reports,
): Promise<{ rows: number; files: number; jobsLeft: number }> {
  // Alone: a process that is preparing this database comes to its end first, and one that comes later finds the mark.
  await preparedAlone(config, superuserUrl, async () => {
    await provision(config, superuserUrl)
    await markRestoring(config)
  })
  await makeLibraryTables(config)
  await migrate(config.ownerUrl, undefined, archive.head.migrations.at(-1) ?? '')
  const store = await openFileStore(config)
  try {
    const loaded = await loadArchive({ file, archive, ownerUrl: config.ownerUrl, store, ...reports })
    return { ...loaded, files: archive.end.files.stored }
  } finally {
    store.close()
  }
}

/**
 * Brings what was loaded up to this program, walks the register, queues the erasures, and takes the mark away. The archive is known to be
 * whole: a register that is not was broken before the backup was taken, which is told and does not keep the rest from being used.
 */
export async function verifyRestored(
  { config }: Pick<Database, 'config'>,
  archive: WholeArchive,
  erasures: string[] | null,
  report: (done: number, total: number) => void,
): Promise<{
  entries: number
  hash: string
  /** The first entry of the register that does not hold; null where all do. */
  firstBroken: number | null
  migrated: string[]
  erasures: { read: number; queued: number } | null
}> {
  const migrated = await bringUp(config)
  const { entries, hash } = archive.end.register
  const firstBroken = await walkRegister(config.ownerUrl, archive, report)
  const again = erasures === null ? null : await eraseOnceMore(config, erasures)
  await unmark(config)
  return { entries, hash, firstBroken, migrated, erasures: again }
}

/** As the owner: nobody else may connect yet. */
async function eraseOnceMore({ ownerUrl }: Database['config'], people: string[]) {
  const jobsDatabase = openDatabase(ownerUrl, { connections: 1, name: 'linli erasures' })
  const jobs = await startJobs(ownerUrl, 1)
  try {
    return await eraseAgain({ jobsDatabase, jobs }, people)
  } finally {
    await jobs.stop()
    await jobsDatabase.close()
  }
}

/** @returns the first entry that does not hold, or that is missing of those which the archive counts */
async function walkRegister(
  ownerUrl: string,
  archive: WholeArchive,
  report: (done: number, total: number) => void,
): Promise<number | null> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'linli restore' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { entries } = archive.end.register
    const found = await verify(client, report, entries === 0 ? [] : [archive.end.register])
    if (!found.ok) return found.firstBroken
    const same = found.entries === entries && found.differing.length === 0
    return same ? null : Math.min(found.entries, entries) + 1
  } finally {
    await client.end()
  }
}
