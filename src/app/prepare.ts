import { type Addresses, migrate, preparedAlone, provision } from '#kernel/database/migrate.ts'
import { guardJobs, migrateJobs } from '#kernel/jobs/index.ts'
import { migrateSessions } from '#kernel/sessions/index.ts'
import { queueSettings } from './rooms.ts'

/**
 * Makes a database ready to serve: roles, sign-in tables, job tables, then every migration that has not run.
 * Repeatable, and quick when nothing is to be done. Of several processes at once one does it and the others wait.
 * @param superuserUrl null with a database of one's own: roles are then made with the owner's rights
 * @returns the names of the migrations that ran
 */
export async function prepareDatabase(addresses: Addresses, superuserUrl: string | null): Promise<string[]> {
  return preparedAlone(addresses, superuserUrl, async () => {
    await provision(addresses, superuserUrl)
    await migrateSessions(addresses.ownerUrl)
    await migrateJobs(addresses.ownerUrl, queueSettings())
    const ran = await migrate(addresses.ownerUrl)
    await guardJobs(addresses.ownerUrl, queueSettings())
    return ran
  })
}
