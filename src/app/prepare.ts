import { refuseMarkedDatabase } from '#kernel/backup/index.ts'
import { type Addresses, migrate, preparedAlone, provision } from '#kernel/database/migrate.ts'
import { guardJobs, migrateJobs } from '#kernel/jobs/index.ts'
import { migrateSessions } from '#kernel/sessions/index.ts'
import { queueSettings } from './rooms.ts'

/**
 * Makes a database ready to serve: roles, sign-in tables, job tables, then every migration that has not run.
 * Repeatable, and quick when nothing is to be done. Of several processes at once one does it and the others wait.
 * @param superuserUrl null with a database of one's own: roles are then made with the owner's rights
 * @returns the names of the migrations that ran
 * @throws DatabaseRefusal, also where the database is half restored
 */
export async function prepareDatabase(addresses: Addresses, superuserUrl: string | null): Promise<string[]> {
  return preparedAlone(addresses, superuserUrl, async () => {
    // Before the roles may connect again. With a superuser the database may still have to be made; a half restored one is told by the
    // mark of the data directory there.
    if (superuserUrl === null) await refuseMarkedDatabase(addresses.ownerUrl)
    await provision(addresses, superuserUrl)
    await makeLibraryTables(addresses)
    return bringUp(addresses)
  })
}

/** The tables of sign-in and of the queues, which their libraries make. */
export async function makeLibraryTables({ ownerUrl }: Pick<Addresses, 'ownerUrl'>): Promise<void> {
  await migrateSessions(ownerUrl)
  await migrateJobs(ownerUrl, queueSettings())
}

/** Every migration that has not run, and the wall around the queues, which names what they made. @returns their names */
export async function bringUp({ ownerUrl }: Pick<Addresses, 'ownerUrl'>): Promise<string[]> {
  const ran = await migrate(ownerUrl)
  await guardJobs(ownerUrl, queueSettings())
  return ran
}
