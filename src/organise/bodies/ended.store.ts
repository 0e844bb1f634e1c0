// What is left to do when a tenure or an invitation has ended. As the role of jobs.
import { sql } from 'kysely'
import type { Sql } from '#kernel/database/index.ts'

/** The sign-in of whoever held a tenure that has ended; null where it runs, or was held without one. */
export async function signInOfEnded(on: Sql, tenure: string): Promise<string | null> {
  const { rows } = await sql<{ user: string | null }>`
    select tenure_sign_in(t.id) as user from tenure t where t.id = ${tenure} and upper(t.during) <= now()`.execute(on)
  return rows[0]?.user ?? null
}

/** Invitations that ended so many days ago go with name and address. */
export async function dropOldInvitations(on: Sql, days: number): Promise<void> {
  await sql`delete from invitation
    where least(coalesce(accepted_at, 'infinity'), coalesce(withdrawn_at, 'infinity'), expires_at)
      < now() - make_interval(days => ${days})`.execute(on)
}
