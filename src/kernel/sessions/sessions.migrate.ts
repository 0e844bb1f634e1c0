import { getMigrations } from 'better-auth/db/migration'
import { createAuth, openAuthPool } from './sessions.auth.ts'
import { sessionKeys } from './sessions.rules.ts'

/** Any two processes that migrate wait for each other on this number. */
const migrationLock = 7_421_160

/**
 * Makes the schema `auth`, owned by whoever signs in with `ownerUrl`, brings better-auth's tables up to date and lets
 * `authRole` read and write them; nobody else gets anything. Repeatable; runs before the SQL migrations, which read
 * auth.session.
 */
export async function migrateSessions(ownerUrl: string, authRole = 'linli_auth'): Promise<void> {
  const pool = openAuthPool(ownerUrl, 2)
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await client.query('create schema if not exists auth')
    const auth = createAuth(pool, {
      // The shape of the tables depends on none of these.
      keys: sessionKeys(new Uint8Array(32)),
      publicUrl: 'http://127.0.0.1',
      clock: { now: () => new Date() },
      sendCode: null,
      onUserCreated: async () => undefined,
    })
    const { runMigrations } = await getMigrations(auth.options)
    await runMigrations()
    const role = client.escapeIdentifier(authRole)
    await client.query('revoke all on schema auth from public')
    await client.query(`grant usage on schema auth to ${role}`)
    await client.query(`grant select, insert, update, delete on all tables in schema auth to ${role}`)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined)
    client.release()
    await pool.end()
  }
}
