import { transaction } from '#kernel/database/index.ts'
import type { JobQueue } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { record } from '#kernel/ledger/index.ts'
import { personalDataOf } from '#kernel/privacy/index.ts'
import { askedForErasure } from './erasures.store.ts'
import { erasePerson, readSignIn } from './people.store.ts'

/** The queue in which a deletion waits; its job is tried until it has worked. */
export const eraseQueue = 'people-erase'

/**
 * Erases a person: the account of the sign-in first (nobody can come back meanwhile), then what every room holds, in one
 * transaction. Bears being called again after any failure.
 */
export async function erase(
  kernel: Pick<Kernel, 'jobsDatabase' | 'sessions' | 'clock'>,
  person: string,
): Promise<void> {
  const found = await readSignIn(kernel.jobsDatabase.sql, person)
  if (!found) return
  if (found.auth_user) {
    await kernel.sessions.endSessionsOf(found.auth_user)
    await kernel.sessions.removeUser(found.auth_user)
  }
  await transaction(kernel.jobsDatabase, async (on, client) => {
    for (const data of personalDataOf()) await data.erase?.(on, person)
    await erasePerson(on, person)
    await record(
      { client, now: kernel.clock.now(), actor: { person: null } },
      { kind: 'person.erased', record: person, path: null },
    )
  })
}

/** Jobs of this room. */
export function peopleJobs(kernel: Pick<Kernel, 'jobsDatabase' | 'sessions' | 'clock'>): JobQueue[] {
  return [
    {
      name: eraseQueue,
      retries: 100,
      // Of oneself alone, and not while one holds a post.
      fromRequests: `(data ->> 'person')::uuid = (select access.person()) and not data ? 'again' and not exists (
        select from public.tenure t where t.person = (select access.person()) and (upper_inf(t.during) or upper(t.during) > now()))`,
      async handle({ person, again }) {
        if (person && (again || (await askedForErasure(kernel.jobsDatabase.sql, person)))) await erase(kernel, person)
      },
    },
  ]
}
