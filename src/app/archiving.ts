// Makes an installation of a checked archive: tables at its level, its rows, everything up to the level of this program, and what follows
// from them; or nothing at all.
import pg from 'pg'
import { type CheckedArchive, faults, importArchive, settleImport } from '#kernel/archive/index.ts'
import { markRestoring, takeBackFrom, unmark } from '#kernel/backup/index.ts'
import { migrate, preparedAlone, provision } from '#kernel/database/migrate.ts'
import type { OpenDatabase } from '#kernel/embedded/index.ts'
import { createEncryption } from '#kernel/encryption/index.ts'
import { openFileStore } from '#kernel/files/index.ts'
import { type Verification, verify } from '#kernel/ledger/index.ts'
import { registerSigner } from '#kernel/tree/index.ts'
import { bringUp, makeLibraryTables } from './prepare.ts'

type Database = Pick<OpenDatabase, 'config' | 'superuserUrl'>

export interface Reports {
  readonly report: (done: number, total: number) => void
  readonly reportBuilding: (done: number, total: number) => void
  readonly reportRegister: (done: number, total: number) => void
}

export interface Imported {
  readonly rows: number
  readonly files: number
  readonly jobsLeft: number
  /** Migrations that ran behind the level of the archive. */
  readonly migrated: string[]
  readonly register: Verification
}

/**
 * Loads a checked archive into an empty database. Where it cannot be finished, everything is taken back.
 * @param settle called once the rows are in: what follows is as safe as in service
 * @throws ArchiveRefusal, DatabaseRefusal
 */
export async function importInto(
  open: () => Database,
  archive: CheckedArchive,
  keys: { readonly sealedUnder: Buffer; readonly own: Buffer },
  reports: Reports,
  settle: () => Promise<void> = async () => undefined,
): Promise<Imported> {
  const { config, superuserUrl } = open()
  // Alone: a process that is preparing this database comes to its end first, and one that comes later finds the mark.
  await preparedAlone(config, superuserUrl, async () => {
    await provision(config, superuserUrl)
    await markRestoring(config)
  })
  try {
    await makeLibraryTables(config)
    await migrate(config.ownerUrl, undefined, archive.manifest.migrations.at(-1) ?? '')
    const store = await openFileStore(config)
    try {
      const { ownerUrl } = config
      const loaded = await importArchive({
        archive,
        ownerUrl,
        store,
        sealedUnder: keys.sealedUnder,
        key: keys.own,
        ...reports,
      })
      await settle()
      return { ...loaded, ...(await finish(open().config, archive, reports)) }
    } finally {
      store.close()
    }
  } catch (error) {
    await takeBackFrom(open().config).catch(() => undefined)
    throw error
  }
}

async function finish(
  config: Database['config'],
  archive: CheckedArchive,
  { reportRegister }: Reports,
): Promise<Pick<Imported, 'migrated' | 'register'>> {
  const migrated = await bringUp(config)
  const client = new pg.Client({ connectionString: config.ownerUrl, application_name: 'linli import' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await settleImport(client, archive, reportRegister)
    const { scope, register } = archive.manifest
    const noted = scope === null && register.entries > 0 ? [{ entries: register.entries, hash: register.root }] : []
    const encryption = createEncryption(config.secret)
    const found = await verify(client, reportRegister, noted, (origin) => registerSigner(encryption, origin).key)
    // It was held to itself before; what is not the same now is not served.
    if (!found.ok || found.differing.length > 0) throw faults.root(archive.file)
    await unmark(config)
    return { migrated, register: found }
  } finally {
    await client.end()
  }
}
